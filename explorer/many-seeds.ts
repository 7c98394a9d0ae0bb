import { slack, violates } from "../src/claim/claim.ts";
import type { Theta } from "../src/notation.ts";
import { subSeed } from "../src/random/stream.ts";
import { type JudgedClaim, trialSeed } from "../src/verdict/population.ts";
import {
  alphaPerVerdict,
  Evidence,
  inIndexOrder,
  RUN_ALPHA,
  VERDICT_BETA,
  type Verdict,
} from "../src/verdict/verdict.ts";
import type { Answer, TrialOf } from "./messages.ts";
import type { startWorker, TrainingWorker } from "./start-worker.ts";

type StartWorker = typeof startWorker;

/** Over what the models are drawn: the law, or this θ with fresh seeds. */
export type Over =
  | { readonly kind: "law"; readonly lawId: string }
  | { readonly kind: "theta"; readonly lawId: string; readonly theta: Theta };

/** One claim as the models come in. */
export interface ClaimProgress {
  readonly claim: JudgedClaim;
  readonly verdict: Verdict;
  readonly settled: boolean;
  /** the model that comes nearest to violating the claim, or violates it most */
  readonly worst: { readonly seed: number; readonly observed: number; readonly slack: number } | undefined;
}

/** ln(1/α) and ln(1/β): where the e-processes settle. */
export interface Thresholds {
  readonly refute: number;
  readonly certify: number;
}

/**
 * The sequential verdict of each claim over many models. Pure: models are given to it in any order and are consumed in
 * that of their index.
 */
export class Tally {
  readonly thresholds: Thresholds;
  readonly #claims: readonly JudgedClaim[];
  readonly #evidence: ReadonlyMap<string, Evidence>;
  readonly #worst = new Map<string, { seed: number; observed: number; slack: number }>();
  readonly #seedOf: (index: number) => number;
  readonly #arrive: (index: number, observed: Readonly<Record<string, number>>) => void;
  #models = 0;

  constructor(claims: readonly JudgedClaim[], seedOf: (index: number) => number) {
    this.#claims = claims;
    this.#seedOf = seedOf;
    const alpha = alphaPerVerdict(RUN_ALPHA, claims.length);
    this.thresholds = { refute: -Math.log(alpha), certify: -Math.log(VERDICT_BETA) };
    this.#evidence = new Map(
      claims.map(({ key, statement: { p0, maxModels } }) => [
        key,
        new Evidence({ p0, alpha, beta: VERDICT_BETA, cap: maxModels }),
      ]),
    );
    this.#arrive = inIndexOrder((observed, index) => this.#consume(observed, index));
  }

  /** Takes in the model of this index. */
  arrive(index: number, observed: Readonly<Record<string, number>>): void {
    this.#arrive(index, observed);
  }

  /** Models consumed, in index order. */
  get models(): number {
    return this.#models;
  }

  get settled(): boolean {
    return [...this.#evidence.values()].every((evidence) => evidence.settled);
  }

  progress(): readonly ClaimProgress[] {
    return this.#claims.map((claim) => {
      const evidence = this.#evidence.get(claim.key)!;
      return { claim, verdict: evidence.verdict(), settled: evidence.settled, worst: this.#worst.get(claim.key) };
    });
  }

  #consume(observed: Readonly<Record<string, number>>, index: number): void {
    this.#models++;
    for (const { key, claim } of this.#claims) {
      const value = observed[key] ?? Number.NaN;
      this.#evidence.get(key)!.observe(violates(claim, value));
      const here = { seed: this.#seedOf(index), observed: value, slack: slack(claim, value) };
      const before = this.#worst.get(key);
      if (before === undefined || here.slack < before.slack) this.#worst.set(key, here);
    }
  }
}

/** The seed of the index-th model: under a law the same models as `theorycheck verify --seed` trains. */
export function seedOfModel(over: Over, runSeed: number, index: number): number {
  return over.kind === "law" ? trialSeed(runSeed, over.lawId, index) : subSeed(runSeed, "explorer", "fresh", index);
}

/** Trains the models of a tally in workers until every claim is settled or somebody stops it. */
export class ManySeeds {
  readonly tally: Tally;
  readonly #over: Over;
  readonly #runSeed: number;
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
    this.#over = over;
    this.#runSeed = runSeed;
    this.#onChange = onChange;
    this.#onFailed = onFailed;
    this.tally = new Tally(claims, (index) => seedOfModel(over, runSeed, index));
    this.#workers = Array.from({ length: workersAtATime() }, () => {
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
    const seed = seedOfModel(this.#over, this.#runSeed, index);
    const trial: TrialOf = { ...this.#over, seed };
    worker.ask({ kind: "trial", job: 0, index, trial });
  }

  #hear(worker: TrainingWorker, message: Answer): void {
    if (!this.running) return;
    if (message.kind === "failed") {
      this.#fail(message.message);
      return;
    }
    if (message.kind !== "trial") return;
    this.tally.arrive(message.index, message.observed);
    if (this.tally.settled) {
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

/** One core is left to the page; more than four workers would hold the code and the kernel's memory many times over. */
function workersAtATime(): number {
  return Math.max(1, Math.min(4, (navigator.hardwareConcurrency ?? 2) - 1));
}
