import { eventsOf, type JudgedClaim, trialSeed } from "../../src/claim/population.ts";
import { slack, violates } from "../../src/claim/relation.ts";
import { alphaPerVerdict, inIndexOrder, RUN_ALPHA, VERDICT_BETA } from "../../src/evidence/evidence.ts";
import type { Order } from "../../src/experiment/trial.ts";
import { drawTrial } from "../../src/law/law.ts";
import { subSeed } from "../../src/random/stream.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import type { Theta } from "../../src/transformer/theta.ts";
import { type EventResult, type Observed, Tally } from "../../src/verdict/tally.ts";
import { comparisonLaw } from "../input/comparison-laws.ts";
import type { Answer } from "./messages.ts";
import type { startWorker, TrainingWorker } from "./start-worker.ts";
import { workersAtATime } from "./worker-laboratory.ts";

type StartWorker = typeof startWorker;

/** Over what the models are drawn: the law, or this θ with fresh seeds. */
export type Over =
  | { readonly kind: "law"; readonly lawId: string }
  | { readonly kind: "theta"; readonly lawId: string; readonly theta: Theta };

/** One claim as the models come in: counted, whether or not it has a verdict to itself. */
export interface ClaimProgress {
  readonly claim: JudgedClaim;
  readonly violations: number;
  /** the model that comes nearest to violating the claim, or violates it most */
  readonly worst: { readonly seed: number; readonly observed: number; readonly slack: number } | undefined;
}

/** What many models say. */
export interface ManyProgress {
  readonly models: number;
  /** by event key */
  readonly events: ReadonlyMap<string, EventResult>;
  /** by claim key */
  readonly claims: ReadonlyMap<string, ClaimProgress>;
  readonly thresholds: Thresholds;
}

/** ln(1/α) and ln(1/β): where the e-processes settle. */
export interface Thresholds {
  readonly refute: number;
  readonly certify: number;
}

/**
 * Many models: the verdicts of `verify`, by the same Tally at the same share of α, and the worst case of each claim.
 * Pure: models are given to it in any order and are consumed in that of their index.
 */
export class ManyModels {
  readonly #thresholds: Thresholds;
  readonly #tally: Tally;
  readonly #claims: readonly { claim: JudgedClaim; violations: number; worst: ClaimProgress["worst"] }[];
  readonly #seedOf: (index: number) => number;
  readonly #arrive: (index: number, observed: Observed) => void;

  constructor(claims: readonly JudgedClaim[], seedOf: (index: number) => number) {
    const events = eventsOf(claims);
    const alpha = alphaPerVerdict(RUN_ALPHA, Math.max(events.length, 1));
    this.#thresholds = { refute: -Math.log(alpha), certify: -Math.log(VERDICT_BETA) };
    this.#tally = new Tally(events, ({ statement: { p0, maxModels } }) => ({
      p0,
      alpha,
      beta: VERDICT_BETA,
      cap: maxModels,
    }));
    this.#claims = claims.map((claim) => ({ claim, violations: 0, worst: undefined }));
    this.#seedOf = seedOf;
    this.#arrive = inIndexOrder((observed, index) => this.#consume(observed, index));
  }

  /** Takes in the model of this index. */
  arrive(index: number, observed: Observed): void {
    this.#arrive(index, observed);
  }

  /** Models consumed, in index order. */
  get models(): number {
    return this.#tally.trials;
  }

  get verdicts(): number {
    return this.#tally.events;
  }

  get decided(): number {
    return this.#tally.decided;
  }

  get settled(): boolean {
    return this.#tally.settled;
  }

  progress(): ManyProgress {
    return {
      models: this.models,
      events: new Map(this.#tally.results().map((event) => [event.key, event])),
      claims: new Map(this.#claims.map((each) => [each.claim.key, { ...each }])),
      thresholds: this.#thresholds,
    };
  }

  #consume(observed: Observed, index: number): void {
    this.#tally.observe(observed);
    for (const each of this.#claims) {
      const value = observed[each.claim.key] ?? Number.NaN;
      if (violates(each.claim.claim, value)) each.violations++;
      const here = { seed: this.#seedOf(index), observed: value, slack: slack(each.claim.claim, value) };
      if (each.worst === undefined || here.slack < each.worst.slack) each.worst = here;
    }
  }
}

/** The seed of the index-th model: under a law the same models as `theorycheck verify --seed` trains. */
export function seedOfModel(over: Over, runSeed: number, index: number): number {
  return over.kind === "law" ? trialSeed(runSeed, over.lawId, index) : subSeed(runSeed, "explorer", "fresh", index);
}

/** The order for a model: drawn from the law by its seed, or this θ. */
export function orderOf(over: Over, claims: readonly JudgedClaim[], seed: number): Order {
  return {
    experiment: transformer.id,
    models: over.kind === "law" ? drawTrial(comparisonLaw(over.lawId), seed) : [{ theta: over.theta, seed }],
    wanted: claims.map(({ key }) => key),
    detail: "none",
  };
}

/** Trains many models in workers until every verdict is settled or somebody stops it. */
export class ManySeeds {
  readonly soFar: ManyModels;
  readonly #orderOf: (index: number) => Order;
  readonly #workers: readonly TrainingWorker[];
  readonly #onChange: () => void;
  readonly #onFailed: (message: string) => void;
  readonly #started = performance.now();
  #elapsed: number | undefined;
  #next = 0;

  constructor({
    over,
    runSeed,
    claims,
    startWorker,
    onChange,
    onFailed,
  }: {
    readonly over: Over;
    readonly runSeed: number;
    readonly claims: readonly JudgedClaim[];
    readonly startWorker: StartWorker;
    readonly onChange: () => void;
    readonly onFailed: (message: string) => void;
  }) {
    this.#orderOf = (index) => orderOf(over, claims, seedOfModel(over, runSeed, index));
    this.#onChange = onChange;
    this.#onFailed = onFailed;
    this.soFar = new ManyModels(claims, (index) => seedOfModel(over, runSeed, index));
    this.#workers = Array.from({ length: workersAtATime(true) }, () => {
      const worker: TrainingWorker = startWorker({
        onAnswer: (answer) => this.#hear(worker, answer),
        onBroken: (message) => this.#fail(message),
      });
      return worker;
    });
    for (const worker of this.#workers) this.#askNext(worker);
  }

  get running(): boolean {
    return this.#elapsed === undefined;
  }

  get seconds(): number {
    return (this.#elapsed ?? performance.now() - this.#started) / 1000;
  }

  /** Ends the workers at once. Models that are not finished do not count. */
  stop(): void {
    if (!this.running) return;
    this.#elapsed = performance.now() - this.#started;
    for (const worker of this.#workers) worker.terminate();
    this.#onChange();
  }

  #askNext(worker: TrainingWorker): void {
    const index = this.#next++;
    worker.ask({ kind: "trial", job: 0, index, order: this.#orderOf(index) });
  }

  #hear(worker: TrainingWorker, message: Answer): void {
    if (!this.running) return;
    if (message.kind === "failed") {
      this.#fail(message.message);
      return;
    }
    if (message.kind !== "trial") return;
    this.soFar.arrive(message.index, message.record.observed);
    if (this.soFar.settled) {
      this.stop();
      return;
    }
    this.#askNext(worker);
    this.#onChange();
  }

  #fail(message: string): void {
    this.stop();
    this.#onFailed(message);
  }
}
