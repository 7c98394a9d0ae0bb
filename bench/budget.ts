import { populationsOf, trialSeed } from "../src/claim/population.ts";
import { declarationsOf } from "../src/cli/laboratory.ts";
import { runnerOf } from "../src/experiment/laboratory.ts";
import { drawTrial } from "../src/law/law.ts";
import { transformer } from "../src/transformer/experiment.ts";
import { countedWork } from "../src/transformer/model/kernel/instance.ts";
import { GATE_SEED } from "../src/verdict/judge.ts";

/** Counted work of a law's first trials in the gate's run: the same on every machine, however busy it is. */
export interface CountedTrials {
  readonly law: string;
  readonly trials: number;
  readonly models: number;
  readonly steps: number;
  /** of the kernel's products, in millions */
  readonly megaMultiplyAdds: number;
  /** bytes into a kernel's memory and out of it */
  readonly bytesCopied: number;
}

/** Trials of each law that are counted. */
const TRIALS = 2;

/** Laws that stand for the others: a shared readout, one that is per position, saturated attention. */
const LAWS = ["base", "per-position", "large-attention"];

export async function countTrials(): Promise<readonly CountedTrials[]> {
  const { statements } = await declarationsOf({});
  const run = runnerOf(statements);
  const chosen = populationsOf(statements).filter(({ law }) => LAWS.includes(law.id));
  return chosen.map(({ law, claims }) => {
    const before = countedWork();
    const models = Array.from({ length: TRIALS }, (_, index) =>
      run({
        experiment: transformer.id,
        models: drawTrial(law, trialSeed(GATE_SEED, law.id, index)),
        wanted: claims.map(({ key }) => key),
        detail: "none",
      }),
    ).flatMap((record) => record.models);
    const after = countedWork();
    return {
      law: law.id,
      trials: TRIALS,
      models: models.length,
      steps: models.reduce((sum, { steps }) => sum + steps, 0),
      megaMultiplyAdds: Math.ceil((after.multiplyAdds - before.multiplyAdds) / 1e6),
      bytesCopied: after.bytesCopied - before.bytesCopied,
    };
  });
}

/** What trials, and a whole verify, cost: bench/budget.json. */
export interface Budget {
  readonly trials: readonly CountedTrials[];
  /** Models that reports/results.json was made of, those of slopes and counterexamples among them. */
  readonly modelsOfVerify: number;
}

/** What `modelsOf` reads of a results.json. */
export interface CountedResults {
  readonly laws: readonly { readonly models: { readonly trained: number } }[];
  readonly slopes?: readonly { readonly values: readonly (readonly unknown[])[] }[];
  readonly counterexamples?: readonly unknown[];
}

export function modelsOf({ laws, slopes = [], counterexamples = [] }: CountedResults): number {
  const ofLaws = laws.reduce((sum, { models }) => sum + models.trained, 0);
  return ofLaws + slopes.flatMap(({ values }) => values.flat()).length + counterexamples.length;
}
