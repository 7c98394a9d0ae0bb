import fc from "fast-check";
import { expect, test } from "vitest";
import { KernelInstance } from "../../src/transformer/model/kernel/instance.ts";
import { LEMMA_SEED } from "../../src/verdict/lemma.ts";

/** Fixed-point numbers of so many fractional bits: more than twice what a double holds. */
const FRACTION = 160n;
const ONE = 1n << FRACTION;

/** ln 2 = Σ 1/(i 2^i) */
const LN2 = Array.from({ length: 170 }, (_, i) => ONE / (BigInt(i + 1) << BigInt(i + 1))).reduce(
  (sum, term) => sum + term,
);

const instance = new KernelInstance();

test.each([
  { range: 0, name: "near zero", from: -3 / 32, to: 3 / 32 },
  { range: 1, name: "without reduction", from: -0.34657359, to: 0.34657359 },
  { range: 2, name: "in general", from: -20, to: 20 },
  { range: 2, name: "in general", from: -300, to: 708 },
])("exp $name, $from <= x <= $to: within one unit in the last place", ({ range, from, to }) => {
  const argument = fc.maxSafeNat().map((integer) => from + (integer / Number.MAX_SAFE_INTEGER) * (to - from));
  fc.assert(
    fc.property(argument, (x) => {
      expect(unitsOff(kernelExp([x], range)[0]!, x)).toBeLessThan(1);
    }),
    { seed: LEMMA_SEED, numRuns: 4000, unbiased: true },
  );
});

test("exp(0) = 1, exp(NaN) is NaN, and what is below −300 counts as −300: its square is a normal number", () => {
  const [least] = kernelExp([-300], 2) as unknown as [number];
  expect(Array.from(kernelExp([0, -0, Number.NaN, -301, -709, Number.NEGATIVE_INFINITY, -300], 2))).toEqual([
    1,
    1,
    Number.NaN,
    ...Array(4).fill(least),
  ]);
  expect(least).toBeCloseTo(5.148200222412013e-131, 140);
  expect(least ** 2).toBeGreaterThan(2 ** -1022);
});

test("exp does not depend on where in the array a number stands", () => {
  const x = [-0.05, 0.01, 0.09, -0.02, 0.03];
  for (const range of [0, 1, 2]) {
    const together = kernelExp(x, range);
    for (const [i, one] of x.entries()) expect(kernelExp([one], range)[0]).toBe(together[i]);
  }
});

function kernelExp(x: readonly number[], range: number): Float64Array {
  const { kernel } = instance;
  // results of as many samples as there are arguments
  kernel.layout(1, 1, 1, 1, 1, false, x.length + 4);
  instance.float64(kernel.addressOfResults(), x.length).set(x);
  kernel.expOfResults(x.length, range);
  return instance.results(x.length);
}

/** |found − exp(x)| in units of found's last place, from exp(x) = 2^k Σ (x − k ln 2)^i / i! in fixed point. */
function unitsOff(found: number, x: number): number {
  const k = Math.round(x / Math.LN2);
  const r = fixedPoint(x) - BigInt(k) * LN2;
  let sum = 0n;
  let term = ONE;
  for (let i = 1n; term !== 0n && i < 64n; i++) {
    sum += term;
    term = (term * r) / (i << FRACTION);
  }
  const { significand, exponent } = parts(found);
  const unit = 1n << BigInt(exponent - k + Number(FRACTION));
  return Math.abs(Number(((significand * unit - sum) * 1_000_000n) / unit)) / 1e6;
}

function fixedPoint(x: number): bigint {
  const { significand, exponent } = parts(x);
  const shift = BigInt(exponent) + FRACTION;
  return shift >= 0n ? significand << shift : significand >> -shift;
}

/** x = significand · 2^exponent */
function parts(x: number): { significand: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(x));
  const bits = view.getBigUint64(0);
  const biased = Number(bits >> 52n);
  const fraction = bits & ((1n << 52n) - 1n);
  const magnitude = biased === 0 ? fraction : fraction | (1n << 52n);
  return { significand: x < 0 ? -magnitude : magnitude, exponent: Math.max(biased, 1) - 1075 };
}
