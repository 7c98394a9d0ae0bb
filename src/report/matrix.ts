import type { Control, Statement, Theorem } from "../claim/theorem.ts";
import type { Judgement } from "../verdict/judge.ts";
import type { ClaimTried } from "./results.ts";

/**
 * Claims × controls: of every claim of a theorem that was judged, what each control's models show. A claim is broken where a
 * control's verdict on it is refuted, or where the limits of its share of violations lie above the theorem's p₀.
 */
export function matrixOf({ statements, populations }: Judgement): ClaimTried[] {
  const rows = new Map<string, ClaimTried>();
  const keyOf = (theorem: Theorem, title: string) => `${theorem.id}: ${title}`;
  const judged = theoremsAmong(statements);
  for (const theorem of judged.values()) {
    for (const { title } of theorem.laws.flatMap((law) => theorem.claimsOn(law))) {
      const tried = theorem.triedInVain.find(({ claim }) => claim === title)?.tried ?? [];
      const row = { theorem: theorem.id, claim: title, broken: false, controls: [], triedInVain: [...tried] };
      rows.set(keyOf(theorem, title), row);
    }
  }
  const enter = (theorem: Theorem, title: string, tried: ClaimTried["controls"][number]) => {
    // what stands for no claim of the theorem is no cell
    const row = rows.get(keyOf(theorem, title));
    if (row === undefined) return;
    row.controls.push(tried);
    row.broken ||= tried.refuted || tried.limits.lower > theorem.p0;
  };
  for (const { population, claims, events, beside } of populations) {
    for (const { statement, claim, law, ledger } of claims) {
      const theorem = statement.kind === "control" ? judged.get(statement.of) : undefined;
      if (theorem === undefined) continue;
      const { models, violations, limits } = ledger;
      const event = events.find((each) => each.statement === statement && each.claim === claim.title);
      const refuted = event?.verdict.kind === "refuted";
      const title = (statement as Control).inPlaceOf[claim.title] ?? claim.title;
      enter(theorem, title, { control: statement.id, law: law.id, models, violations, limits, refuted });
    }
    const [control] = population.claims.map(({ statement }) => statement);
    for (const { statement, claim, law, models, violations, limits } of beside) {
      const theorem = judged.get(statement.id);
      if (theorem === undefined || control === undefined) continue;
      enter(theorem, claim.title, { control: control.id, law: law.id, models, violations, limits, refuted: false });
    }
  }
  return [...rows.values()];
}

function theoremsAmong(statements: readonly Statement[]): Map<string, Theorem> {
  return new Map(statements.flatMap((each) => (each.kind === "theorem" ? [[each.id, each] as const] : [])));
}
