import { describe, expect, test } from "vitest";
import { coin } from "../../examples/coin/coin.ts";
import { UsageError } from "../../src/cli/errors.ts";
import { fieldSetting, releasedHypotheses, variedField } from "../../src/cli/fields.ts";
import { parameters } from "../../src/law/parameters.ts";
import { integer } from "../../src/law/range.ts";
import { transformerParameters as paper } from "../../src/transformer/theta.ts";

/** Fields of another experiment, one of them a choice. */
const cards = parameters({
  packs: {
    kind: "integer",
    from: 1,
    to: 8,
    symbol: "n",
    meaning: "packs",
    hypothesis: "packs",
    widest: integer(1, 8),
    simplest: "low",
  },
  back: { kind: "choice", values: ["red", "blue"], symbol: "b", meaning: "colour", hypothesis: "looks" },
});

describe("--release", () => {
  test("takes hypotheses of the experiment that was loaded, in the order given", () => {
    expect(releasedHypotheses(paper, ["noise", "attention-scale"])).toEqual(["noise", "attention-scale"]);
    expect(releasedHypotheses(coin.parameters, ["length", "fairness"])).toEqual(["length", "fairness"]);
    expect(releasedHypotheses(cards, [])).toEqual([]);
  });

  test.each<[string, readonly string[], string]>([
    ["a name that is none", ["luck"], "luck"],
    ["a field in its place", ["tosses"], "tosses"],
    ["the first that is none, behind others", ["length", "luck", "chance"], "luck"],
    ["nothing", [""], ""],
    ["another experiment's", ["noise"], "noise"],
  ])("refuses %s", (_, names, got) => {
    expect(() => releasedHypotheses(coin.parameters, names)).toThrow(
      new UsageError(`--release must be among fairness, independence, length, got ${JSON.stringify(got)}`),
    );
  });
});

describe("--vary", () => {
  test.each([
    ["bias=0.25..0.75", { field: "bias", from: 0.25, to: 0.75 }],
    ["tosses=1..1e3", { field: "tosses", from: 1, to: 1000 }],
    ["memory=-1..1", { field: "memory", from: -1, to: 1 }],
  ])("takes a number's name and its ends: %s", (text, varied) => {
    expect(variedField(coin.parameters, text)).toEqual(varied);
  });

  test.each([
    "bias",
    "bias=",
    "bias=0.5",
    "bias=0..",
    "bias=..1",
    "bias=1..0",
    "bias=1..1",
    "bias=0..x",
    "bias=0..Infinity",
    "bias=NaN..1",
    "=0..1",
    "luck=0..1",
    "tau=0..1",
    "constructor=0..1",
    " bias=0..1",
    "",
  ])("refuses %j, and says which fields there are", (text) => {
    expect(() => variedField(coin.parameters, text)).toThrow(
      new UsageError(
        `--vary must be a field and two numbers, as in delta=0.01..3, with a field among bias, memory, tosses, got ${JSON.stringify(text)}`,
      ),
    );
  });

  test("refuses a choice, which has no ends, and does not offer it", () => {
    expect(() => variedField(cards, "back=0..1")).toThrow(
      new UsageError(
        '--vary must be a field and two numbers, as in delta=0.01..3, with a field among packs, got "back=0..1"',
      ),
    );
  });
});

describe("--set", () => {
  test.each([
    ["packs=3", { field: "packs", value: 3 }],
    ["packs=-1e3", { field: "packs", value: -1000 }],
    ["back=blue", { field: "back", value: "blue" }],
  ])("takes a field and a value of its kind: %s", (text, setting) => {
    expect(fieldSetting(cards, text)).toEqual(setting);
  });

  test.each([
    ["luck=1", "a field and a value, as in Tmax=1000, with a field among packs, back"],
    ["packs", "a field and a value, as in Tmax=1000, with a field among packs, back"],
    ["packs=", "a field and a value, as in Tmax=1000, with a field among packs, back"],
    ["toString=1", "a field and a value, as in Tmax=1000, with a field among packs, back"],
    ["packs=many", "packs= a number"],
    ["packs=Infinity", "packs= a number"],
    ["packs= ", "packs= a number"],
    ["back=green", "back= one of red, blue"],
    ["back=1", "back= one of red, blue"],
  ])("refuses %j", (text, rule) => {
    expect(() => fieldSetting(cards, text)).toThrow(
      new UsageError(`--set must be ${rule}, got ${JSON.stringify(text)}`),
    );
  });
});
