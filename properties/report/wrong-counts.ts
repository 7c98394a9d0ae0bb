import fc from "fast-check";
import { claimsOf } from "../../src/report/events.ts";
import type { EventResultData, Results } from "../../src/report/results.ts";

/** A copy that may be edited, and will be. */
export type Editable<T> = T extends object ? { -readonly [K in keyof T]: Editable<T[K]> } : T;
type EditableEvent = Editable<EventResultData>;

/** One wrong number, or more: each edit changes one thing, of an event or of its law. */
export const arbitraryEdit = fc.oneof(
  fc.record({ field: fc.constantFrom("n", "violations", "later.n", "later.violations", "trials"), by: step() }),
  fc.record({ field: fc.constantFrom("n to later", "violations to later"), by: step() }),
  fc.record({ field: fc.constant("kind"), by: fc.nat(3) }),
  fc.record({ field: fc.constantFrom("add", "remove", "move", "twice"), by: fc.nat(200) }),
  fc.record({ field: fc.constant("p0"), by: fc.constantFrom(-1, 0, 0.01, 0.04, 0.06, 0.2, 0.5, 0.99, 1) }),
);
function step() {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(-1, 1) },
    { weight: 2, arbitrary: fc.integer({ min: -200, max: 200 }) },
    { weight: 1, arbitrary: fc.constant(1e9) },
  );
}
interface Edit {
  readonly field: string;
  readonly by: number;
}

export function edit(event: EditableEvent, law: { trials: number }, { field, by }: Edit): void {
  const { verdict, violators } = event;
  const more = (count: number) => Math.max(0, count + by);
  switch (field) {
    case "n":
    case "violations":
      verdict[field] = more(verdict[field]);
      break;
    case "later.n":
      verdict.later.n = more(verdict.later.n);
      break;
    case "later.violations":
      verdict.later.violations = more(verdict.later.violations);
      break;
    case "n to later":
      verdict.n = Math.max(0, verdict.n - by);
      verdict.later.n = more(verdict.later.n);
      break;
    case "violations to later":
      verdict.violations = Math.max(0, verdict.violations - by);
      verdict.later.violations = more(verdict.later.violations);
      break;
    case "trials":
      law.trials = more(law.trials);
      break;
    case "kind":
      Object.assign(
        verdict,
        [
          { kind: "certified" },
          { kind: "refuted" },
          ...["cap", "stopped"].map((because) => ({ kind: "inconclusive", because })),
        ][by],
      );
      break;
    case "add":
      violators.push(by);
      break;
    case "remove":
      violators.splice(by % Math.max(1, violators.length), 1);
      break;
    case "move":
      violators.splice(by % Math.max(1, violators.length), 1, by);
      break;
    case "twice":
      violators.push(...violators.slice(0, 1));
      break;
    case "p0":
      event.p0 = by;
      break;
  }
  if (["add", "move"].includes(field)) violators.sort((one, other) => one - other);
}

/** Lets the claims' own counts say what the event and its law say, as whoever edits with care would. */
export function alignClaims(results: Editable<Results>): void {
  const trials = new Map(results.laws.map((law) => [law.id, law.trials]));
  for (const statement of results.statements) {
    for (const { law, ledger } of statement.claims) ledger.models = trials.get(law) ?? 0;
    for (const event of statement.events) {
      const [first, ...others] = claimsOf(statement as Results["statements"][number], event) as Editable<
        ReturnType<typeof claimsOf>
      >;
      if (first !== undefined) first.ledger.violators = [...new Set(event.violators)];
      for (const { ledger } of others) ledger.violators = [];
    }
  }
}
