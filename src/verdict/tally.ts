import type { JudgedEvent } from "../claim/population.ts";
import { violates } from "../claim/relation.ts";
import type { Awaited } from "../evidence/eta.ts";
import { Evidence, type EvidenceOptions, type Verdict } from "../evidence/evidence.ts";
import { anytimeLimits, type Limits } from "../evidence/limits.ts";
import { LIMIT_CONFIDENCE } from "./ledger.ts";

/** What was found of one event over the trials that were counted. */
export interface EventResult extends JudgedEvent {
  readonly p0: number;
  readonly verdict: Verdict;
  /** Indices of the trials in which the event happened, those after the verdict included. */
  readonly violators: readonly number[];
  /** Of the event's probability, anytime-valid at `LIMIT_CONFIDENCE`, over all trials, those of earlier runs included. */
  readonly limits: Limits;
}

/** What a trial showed, by claim key. A claim of which it shows nothing counts as violated. */
export type Observed = Readonly<Record<string, number>>;

/**
 * Counts the events of one law, trial by trial in index order, and settles each at its first crossing. It knows neither
 * models nor where they come from: `verify`, the page and the calibration judge by this same object.
 */
export class Tally {
  readonly #events: readonly {
    event: JudgedEvent;
    evidence: Evidence;
    options: EvidenceOptions;
    violators: number[];
  }[];
  #trials = 0;

  /** @param standardOf what each event is held to, and the counts that it continues */
  constructor(events: readonly JudgedEvent[], standardOf: (event: JudgedEvent) => EvidenceOptions) {
    this.#events = events.map((event) => {
      const options = standardOf(event);
      return { event, evidence: new Evidence(options), options, violators: [] };
    });
  }

  /** Takes in the next trial. */
  observe(observed: Observed): void {
    for (const { event, evidence, violators } of this.#events) {
      const violated = event.claims.some(({ claim, key }) => violates(claim, observed[key] ?? Number.NaN));
      evidence.observe(violated);
      if (violated) violators.push(this.#trials);
    }
    this.#trials++;
  }

  get trials(): number {
    return this.#trials;
  }

  get events(): number {
    return this.#events.length;
  }

  /** How many events need no further trial. */
  get decided(): number {
    return this.#events.filter(({ evidence }) => evidence.settled).length;
  }

  get refuted(): number {
    return this.#events.filter(({ evidence }) => evidence.decision === "refuted").length;
  }

  /** The events that need further trials, with what they have until now. */
  awaited(): readonly Awaited[] {
    return this.#events
      .filter(({ evidence }) => !evidence.settled)
      .map(({ evidence, options: { p0, alpha, beta, cap } }) => ({ p0, alpha, beta, cap, ...evidence.counts }));
  }

  get settled(): boolean {
    return this.decided === this.events;
  }

  /** One an event, in their order. */
  verdicts(): Verdict[] {
    return this.#events.map(({ evidence }) => evidence.verdict());
  }

  results(): EventResult[] {
    const verdicts = this.verdicts();
    return this.#events.map(({ event, options: { p0 }, violators }, i) => {
      const verdict = verdicts[i] as Verdict;
      const { n, violations, later } = verdict;
      const counts = { n: n + later.n, violations: violations + later.violations };
      const limits = anytimeLimits({ ...counts, confidence: LIMIT_CONFIDENCE });
      return { ...event, p0, verdict, violators: [...violators], limits };
    });
  }
}
