/**
 * `npm run laws`: judges the theorems on every law, by the gate's seed and standards, writes reports/laws.json, and
 * prints the table of the README, which is held to that file. Models come from the store that `verify` and the tests use.
 */
import { resolve } from "node:path";
import { declarationsOf, openLaboratory } from "../../src/cli/laboratory.ts";
import { showProgress } from "../../src/cli/progress.ts";
import { writeWhole } from "../../src/laboratory/write-whole.ts";
import { judge } from "../../src/verdict/judge.ts";
import type { EventResult } from "../../src/verdict/tally.ts";
import { tableOfLaws, type VerdictsByLaw } from "./table.ts";

const declarations = await declarationsOf({});
const laboratory = await openLaboratory(declarations, { storeFolder: resolve(".theorycheck") });
const progress = showProgress(process.stderr);
try {
  const { populations } = await judge({
    statements: declarations.statements,
    selects: ({ kind }) => kind === "theorem",
    laboratory,
    onProgress: progress.show,
  });
  const events = populations.flatMap((population) => population.events);
  const byTheorem: VerdictsByLaw = Object.fromEntries(
    declarations.statements
      .filter(({ kind }) => kind === "theorem")
      .map((theorem) => [
        theorem.id,
        Object.fromEntries(
          theorem.laws.map((law) => [
            law.id,
            foundOf(events.filter((event) => event.statement === theorem && event.law.id === law.id)),
          ]),
        ),
      ]),
  );
  writeWhole(resolve("reports/laws.json"), `${JSON.stringify(byTheorem, null, 2)}\n`);
  progress.stop();
  process.stdout.write(tableOfLaws(byTheorem));
} finally {
  await laboratory.close();
  progress.stop();
}

/** One event, or the two sides of a doubling: the verdict of the worse one, and the counts of the longer one. */
function foundOf(events: readonly EventResult[]): VerdictsByLaw[string][string] {
  const verdicts = events.map(({ verdict }) => verdict);
  const kind = (["refuted", "inconclusive", "certified"] as const).find((each) =>
    verdicts.some((verdict) => verdict.kind === each),
  )!;
  const longest = verdicts.reduce((most, verdict) => (verdict.n > most.n ? verdict : most));
  return { verdict: kind, models: longest.n, violations: longest.violations };
}
