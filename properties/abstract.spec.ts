import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { toJson } from "../src/report/encode.ts";
import { sourceStatements, works } from "../theorems/abstract.ts";
import { findings, theorems } from "../theorems/index.ts";
import { lemmas } from "../theorems/lemmas/index.ts";
import { commandLine } from "./cli/command-line.ts";

/** The facts that are known of the sources, by row: work and grade. Whoever learns more changes this first. */
const FACTS = [
  ...["A", "A", "A", "B", "B", "B", "?"].map((grade) => ["SAM", grade]),
  ...["A", "A", "A"].map((grade) => ["ViT", grade]),
  ...["A", "A", "A"].map((grade) => ["ICL", grade]),
  ...["A", "A"].map((grade) => ["TV", grade]),
];

const judged = [...theorems, ...findings];

/** The works whose arXiv number a text names. */
const worksNamed = (text: string) =>
  Object.entries(works).flatMap(([work, { cited }]) => (text.includes(cited) ? [work] : []));

describe("the statements of the sources", () => {
  test("are all that is known of them, in order, with work and grade", () => {
    expect(sourceStatements.map(({ row }) => row)).toEqual(FACTS.map((_, i) => i + 1));
    expect(sourceStatements.map(({ work, grade }) => [work, grade])).toEqual(FACTS);
  });

  test("name what formalises them, or say why nothing does", () => {
    const ids = [...judged, ...lemmas].map(({ id }) => id);
    for (const { row, formalisedBy, why } of sourceStatements) {
      expect([row, formalisedBy.filter((id) => !ids.includes(id))]).toEqual([row, []]);
      expect(new Set(formalisedBy).size).toBe(formalisedBy.length);
      expect(why.length).toBeGreaterThan(20);
    }
    expect(sourceStatements.filter(({ formalisedBy }) => formalisedBy.length === 0).map(({ row }) => row)).toEqual([
      4, 7, 8, 11,
    ]);
  });

  test("of grade B are according to summaries, and of grade ? not to be had", () => {
    for (const { grade, says } of sourceStatements) {
      expect(says.startsWith("according to summaries: ")).toBe(grade === "B");
      expect(says.startsWith("not to be had: ")).toBe(grade === "?");
    }
  });
});

describe("the provenance of a theorem or finding", () => {
  test.each(judged.filter(({ provenance }) => provenance.kind === "abstract").map((one) => [one.id, one] as const))(
    "%s: the item of the abstract is a statement of grade A that lists it",
    (id, { provenance }) => {
      const rows = sourceStatements.filter(
        ({ item }) => item !== undefined && "item" in provenance && item === provenance.item,
      );
      expect(rows).toMatchObject([{ work: "SAM", grade: "A" }]);
      expect(rows[0]!.formalisedBy).toContain(id);
    },
  );

  test.each(judged.filter(({ provenance }) => provenance.kind === "companion").map((one) => [one.id, one] as const))(
    "%s: its note names the one companion, of whose statements of grade A one lists it",
    (id, { provenance: { note = "" } }) => {
      const [work, ...others] = worksNamed(note);
      expect(others).toEqual([]);
      expect(work).toMatch(/^(ViT|ICL|TV)$/);
      const listing = sourceStatements.filter((one) => one.work === work && one.formalisedBy.includes(id));
      expect(listing.length).toBeGreaterThanOrEqual(1);
      expect(listing.every(({ grade }) => grade === "A")).toBe(true);
    },
  );

  test("none is taken from a statement of grade B or ?, and every one that is listed first says where it comes from", () => {
    for (const { id, provenance } of judged) {
      const rows = sourceStatements.filter(({ formalisedBy }) => formalisedBy.includes(id));
      const graded = rows.some(({ grade }) => grade === "A");
      if (provenance.kind === "abstract" || provenance.kind === "companion") expect([id, graded]).toEqual([id, true]);
    }
  });

  test("where it names a work, its number is one of the works'", () => {
    for (const { id, provenance, deviates } of judged) {
      for (const [number] of `${provenance.note} ${deviates}`.matchAll(/arXiv [\d.]+\d/g)) {
        expect([id, Object.values(works).map(({ cited }) => cited as string)]).toEqual([
          id,
          expect.arrayContaining([number]),
        ]);
      }
    }
  });
});

test("list --sources prints each with its grade and what formalises it, --json as data", async () => {
  const { code, out } = await commandLine("list", "--sources");
  expect(code).toBe(0);
  for (const { row, grade, says, formalisedBy } of sourceStatements) {
    const line = out.split("\n").findIndex((each) => each.trimStart().startsWith(`${row} `));
    expect(out.split("\n")[line]).toContain(`[${grade}: `);
    expect(out.split("\n")[line]).toContain(says);
    expect(out.split("\n")[line + 1]).toContain(formalisedBy.join(", ") || "nothing");
  }
  const json = await commandLine("list", "--sources", "--json");
  expect(json.out).toBe(toJson({ works, statements: sourceStatements }));
});

test("the page's presentation lists them", async () => {
  const { presentation } = await import("../theorems/presentation.ts");
  expect(presentation.sources.list).toEqual({ works, statements: sourceStatements });
  expect(readFileSync(new URL("../theorems/README.md", import.meta.url), "utf8")).toContain("abstract.ts");
});
