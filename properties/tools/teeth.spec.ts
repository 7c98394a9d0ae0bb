import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { IN_COPY } from "../../tools/teeth/bite.ts";
import { type Plant, plants, roomOf } from "../../tools/teeth/plants.ts";
import { importsOf, isLeftOut, planted, reaches } from "../../tools/teeth/project-copy.ts";
import { type Bite, biteOf, teethMarkdown } from "../../tools/teeth/report.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const textOf = (file: string) => readFileSync(join(PROJECT, file), "utf8");

const plant: Plant = { id: "wrong-sign", file: "src/a.ts", description: "wrong sign", find: "a - b", replace: "a + b" };

describe("the errors that `npm run teeth` plants", () => {
  test.each(plants)("$id: its snippet stands exactly once in $file, and is changed", (each) => {
    expect(planted(textOf(each.file), each)).not.toBe(textOf(each.file));
  });

  test("are at least 24, in every room that a verdict depends on, each with an id of its own", () => {
    expect(plants.length).toBeGreaterThanOrEqual(24);
    expect(new Set(plants.map(({ id }) => id)).size).toBe(plants.length);
    expect([...new Set(plants.map(roomOf))]).toEqual(
      expect.arrayContaining([
        ...["random", "data", "model", "kernel", "train", "prune", "measure"],
        ...["claim", "theorems", "verdict", "report"],
      ]),
    );
  });

  test("a snippet that is gone, or stands twice, is an error", () => {
    expect(planted("x = a - b;", plant)).toBe("x = a + b;");
    expect(() => planted("x = a;", plant)).toThrow(/wrong-sign: src\/a.ts must hold .* exactly once, got 0 times/);
    expect(() => planted("a - b - (a - b)", plant)).toThrow(/got 2 times/);
  });

  test("are looked for by all specs but those that fail with any of them, and those of the declared lemmas", () => {
    const specs = ["tools/teeth", "architecture", "lemmas/gradient", "lemmas/kernel-exp", "tools/build", "claim/claim"];
    const kept = specs.filter((name) => !isLeftOut(PROJECT, join(PROJECT, "properties", `${name}.spec.ts`)));
    expect(kept).toEqual(["lemmas/kernel-exp", "tools/build", "claim/claim"]);
  });

  test("reach what imports their file, and the kernel's source what loads its build", () => {
    const lemmas = importsOf(PROJECT, `${IN_COPY}/examine-lemmas.ts`);
    const inGradient = { ...plant, file: "src/transformer/model/gradient.ts" };
    expect(reaches(lemmas, inGradient)).toBe(true);
    expect(reaches(lemmas, { ...plant, file: "src/verdict/judge.ts" })).toBe(false);
    const trains = importsOf(PROJECT, "theorems/index.ts");
    expect(reaches(trains, { ...plant, file: "src/transformer/model/kernel/assembly/attention.ts" })).toBe(true);
  });
});

describe("the report", () => {
  const bites = JSON.parse(textOf("reports/teeth.json")) as readonly Bite[];

  test("is of these errors, and every one of them was caught", () => {
    const described = bites.map(({ id, file, description }) => ({ id, file, description }));
    expect(described).toEqual(plants.map(({ id, file, description }) => ({ id, file, description })));
    expect(bites.filter(({ catches }) => catches.length === 0)).toEqual([]);
  });

  test("says in words what its data say", () => {
    expect(textOf("reports/teeth.md")).toBe(teethMarkdown(bites));
  });

  test("marks what neither a unit test nor a lemma noticed", () => {
    const learnability = { kind: "theorem", name: "learnability", after: "7 models: refuted" } as const;
    const gradient = { kind: "lemma", name: "gradient", after: "1 example" } as const;
    expect(biteOf(plant, [learnability])).toMatchObject({
      caughtBy: ["theorem learnability"],
      after: "7 models: refuted",
      onlyTheorems: true,
    });
    expect(biteOf(plant, [gradient, learnability])).toMatchObject({ after: "1 example", onlyTheorems: false });
    expect(biteOf(plant, [])).toMatchObject({ caughtBy: [], onlyTheorems: false });
    expect(teethMarkdown([biteOf(plant, [learnability])])).toContain(
      "| wrong sign * | src/a.ts | – | – | learnability (7 models: refuted) |",
    );
  });
});
