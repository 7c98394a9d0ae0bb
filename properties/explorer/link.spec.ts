import fc from "fast-check";
import { expect, test } from "vitest";
import { PRUNING_ORDERS } from "../../explorer/charts/pruning.ts";
import { comparisonLaws } from "../../explorer/input/comparison-laws.ts";
import { decodeLink, encodeLink, LONGEST_LINK, type Shared } from "../../explorer/input/link.ts";
import { centreOf } from "../../explorer/input/presets.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { baseLaw, drawTheta } from "../../src/transformer/laws.ts";
import { explorerLink } from "../../src/transformer/link.ts";

const shared: fc.Arbitrary<Shared> = fc
  .record({
    law: fc.constantFrom(...comparisonLaws),
    seed: fc.maxSafeNat(),
    order: fc.constantFrom(...PRUNING_ORDERS),
    fraction: fc.double({ min: 0, max: 1, noNaN: true }),
    at: fc.option(fc.nat(4000), { nil: undefined }),
    digest: fc.option(
      fc.oneof(
        fc.stringMatching(/^[0-9a-f]{64}$/),
        fc.nat(9999).map((step) => `diverged@${step}`),
      ),
      { nil: undefined },
    ),
  })
  .map(({ law, seed, order, fraction, at, digest }) => ({
    theta: drawTheta(law, seed),
    seed,
    lawId: law.id,
    pruning: { order, fraction: fraction + 0 },
    at,
    digest,
  }));

const example = encodeLink({
  theta: centreOf(baseLaw),
  seed: 7,
  lawId: "base",
  pruning: { order: "smallest", fraction: 0.3 },
});

const changed = (name: string, value: string) =>
  example.replace(new RegExp(`(^|&)${name}=[^&]*`), `$1${name}=${value}`);

test("decodeLink(encodeLink(state)) = state, to the bit", () => {
  fc.assert(
    fc.property(shared, (state) => {
      expect(decodeLink(`#${encodeLink(state)}`)).toEqual(state);
    }),
  );
});

test("an address that a command prints opens the same model here, on every law that is shown", () => {
  for (const law of comparisonLaws) {
    const model = { theta: drawTheta(law, 11), seed: 11, lawId: law.id };
    const opened = decodeLink(new URL(explorerLink(model)!).hash);
    expect(opened).toEqual({ ...model, pruning: { order: "smallest", fraction: 0 }, at: undefined, digest: undefined });
  }
  expect(explorerLink({ theta: centreOf(baseLaw), seed: 1, lawId: "doubled" })).toBeUndefined();
});

test.each([
  ["an empty value", changed("tau", ""), /tau must be a number, got ""/],
  ["NaN", changed("tau", "NaN"), /tau must be a number, got "NaN"/],
  ["Infinity", changed("eta", "Infinity"), /eta must be a number/],
  ["an overflow", changed("eta", "1e999"), /eta/],
  ["a hexadecimal number", changed("m", "0x40"), /m must be a number/],
  ["a negative size", changed("m", "-5"), /m/],
  ["half a neuron", changed("m", "12.5"), /m/],
  ["sizes that would take all memory", changed("m", "1000000").replace(/&L=17/, "&L=100000"), /at most/],
  [
    "work of hours",
    changed("Tmax", "1000000")
      .replace(/&N=\d+/, "&N=50000")
      .replace(/&B=\d+/, "&B=50000"),
    /multiply-adds/,
  ],
  ["a rule between fields broken", changed("M", "13"), /M must be at most d/],
  ["a negative seed", changed("seed", "-1"), /seed/],
  ["a seed beyond 2^53", changed("seed", "9007199254740993"), /seed/],
  ["an unknown law", changed("law", "no-law"), /law must be one of base/],
  ["another version", changed("v", "2"), /v must be 1, the version/],
  ["an unknown order", changed("prune", "fastest"), /prune must be one of/],
  ["a fraction above 1", changed("fraction", "2"), /fraction must be from 0 to 1/],
  ["a step beyond T_max", `${example}&at=99999`, /at must be a step from 0 to 4000/],
  ["a digest that is none", `${example}&digest=abc`, /digest must be/],
  ["__proto__", `${example}&__proto__=1`, /"__proto__" is not a field/],
  ["constructor.prototype", `${example}&constructor.prototype.x=1`, /is not a field/],
  ["a field twice", `${example}&tau=0.1`, /"tau" is there twice/],
  ["a field missing", example.replace(/&tau=[^&]*/, ""), /tau is missing: it may have been cut off/],
  ["a link cut off", example.slice(0, 60), /may have been cut off/],
  ["markup", changed("law", "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"), /law must be one of/],
  ["what turns text around", changed("sigma", "%E2%80%AE"), /sigma must be a number, got "\\u202e"/],
  ["deep nesting", `v=${"[".repeat(2000)}`, /v must be 1/],
  ["broken percent-encoding", changed("law", "%E0%A4%A"), /percent/],
  ["no fields", "hello", /name=value/],
  ["a very long link", `${example}&x=${"a".repeat(LONGEST_LINK)}`, /characters long/],
])("a link with %s is refused, with the reason", (_, link, reason) => {
  expect(() => decodeLink(`#${link}`)).toThrow(InvalidInput);
  expect(() => decodeLink(`#${link}`)).toThrow(reason);
});

test("whatever text a link has, it is read or refused", () => {
  const mutation = fc.tuple(fc.nat(example.length), fc.nat(20), fc.string({ unit: "binary", maxLength: 20 }));
  fc.assert(
    fc.property(mutation, ([at, dropped, inserted]) => {
      const link = example.slice(0, at) + inserted + example.slice(at + dropped);
      try {
        decodeLink(link);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidInput);
      }
    }),
  );
});
