import type { Results } from "./results.ts";

/** reports/badge.json, for https://shields.io/badges/endpoint-badge */
export function badge({ gate, statements }: Results) {
  const theorems = statements.filter(({ kind }) => kind === "theorem");
  const certified = theorems.filter(({ verdict }) => verdict === "certified").length;
  const partial = theorems.some(({ notJudgedOn }) => notJudgedOn !== undefined);
  return {
    schemaVersion: 1,
    label: "theorems",
    message: `${certified} of ${theorems.length} certified${partial ? ", on a part of their laws" : ""}`,
    color: gate.exitCode === 0 ? "brightgreen" : gate.exitCode === 3 ? "yellow" : "red",
  };
}
