import type { Order, TrialRecord } from "../../experiment/trial.ts";
import { InvalidInput } from "../../invalid-input.ts";
import { LaboratoryFault } from "../laboratory-fault.ts";
import { whyDifferent } from "./audit.ts";
import { type Answer, describeOrder, inFull, nameOf, type Sender, whyNotOrdered } from "./messages.ts";
import { STALLS_ALLOWED } from "./redis.ts";
import type { Tell } from "./tell.ts";

/** An order that waits for its answer. */
export interface Waiting {
  readonly id: string;
  readonly order: Order;
  readonly wanted: () => boolean;
  readonly resolve: (record: TrialRecord | undefined) => void;
  readonly reject: (reason: unknown) => void;
  /** How often it was handed out. */
  attempt: number;
  /** How often in a row it was nowhere to be found. */
  missed: number;
  /** Why earlier attempts came to nothing. */
  readonly failures: string[];
}

/** Attempts that may come to nothing in a way that the order may be to blame for, before the run ends. */
const FAILURES_ALLOWED = 1;

/** Times that an order may vanish with a server that forgets. */
const LOSSES_ALLOWED = 20;

interface Settled {
  readonly order: Order;
  readonly record: TrialRecord;
  readonly worker: Sender;
}

/**
 * The orders of a run: which wait to be handed out, which for an answer, and what was answered. Nothing here waits, or
 * knows of a queue.
 */
export class Orders {
  readonly #tell: Tell;
  readonly #pending: Waiting[] = [];
  readonly #underWay = new Map<string, Waiting>();
  readonly #settled = new Map<string, Settled>();
  readonly #dropped = new Set<string>();
  readonly #told = new Set<string>();
  #issued = 0;
  #fault: unknown;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  get underWay(): readonly Waiting[] {
    return [...this.#underWay.values()];
  }

  /** Takes an order; the promise is settled when it is answered, or no longer wanted. */
  take(order: Order, wanted: () => boolean): Promise<TrialRecord | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#fault !== undefined) return reject(this.#fault);
      const id = String(this.#issued++);
      this.#pending.push({ id, order, wanted, resolve, reject, attempt: 1, missed: 0, failures: [] });
    });
  }

  /** The next orders to hand out, so that no more than so many are under way. */
  handOut(most: number): readonly Waiting[] {
    const next: Waiting[] = [];
    for (;;) {
      const [first] = this.#pending;
      if (first === undefined) return next;
      const wanted = first.wanted();
      if (wanted && this.#underWay.size >= most) return next;
      this.#pending.shift();
      if (!wanted) first.resolve(undefined);
      else {
        this.#underWay.set(first.id, first);
        next.push(first);
      }
    }
  }

  /** Orders under way that nobody wants any more: nobody waits for them, and what they answer is dropped. */
  drop(): readonly Waiting[] {
    const dropped = this.underWay.filter(({ wanted }) => !wanted());
    for (const { id, resolve } of dropped) {
      this.#underWay.delete(id);
      this.#dropped.add(id);
      resolve(undefined);
    }
    return dropped;
  }

  isUnderWay({ id }: Waiting): boolean {
    return this.#underWay.has(id);
  }

  /** An order that waits for the answer that came; undefined where it was settled before, or was never asked for. */
  waitingFor({ id, worker, said }: Answer): Waiting | undefined {
    const waiting = this.#underWay.get(id);
    if (waiting !== undefined) return waiting;
    if (this.#dropped.has(id)) return undefined;
    const settled = this.#settled.get(id);
    if (settled === undefined) {
      this.#once(`unasked ${nameOf(worker)}`, `worker ${nameOf(worker)} answers what nobody asked: dropped`);
    } else if ("record" in said) {
      const { record, order } = settled;
      const why = whyNotOrdered(said.record, order) ?? whyDifferent(record, inFull(said.record, order));
      if (why !== undefined) {
        this.fail(
          new LaboratoryFault(
            `two answers to one order: ${nameOf(settled.worker)} and ${nameOf(worker)} differ: ${why}; ${describeOrder(order)}`,
          ),
        );
      }
    }
    return undefined;
  }

  /** An order is answered. */
  settle({ id, order, resolve }: Waiting, record: TrialRecord, worker: Sender): void {
    this.#underWay.delete(id);
    // kept as long as the run: a second answer may still come
    this.#settled.set(id, { order, record, worker });
    resolve(record);
  }

  /** An attempt came to nothing. @returns whether the order may be handed out again; else the run has failed */
  again(waiting: Waiting, failure: string): boolean {
    waiting.failures.push(failure);
    if (waiting.failures.length <= FAILURES_ALLOWED) {
      this.#handOutAgain(waiting);
      return true;
    }
    this.#reject(
      waiting,
      new LaboratoryFault(
        `a trial came to nothing ${waiting.failures.length} times: ${waiting.failures.join("; then ")}; ${describeOrder(waiting.order)}`,
      ),
    );
    return false;
  }

  /** Every worker that took it died. */
  stalled(waiting: Waiting): void {
    const deaths = STALLS_ALLOWED + 1;
    this.#reject(
      waiting,
      new LaboratoryFault(
        `a trial lost its worker ${deaths} times, each in the middle: ${describeOrder(waiting.order)}`,
      ),
    );
  }

  /** It is neither answered nor in the queue. @returns whether it is handed out again */
  missing(waiting: Waiting): boolean {
    // an answer may be on its way: gone is what is gone the next time too
    if (++waiting.missed < 2) return false;
    if (waiting.attempt > LOSSES_ALLOWED) {
      this.#reject(
        waiting,
        new LaboratoryFault(
          `a trial was handed out ${waiting.attempt} times and is not answered: ${describeOrder(waiting.order)}`,
        ),
      );
      return false;
    }
    this.#handOutAgain(waiting);
    return true;
  }

  /** Bad input is the same wherever it is found. */
  invalid(waiting: Waiting, message: string): void {
    this.#reject(waiting, new InvalidInput(message));
  }

  /** Nothing is answered any more: whoever waits is told why, and whoever asks later. */
  fail(reason: unknown): void {
    this.#fault ??= reason;
    const all = [...this.#pending.splice(0), ...this.#underWay.values()];
    this.#underWay.clear();
    for (const { reject } of all) reject(reason);
  }

  #handOutAgain(waiting: Waiting): void {
    waiting.attempt++;
    waiting.missed = 0;
  }

  #reject(waiting: Waiting, reason: Error): void {
    this.#underWay.delete(waiting.id);
    waiting.reject(reason);
  }

  #once(key: string, line: string): void {
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#tell(line);
  }
}
