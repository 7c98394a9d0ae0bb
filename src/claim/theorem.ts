import type { z } from "zod";
import { InvalidInput } from "../invalid-input.ts";
import { checked, frozen, isChecked, requireValid, shown } from "../law/declared.ts";
import type { HypothesisName, Law } from "../law/law.ts";
import type { Run, Trace } from "../transformer/measure/run.ts";
import { atMost, type Claim, violates } from "./claim.ts";
import { controlSchema, findingSchema, theoremSchema } from "./declaration.ts";
import { DEFAULT_MAX_MODELS, DEFAULT_P0 } from "./defaults.ts";
import { numberObserved } from "./observe.ts";

/** Where a statement comes from. The numbers in the claims are this project's own in every case. */
export type Provenance =
  | { readonly kind: "abstract"; readonly item: 1 | 2 | 3; readonly note?: string }
  | { readonly kind: "companion"; readonly note?: string }
  | { readonly kind: "derived"; readonly note?: string }
  | { readonly kind: "observed"; readonly note?: string };

/** Statement 1, 2 or 3 of the paper's abstract (arXiv 2406.17167). */
export const abstract = (item: 1 | 2 | 3, note?: string): Provenance =>
  note === undefined ? { kind: "abstract", item } : { kind: "abstract", item, note };
/** The same authors' ICLR 2023 paper on shallow Vision Transformers (arXiv 2302.06015). */
export const companion = (note?: string): Provenance => provenance("companion", note);
/** Follows from the model's definition, or from another statement. */
export const derived = (note?: string): Provenance => provenance("derived", note);
/** Seen in experiments of this project's pilot; nobody's theorem. */
export const observed = (note?: string): Provenance => provenance("observed", note);

function provenance(kind: "companion" | "derived" | "observed", note: string | undefined): Provenance {
  return note === undefined ? { kind } : { kind, note };
}

/** What theorems, controls and findings have in common: claims about the models of some laws. Checked, and frozen. */
interface Judged {
  /** The base name of the file, and the name everywhere else. */
  readonly id: string;
  readonly title: string;
  /** The statement in TeX, for reports. */
  readonly formula?: string;
  readonly provenance: Provenance;
  /** In words: how the statement differs from its source. */
  readonly deviates: string;
  readonly laws: readonly Law[];
  readonly claimsOn: (law: Law) => readonly Claim[];
  readonly traces: readonly Trace[];
  readonly p0: number;
  /** Whether p₀ was declared, even as the default: then no run overrides it. */
  readonly declaresP0: boolean;
  readonly maxModels: number;
}

/** A statement that should hold with probability at least 1 − p₀ over each of its laws. */
export interface Theorem extends Judged {
  readonly kind: "theorem";
  /** The law's hypotheses that the statement needs; a control leaves one of them. */
  readonly hypotheses: readonly HypothesisName[];
  /** Why no control is listed for it, if none is. */
  readonly noControl?: string;
}

/** A theorem's claims where one of its hypotheses is left: those that it breaks must be refuted, each by itself. */
export interface Control extends Judged {
  readonly kind: "control";
  readonly of: string;
  /** The hypothesis that is left, in words. */
  readonly leaves: string;
  /** Titles of the claims that it breaks: all unless declared. The others are counted beside them, without a verdict. */
  readonly breaks: readonly string[];
}

/** What one might expect and is not so ("refuted"), or a rate that nobody stated ("measured", no verdict). */
export interface Finding extends Judged {
  readonly kind: "finding";
  readonly expects: "refuted" | "measured";
}

export type Statement = Theorem | Control | Finding;

/** Claims that are the same on every law of the statement, or that depend on the law. */
type Claims = readonly Claim[] | ((law: Law) => readonly Claim[]);

interface Declared {
  readonly id: string;
  readonly title: string;
  /** The statement in TeX, for reports. */
  readonly formula?: string;
  readonly provenance: Provenance;
  readonly deviates?: string;
  readonly law?: Law;
  readonly laws?: readonly Law[];
  readonly claims: Claims;
  readonly trace?: readonly Trace[];
  readonly p0?: number;
  readonly maxModels?: number;
}

/**
 * Declares a theorem.
 *
 * @throws InvalidInput naming the field that is wrong, what is required and what was got
 */
export function theorem(
  declared: Declared & { readonly hypotheses?: readonly HypothesisName[]; readonly noControl?: string },
): Theorem {
  const judged = judgedOf("theorem", theoremSchema, declared);
  const { hypotheses = [], noControl } = declared;
  return checked("statement", {
    kind: "theorem",
    ...judged,
    hypotheses: [...hypotheses],
    ...(noControl === undefined ? {} : { noControl }),
  });
}

/**
 * Declares a control: claims of the theorem `of` on a law that leaves one hypothesis.
 *
 * @throws InvalidInput as `theorem` does
 */
export function control(
  declared: Declared & { readonly of: string; readonly leaves: string; readonly breaks?: readonly string[] },
): Control {
  const judged = judgedOf("control", controlSchema, declared);
  const { of, leaves, breaks } = declared;
  return checked("statement", { kind: "control", ...judged, of, leaves, breaks: brokenBy(judged, breaks) });
}

/**
 * Declares a finding.
 *
 * @throws InvalidInput as `theorem` does
 */
export function finding(declared: Declared & { readonly expects: "refuted" | "measured" }): Finding {
  const judged = judgedOf("finding", findingSchema, declared);
  return checked("statement", { kind: "finding", ...judged, expects: declared.expects });
}

function judgedOf(kind: Statement["kind"], schema: z.ZodObject, declared: Declared): Judged {
  const name = `${kind} ${typeof declared?.id === "string" ? declared.id : "?"}`;
  requireValid(schema, name, declared);
  const { id, title, formula, provenance, law, deviates = "", trace = [] } = declared;
  if ((law === undefined) === (declared.laws === undefined)) {
    const got = law === undefined ? "neither" : "both";
    throw new InvalidInput(`${name}: law must be given once, as law or laws, got ${got}`);
  }
  const laws = declared.laws ?? [law as Law];
  const { claims, p0 = DEFAULT_P0, maxModels = DEFAULT_MAX_MODELS } = declared;
  const claimsFor = (law: Law) => claimsChecked(name, typeof claims === "function" ? claims(law) : claims, law);
  // once for each law, so that a function of the law gives the claims that were checked whenever it is asked
  const declaredClaims = new Map(laws.map((each) => [`${each.id} ${each.hash}`, claimsFor(each)]));
  return {
    id,
    title,
    ...(formula === undefined ? {} : { formula }),
    provenance: { ...provenance },
    deviates,
    laws: [...laws],
    claimsOn: (law) => declaredClaims.get(`${law.id} ${law.hash}`) ?? claimsFor(law),
    traces: [...trace],
    p0,
    declaresP0: declared.p0 !== undefined,
    maxModels,
  };
}

function claimsChecked(name: string, claims: readonly Claim[], { id, doubles }: Law): readonly Claim[] {
  const fail = (field: string, rule: string, got: unknown): never => {
    throw new InvalidInput(`${name}: ${field} must be ${rule}, got ${shown(got)}`);
  };
  if (!Array.isArray(claims) || claims.length === 0)
    fail("claims", `a list of at least one claim on law ${id}`, claims);
  for (const [i, claim] of claims.entries()) {
    if (!isChecked("claim", claim)) fail(`claims[${i}]`, "made with atMost, atLeast, above or within", claim);
    const { title, observe } = claim;
    if (claims.findIndex((other) => other.title === title) !== i) fail("claims", "of different titles", title);
    const most = doubles === undefined ? 1 : 2;
    if (observe.length > most) {
      fail(`claim "${title}" observe`, `a function of ${most} run(s) on law ${id}`, `${observe.length} parameters`);
    }
  }
  return frozen([...claims]);
}

/** The titles of a control's claims that must be refuted: those that it names, which it has on each law, or else all. */
function brokenBy({ id, laws, claimsOn }: Judged, breaks: readonly string[] | undefined): readonly string[] {
  const titlesOn = (law: Law) => claimsOn(law).map(({ title }) => title);
  if (breaks === undefined) return [...new Set(laws.flatMap(titlesOn))];
  for (const [i, title] of breaks.entries()) {
    const lacking = laws.find((law) => !titlesOn(law).includes(title));
    if (lacking !== undefined) {
      const titles = titlesOn(lacking).map(shown).join(", ");
      throw new InvalidInput(
        `control ${id}: breaks[${i}] must be among ${titles} on law ${lacking.id}, got ${shown(title)}`,
      );
    }
    if (breaks.indexOf(title) !== i) {
      throw new InvalidInput(`control ${id}: breaks must be of different titles, got ${shown(title)} twice`);
    }
  }
  return [...breaks];
}

/** How many of a theorem's claims a model violates, at most 0: the theorem as a single claim, for its controls. */
export function everyClaimOf(theorem: Theorem, law: Law): Claim {
  const claims = theorem.claimsOn(law);
  return atMost(
    `violated claims of ${theorem.id}`,
    0,
    (run: Run) => claims.filter((claim) => violates(claim, numberObserved(claim, run, run))).length,
  );
}
