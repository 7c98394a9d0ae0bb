import { InvalidInput } from "../../src/invalid-input.ts";
import { brokenHypotheses } from "../../src/law/law.ts";
import { requireSeed } from "../../src/random/stream.ts";
import type { PruningChoice } from "../charts/pruning.ts";
import { comparisonLaw } from "../input/comparison-laws.ts";
import { type Draft, type Examined, examine } from "../input/draft.ts";
import { DEFAULT_PRESET, type Preset } from "../input/presets.ts";
import type { JudgedModel } from "../worker/judged-model.ts";
import type { Snapshot } from "../worker/session.ts";

/** What the model on the page should turn out to be, as a link or a file has it. */
export interface Expected {
  readonly from: "link" | "file";
  readonly digest: string;
  /** the step at which the model had this digest; undefined: where training ends */
  readonly at: number | undefined;
  /** whether the core that trained it is this page's; undefined where that is not said */
  readonly sameCore: boolean | undefined;
}

/** Everything that the page shows. */
export interface PageState {
  readonly draft: Draft;
  /** NaN where the field holds no whole number */
  readonly seed: number;
  readonly lawId: string;
  readonly preset: Preset | undefined;
  readonly pruning: PruningChoice;
  readonly snapshot: Snapshot | undefined;
  /** the moment of the training that is looked at, an index of its frames; undefined: the model as it stands */
  readonly moment: number | undefined;
  readonly running: boolean;
  /** another model was asked for, and there is no picture of it yet */
  readonly starting: boolean;
  readonly judged: JudgedModel | undefined;
  /** what was judged is another model than the one asked for by now */
  readonly judgedIsStale: boolean;
  readonly expected: Expected | undefined;
  /** a failure of the worker, in its words */
  readonly failure: string | undefined;
}

export const INITIAL_STATE: PageState = {
  draft: DEFAULT_PRESET.theta,
  seed: 1,
  lawId: DEFAULT_PRESET.lawId,
  preset: DEFAULT_PRESET,
  pruning: { order: "smallest", fraction: 0.3 },
  snapshot: undefined,
  moment: undefined,
  running: false,
  starting: true,
  judged: undefined,
  judgedIsStale: false,
  expected: undefined,
  failure: undefined,
};

/** What follows from the state. */
export interface Derived {
  readonly examined: Examined;
  readonly seedProblem: string | undefined;
  /** undefined where θ is no model */
  readonly broken: ReadonlyMap<string, string> | undefined;
  /** why nothing can be trained */
  readonly blocked: string | undefined;
  readonly comparison: { readonly same: boolean; readonly text: string } | undefined;
}

export function derive(state: PageState): Derived {
  const examined = examine(state.draft);
  const seedProblem = problemOfSeed(state.seed);
  const { theta } = examined;
  const broken =
    theta === undefined
      ? undefined
      : new Map(brokenHypotheses(comparisonLaw(state.lawId), theta).map(({ name, why }) => [name, why]));
  const [firstProblem] = examined.problems;
  const blocked =
    firstProblem !== undefined
      ? `θ is not a model: ${firstProblem[0]} ${firstProblem[1]}`
      : seedProblem !== undefined
        ? `seed: ${seedProblem}`
        : state.failure;
  return { examined, seedProblem, broken, blocked, comparison: comparisonOf(state) };
}

function problemOfSeed(seed: number): string | undefined {
  try {
    requireSeed("explorer", seed);
    return undefined;
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return "must be a whole number from 0 to 2⁵³ − 1";
  }
}

function comparisonOf({ expected, snapshot, running, starting }: PageState): Derived["comparison"] {
  if (expected === undefined || snapshot === undefined || running || starting) return undefined;
  const due = expected.at === undefined ? snapshot.outcome !== "under way" : snapshot.steps === expected.at;
  if (!due) return undefined;
  const same = snapshot.digest === expected.digest;
  return {
    same,
    text: same
      ? `The same model as the ${expected.from}’s, to the bit.`
      : `Not the ${expected.from}’s model: it has ${expected.digest.slice(0, 16)}… ${reasonOf(expected)}`,
  };
}

/** Why training again gave other weights: the same core gives the same bits. */
function reasonOf({ from, sameCore }: Expected): string {
  switch (sameCore) {
    case true:
      return `The core is the same, so this ${from} does not say what θ and seed train to: it was changed, or is of a model whose training had not ended.`;
    case false:
      return "The project’s core has changed since.";
    case undefined:
      return `The project’s core has changed since, or the ${from} was.`;
  }
}
