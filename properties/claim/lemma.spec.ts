import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import {
  entrywise,
  exact,
  holds,
  lemma,
  property,
  stands,
  testedIf,
  tightness,
  worstOf,
} from "../../src/claim/lemma.ts";
import { derived } from "../../src/claim/provenance.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { examineLemma, examineProperty } from "../../src/verdict/lemma.ts";
import { lemmas } from "../../theorems/lemmas/index.ts";

const upToHundred = property({
  title: "n <= 100",
  arbitrary: fc.integer({ min: 0, max: 100 }),
  check: (n) => ({ error: n, bound: 100 }),
});

const upToTen = property({
  title: "n <= 10",
  arbitrary: fc.integer({ min: 0, max: 100 }),
  check: (n) => ({ error: n, bound: 10 }),
});

const declared = {
  id: "some-lemma",
  title: "Some lemma",
  provenance: derived(),
  statement: "n is small.",
  proof: "Obvious.",
  properties: [upToHundred],
};

describe("a lemma's declaration", () => {
  test("keeps what it was given, as a lemma", () => {
    expect(lemma(declared)).toEqual({ kind: "lemma", ...declared });
  });

  test.each([
    ["id", { id: "Some Lemma" }, 'lemma Some Lemma: id must be lower-case words joined by hyphens, got "Some Lemma"'],
    ["title", { title: " " }, 'lemma some-lemma: title must be a sentence, got " "'],
    ["statement", { statement: "" }, 'lemma some-lemma: statement must be a sentence, got ""'],
    ["proof", { proof: "" }, 'lemma some-lemma: proof must be a sentence, got ""'],
    ["properties", { properties: [] }, "lemma some-lemma: properties must be a list of at least one property, got []"],
    [
      "properties' titles",
      { properties: [upToTen, upToTen] },
      'lemma some-lemma: properties must have a title each, got "n <= 10" twice',
    ],
    [
      "a property's title",
      { properties: [{ ...upToTen, title: "" }] },
      'lemma some-lemma: properties[0].title must be a sentence, got ""',
    ],
    ["id", { id: "constructor" }, 'lemma constructor: id must be no name that every object has, got "constructor"'],
    ["proof that is no text", { proof: 3 }, "lemma some-lemma: proof must be a sentence, got 3"],
    [
      "provenance",
      { provenance: { kind: "rumour" } },
      'lemma some-lemma: provenance must be abstract(n), companion(), derived() or observed(), with a note in words or none, got {"kind":"rumour"}',
    ],
    [
      "property",
      { properties: [{ ...upToTen, arbitrary: 3 }] },
      "lemma some-lemma: properties[0].arbitrary must be an arbitrary of fast-check, got 3",
    ],
    [
      "check",
      { properties: [{ ...upToTen, check: true }] },
      "lemma some-lemma: properties[0].check must be a function of an instance, got true",
    ],
    [
      "number of instances",
      { properties: [{ ...upToTen, enough: 0 }] },
      "lemma some-lemma: properties[0].enough must be a whole number of at least 1, got 0",
    ],
    [
      "field",
      { property: upToTen },
      "lemma some-lemma: property is none of the fields, which are id, title, provenance, statement, proof, properties",
    ],
  ])("a bad %s is refused by name", (_, bad, message) => {
    expect(() => lemma({ ...declared, ...bad } as typeof declared)).toThrow(new InvalidInput(message));
  });

  test("the ten lemmas stand in the order of the design, none twice", () => {
    expect(lemmas.map(({ id }) => id)).toEqual([
      "gradient",
      "token-span",
      "exact-rank",
      "noise-leak",
      "symmetries",
      "inactive-hinge",
      "pruning-bound",
      "magnitude-optimal",
      "compaction",
      "truncation",
    ]);
  });
});

describe("a margin", () => {
  test.each([
    [{ error: 1, bound: 1 }, true, 1],
    [{ error: 1, bound: 2 }, true, 0.5],
    [{ error: 2, bound: 1 }, false, 2],
    [{ error: 0, bound: 0 }, true, 0],
    [{ error: 1, bound: 0 }, false, Number.POSITIVE_INFINITY],
    [{ error: Number.NaN, bound: 1 }, false, Number.POSITIVE_INFINITY],
    [{ error: 1, bound: Number.NaN }, false, Number.POSITIVE_INFINITY],
    [{ error: 0, bound: Number.NaN }, false, Number.POSITIVE_INFINITY],
    [{ error: 1, bound: Number.POSITIVE_INFINITY }, false, 0],
    [{ error: 0, bound: -1 }, false, Number.POSITIVE_INFINITY],
  ])("%o holds if error <= bound, both finite: %s, tightness %d", (margin, itHolds, ratio) => {
    expect(holds(margin)).toBe(itHolds);
    expect(tightness(margin)).toBe(ratio);
  });

  test("the worst of several is the one nearest to failing, and a failing one before all that hold", () => {
    const near = { error: 0.9, bound: 1 };
    const far = { error: 5, bound: 100 };
    const failing = { error: 1, bound: Number.POSITIVE_INFINITY };
    const failingMore = { error: Number.NaN, bound: 1 };
    expect(worstOf([])).toEqual({ error: 0, bound: 0 });
    expect(worstOf([far, near, far])).toBe(near);
    expect(worstOf([near, failing, far])).toBe(failing);
    expect(worstOf([failing, near])).toBe(failing);
    expect(worstOf([failing, failingMore])).toBe(failingMore);
  });

  test("a matrix stands where some entry is larger than it may be off by", () => {
    const off = new Matrix([[1, 2]]);
    expect(stands(new Matrix([[1, -2.1]]), off)).toBe(true);
    expect(stands(new Matrix([[-1, 2]]), off)).toBe(false);
  });

  test("of matrices is that of their worst entry; different shapes are refused", () => {
    const one = new Matrix([[1, 2, 3]]);
    const other = new Matrix([[1.5, 2, 3.25]]);
    const bound = new Matrix([[2, 1, 0.5]]);
    expect(entrywise(one, other, bound)).toEqual({ error: 0.25, bound: 0.5 });
    expect(exact(one, one.clone())).toEqual({ error: 0, bound: 0 });
    expect(holds(exact(one, other))).toBe(false);
    expect(() => entrywise(one, other.transpose(), bound)).toThrow(
      "entrywise requires matrices of one shape, got 1 x 3,3 x 1,1 x 3",
    );
  });
});

describe("the examination of a lemma", () => {
  test("counts the examples of all its properties, and keeps the margin nearest to failing", () => {
    const loose = property({ ...upToHundred, title: "n <= 200", check: (n) => ({ error: n, bound: 200 }) });
    const tighter = property({ ...upToHundred, title: "n <= 99 + 1", check: (n) => ({ error: n, bound: 99 + 1 }) });
    const examination = examineLemma(lemma({ ...declared, properties: [loose, tighter] }), {
      seed: 7,
      numRuns: 500,
    });
    expect(examination.holds).toBe(true);
    expect(examination.examples).toBe(1000);
    expect(examination.worstMargin).toEqual({ error: 100, bound: 100 });
    expect(examination.counterexample).toBeUndefined();
    expect(examination.properties.map(({ title, examples }) => [title, examples])).toEqual([
      ["n <= 200", 500],
      ["n <= 99 + 1", 500],
    ]);
  });

  test("takes fewer instances where the property says that they are enough", () => {
    expect(examineProperty({ ...upToHundred, enough: 5 }, { seed: 7, numRuns: 10 }).examples).toBe(5);
    expect(examineProperty({ ...upToHundred, enough: 50 }, { seed: 7, numRuns: 10 }).examples).toBe(10);
  });

  test("is the same for the same seed", () => {
    const wide = property({ ...upToTen, check: (n) => ({ error: n, bound: 90 }) });
    const broken = lemma({ ...declared, properties: [wide] });
    expect(examineLemma(broken, { seed: 7, numRuns: 100 })).toEqual(examineLemma(broken, { seed: 7, numRuns: 100 }));
  });

  test("of a broken one gives the shrunk counterexample, and a path that leads to it again", () => {
    const examination = examineLemma(lemma({ ...declared, properties: [upToHundred, upToTen] }), {
      seed: 7,
      numRuns: 100,
    });
    expect(examination.holds).toBe(false);
    expect(examination.worstMargin).toEqual({ error: 11, bound: 10 });
    const { counterexample } = examination;
    expect(counterexample).toMatchObject({ property: "n <= 10", instance: "11", observed: { error: 11, bound: 10 } });
    const again = fc.check(
      fc.property(upToTen.arbitrary, (n) => n <= 10),
      { seed: counterexample!.seed, path: counterexample!.path },
    );
    expect(again.counterexample).toEqual([11]);
    expect(again.numRuns).toBe(1);
  });

  test("counts a check that throws as a counterexample, not as a success", () => {
    const throws = property({
      ...upToTen,
      check: (n) => {
        if (n > 10) throw new Error("no such n");
        return { error: 0, bound: 0 };
      },
    });
    const examination = examineProperty(throws, { seed: 7, numRuns: 100 });
    expect(examination.holds).toBe(false);
    expect(examination.worstMargin.error).toBe(Number.POSITIVE_INFINITY);
    expect(examination.counterexample).toMatchObject({ instance: "11", observed: { threw: "no such n" } });
  });

  test("does not hold where hardly any instance meets the preconditions", () => {
    const never = property({
      ...upToTen,
      check: () => {
        fc.pre(false);
        return { error: 0, bound: 0 };
      },
    });
    const examination = examineProperty(never, { seed: 7, numRuns: 10 });
    expect(examination.holds).toBe(false);
    expect(examination.examples).toBe(0);
    expect(examination.counterexample).toMatchObject({
      observed: { threw: "only 0 of 10 instances met the preconditions" },
    });
  });

  test.each([
    [49, false],
    [50, true],
  ])("holds only if at least half of the instances could have failed: %d of 100", (most, expected) => {
    let met = 0;
    const seldom = property({
      ...upToHundred,
      check: (n) => testedIf(met++ < most, { error: n, bound: 100 }),
    });
    const examination = examineLemma(lemma({ ...declared, properties: [seldom] }), { seed: 7, numRuns: 100 });
    expect(examination.holds).toBe(expected);
    expect(examination.examples).toBe(100);
    expect(examination.nonTrivial).toBe(most);
    if (expected) return;
    expect(examination.counterexample?.observed).toEqual({
      threw: "only 49 of 100 instances put it to the test: 50 % must",
    });
  });

  test("takes an instance as a test of the statement unless its check says otherwise", () => {
    expect(examineLemma(lemma(declared), { seed: 7, numRuns: 10 })).toMatchObject({ examples: 10, nonTrivial: 10 });
  });

  test("shows matrices as rows and typed arrays as lists", () => {
    const never = property({
      title: "never",
      arbitrary: fc.constant({ matrix: new Matrix([[1, 2]]), list: Float64Array.of(3, 4) }),
      check: () => ({ error: 1, bound: 0 }),
    });
    expect(examineProperty(never, { seed: 7, numRuns: 1 }).counterexample?.instance).toBe(
      '{"matrix":[[1,2]],"list":[3,4]}',
    );
  });
});
