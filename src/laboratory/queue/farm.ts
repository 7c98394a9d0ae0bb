import { type Identity, whyOther } from "./identity.ts";
import { nameOf, type Sender } from "./messages.ts";
import type { Roll } from "./presence.ts";
import type { Happening, Tell } from "./tell.ts";

interface Known {
  readonly name: string;
  readonly host: string;
  readonly places: number;
  /** Not seen on so many rolls. */
  missed: number;
}

/** The workers that a coordinator knows, and what a person is told of them. */
export class Farm {
  readonly #identity: Identity;
  readonly #tell: Tell;
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();
  readonly #lost = new Map<string, string>();
  readonly #told = new Set<string>();
  readonly #answers = new Map<string, { count: number; last: number }>();
  #answered = 0;
  #since: number;
  #before = 0;

  /** @param now ms, of any clock */
  constructor(identity: Identity, now: () => number, tell: Tell) {
    this.#identity = identity;
    this.#tell = tell;
    this.#now = now;
    this.#since = now();
  }

  /** How many trials its workers train at a time. */
  get places(): number {
    return [...this.#known.values()].reduce((sum, { places }) => sum + places, 0);
  }

  /** Takes who is there now. */
  see(roll: Roll): void {
    for (const [id, present] of roll) {
      if ("foreign" in present) {
        const { name, foreign: why } = present;
        this.#once(id, `worker ${name} is not taken: ${why}`, { event: "worker-refused", worker: name, why });
        continue;
      }
      const why = whyOther(present.identity, this.#identity);
      const name = nameOf(present);
      if (why !== undefined) {
        this.#once(id, `worker ${name} does not take these orders: ${why}`, {
          event: "worker-refused",
          worker: name,
          why,
        });
        continue;
      }
      const { places } = present;
      if (this.#lost.delete(id)) {
        this.#tell(`worker ${name} is back`, { event: "worker-back", worker: name, places });
      } else if (!this.#known.has(id)) {
        this.#tell(`worker ${name} takes orders: ${counted(places, "place")}`, {
          event: "worker-there",
          worker: name,
          places,
        });
      }
      this.#known.set(id, { name, host: present.host, places: present.places, missed: 0 });
    }
    for (const [id, known] of this.#known) {
      // once is no loss: a server that was started again knows nobody
      if (roll.has(id) || ++known.missed < 2) continue;
      this.#known.delete(id);
      this.#lost.set(id, known.name);
      const { name } = known;
      this.#tell(`worker ${name} is lost or has ended: others get what it had`, { event: "worker-lost", worker: name });
    }
  }

  /** Takes that a worker has answered. */
  answered(sender: Sender): void {
    const name = nameOf(sender);
    const { count } = this.#answers.get(name) ?? { count: 0 };
    this.#answers.set(name, { count: count + 1, last: this.#now() });
    this.#answered++;
  }

  /** Tells how it goes. */
  summarize(): void {
    const known = [...this.#known.values()];
    const now = this.#now();
    const rate = this.#rate(now);
    this.#tell(this.summary(now, rate), {
      event: "summary",
      workers: known.length,
      machines: machinesOf(known),
      places: this.places,
      trialsPerSecond: Number(rate.toPrecision(3)),
      answered: this.#answered,
      each: known.map(({ name, places }) => {
        const { count, last } = this.#answers.get(name) ?? { count: 0, last: undefined };
        return {
          worker: name,
          places,
          answered: count,
          ...(last === undefined ? {} : { silentSeconds: (now - last) / 1000 }),
        };
      }),
    });
  }

  /** Trials a second since it was asked the last time. */
  #rate(now: number): number {
    const rate = (1000 * (this.#answered - this.#before)) / Math.max(1, now - this.#since);
    this.#since = now;
    this.#before = this.#answered;
    return rate;
  }

  /** "2 workers on 2 machines, 4 places; 7.5 trials/s, 31 answered; a/12: 16, last 0.2 s ago; …" */
  summary(now = this.#now(), rate = this.#rate(now)): string {
    const known = [...this.#known.values()];
    const each = known.slice(0, SHOWN).map(({ name }) => {
      const answers = this.#answers.get(name);
      if (answers === undefined) return `${name}: nothing yet`;
      return `${name}: ${answers.count}, last ${((now - answers.last) / 1000).toFixed(1)} s ago`;
    });
    if (known.length > SHOWN) each.push(`and ${known.length - SHOWN} more`);
    return [
      `${counted(known.length, "worker")} on ${counted(machinesOf(known), "machine")}, ${counted(this.places, "place")}`,
      `${rate.toPrecision(2)} trials/s, ${this.#answered} answered`,
      ...each,
    ].join("; ");
  }

  #once(id: string, line: string, happening: Happening): void {
    if (this.#told.has(id)) return;
    this.#told.add(id);
    this.#tell(line, happening);
  }
}

const machinesOf = (known: readonly Known[]) => new Set(known.map(({ host }) => host)).size;

/** Workers that a summary names. */
const SHOWN = 6;

export function counted(count: number, of: string): string {
  return `${count} ${of}${count === 1 ? "" : "s"}`;
}
