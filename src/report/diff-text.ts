import { type Change, TOPICS } from "./change.ts";
import type { ResultsDiff } from "./diff.ts";
import { type EncodedNumber, shortNumber } from "./encode.ts";
import { markdownOf } from "./tolerances.ts";

/** The files that were compared, as they were named. */
export interface Compared {
  readonly old: string;
  readonly new: string;
}

/** A diff for a terminal: regressions first, then what else changed, by topic and statement. */
export function diffText(diff: ResultsDiff, files: Compared): string {
  const { changes, remarks } = diff;
  const lines = [
    `old  ${files.old}: ${runWords(diff.old)}`,
    `new  ${files.new}: ${runWords(diff.new)}`,
    ...remarks,
    "",
  ];
  lines.push(headline(diff));
  for (const [topic, those] of sections(changes)) {
    lines.push("", topic);
    let before = "";
    for (const change of those) {
      const mark = markOf(change);
      const values = `${shown(change, "old")} → ${shown(change, "new")}${mark === "" ? "" : `  ${mark}`}`;
      const place = placeOf(change);
      if (place === "") {
        lines.push(`  ${change.subject}: ${values}`);
        continue;
      }
      if (change.subject !== before) lines.push(`  ${change.subject}`);
      before = change.subject;
      lines.push(`    ${place}: ${values}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** The same for a pull request. */
export function diffMarkdown(diff: ResultsDiff, files: Compared): string {
  const { changes, remarks } = diff;
  const lines = [
    `## Verdicts: ${markdownOf(headline(diff))}`,
    "",
    `- old: ${markdownOf(`${files.old}: ${runWords(diff.old)}`)}`,
    `- new: ${markdownOf(`${files.new}: ${runWords(diff.new)}`)}`,
    ...remarks.map((remark) => `- ${markdownOf(remark)}`),
  ];
  for (const [topic, those] of sections(changes)) {
    lines.push("", `### ${topic[0]!.toUpperCase()}${topic.slice(1)}`, "");
    lines.push("| | of | old | new | |", "| --- | --- | --- | --- | --- |");
    for (const change of those) {
      const mark = change.regression ? "**regression**" : markOf(change);
      const cells = [
        markdownOf(change.subject),
        markdownOf(placeOf(change)),
        markdownOf(shown(change, "old")),
        markdownOf(shown(change, "new")),
        mark,
      ];
      lines.push(`| ${cells.join(" | ")} |`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** Regressions come first, under a heading of their own, and then each topic without them. */
function sections(changes: readonly Change[]): readonly (readonly [string, readonly Change[]])[] {
  const rest = TOPICS.map(
    (topic) => [topic, changes.filter((each) => each.topic === topic && !each.regression)] as const,
  );
  return [["regressions", changes.filter(({ regression }) => regression)] as const, ...rest].filter(
    ([, those]) => those.length > 0,
  );
}

function headline({ changes, regressions, old, new: now }: ResultsDiff): string {
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;
  if (changes.length === 0) return "Nothing changed: the same verdicts, the same worst cases.";
  const gate = old.passes === now.passes ? "" : now.passes ? " The gate passes now." : " The gate fails now.";
  const what = regressions === 0 ? "no regression" : count(regressions, "regression");
  return `${what}, ${count(changes.length - regressions, "other change")}.${gate}`;
}

function runWords({ theorycheck, experiment, seed, models, verdicts }: ResultsDiff["old"]): string {
  return `theorycheck ${theorycheck}${experiment === null ? "" : `, ${experiment}`}, seed ${seed}, ${models} models, ${verdicts} verdicts`;
}

/** Which of the subject's numbers it is: "base: energy of ΔW_Q beyond rank r, bound". Empty where it is about the whole. */
function placeOf({ law, claim, what }: Change): string {
  const words = [claim, IMPLIED.includes(what) ? undefined : what].filter((word) => word !== undefined).join(", ");
  return [law, words].filter((word) => word !== undefined && word !== "").join(": ");
}

/** What the topic already says. */
const IMPLIED = ["verdict", "worst", "replay", "claim"];

const ABSENT: Readonly<Partial<Record<Change["topic"], string>>> = {
  verdicts: "not judged",
  "what is stated": "not claimed",
  lemmas: "not examined",
  counterexamples: "not there",
};

function shown({ topic, ...change }: Change, which: "old" | "new"): string {
  const value = change[which];
  if (value === null) return ABSENT[topic] ?? "nothing";
  if (value === "") return "nothing";
  return typeof value === "number" || value === "NaN" || value.endsWith("Infinity")
    ? shortNumber(value as EncodedNumber)
    : value;
}

function markOf({ topic, worse }: Change): string {
  if (worse === undefined) return "";
  const [nearer, further] =
    topic === "worst cases"
      ? ["nearer to its bound", "further inside"]
      : topic === "strength"
        ? ["weaker", "stronger"]
        : ["worse", "better"];
  return worse ? nearer : further;
}
