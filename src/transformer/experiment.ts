import type { Experiment } from "../experiment/experiment.ts";
import { statementsOf } from "../experiment/statements-of.ts";
import { baseLaw } from "./laws.ts";
import { Checkpoints, PORTRAITS, portraitOf, TRAINING_PORTRAITS } from "./measure/portrait.ts";
import { type Run, runModel, type Trace } from "./measure/run.ts";
import { measurementsOf } from "./measure/summary.ts";
import type { Engine } from "./model/engine.ts";
import { kernelEngine } from "./model/kernel/engine.ts";
import type { Theta } from "./notation.ts";
import { type HypothesisName, transformerParameters } from "./theta.ts";
import { roundoffOfTraining } from "./train/roundoff.ts";
import { workOf } from "./work.ts";

/** The paper's experiment, trained and measured by one of the two engines: a one-layer Transformer. */
export function transformerBy(engine: Engine): Experiment<Theta, Run, HypothesisName, Trace> {
  const checkpointsOf = new WeakMap<Run, Checkpoints>();
  return {
    id: transformerParameters.of,
    parameters: transformerParameters,
    traces: ["gradients"],
    outcomes: ["converged", "exhausted", "diverged"],
    run: (theta, seed, { traces, detail }) => {
      const checkpoints = detail === "on the way" ? new Checkpoints(theta.r) : undefined;
      const watched = checkpoints === undefined ? {} : { onStep: checkpoints.onStep };
      const run = runModel(theta, seed, { engine, traces, ...watched });
      if (checkpoints !== undefined) checkpointsOf.set(run, checkpoints);
      return run;
    },
    failed: (run) => run.diverged,
    ended: (run) => {
      const { outcome, digest, steps } = run.model;
      return { outcome, digest, steps, measurements: { ...measurementsOf(run) } };
    },
    portray: (run) => portraitOf(run, checkpointsOf.get(run)),
    detailOf: (lawId, index) => {
      if (lawId !== baseLaw.id || index >= PORTRAITS) return "none";
      return index < TRAINING_PORTRAITS ? "on the way" : "ended";
    },
    cost: (theta, steps = theta.Tmax) => workOf({ ...theta, Tmax: Math.min(theta.Tmax, steps) }),
    roundoff: roundoffOfTraining,
  };
}

/** The experiment that the theorems are about. */
export const transformer = transformerBy(kernelEngine);

export const { law, theorem, control, finding } = statementsOf(transformer);
