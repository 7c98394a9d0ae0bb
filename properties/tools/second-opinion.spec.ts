import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { suiteIn } from "../../src/suite/suite.ts";
import { baseLaw } from "../../src/transformer/laws.ts";
import { statements } from "../../theorems/index.ts";
import { secondOpinionSuite } from "../../tools/second-opinion/suite.ts";

const PATH = new URL("../../examples/second-opinion/suite.yaml", import.meta.url);

test("the suite of the second opinion is what the declarations say; npm run docs writes it", () => {
  expect(readFileSync(PATH, "utf8")).toBe(secondOpinionSuite);
});

test("its theorems have the bounds of the declarations, on the same ranges", () => {
  const suite = suiteIn(secondOpinionSuite, "suite.yaml");
  const theorems = suite.statements.filter(({ kind }) => kind === "theorem");
  expect(theorems.length).toBeGreaterThan(10);
  for (const { id, laws, claimsOn } of theorems) {
    const its = statements.find((each) => each.id === id)!;
    expect(laws.map((law) => [law.id, law.ranges])).toEqual([[baseLaw.id, baseLaw.ranges]]);
    const claims = (of: typeof claimsOn, law: (typeof laws)[number]) =>
      of(law).map(({ title, relation }) => ({ title, relation }));
    expect(claims(claimsOn, laws[0]!)).toEqual(claims(its.claimsOn, baseLaw));
  }
});

test("transformer.py measures what it names", () => {
  const { measures } = suiteIn(secondOpinionSuite, "suite.yaml").command;
  expect(measures).toHaveLength(23);
});
