import { describe, expect, test } from "vitest";
import { checked, frozen, isChecked, shown } from "../../src/law/declared.ts";

const circular: { self?: unknown } = {};
circular.self = circular;

describe("a value is shown in a line", () => {
  test.each<[unknown, string]>([
    [undefined, "nothing"],
    [null, "null"],
    ["0.05", '"0.05"'],
    [0.05, "0.05"],
    [Number.NaN, "NaN"],
    [5n, "5n"],
    [Symbol("x"), "Symbol(x)"],
    [() => 5, "a function"],
    [Promise.resolve(5), "a promise"],
    [{ toJSON: () => undefined }, "nothing"],
    [circular, "an object that JSON cannot hold"],
    ["x".repeat(1000), `"${"x".repeat(199)}…`],
  ])("%o", (value, words) => {
    expect(shown(value)).toBe(words);
  });
});

describe("what was checked", () => {
  test("is frozen in all its lists and plain objects, and not in what a class made", () => {
    class Made {
      field = 1;
    }
    const value = { list: [{ deep: [1] }], made: new Made(), bare: Object.assign(Object.create(null), { deep: {} }) };
    checked("law", value);
    for (const part of [value, value.list, value.list[0], value.list[0]?.deep, value.bare, value.bare.deep]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(Object.isFrozen(value.made)).toBe(false);
  });

  test("is known by a mark that another copy of the package reads too, and that no copy of the value has", () => {
    const value = checked("law", { id: "x" });
    expect(isChecked("law", value)).toBe(true);
    expect(Object.hasOwn(value, Symbol.for("theorycheck.law"))).toBe(true);
    expect([isChecked("claim", value), isChecked("statement", value)]).toEqual([false, false]);
    for (const other of [{ ...value }, structuredClone(value), Object.create(value), null, undefined, "x", 5]) {
      expect(isChecked("law", other)).toBe(false);
    }
    expect(Object.keys(value)).toEqual(["id"]);
    expect(JSON.stringify(value)).toBe('{"id":"x"}');
  });

  test("may hold itself", () => {
    const self: { self?: unknown } = {};
    self.self = [self];
    expect(Object.isFrozen(frozen(self))).toBe(true);
  });
});
