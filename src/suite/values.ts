import { above, atLeast, atMost, type Claim, within } from "../claim/claim.ts";
import { observed, type Provenance } from "../claim/provenance.ts";
import type { Theta } from "../law/parameters.ts";
import type { Bound, Range } from "../law/range.ts";
import type { ClaimText, RangeText, TheoremText } from "./schema.ts";

/** One run of a suite's command: what it measured, or why it failed. */
export type SuiteRun =
  | { readonly theta: Theta; readonly measured: Readonly<Record<string, number>> }
  | { readonly theta: Theta; readonly failed: string };

/** The claim about a measure. */
export function claimOf(
  { measure, atMost: most, atLeast: least, above: over, within: interval }: ClaimText,
  title: string,
): Claim<SuiteRun> {
  // a run that failed is not looked at: the engine asks the experiment first
  const observe = (run: SuiteRun) => ("measured" in run ? run.measured[measure] : undefined) ?? Number.NaN;
  if (most !== undefined) return atMost(title, most, observe);
  if (least !== undefined) return atLeast(title, least, observe);
  if (over !== undefined) return above(title, over, observe);
  const [low, high] = interval as [number, number];
  return within(title, low, high, observe);
}

export function provenanceOf(provenance: NonNullable<TheoremText["provenance"]>): Provenance {
  if (provenance === "observed") return observed();
  return (typeof provenance === "string" ? { kind: provenance } : provenance) as Provenance;
}

type BoundText = number | { readonly times: number; readonly field: string };

const boundOf = (bound: BoundText): Bound =>
  typeof bound === "number" ? bound : { field: bound.field, times: bound.times };

export function rangeIn(text: RangeText): Range {
  const between = ([from, to]: readonly [BoundText, BoundText]) => ({ from: boundOf(from), to: boundOf(to) });
  if ("constant" in text) return { kind: "constant", value: text.constant };
  if ("equalTo" in text) return { kind: "equals", field: text.equalTo };
  if ("real" in text) return { kind: "real", ...between(text.real) };
  if ("integer" in text) return { kind: "integer", ...between(text.integer), step: text.step ?? 1 };
  if ("logUniform" in text) return { kind: "log-uniform", ...between(text.logUniform) };
  return { kind: "log-uniform integer", ...between(text.logUniformInteger) };
}
