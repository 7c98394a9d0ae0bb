import type { Catch } from "./bite.ts";
import { type Plant, roomOf } from "./plants.ts";

/** What became of one planted error: an entry of reports/teeth.json. */
export interface Bite {
  readonly id: string;
  readonly room: string;
  readonly file: string;
  readonly description: string;
  /** "test: title", "lemma gradient", "theorem learnability", "control large-output" */
  readonly caughtBy: readonly string[];
  /** How soon the first of them noticed: "3 examples", "7 models: refuted", or the file of a test. */
  readonly after: string;
  /** No unit test and no lemma noticed; only trained models did. */
  readonly onlyTheorems: boolean;
  readonly catches: readonly Catch[];
}

export function biteOf(plant: Plant, catches: readonly Catch[]): Bite {
  const { id, file, description } = plant;
  return {
    id,
    room: roomOf(plant),
    file,
    description,
    caughtBy: catches.map(({ kind, name }) => (kind === "test" ? `test: ${name}` : `${kind} ${name}`)),
    after: catches[0]?.after ?? "",
    onlyTheorems: catches.length > 0 && catches.every(({ kind }) => kind === "theorem" || kind === "control"),
    catches,
  };
}

/** reports/teeth.json */
export function teethJson(bites: readonly Bite[]): string {
  return `${JSON.stringify(bites, null, 2)}\n`;
}

/** reports/teeth.md */
export function teethMarkdown(bites: readonly Bite[]): string {
  const caught = bites.filter(({ catches }) => catches.length > 0).length;
  const by = (...kinds: readonly Catch["kind"][]) =>
    bites.filter(({ catches }) => catches.some(({ kind }) => kinds.includes(kind))).length;
  const only = bites.filter(({ onlyTheorems }) => onlyTheorems).length;
  return [
    "# Teeth",
    "",
    `${caught} of ${bites.length} planted errors are caught: ${by("test")} by a unit test, ${by("lemma")} by a lemma,`,
    `${by("theorem", "control")} by a theorem or a control that changes its verdict, ${only} by those alone (marked *).`,
    "",
    "Each error is planted by itself in a copy of the project (`npm run teeth`; the errors are in",
    "`tools/teeth/plants.ts`). The unit test is the first to fail, those of the error's own file and room before the others.",
    "The lemmas are all examined, the number is the instances up to the one that breaks. For theorems the first models",
    "of the base law are judged, and controls of it; all of the gate only where nothing else noticed. The same copy with",
    "a comment in the place of an error passes everything.",
    "",
    "| error | in | unit test | lemmas | theorems and controls |",
    "|---|---|---|---|---|",
    ...bites.map((bite) => {
      const { file, description, onlyTheorems, catches } = bite;
      const cell = (...kinds: readonly Catch["kind"][]) =>
        catches
          .filter(({ kind }) => kinds.includes(kind))
          .map(({ name, after }) => `${name} (${after})`)
          .join("; ");
      const cells = [
        `${description}${onlyTheorems ? " *" : ""}`,
        file,
        cell("test"),
        cell("lemma"),
        cell("theorem", "control"),
      ];
      return `| ${cells.map((text) => text.replaceAll("|", "\\|") || "–").join(" | ")} |`;
    }),
    "",
  ].join("\n");
}
