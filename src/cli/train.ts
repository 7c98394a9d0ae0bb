import { resolve } from "node:path";
import { Command, Option } from "commander";
import { populationsOf } from "../claim/population.ts";
import { describeRelation, violates } from "../claim/relation.ts";
import { requireAffordable } from "../experiment/affordable.ts";
import { type Experiment, experimentOf } from "../experiment/experiment.ts";
import { type Order, runOrder } from "../experiment/trial.ts";
import { writeWhole } from "../laboratory/write-whole.ts";
import { type Draw, drawTrial } from "../law/law.ts";
import { shortNumber, toJson } from "../report/encode.ts";
import { transformer, transformerBy } from "../transformer/experiment.ts";
import { runModel } from "../transformer/measure/run.ts";
import { ENGINE_NAMES, engineNamed } from "../transformer/model/engine-names.ts";
import type { Theta } from "../transformer/notation.ts";
import { UsageError } from "./errors.ts";
import { exportedModel } from "./export.ts";
import { stoppable } from "./interrupt.ts";
import { declarationsOf, runOne, SUITE_OPTION } from "./laboratory.ts";
import { wholeNumber } from "./options.ts";
import { OWN_RANGES, type OwnRangeOptions, userLawOf } from "./own-ranges.ts";
import { place, requireWritableFile } from "./places.ts";
import { print, tell } from "./print.ts";
import { lawNamed } from "./registry.ts";

interface TrainOptions extends OwnRangeOptions {
  readonly law: string;
  readonly seed: number;
  readonly theorems?: string;
  readonly suite?: string;
  readonly engine?: string;
  readonly json?: boolean;
  readonly export?: string;
}

/** `train`: the model (or pair) of one seed, with everything measured and claimed of it. */
export function trainCommand(signal: AbortSignal): Command {
  return new Command("train")
    .requiredOption("--law <id>", "the law that theta is drawn from")
    .requiredOption("--seed <n>", "the model's seed", wholeNumber(0))
    .option("--theorems <file>", "the module that declares the law, if it is not one of the project's own", place)
    .option(...SUITE_OPTION)
    .option(...OWN_RANGES[0])
    .option(...OWN_RANGES[1])
    .addOption(
      new Option("--engine <name>", "which engine trains the Transformer; kernel unless given").choices(ENGINE_NAMES),
    )
    .option(
      "--export <file>",
      "write the trained model with its data, initial weights and batches there, as safetensors",
      place,
    )
    .option("--json", "print JSON")
    .action(async (options: TrainOptions) => {
      const declarations = await declarationsOf(options);
      const { statements } = declarations;
      const law = lawNamed(options.law, statements);
      const population = populationsOf(statements).find((each) => each.law.id === law.id)!;
      const experiment = experimentBy(options.engine, experimentOf(population.claims[0]!.statement));
      const drawn = userLawOf(law, options)?.law ?? law;
      const models = drawTrial(drawn, options.seed);
      for (const { theta } of models) requireAffordable(experiment, theta, "theta");
      if (options.export !== undefined) requireExportable(options.export, experiment, models.length);
      const wanted = population.claims.map(({ key }) => key);
      const order: Order = { experiment: experiment.id, models, wanted, detail: "none" };
      const record =
        experiment.id === transformer.id
          ? runOrder(experiment, order, population.claims)
          : await stoppable(signal, "nothing was kept", () => runOne(declarations, order, signal));
      if (options.export !== undefined) writeModel(options.export, drawn.id, models[0], options.engine);
      const { observed } = record;
      const claims = population.claims.map(({ statement, claim, key }) => ({
        kind: statement.kind,
        statement: statement.id,
        claim: claim.title,
        bound: describeRelation(claim.relation),
        observed: observed[key]!,
        holds: !violates(claim, observed[key]!),
      }));
      const [first, ...others] = record.models;
      if (options.json) {
        print(toJson({ law: drawn.id, ...first, ...(others.length > 0 ? { doubled: others[0] } : {}), claims }));
        return;
      }
      for (const { seed, theta, outcome, digest, steps } of [first!, ...others]) {
        print(
          [
            `${drawn === law ? law.id : drawn.title}, seed ${seed}: ${outcome} at step ${steps}, digest ${digest}`,
            `theta ${JSON.stringify(theta)}`,
            "",
          ].join("\n"),
        );
      }
      for (const { kind, statement, claim, bound, observed, holds } of claims) {
        // what a control or a finding claims may well be violated: that is what it is for
        const mark = kind === "theorem" ? "" : `${kind} `;
        print(
          `${holds ? "holds   " : "VIOLATED"}  ${mark}${statement}: ${claim} = ${shortNumber(observed)} (${bound})\n`,
        );
      }
    });
}

/** @throws InvalidInput where it cannot be written, or is not one Transformer */
function requireExportable(path: string, experiment: Experiment, models: number): void {
  if (experiment.id !== transformer.id) {
    throw new UsageError(`--export belongs to experiment ${transformer.id}, got it with ${experiment.id}`);
  }
  if (models !== 1) throw new UsageError(`--export must be of one model, got a law that draws ${models} at a time`);
  requireWritableFile(path, "--export");
}

function writeModel(path: string, lawId: string, { theta, seed }: Draw, engineName = "kernel"): void {
  const engine = engineNamed(engineName);
  const run = runModel(theta as Theta, seed, { engine, traces: [] });
  writeWhole(resolve(path), exportedModel(run, lawId, engine));
  tell(`Model written to ${path}.`);
}

/** The experiment, by another engine where one is asked for. @throws UsageError where the experiment has none */
function experimentBy(engine: string | undefined, experiment: Experiment): Experiment {
  if (engine === undefined) return experiment;
  if (experiment.id !== transformer.id) {
    throw new UsageError(`--engine belongs to experiment ${transformer.id}, got it with ${experiment.id}`);
  }
  return transformerBy(engineNamed(engine)) as Experiment;
}
