import type { Theta } from "../../src/transformer/theta.ts";
import { claimsOn } from "../input/comparison-laws.ts";
import { type ManyProgress, ManySeeds, type Over } from "../worker/many-seeds.ts";
import { startWorker } from "../worker/start-worker.ts";
import { ManySeedsView, type OverChoice } from "./many-seeds-view.ts";

export interface ManySeedsEvents {
  /** undefined where θ or the seed is none */
  readonly model: () => { readonly theta: Theta; readonly seed: number; readonly lawId: string } | undefined;
  readonly onChange: () => void;
  readonly onFailed: (message: string) => void;
}

/** A run over many seeds: at most one at a time, begun from the model on the page. */
export class ManySeedsControl {
  readonly #events: ManySeedsEvents;
  readonly #view = new ManySeedsView({
    start: (over) => this.#start(over),
    stop: () => this.#run?.stop(),
  });
  readonly root = this.#view.root;
  #run: ManySeeds | undefined;
  #over: OverChoice = "law";

  constructor(events: ManySeedsEvents) {
    this.#events = events;
  }

  get over(): OverChoice {
    return this.#over;
  }

  /** Undefined where nobody asked. */
  get progress(): ManyProgress | undefined {
    return this.#run?.soFar.progress();
  }

  update(lawTitle: string): void {
    this.#view.update(this.#run, { lawTitle, blocked: this.#events.model() === undefined });
  }

  /** Ends it, and forgets what it showed. */
  drop(): void {
    this.#run?.stop();
    this.#run = undefined;
    this.#events.onChange();
  }

  #start(choice: OverChoice): void {
    const model = this.#events.model();
    if (model === undefined) return;
    this.drop();
    const { theta, seed, lawId } = model;
    this.#over = choice;
    const over: Over = choice === "law" ? { kind: "law", lawId } : { kind: "theta", lawId, theta };
    this.#run = new ManySeeds({
      over,
      runSeed: seed,
      claims: claimsOn(lawId),
      startWorker,
      onChange: this.#events.onChange,
      onFailed: this.#events.onFailed,
    });
    this.#events.onChange();
  }
}
