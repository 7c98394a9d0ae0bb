import { contradictedBy } from "./campaign.ts";
import type { Results, StatementResult } from "./results.ts";

/**
 * Whether all holds: every theorem certified, every control refuted, every lemma unbroken, every stored counterexample
 * reproduced. Findings are part of the report and no failure. Exit code 1: a theorem refuted, a control not refuted, a
 * lemma broken, a counterexample not reproduced, or a certificate that later nights of a campaign refute; 3: no worse than a theorem that is inconclusive.
 */
export function gateOf(
  statements: readonly StatementResult[],
  lemmas: Results["lemmas"],
  counterexamples: NonNullable<Results["counterexamples"]> = [],
  campaign?: Results["campaign"],
  missing: readonly string[] = [],
): Results["gate"] {
  const theorems = statements.filter(({ kind }) => kind === "theorem");
  const controls = statements.filter(({ kind }) => kind === "control");
  const findings = statements.filter(({ kind }) => kind === "finding");
  const lost = counterexamples.filter(({ grade }) => grade === "not reproduced");
  const broken = [
    ...lost.map(({ file, reasons }) => `stored counterexample ${file} is not reproduced: ${reasons.join("; ")}`),
    ...theorems.filter(({ verdict }) => verdict === "refuted").map(({ id }) => `theorem ${id} is refuted`),
    ...controls
      .filter(({ verdict }) => verdict !== "refuted")
      .map(({ id, verdict }) => `control ${id} is ${verdict}, not refuted`),
    ...lemmas.filter(({ holds }) => !holds).map(({ id }) => `lemma ${id} is broken`),
    ...(campaign === undefined ? [] : contradictedBy(campaign)),
  ];
  const undecided = theorems
    .filter(({ verdict }) => verdict === "inconclusive")
    .map(({ id }) => `theorem ${id} is inconclusive`);
  const certified = theorems.filter(({ verdict }) => verdict === "certified").length;
  const refuted = controls.filter(({ verdict }) => verdict === "refuted").length;
  const parts = [
    ...(theorems.length > 0 ? [`${certified} of ${theorems.length} theorems certified${onWhichLaws(theorems)}`] : []),
    ...(controls.length > 0 ? [`${refuted} of ${controls.length} controls refuted, as they must be`] : []),
    ...(lemmas.length > 0 ? [`${lemmas.filter(({ holds }) => holds).length} of ${lemmas.length} lemmas hold`] : []),
    ...(counterexamples.length > 0
      ? [`${counterexamples.length - lost.length} of ${counterexamples.length} stored counterexamples reproduced`]
      : []),
    ...(missing.length > 0 ? [`stored counterexamples not found, and not trained again: ${missing.join(", ")}`] : []),
    ...(findings.length > 0 ? [`${findings.length} ${findings.length === 1 ? "finding" : "findings"}`] : []),
  ];
  return {
    passes: broken.length + undecided.length === 0,
    exitCode: broken.length > 0 ? 1 : undecided.length > 0 ? 3 : 0,
    answer: `${parts.join("; ")}.`,
    failures: [...broken, ...undecided],
  };
}

/** "22 of 22 certified" is said of all laws, or with those that it is not said of. */
function onWhichLaws(theorems: readonly StatementResult[]): string {
  const left = [...new Set(theorems.flatMap(({ notJudgedOn = [] }) => notJudgedOn))];
  if (left.length > 0)
    return `, on a part of their laws: ${left.join(", ")} ${left.length === 1 ? "was" : "were"} not judged`;
  const several = theorems.some(({ events }) => new Set(events.map(({ law }) => law)).size > 1);
  return several ? ", each on every law that it names" : "";
}
