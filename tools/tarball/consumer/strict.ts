import {
  atLeast,
  atMost,
  baseLaw,
  constant,
  experiment,
  here,
  type JudgeOptions,
  judge,
  law,
  median,
  observed,
  type Run,
  type Statement,
  splitByLogNorm,
  statementsOf,
  theorem,
} from "theorycheck";
import { drawTheta, kernelEngine, runModel, type Theta, tailEnergy, type Weights } from "theorycheck/transformer";
import { describeStatements } from "theorycheck/vitest";
import { requireSelection } from "theorycheck/vitest/config";
import { defineConfig } from "vitest/config";

const small = law({ id: "short", title: "twenty steps", ranges: { ...baseLaw.ranges, Tmax: constant(20) } });

const largeNorm = (run: Run): number =>
  median(splitByLogNorm(run.neuronNorms).large.map((i) => run.neuronNorms[i] ?? Number.NaN));

export const fewSteps = theorem({
  id: "few-steps",
  title: "Training takes at most 20 steps",
  provenance: observed(),
  law: small,
  claims: [atMost("steps", 20, (run) => run.steps), atLeast("large norm", 0, largeNorm)],
});

const theta: Theta = drawTheta(small, 7);
const { model, update } = runModel(theta, 7, { engine: kernelEngine });
export const trained: Weights = model.trained;
export const tail: number = tailEnergy(update.WQ, theta.r);

const options: JudgeOptions = { statements: [fewSteps], laboratory: here([fewSteps]) };
export const statements: readonly Statement[] = (await judge(options)).statements;

// @ts-expect-error a claim observes a number
atMost("steps", 20, () => "many");

// @ts-expect-error there is no such field of θ
theta.learningRate;

const dice = experiment({
  id: "dice",
  fields: {
    sides: {
      kind: "integer",
      from: 2,
      to: 100,
      symbol: "s",
      meaning: "sides",
      hypothesis: "shape",
      widest: { kind: "integer", from: 2, to: 20, step: 1 },
      simplest: "low",
    },
  },
  measure: ({ sides }, random) => ({ shown: random("throw").integer(1, sides) }),
});
const about = statementsOf(dice);
const six = about.law({ id: "six", title: "six sides", ranges: { sides: constant(6) } });

export const mostSix = about.theorem({
  id: "most-six",
  title: "At most six",
  provenance: observed(),
  law: six,
  claims: [atMost("shown", 6, (run: ReturnType<typeof dice.run>) => run.shown)],
});

// @ts-expect-error there is no such field
about.law({ id: "six", title: "six sides", ranges: { corners: constant(6) } });

describeStatements([fewSteps, mostSix], { module: "mine.ts" });

export default defineConfig({ plugins: [requireSelection()] });
