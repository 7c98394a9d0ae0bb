import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { forbidExit } from "../claim/exit.ts";
import { thrown } from "../claim/observe.ts";
import type { Statement, Subject } from "../claim/theorem.ts";
import { InvalidInput } from "../invalid-input.ts";
import { encodeNumbers } from "../json-number.ts";
import { isRecord, requireValid, shown } from "../law/declared.ts";
import { type Fields, type Parameters, parameters, type Rule, type Theta, type ThetaOf } from "../law/parameters.ts";
import { type Stream, stream } from "../random/stream.ts";
import { experimentSchema } from "./declaration.ts";

/** How much of a run is kept for figures: nothing, its end, or also the way to it. */
export type Detail = "none" | "ended" | "on the way";

/** What must be known before a run is made. */
export interface Wanted<Trace extends string = string> {
  /** What to watch, because it cannot be measured afterwards. */
  readonly traces: readonly Trace[];
  readonly detail: Detail;
}

/** How a run ended, as it is kept whatever is claimed of it. */
export interface Ended {
  /** In a word: "converged". */
  readonly outcome: string;
  /** Equal if and only if two runs are the same to the bit. */
  readonly digest: string;
  /** How long it took, where an experiment has steps. */
  readonly steps: number;
  /** JSON, numbers that are not finite included. */
  readonly measurements: Readonly<Record<string, unknown>>;
}

/**
 * An experiment: what a θ is, and what one run with it shows. A run is a function of θ and a seed alone. Nothing here
 * knows of laws, claims, threads or files.
 *
 * @typeParam T θ
 * @typeParam R what a run gives to the claims: lazily, where measuring costs
 */
export interface Experiment<
  T extends Theta = Theta,
  R = unknown,
  H extends string = string,
  Trace extends string = string,
> extends Subject {
  readonly parameters: Parameters<T, H>;
  readonly traces: readonly Trace[];
  /** The ways in which a run can end, as `ended` names them. */
  readonly outcomes: readonly string[];
  run(theta: T, seed: number, wanted: Wanted<Trace>): R;
  /** Whether the run came to nothing that could be looked at: it then violates every claim. */
  failed(run: R): boolean;
  ended(run: R): Ended;
  /** What figures show of it, as JSON; asked for only where `detailOf` says so. */
  portray(run: R): unknown;
  /** How far the index-th run of a law is portrayed. */
  detailOf(lawId: string, index: number): Detail;
  /** Work that a run with this θ takes, at most, in multiply-adds; fewer where it is known how many steps it took. */
  cost(theta: T, steps?: number): number;
  /** Relative difference that rounding may make to what is observed, where the core's code is another. */
  roundoff(theta: T, steps: number): number;
}

/** A random stream of a run, by its name. Two names give independent streams. */
export type Random = (name: string) => Stream;

/** What a small experiment is declared with. */
export interface DeclaredExperiment<F extends Fields, M extends Readonly<Record<string, number>>> {
  readonly id: string;
  /** The fields of θ: one table, which says all that is said of them anywhere. */
  readonly fields: F;
  /** Rules that no single field can state. */
  readonly rules?: readonly Rule<ThetaOf<F>>[];
  /** One run: what is measured, as numbers. It must be a function of θ and of what it draws from the streams. */
  readonly measure: (theta: ThetaOf<F>, random: Random) => M;
}

/** What a run of a small experiment gives to the claims: what was measured, and θ. */
export type Measured<T, M> = M & { readonly theta: T };

/** How a run ended of which a few numbers are all there is. */
export function endedWith(measurements: Readonly<Record<string, number>>): Ended {
  const digest = bytesToHex(sha256(utf8ToBytes(JSON.stringify(measurements, encodeNumbers))));
  return { outcome: "ended", digest, steps: 1, measurements };
}

/**
 * Declares an experiment whose runs end with a few numbers.
 *
 * @throws InvalidInput naming the field that is wrong, what is required and what was got
 */
export function experiment<const F extends Fields, M extends Readonly<Record<string, number>>>(
  declared: DeclaredExperiment<F, M>,
): Experiment<ThetaOf<F>, Measured<ThetaOf<F>, M>, F[keyof F]["hypothesis"], never> {
  requireValid(experimentSchema, `experiment ${typeof declared?.id === "string" ? declared.id : "?"}`, declared);
  const { id, fields, rules, measure } = declared;
  return {
    id,
    parameters: parameters(fields, rules, id),
    traces: [],
    outcomes: ["ended"],
    run: (theta, seed) => {
      // frozen: what one claim did to it, another would see
      const given = Object.freeze({ ...theta });
      return Object.freeze({ ...measuredBy(id, measure, given, seed), theta: given });
    },
    failed: () => false,
    ended: ({ theta: _, ...measurements }) => endedWith(measurements),
    portray: () => undefined,
    detailOf: () => "none",
    cost: () => 1,
    roundoff: () => 0,
  };
}

/** @throws InvalidInput where there is something else than numbers: then nothing was measured, and nothing may be counted */
function measuredBy<T extends Theta, M extends Readonly<Record<string, number>>>(
  id: string,
  measure: (theta: T, random: Random) => M,
  theta: T,
  seed: number,
): M {
  const where = `seed ${seed}, theta ${JSON.stringify(theta)}`;
  let measured: M;
  const allowExit = forbidExit();
  try {
    measured = measure(theta, (name) => stream(seed, name));
  } catch (error) {
    throw new InvalidInput(`experiment ${id}: measure must return numbers, it threw ${thrown(error)}; ${where}`);
  } finally {
    allowExit();
  }
  const wrong = isRecord(measured)
    ? Object.entries(measured).find(([, value]) => typeof value !== "number")
    : (["what it returned", measured] as const);
  if (wrong !== undefined) {
    // of a promise nobody waits for the outcome: a rejection must not end the process before this is said
    if ((wrong[1] as unknown) instanceof Promise) (wrong[1] as unknown as Promise<unknown>).catch(() => {});
    throw new InvalidInput(
      `experiment ${id}: measure must return numbers, got ${wrong[0]}: ${shown(wrong[1])}; ${where}`,
    );
  }
  return measured;
}

/** The experiment that a statement is about: statements are declared with `statementsOf`, which gives it to them. */
export function experimentOf({ experiment }: Pick<Statement, "experiment">): Experiment {
  return experiment as Experiment;
}

/**
 * The experiments that statements are about, each once, by id.
 *
 * @throws InvalidInput where two have the same id
 */
export function experimentsOf(statements: readonly Statement[]): ReadonlyMap<string, Experiment> {
  const byId = new Map<string, Experiment>();
  for (const experiment of statements.map(experimentOf)) {
    if ((byId.get(experiment.id) ?? experiment) !== experiment) {
      throw new InvalidInput(`experiments must have an id each, got two different experiments ${experiment.id}`);
    }
    byId.set(experiment.id, experiment);
  }
  return byId;
}
