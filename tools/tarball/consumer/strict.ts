import {
  atLeast,
  atMost,
  baseLaw,
  constant,
  type JudgeOptions,
  judge,
  law,
  median,
  observed,
  type Run,
  type Statement,
  splitByLogNorm,
  theorem,
} from "theorycheck";
import { drawTheta, kernelEngine, runModel, type Theta, tailEnergy, type Weights } from "theorycheck/transformer";

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

const options: JudgeOptions = { statementsFile: "mine.ts", signal: new AbortController().signal };
export const statements: readonly Statement[] = (await judge(options)).statements;

// @ts-expect-error a claim observes a number
atMost("steps", 20, () => "many");

// @ts-expect-error there is no such field of θ
theta.learningRate;
