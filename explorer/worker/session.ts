import { type SampledDataset, sampleDataset } from "../../src/transformer/data/sample.ts";
import { Run } from "../../src/transformer/measure/run.ts";
import { type SteepSteps, watchSteepSteps } from "../../src/transformer/measure/steep-steps.ts";
import { performanceOf } from "../../src/transformer/measure/test-loss.ts";
import type { Engine } from "../../src/transformer/model/engine.ts";
import { STEPS_BETWEEN_CHECKS, type Theta, type UpdatedMatrix } from "../../src/transformer/notation.ts";
import { beginTraining, type SteppedTraining, type TrainedModel } from "../../src/transformer/train/sgd.ts";
import { type History, perUpdatedMatrix, ThinnedSeries } from "../page/history.ts";
import { type Frame, FrameTaker, type SampleTokens } from "./frame.ts";

/** A model as it now stands, and how it came there. Plain data: it goes from the worker to the page. */
export interface Snapshot {
  readonly theta: Theta;
  readonly seed: number;
  readonly steps: number;
  readonly outcome: "under way" | TrainedModel["outcome"];
  readonly digest: string;
  readonly trainHinge: number;
  readonly history: History;
  /** the model as it stands */
  readonly frame: Frame;
  /** how it came there, from before the first step to now; empty while it is trained */
  readonly frames: readonly Frame[];
  readonly sample: SampleTokens;
}

/** Moments of a training that can be looked back at. */
const MOST_FRAMES = 96;

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
  readonly #taker: FrameTaker;
  readonly #frames: ThinnedSeries<Frame>;
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
    this.#frames = new ThinnedSeries(0, watched ? 1 : STEPS_BETWEEN_CHECKS, MOST_FRAMES);
    this.#training = beginTraining(theta, seed, {
      engine,
      onStep: (step) => {
        this.#steepSteps?.onStep(step);
        this.#steps = step.step;
        const [isFine, isFrame] = [this.#fine.wants(step.step), this.#frames.wants(step.step)];
        if (!isFine && !isFrame) return;
        const weights = step.weights();
        if (isFine) {
          this.#fine.add(step.step, { batchHinge: step.batchHinge, sigmas: this.#taker.singularValues(weights) });
        }
        if (isFrame) this.#frames.add(step.step, this.#taker.take(step.step, weights));
      },
    });
    const model = this.#training.model();
    this.#testData = sampleDataset(theta, seed, model.patterns, "test");
    this.#taker = new FrameTaker(theta, model.initial, model.patterns, this.#testData);
    this.#frames.add(0, this.#taker.take(0, model.trained));
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

  /** @param running whether it is trained on: the way to it is told at rest only, since it is long */
  snapshot(running = false): Snapshot {
    const model = this.#training.model();
    const fine = this.#fine.values;
    const coarse = this.#coarse.values;
    const frame = this.#taker.take(this.#steps, model.trained);
    const before = running ? [] : this.#frames.values.filter(({ step }) => step < this.#steps);
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
      frame,
      frames: running ? [] : [...before, frame],
      sample: this.#taker.sample,
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
}
