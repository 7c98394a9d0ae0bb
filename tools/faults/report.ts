import type { Outcome, Part } from "./check.ts";
import { withoutPlaces } from "./right.ts";

/** What became of a part: an entry of reports/faults.json. */
export interface Tried {
  readonly part: string;
  readonly title: string;
  readonly seed: number;
  readonly passed: number;
  readonly failed: readonly { readonly name: string; readonly wrong: readonly string[] }[];
  readonly leftOut: readonly { readonly name: string; readonly why: string }[];
}

export function triedOf({ name, title }: Part, seed: number, outcomes: readonly Outcome[]): Tried {
  return {
    part: name,
    title,
    seed,
    passed: outcomes.filter(({ wrong, leftOut }) => wrong.length === 0 && leftOut === undefined).length,
    failed: outcomes
      .filter(({ wrong }) => wrong.length > 0)
      .map((outcome) => ({ name: outcome.name, wrong: outcome.wrong.map(withoutPlaces) })),
    leftOut: outcomes.flatMap((outcome) =>
      outcome.leftOut === undefined ? [] : [{ name: outcome.name, why: outcome.leftOut }],
    ),
  };
}

/** reports/faults.json */
export function faultsJson(all: readonly Tried[]): string {
  return `${JSON.stringify(all, null, 2)}\n`;
}

/** reports/faults.md */
export function faultsMarkdown(all: readonly Tried[]): string {
  const passed = all.reduce((sum, tried) => sum + tried.passed, 0);
  const failed = all.reduce((sum, tried) => sum + tried.failed.length, 0);
  const row = (cells: readonly (string | number)[]) => `| ${cells.map((cell) => escaped(`${cell}`)).join(" | ")} |`;
  return [
    "# Faults",
    "",
    `${passed} of ${passed + failed} faults are survived: an exit code that is documented, one line that says what is`,
    "wrong, no stack trace, nothing lost, no answer that takes more than ten seconds (`npm run faults`; what is right of",
    "each stands in `tools/faults`).",
    "",
    "| part | what is tried | survived | not | left out |",
    "|---|---|---:|---:|---:|",
    ...all.map((tried) => row([tried.part, tried.title, tried.passed, tried.failed.length, tried.leftOut.length])),
    "",
    ...section(
      "Not survived",
      all.flatMap(({ part, failed }) => failed.map(({ name, wrong }) => [part, name, wrong.join("; ")])),
    ),
    ...section(
      "Left out on this machine",
      all.flatMap(({ part, leftOut }) => leftOut.map(({ name, why }) => [part, name, why])),
    ),
  ].join("\n");

  function section(title: string, rows: readonly (readonly string[])[]): readonly string[] {
    return rows.length === 0
      ? []
      : [`## ${title}`, "", "| part | fault | what |", "|---|---|---|", ...rows.map(row), ""];
  }
}

/** Text in a cell of a table: nothing in it is Markdown or HTML. */
function escaped(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}]/gu, "·")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/[\\|*_[\]]/g, "\\$&");
}
