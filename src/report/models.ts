import { encodeNumbers } from "../json-number.ts";
import type { Judgement } from "../verdict/judge.ts";

/**
 * reports/models.jsonl: a line for every trained model, with θ, seed, law, every measured number, and what the claims
 * observed on its trial. Numbers that are not finite are text. Not committed: `theorycheck query` reads it.
 */
export function modelsJsonl({ populations }: Pick<Judgement, "populations">): string {
  const lines = populations.flatMap(({ population: { law }, trials }) =>
    trials.flatMap(({ models, observed }, trial) =>
      models.map(({ theta, seed, outcome, digest, measurements }, member) =>
        JSON.stringify(
          { law: law.id, trial, member, seed, theta, outcome, digest, measurements, observed },
          encodeNumbers,
        ),
      ),
    ),
  );
  return `${lines.join("\n")}\n`;
}
