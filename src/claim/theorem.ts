import type { z } from "zod";
import { InvalidInput } from "../invalid-input.ts";
import { checked, frozen, isChecked, requireValid, shown } from "../law/declared.ts";
import type { Law } from "../law/law.ts";
import { type Parameters, sameTable } from "../law/parameters.ts";
import { atMost, type Claim } from "./claim.ts";
import { controlSchema, findingSchema, theoremSchema } from "./declaration.ts";
import { DEFAULT_MAX_MODELS, DEFAULT_P0 } from "./defaults.ts";
import { numberObserved } from "./observe.ts";
import type { Provenance } from "./provenance.ts";
import { violates } from "./relation.ts";

/** The experiment that statements are about, as far as they know it. */
export interface Subject {
  readonly id: string;
  /** The fields of θ. */
  readonly parameters: Parameters;
  /** What can be watched while a run is made, because it cannot be measured afterwards. */
  readonly traces: readonly string[];
}

/** What theorems, controls and findings have in common: claims about the models of some laws. Checked, and frozen. */
interface Judged {
  readonly experiment: Subject;
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
  readonly traces: readonly string[];
  readonly p0: number;
  /** Whether p₀ was declared, even as the default: then no run overrides it. */
  readonly declaresP0: boolean;
  readonly maxModels: number;
  /** The line of a stack trace that says where it was declared, where the engine can tell. */
  readonly declaredAt?: string | undefined;
}

/** A statement that should hold with probability at least 1 − p₀ over each of its laws. */
export interface Theorem extends Judged {
  readonly kind: "theorem";
  /** The law's hypotheses that the statement needs; a control leaves one of them. */
  readonly hypotheses: readonly string[];
  /** Why no control is listed for it, if none is. */
  readonly noControl?: string;
  /** Of claims that no control breaks: what was tried. */
  readonly triedInVain: readonly TriedInVain[];
}

/** A claim that nothing that was tried could break. */
export interface TriedInVain {
  /** The claim's title. */
  readonly claim: string;
  /** In words, one a trial. */
  readonly tried: readonly string[];
}

/** What a control leaves of its theorem. */
export interface Left<Hypothesis = string> {
  /** A hypothesis of the law; none where it is another condition of the theorem. */
  readonly hypothesis?: Hypothesis;
  /** In words. */
  readonly how: string;
}

/** "noise: τ = 2", for people and files. */
export function describeLeft({ hypothesis, how }: Left): string {
  return hypothesis === undefined ? how : `${hypothesis}: ${how}`;
}

/** A theorem's claims where one of its hypotheses is left: those that it breaks must be refuted, each by itself. */
export interface Control extends Judged {
  readonly kind: "control";
  readonly of: string;
  readonly leaves: Left;
  /** Titles of the claims that it breaks: all unless declared. The others are counted beside them, without a verdict. */
  readonly breaks: readonly string[];
  /** For a claim of its own, by title, that of the theorem in whose place it stands; the claims of equal titles need none. */
  readonly inPlaceOf: Readonly<Record<string, string>>;
}

/** What one might expect and is not so ("refuted"), or a rate that nobody stated ("measured", no verdict). */
export interface Finding extends Judged {
  readonly kind: "finding";
  readonly expects: "refuted" | "measured";
}

export type Statement = Theorem | Control | Finding;

/** Claims that are the same on every law of the statement, or that depend on the law. */
type Claims<R> = readonly Claim<R>[] | ((law: Law) => readonly Claim<R>[]);

interface Declared<R = unknown, Trace = string> {
  readonly id: string;
  readonly title: string;
  /** The statement in TeX, for reports. */
  readonly formula?: string;
  readonly provenance: Provenance;
  readonly deviates?: string;
  readonly law?: Law;
  readonly laws?: readonly Law[];
  readonly claims: Claims<R>;
  readonly trace?: readonly Trace[];
  readonly p0?: number;
  readonly maxModels?: number;
}

/** What a theorem is declared with: R is what its claims observe, Hypothesis and Trace the names that the experiment knows. */
export interface DeclaredTheorem<R = unknown, Hypothesis = string, Trace = string> extends Declared<R, Trace> {
  readonly hypotheses?: readonly Hypothesis[];
  readonly noControl?: string;
  readonly triedInVain?: readonly TriedInVain[];
}

export interface DeclaredControl<R = unknown, Hypothesis = string, Trace = string> extends Declared<R, Trace> {
  readonly of: string;
  readonly leaves: Left<Hypothesis>;
  readonly breaks?: readonly string[];
  readonly inPlaceOf?: Readonly<Record<string, string>>;
}

export interface DeclaredFinding<R = unknown, Trace = string> extends Declared<R, Trace> {
  readonly expects: "refuted" | "measured";
}

/** The function that whoever declares calls: what calls it is the place of the declaration. */
type Declares = (...declared: never[]) => unknown;

/**
 * Declares a theorem about an experiment.
 *
 * @param declares the function that was called, where this one was called by another
 * @throws InvalidInput naming the field that is wrong, what is required and what was got
 */
export function theoremAbout(
  experiment: Subject,
  declared: DeclaredTheorem,
  declares: Declares = theoremAbout,
): Theorem {
  const judged = judgedOf("theorem", theoremSchema, experiment, declared, declares);
  const { hypotheses = [], noControl, triedInVain = [] } = declared;
  for (const [i, name] of hypotheses.entries()) {
    requireHypothesis(experiment, `theorem ${declared.id}: hypotheses[${i}]`, name);
  }
  const titles = new Set(judged.laws.flatMap((law) => judged.claimsOn(law).map(({ title }) => title)));
  for (const [i, { claim }] of triedInVain.entries()) {
    if (titles.has(claim)) continue;
    throw new InvalidInput(
      `theorem ${declared.id}: triedInVain[${i}].claim must be among ${[...titles].map(shown).join(", ")}, got ${shown(claim)}`,
    );
  }
  return checked("statement", {
    kind: "theorem",
    ...judged,
    hypotheses: [...hypotheses],
    ...(noControl === undefined ? {} : { noControl }),
    triedInVain: triedInVain.map(({ claim, tried }) => ({ claim, tried: [...tried] })),
  });
}

function requireHypothesis({ parameters: { hypotheses } }: Subject, what: string, name: string): void {
  if (!hypotheses.includes(name)) {
    throw new InvalidInput(`${what} must be among ${hypotheses.join(", ")}, got ${shown(name)}`);
  }
}

/**
 * Declares a control: claims of the theorem `of` on a law that leaves one hypothesis.
 *
 * @throws InvalidInput as `theoremAbout` does
 */
export function controlAbout(
  experiment: Subject,
  declared: DeclaredControl,
  declares: Declares = controlAbout,
): Control {
  const judged = judgedOf("control", controlSchema, experiment, declared, declares);
  const { of, leaves, breaks, inPlaceOf = {} } = declared;
  if (leaves.hypothesis !== undefined) {
    requireHypothesis(experiment, `control ${declared.id}: leaves.hypothesis`, leaves.hypothesis);
  }
  return checked("statement", {
    kind: "control",
    ...judged,
    of,
    leaves: { ...leaves },
    breaks: brokenBy(judged, breaks),
    inPlaceOf: standingFor(judged, inPlaceOf),
  });
}

/**
 * Declares a finding.
 *
 * @throws InvalidInput as `theoremAbout` does
 */
export function findingAbout(
  experiment: Subject,
  declared: DeclaredFinding,
  declares: Declares = findingAbout,
): Finding {
  const judged = judgedOf("finding", findingSchema, experiment, declared, declares);
  return checked("statement", { kind: "finding", ...judged, expects: declared.expects });
}

function judgedOf(
  kind: Statement["kind"],
  schema: z.ZodObject,
  experiment: Subject,
  declared: Declared,
  declares: Declares,
): Judged {
  const name = `${kind} ${typeof declared?.id === "string" ? declared.id : "?"}`;
  requireValid(schema, name, declared);
  const { id, title, formula, provenance, law, deviates = "", trace = [] } = declared;
  if ((law === undefined) === (declared.laws === undefined)) {
    const got = law === undefined ? "neither" : "both";
    throw new InvalidInput(`${name}: law must be given once, as law or laws, got ${got}`);
  }
  const laws = declared.laws ?? [law as Law];
  for (const { id, parameters } of laws) {
    if (!sameTable(parameters, experiment.parameters)) {
      throw new InvalidInput(`${name}: law ${id} must be one of experiment ${experiment.id}, got another's`);
    }
  }
  for (const [i, one] of trace.entries()) {
    if (!experiment.traces.includes(one)) {
      const known = experiment.traces.map(shown).join(", ") || "empty";
      throw new InvalidInput(`${name}: trace[${i}] must be ${known}, got ${shown(one)}`);
    }
  }
  const { claims, p0 = DEFAULT_P0, maxModels = DEFAULT_MAX_MODELS } = declared;
  const claimsFor = (law: Law) => claimsChecked(name, typeof claims === "function" ? claims(law) : claims, law);
  // once for each law, so that a function of the law gives the claims that were checked whenever it is asked
  const declaredClaims = new Map(laws.map((each) => [`${each.id} ${each.hash}`, claimsFor(each)]));
  return {
    experiment,
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
    declaredAt: placeOf(declares),
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

/** The first line of the stack below a function; undefined where no engine says it. */
function placeOf(called: Declares): string | undefined {
  const holder: { stack?: string } = {};
  Error.captureStackTrace?.(holder, called);
  return holder.stack?.split("\n").find((line) => line.trim().startsWith("at "));
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

/** Which claims of its theorem a control's own stand for. What the theorem claims is known where both are judged. */
function standingFor({ id, laws, claimsOn }: Judged, inPlaceOf: Readonly<Record<string, string>>) {
  const titles = new Set(laws.flatMap((law) => claimsOn(law).map(({ title }) => title)));
  const unknown = Object.keys(inPlaceOf).find((title) => !titles.has(title));
  if (unknown === undefined) return { ...inPlaceOf };
  throw new InvalidInput(
    `control ${id}: inPlaceOf must be of its own claims, ${[...titles].map(shown).join(", ")}, got ${shown(unknown)}`,
  );
}

/** How many of a theorem's claims a model violates, at most 0: the theorem as a single claim, for its controls. */
export function everyClaimOf(theorem: Theorem, law: Law): Claim {
  const claims = theorem.claimsOn(law);
  return atMost(
    `violated claims of ${theorem.id}`,
    0,
    (run) => claims.filter((claim) => violates(claim, numberObserved(claim, run, run))).length,
  );
}
