import { Matrix } from "ml-matrix";
import { tokensOfSample } from "../../src/transformer/data/dataset.ts";
import { type SampledDataset, sampleDataset } from "../../src/transformer/data/sample.ts";
import { splitByLogNorm } from "../../src/transformer/measure/clusters.ts";
import { Run } from "../../src/transformer/measure/run.ts";
import { singularValues } from "../../src/transformer/measure/singular-values.ts";
import { type SteepSteps, watchSteepSteps } from "../../src/transformer/measure/steep-steps.ts";
import { performanceOf } from "../../src/transformer/measure/test-loss.ts";
import type { Engine } from "../../src/transformer/model/engine.ts";
import { forward } from "../../src/transformer/model/forward.ts";
import { STEPS_BETWEEN_CHECKS, type Theta, type UpdatedMatrix, type Weights } from "../../src/transformer/notation.ts";
import { ascendingByNorm, neuronNorms } from "../../src/transformer/prune/magnitude.ts";
import { beginTraining, type SteppedTraining, type TrainedModel } from "../../src/transformer/train/sgd.ts";
import { type History, perUpdatedMatrix, ThinnedSeries } from "../page/history.ts";

/** A model as it now stands, and how it came there. Plain data: it goes from the worker to the page. */
export interface Snapshot {
  readonly theta: Theta;
  readonly seed: number;
  readonly steps: number;
  readonly outcome: "under way" | TrainedModel["outcome"];
  readonly digest: string;
  readonly trainHinge: number;
  readonly history: History;
  /** of ΔW, in descending order */
  readonly singularValues: Readonly<Record<UpdatedMatrix, readonly number[]>>;
  readonly neurons: Neurons;
  readonly sample: SampleAttention;
}

export interface Neurons {
  /** ‖w_i‖, ascending; at most `MOST_NEURONS_SHOWN` of them, evenly chosen */
  readonly norms: readonly number[];
  /** how many of all neurons lie in the small cluster */
  readonly small: number;
}

/** Where one test sample's tokens look. */
export interface SampleAttention {
  /** (1/L) Σ_l A[l,s], the mean attention that token s receives; at most `MOST_TOKENS_SHOWN` */
  readonly received: readonly number[];
  readonly groups: readonly TokenGroup[];
  readonly label: number;
}

export type TokenGroup = "own" | "other" | "irrelevant";

const MOST_NEURONS_SHOWN = 400;
const MOST_TOKENS_SHOWN = 64;

/** Beyond this, singular values are taken at every tenth step only, and gradients are not watched. */
const LARGEST_WATCHED = 64;

/** One training, advanced as the page asks for it. It is the same training as anywhere else: `beginTraining`. */
export class Session {
  readonly theta: Theta;
  readonly seed: number;
  readonly #engine: Engine;
  readonly #training: SteppedTraining;
  readonly #steepSteps: SteepSteps | undefined;
  readonly #testData: SampledDataset;
  readonly #initial: Weights;
  readonly #fine: ThinnedSeries<{ batchHinge: number; sigmas: Record<UpdatedMatrix, readonly number[]> }>;
  readonly #coarse = new ThinnedSeries<{ trainHinge: number; testHinge: number; attention: number }>(
    0,
    STEPS_BETWEEN_CHECKS,
  );
  #outcome: Snapshot["outcome"] = "under way";
  #steps = 0;

  constructor(theta: Theta, seed: number, engine: Engine) {
    this.theta = theta;
    this.seed = seed;
    this.#engine = engine;
    const watched = Math.max(theta.d, theta.ma, theta.mb) <= LARGEST_WATCHED;
    this.#steepSteps = watched ? watchSteepSteps(theta.r) : undefined;
    this.#fine = new ThinnedSeries(1, watched ? 1 : STEPS_BETWEEN_CHECKS);
    this.#training = beginTraining(theta, seed, {
      engine,
      onStep: (step) => {
        this.#steepSteps?.onStep(step);
        this.#steps = step.step;
        if (this.#fine.wants(step.step)) {
          const updates = this.#updates(step.weights());
          this.#fine.add(step.step, { batchHinge: step.batchHinge, sigmas: perUpdatedMatrix((name) => updates[name]) });
        }
      },
    });
    const model = this.#training.model();
    this.#initial = model.initial;
    this.#testData = sampleDataset(theta, seed, model.patterns, "test");
    this.#look(model);
  }

  get steps(): number {
    return this.#steps;
  }

  /** Whether each gradient's singular values were taken: models that are too large are trained without. */
  get gradientsWatched(): boolean {
    return this.#steepSteps !== undefined;
  }

  get outcome(): Snapshot["outcome"] {
    return this.#outcome;
  }

  /** One step of SGD; none where training has ended. */
  advance(): void {
    if (this.#outcome !== "under way") return;
    this.#outcome = this.#training.advance();
    if (this.#coarse.wants(this.#steps)) this.#look(this.#training.model());
  }

  /** The model as it stands, with everything that claims read of it. */
  run(): Run {
    return new Run(this.#training.model(), this.#engine, this.#steepSteps);
  }

  snapshot(): Snapshot {
    const model = this.#training.model();
    const fine = this.#fine.values;
    const coarse = this.#coarse.values;
    const last = fine.at(-1)?.sigmas;
    const sigmas = this.#fine.steps.at(-1) === this.#steps && last !== undefined ? last : this.#updates(model.trained);
    return {
      theta: this.theta,
      seed: this.seed,
      steps: this.#steps,
      outcome: this.#outcome,
      digest: model.digest,
      trainHinge: model.trainHinge,
      history: {
        fine: {
          steps: this.#fine.steps,
          batchHinge: fine.map(({ batchHinge }) => batchHinge),
          singularValues: perUpdatedMatrix((name) => fine.map(({ sigmas }) => sigmas[name])),
        },
        coarse: {
          steps: this.#coarse.steps,
          trainHinge: coarse.map(({ trainHinge }) => trainHinge),
          testHinge: coarse.map(({ testHinge }) => testHinge),
          relevantAttention: coarse.map(({ attention }) => attention),
        },
      },
      singularValues: sigmas,
      neurons: neuronsOf(model.trained.WO),
      sample: this.#sampleAttention(model.trained),
    };
  }

  /** What is measured on whole data sets, and therefore seldom. */
  #look(model: TrainedModel): void {
    const { relevant, labels, samples } = this.#testData;
    const received = this.#engine.attentionReceived(model.trained, this.#testData);
    let attention = 0;
    for (let i = 0; i < received.length; i++) if (relevant[i] === 1) attention += received[i]!;
    this.#coarse.add(this.#steps, {
      trainHinge: model.trainHinge,
      testHinge: performanceOf(this.#engine.scores(model.trained, this.#testData), labels).hinge,
      attention: attention / samples,
    });
  }

  #updates(weights: Weights): Record<UpdatedMatrix, readonly number[]> {
    return perUpdatedMatrix((name) => singularValues(Matrix.sub(weights[name], this.#initial[name])));
  }

  #sampleAttention(weights: Weights): SampleAttention {
    const { L, patternOf, labels } = this.#testData;
    const { r } = this.theta;
    const { attention } = forward(weights, tokensOfSample(this.#testData, 0));
    const label = labels[0]!;
    const shown = Math.min(L, MOST_TOKENS_SHOWN);
    return {
      label,
      received: attention.mean("column").slice(0, shown),
      groups: Array.from({ length: shown }, (_, s) => {
        const pattern = patternOf[s]!;
        if (pattern >= r) return "irrelevant";
        return (pattern < r / 2 ? 1 : -1) === label ? "own" : "other";
      }),
    };
  }
}

function neuronsOf(WO: Matrix): Neurons {
  const norms = neuronNorms({ WO });
  const ascending = ascendingByNorm(norms).map((i) => norms[i]!);
  const shown = Math.min(ascending.length, MOST_NEURONS_SHOWN);
  return {
    norms: Array.from({ length: shown }, (_, i) => ascending[Math.floor((i * ascending.length) / shown)]!),
    small: splitByLogNorm(norms).small.length,
  };
}
