import { resolve } from "node:path";
import { Command } from "commander";
import { describeRelation, violates } from "../claim/claim.ts";
import { populationsOf } from "../claim/population.ts";
import { observeClaims, trainTrial } from "../experiment/trial.ts";
import { loadStatements } from "../laboratory/statements.ts";
import { shortNumber, toJson } from "../report/encode.ts";
import { measurementsOf } from "../transformer/measure/summary.ts";
import { engineNamed } from "../transformer/model/engine-names.ts";
import { wholeNumber } from "./options.ts";
import { lawNamed, THEOREMS_FILE } from "./registry.ts";

interface TrainOptions {
  readonly law: string;
  readonly seed: number;
  readonly theorems?: string;
  readonly engine: string;
  readonly json?: boolean;
}

/** `train`: the model (or pair) of one seed, with everything measured and claimed of it. */
export function trainCommand(): Command {
  return new Command("train")
    .requiredOption("--law <id>", "the law that theta is drawn from")
    .requiredOption("--seed <n>", "the model's seed", wholeNumber(0))
    .option("--theorems <file>", "the module that declares the law, if it is not one of the project's own")
    .option("--engine <name>", "kernel or reference", "kernel")
    .option("--json", "print JSON")
    .action(async (options: TrainOptions) => {
      const statements = await loadStatements(
        options.theorems === undefined ? THEOREMS_FILE : resolve(options.theorems),
      );
      const law = lawNamed(options.law, statements);
      const population = populationsOf(statements).find((each) => each.law.id === law.id)!;
      const runs = trainTrial(population, options.seed, engineNamed(options.engine));
      const observed = observeClaims(population, runs);
      const claims = population.claims.map(({ statement, claim, key }) => ({
        statement: statement.id,
        claim: claim.title,
        bound: describeRelation(claim.relation),
        observed: observed[key]!,
        holds: !violates(claim, observed[key]!),
      }));
      const [first, ...others] = runs.map((run) => ({
        seed: run.model.seed,
        theta: run.theta,
        outcome: run.model.outcome,
        digest: run.model.digest,
        measurements: measurementsOf(run),
      }));
      if (options.json) {
        process.stdout.write(
          toJson({ law: law.id, ...first, ...(others.length > 0 ? { doubled: others[0] } : {}), claims }),
        );
        return;
      }
      for (const { seed, theta, outcome, digest, measurements } of [first!, ...others]) {
        process.stdout.write(
          [
            `${law.id}, seed ${seed}: ${outcome} at step ${measurements.steps}, digest ${digest}`,
            `theta ${JSON.stringify(theta)}`,
            "",
          ].join("\n"),
        );
      }
      for (const { statement, claim, bound, observed, holds } of claims) {
        process.stdout.write(
          `${holds ? "holds   " : "VIOLATED"}  ${statement}: ${claim} = ${shortNumber(observed)} (${bound})\n`,
        );
      }
    });
}
