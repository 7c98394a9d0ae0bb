import { trialSeed } from "../claim/population.ts";
import { experimentOf } from "../experiment/experiment.ts";
import type { Order } from "../experiment/trial.ts";
import { drawTrial } from "../law/law.ts";
import type { SelectedPopulation } from "./prepare.ts";

/**
 * The order of a run's i-th trial under a law. Every claim is observed on it, so that a trial is the same whichever of
 * them are judged.
 */
export function trialOrder({ law, whole }: SelectedPopulation, seed: number, index: number): Order {
  const experiment = experimentOf(whole.claims[0]!.statement);
  const models = drawTrial(law, trialSeed(seed, law.id, index));
  const wanted = [...whole.claims, ...whole.beside].map(({ key }) => key);
  return { experiment: experiment.id, models, wanted, detail: experiment.detailOf(law.id, index) };
}
