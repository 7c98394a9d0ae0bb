import type { HypothesisName, Law } from "../data/law.ts";
import { HYPOTHESIS_OF } from "../data/law.ts";
import { InvalidInput } from "../invalid-input.ts";
import type { Run, Trace } from "../measure/run.ts";
import { atMost, type Claim, violates } from "./claim.ts";
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

/** Violation probability that a theorem allows: it claims to hold with probability at least 1 − p₀ over its law. */
export const DEFAULT_P0 = 0.05;

/** Models after which an undecided claim is inconclusive. */
export const DEFAULT_MAX_MODELS = 1500;

/** What theorems, controls and findings have in common: claims about the models of some laws. */
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
  /** Titles of the claims that it breaks. The others are counted beside them, without a verdict. */
  readonly breaks: readonly string[];
  /** The hypothesis that is left, in words. */
  readonly leaves: string;
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
  const names: readonly string[] = Object.values(HYPOTHESIS_OF);
  for (const name of declared.hypotheses ?? []) {
    if (!names.includes(name)) {
      throw new InvalidInput(`theorem ${declared.id}: hypotheses must be among ${names.join(", ")}, got ${name}`);
    }
  }
  const { noControl } = declared;
  return {
    kind: "theorem",
    ...judged("theorem", declared),
    hypotheses: declared.hypotheses ?? [],
    ...(noControl === undefined ? {} : { noControl }),
  };
}

/**
 * Declares a control: claims of the theorem `of` on a law that leaves one hypothesis.
 *
 * @throws InvalidInput as `theorem` does
 */
export function control(
  declared: Declared & { readonly of: string; readonly leaves: string; readonly breaks?: readonly string[] },
): Control {
  for (const field of ["of", "leaves"] as const) {
    if (typeof declared[field] !== "string" || declared[field].trim() === "") {
      const rule = field === "of" ? "the id of a theorem" : "the hypothesis that is left, in words";
      throw new InvalidInput(`control ${declared.id}: ${field} must be ${rule}, got ${shown(declared[field])}`);
    }
  }
  const common = judged("control", declared);
  const titles = common.laws.map((law) => common.claimsOn(law).map(({ title }) => title));
  const breaks = declared.breaks ?? [...new Set(titles.flat())];
  for (const title of breaks) {
    if (titles.some((onLaw) => !onLaw.includes(title))) {
      throw new InvalidInput(`control ${declared.id}: breaks must be titles of its claims, got ${shown(title)}`);
    }
  }
  return { kind: "control", ...common, of: declared.of, leaves: declared.leaves, breaks };
}

/**
 * Declares a finding.
 *
 * @throws InvalidInput as `theorem` does
 */
export function finding(declared: Declared & { readonly expects: "refuted" | "measured" }): Finding {
  if (declared.expects !== "refuted" && declared.expects !== "measured") {
    throw new InvalidInput(
      `finding ${declared.id}: expects must be "refuted" or "measured", got ${shown(declared.expects)}`,
    );
  }
  return { kind: "finding", ...judged("finding", declared), expects: declared.expects };
}

function judged(kind: string, declared: Declared): Judged {
  const { id, title, claims, deviates = "", trace = [], p0 = DEFAULT_P0, maxModels = DEFAULT_MAX_MODELS } = declared;
  const fail = (field: string, rule: string, got: unknown): never => {
    throw new InvalidInput(`${kind} ${typeof id === "string" ? id : "?"}: ${field} must be ${rule}, got ${shown(got)}`);
  };
  if (typeof id !== "string" || !/^[a-z0-9][a-z0-9-]*$/.test(id)) {
    fail("id", "lower-case words joined by hyphens", id);
  }
  if (typeof title !== "string" || title.trim() === "") fail("title", "a sentence", title);
  const kinds = ["abstract", "companion", "derived", "observed"];
  if (!kinds.includes(declared.provenance?.kind)) {
    fail("provenance", "abstract(n), companion(), derived() or observed()", declared.provenance);
  }
  if ((declared.law === undefined) === (declared.laws === undefined))
    fail("law", "given once, as law or laws", "both or none");
  const laws = declared.laws ?? [declared.law as Law];
  if (!Array.isArray(laws) || laws.length === 0) fail("laws", "a list of at least one law", laws);
  for (const law of laws) {
    if (typeof law?.id !== "string" || law.ranges === undefined) fail("law", "made with law({...})", law);
  }
  if (!(p0 > 0 && p0 < 1)) fail("p0", "above 0 and below 1", p0);
  if (!Number.isInteger(maxModels) || maxModels < 1) fail("maxModels", "a whole number of at least 1", maxModels);
  for (const name of trace) if (name !== "gradients") fail("trace", '"gradients"', name);

  const claimsOn = typeof claims === "function" ? claims : () => claims;
  for (const law of laws) {
    const onLaw = claimsOn(law);
    if (!Array.isArray(onLaw) || onLaw.length === 0) fail("claims", "a list of at least one claim", onLaw);
    const titles = new Set<string>();
    for (const claim of onLaw) {
      if (typeof claim?.observe !== "function" || claim.relation === undefined) {
        fail("claims", "made with atMost, atLeast, above or within", claim);
      }
      if (titles.has(claim.title)) fail("claims", "of different titles", claim.title);
      titles.add(claim.title);
      const most = law.doubles === undefined ? 1 : 2;
      if (claim.observe.length > most) {
        fail(
          `claim "${claim.title}" observe`,
          `a function of ${most} run(s) on law ${law.id}`,
          `${claim.observe.length} parameters`,
        );
      }
    }
  }
  const formula = declared.formula === undefined ? {} : { formula: declared.formula };
  return {
    id,
    title,
    ...formula,
    provenance: declared.provenance,
    deviates,
    laws,
    claimsOn,
    traces: trace,
    p0,
    declaresP0: declared.p0 !== undefined,
    maxModels,
  };
}

function shown(value: unknown): string {
  return typeof value === "string"
    ? JSON.stringify(value)
    : typeof value === "number"
      ? `${value}`
      : (JSON.stringify(value) ?? "nothing");
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
