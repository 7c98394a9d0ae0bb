import type { Theta } from "../../src/transformer/notation.ts";
import type { JudgedModel } from "./judged-model.ts";
import type { Answer, Request } from "./messages.ts";
import type { Snapshot } from "./session.ts";
import { startWorker, type TrainingWorker } from "./start-worker.ts";

export interface TrainerEvents {
  readonly onSnapshot: (snapshot: Snapshot, running: boolean) => void;
  readonly onJudged: (judged: JudgedModel, lawId: string) => void;
  readonly onFailed: (message: string) => void;
}

/** A worker that has not answered for this long when a new model is asked for is replaced: it is busy with a huge one. */
const PATIENCE_MS = 1500;

/** The page's one model: trains it in a worker, and passes on what the worker says of it. */
export class Trainer {
  readonly #events: TrainerEvents;
  #worker: TrainingWorker;
  #job = 0;
  /** since when an answer is owed */
  #owedSince: number | undefined;
  #stepsPerSecond = Number.POSITIVE_INFINITY;
  #until: number | undefined;
  #broken = false;
  /** whether this worker has answered at all: the first answer may be slow to come over the network */
  #isReady = false;

  constructor(events: TrainerEvents) {
    this.#events = events;
    this.#worker = this.#start();
  }

  /** Starts over with this model, before its first step. */
  load(theta: Theta, seed: number): void {
    this.#job++;
    this.#until = undefined;
    const waited = this.#owedSince === undefined ? 0 : performance.now() - this.#owedSince;
    if (this.#broken || (this.#isReady && waited > PATIENCE_MS)) this.#replaceWorker();
    this.#owedSince ??= performance.now();
    this.#ask({ kind: "load", job: this.#job, theta, seed });
  }

  /** Trains to this step, or to the end. */
  run(until = Number.POSITIVE_INFINITY): void {
    this.#until = until;
    this.#ask({ kind: "run", job: this.#job, until, stepsPerSecond: this.#stepsPerSecond });
  }

  pause(): void {
    this.#until = undefined;
    this.#ask({ kind: "pause", job: this.#job });
  }

  /** Infinity: as fast as it goes. */
  setPace(stepsPerSecond: number): void {
    this.#stepsPerSecond = stepsPerSecond;
    if (this.#until !== undefined) this.run(this.#until);
  }

  judge(lawId: string): void {
    this.#ask({ kind: "judge", job: this.#job, lawId });
  }

  #ask(request: Request): void {
    this.#worker.ask(request);
  }

  #start(): TrainingWorker {
    return startWorker({
      onAnswer: (answer) => this.#hear(answer),
      onBroken: (message) => {
        this.#events.onFailed(message);
        this.#broken = true;
      },
    });
  }

  #replaceWorker(): void {
    this.#worker.terminate();
    this.#owedSince = undefined;
    this.#isReady = false;
    this.#broken = false;
    this.#worker = this.#start();
  }

  #hear(message: Answer): void {
    this.#owedSince = undefined;
    this.#isReady = true;
    if (message.kind === "ready" || message.job !== this.#job) return;
    switch (message.kind) {
      case "snapshot":
        if (!message.running) this.#until = undefined;
        this.#events.onSnapshot(message.snapshot, message.running);
        break;
      case "judged":
        this.#events.onJudged(message.judged, message.lawId);
        break;
      case "failed":
        this.#until = undefined;
        this.#events.onFailed(message.message);
        break;
      case "trial":
        break;
    }
  }
}
