import fc from "fast-check";
import {
  type Checked,
  holds,
  type Lemma,
  type LemmaProperty,
  type Margin,
  NON_TRIVIAL_FLOOR,
  tightness,
  worstOf,
} from "../claim/lemma.ts";
import { encodeNumbers } from "../json-number.ts";

/** Fixed for the CI gate, so that a lemma meets the same instances every time. */
export const LEMMA_SEED = 20240617;

/** Instances per property: with them the edge shapes are met many times over (properties/claim/lemma.spec.ts counts). */
export const LEMMA_RUNS = 300;

export interface LemmaRun {
  /** fast-check's seed, any integer of 32 bits. */
  readonly seed: number;
  /** Instances for each property. */
  readonly numRuns: number;
}

/** What fast-check found of a property: enough to replay it with `fc.assert(..., { seed, path })`. */
export interface LemmaCounterexample {
  readonly property: string;
  /** The shrunk instance, as JSON. */
  readonly instance: string;
  /** What the check gave for it, or the message of what it threw. */
  readonly observed: Margin | { readonly threw: string };
  readonly seed: number;
  readonly path: string;
}

export interface PropertyExamination {
  readonly title: string;
  readonly holds: boolean;
  /** Instances checked; those on which a precondition failed do not count. */
  readonly examples: number;
  /** Those of them on which the statement could have failed. */
  readonly nonTrivial: number;
  readonly worstMargin: Margin;
  readonly counterexample?: LemmaCounterexample;
}

export interface LemmaExamination {
  readonly id: string;
  readonly holds: boolean;
  readonly examples: number;
  readonly nonTrivial: number;
  /** The margin nearest to failing over all properties and instances. */
  readonly worstMargin: Margin;
  readonly properties: readonly PropertyExamination[];
  readonly counterexample?: LemmaCounterexample;
}

/** Holds a lemma against `numRuns` instances of each property. A run that did not finish is never a success. */
export function examineLemma(lemma: Lemma, run: LemmaRun = GATE_RUN): LemmaExamination {
  return summedUp(
    lemma,
    lemma.properties.map((one) => examineProperty(one, run)),
  );
}

/**
 * The same, for who has something else to listen to.
 *
 * @param pause is waited for before each property: where it rejects, nothing was examined
 */
export async function examineInTurns(
  lemma: Lemma,
  pause: () => Promise<void>,
  run: LemmaRun = GATE_RUN,
): Promise<LemmaExamination> {
  const properties: PropertyExamination[] = [];
  for (const one of lemma.properties) {
    await pause();
    properties.push(examineProperty(one, run));
  }
  return summedUp(lemma, properties);
}

const GATE_RUN: LemmaRun = { seed: LEMMA_SEED, numRuns: LEMMA_RUNS };

function summedUp(lemma: Lemma, properties: readonly PropertyExamination[]): LemmaExamination {
  const counterexample = properties.find((one) => one.counterexample !== undefined)?.counterexample;
  return {
    id: lemma.id,
    holds: properties.every((one) => one.holds),
    examples: properties.reduce((sum, one) => sum + one.examples, 0),
    nonTrivial: properties.reduce((sum, one) => sum + one.nonTrivial, 0),
    worstMargin: worstOf(properties.map((one) => one.worstMargin)),
    properties,
    ...(counterexample === undefined ? {} : { counterexample }),
  };
}

/** One property of a lemma. It does not hold where too few instances put it to the test, whatever these show. */
export function examineProperty(property: LemmaProperty, run: LemmaRun): PropertyExamination {
  const { seed, numRuns } = runOf(property, run);
  let worstMargin: Margin = { error: 0, bound: 0 };
  let nonTrivial = 0;
  const details = fc.check(
    holdsFor(property, ({ error, bound, trivial }) => {
      worstMargin = worstOf([worstMargin, { error, bound }]);
      if (trivial !== true) nonTrivial++;
    }),
    { seed, numRuns },
  );
  const { title } = property;
  if (!details.failed && !details.interrupted && details.numRuns === numRuns) {
    const found = { title, examples: numRuns, nonTrivial, worstMargin };
    if (nonTrivial >= NON_TRIVIAL_FLOOR * numRuns) return { ...found, holds: true };
    const threw = `only ${nonTrivial} of ${numRuns} instances put it to the test: ${100 * NON_TRIVIAL_FLOOR} % must`;
    return { ...found, holds: false, counterexample: unmet(title, threw, seed) };
  }
  const examples = details.numRuns;
  if (details.counterexample === null) {
    // too many preconditions failed, or fast-check was interrupted: nothing was refuted, and nothing was shown
    const threw = `only ${details.numRuns} of ${numRuns} instances met the preconditions`;
    return { title, holds: false, examples, nonTrivial, worstMargin, counterexample: unmet(title, threw, seed) };
  }
  const [instance] = details.counterexample;
  const observed = outcomeOf(property, instance);
  const counterexample = {
    property: title,
    instance: asJson(instance),
    observed,
    seed: details.seed,
    path: details.counterexamplePath ?? "",
  };
  return {
    title,
    holds: false,
    examples,
    // what was met while shrinking counts too, but never as more than the examples
    nonTrivial: Math.min(nonTrivial, examples),
    worstMargin: "threw" in observed ? { error: Number.POSITIVE_INFINITY, bound: 0 } : observed,
    counterexample,
  };
}

/** No instance is to blame, but that there were too few. */
function unmet(property: string, threw: string, seed: number): LemmaCounterexample {
  return { property, instance: "null", observed: { threw }, seed, path: "" };
}

/** The run of one property, which may need fewer instances. */
export function runOf({ enough }: LemmaProperty, { seed, numRuns }: LemmaRun): LemmaRun {
  return { seed, numRuns: Math.min(numRuns, enough ?? numRuns) };
}

/** The property as fast-check's own, for `fc.assert` in a test. `onMargin` sees the margin of every instance. */
export function holdsFor(property: LemmaProperty, onMargin: (margin: Checked) => void = () => {}) {
  return fc.property(property.arbitrary, (instance) => {
    const margin = property.check(instance);
    onMargin(margin);
    if (holds(margin)) return;
    const ratio = tightness(margin);
    throw new Error(`${property.title}: error ${margin.error} exceeds its bound ${margin.bound} (${ratio} times)`);
  });
}

function outcomeOf(property: LemmaProperty, instance: unknown): LemmaCounterexample["observed"] {
  try {
    const { error, bound } = property.check(instance);
    return { error, bound };
  } catch (thrown) {
    return { threw: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** Matrices as lists of rows (ml-matrix sees to that), typed arrays as lists. */
function asJson(instance: unknown): string {
  return JSON.stringify(instance, encodeNumbers);
}
