/** Where a statement comes from. The numbers in the claims are the experiment's own in every case. */
export type Provenance =
  | { readonly kind: "abstract"; readonly item: number; readonly note?: string }
  | { readonly kind: "companion"; readonly note?: string }
  | { readonly kind: "derived"; readonly note?: string }
  | { readonly kind: "observed"; readonly note?: string };

/** Statement 1, 2, ... of the source's abstract. */
export const abstract = (item: number, note?: string): Provenance =>
  note === undefined ? { kind: "abstract", item } : { kind: "abstract", item, note };
/** A work that the source stands on, by the same authors. */
export const companion = (note?: string): Provenance => provenance("companion", note);
/** Follows from the experiment's definition, or from another statement. */
export const derived = (note?: string): Provenance => provenance("derived", note);
/** Seen in a pilot; nobody's theorem. */
export const observed = (note?: string): Provenance => provenance("observed", note);

function provenance(kind: "companion" | "derived" | "observed", note: string | undefined): Provenance {
  return note === undefined ? { kind } : { kind, note };
}
