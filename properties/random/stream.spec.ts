import { createHash } from "node:crypto";
import fc from "fast-check";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { describe, expect, test } from "vitest";
import { InvalidInput } from "../../src/invalid-input.ts";
import { requireSeed, stream, subSeed } from "../../src/random/stream.ts";
import {
  ALPHA,
  binomialTail,
  countsOf,
  distanceFromUniform,
  gridCounts,
  kolmogorovLimit,
  normalDistribution,
  tableSignificance,
} from "../significance.ts";

/** Fixed before any of the criteria was looked at. */
const SEED = 2406_17167;

/** The streams that a model reads. */
const NAMES = [
  "theta",
  "patterns",
  "train labels",
  "train tokens",
  "train noise",
  "train random labels",
  "test labels",
  "test tokens",
  "test noise",
  "test random labels",
  "initial W_Q",
  "initial W_V",
  "initial W_O",
  "readout",
  "batches",
];

const BITS_64 = 2n ** 64n - 1n;

/** xoroshiro128+ (24, 16, 37) as its authors write it, started from SHA-256: the twin of `stream(seed, name)`. */
function* twin(seed: number, name: string): Generator<number, never> {
  const digest = createHash("sha256").update(`theorycheck/${seed}/${name}`).digest();
  let [s0, s1] = [digest.readBigUInt64BE(0), digest.readBigUInt64BE(8)];
  const rotated = (x: bigint, by: bigint) => ((x << by) | (x >> (64n - by))) & BITS_64;
  for (;;) {
    yield Number((s0 + s1) & 0xffffffffn);
    s1 ^= s0;
    s0 = rotated(s0, 24n) ^ s1 ^ ((s1 << 16n) & BITS_64);
    s1 = rotated(s1, 37n);
  }
}

describe("a named stream", () => {
  test("is xoroshiro128+ from SHA-256(theorycheck/seed/name), with 53 bits to a uniform variate", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.string(), (seed, name) => {
        const words = twin(seed, name);
        const random = stream(seed, name);
        for (let i = 0; i < 20; i++) {
          const high = words.next().value & (2 ** 26 - 1);
          const low = words.next().value & (2 ** 27 - 1);
          expect(random.uniform()).toBe((high * 2 ** 27 + low) / 2 ** 53);
        }
      }),
      { seed: SEED },
    );
  });

  test("begins as it always did: the first outputs of stream(7, patterns)", () => {
    const random = stream(7, "patterns");
    expect([random.uniform(), random.uniform()]).toEqual([0.21917447274125323, 0.9708322427169119]);
    expect(random.integer(0, 9)).toBe(0);
    expect([random.normal(), random.normal()]).toEqual([1.844073583267646, -0.7434555690050434]);
    expect(random.shuffle([1, 2, 3, 4, 5])).toEqual([1, 5, 3, 4, 2]);
  });

  test("shuffles as Fisher and Yates with pure-rand's integers do", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 0, max: 700 }), (seed, length) => {
        const expected = Array.from({ length }, (_, i) => i);
        const { generator } = stream(seed, "batches");
        for (let last = length - 1; last > 0; last--) {
          const chosen = uniformInt(generator, 0, last);
          [expected[last], expected[chosen]] = [expected[chosen]!, expected[last]!];
        }
        const random = stream(seed, "batches");
        expect(random.shuffle(Array.from({ length }, (_, i) => i))).toEqual(expected);
        expect(random.uniform()).toBe(uniformFloat64(generator));
      }),
      { seed: SEED },
    );
  });

  test("is the same each time, however much another one was read", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat({ max: 50 }), (seed, readsOfAnother) => {
        const alone = stream(seed, "batches");
        const expected = Array.from({ length: 5 }, () => [alone.uniform(), alone.normal(), alone.integer(0, 99)]);
        const another = stream(seed, "patterns");
        const beside = stream(seed, "batches");
        const found = Array.from({ length: 5 }, () => {
          for (let i = 0; i < readsOfAnother; i++) another.normal();
          return [beside.uniform(), beside.normal(), beside.integer(0, 99)];
        });
        expect(found).toEqual(expected);
      }),
      { seed: SEED, numRuns: 20 },
    );
  });

  test("differs from every other stream of a model from the first output on", () => {
    const firsts = NAMES.map((name) => stream(SEED, name).uniform());
    expect(new Set(firsts).size).toBe(NAMES.length);
  });
});

describe("uniform variates", () => {
  const n = 100_000;
  const random = stream(SEED, "uniform");
  const sample = Array.from({ length: n }, () => random.uniform());

  test("lie in [0, 1) and are uniform there", () => {
    expect(sample.every((x) => x >= 0 && x < 1)).toBe(true);
    expect(distanceFromUniform(sample)).toBeLessThan(kolmogorovLimit(n));
  });

  test("are independent of the one before: every cell of a 6 x 6 grid of pairs is as likely", () => {
    const pairs = Array.from(
      { length: n / 2 },
      (_, i) => [sample[2 * i] as number, sample[2 * i + 1] as number] as const,
    );
    expect(tableSignificance(gridCounts(pairs, 6), 1 / 36)).toBeGreaterThan(ALPHA);
  });
});

describe("streams of other names and of other seeds", () => {
  test.each([
    ["patterns", "train noise"],
    ["train tokens", "test tokens"],
    ["train noise", "test noise"],
    ["train labels", "train random labels"],
    ["initial W_V", "initial W_O"],
    ["readout", "batches"],
  ])("%s and %s of one seed are independent", (one, other) => {
    const [first, second] = [stream(SEED, one), stream(SEED, other)];
    const pairs = Array.from({ length: 20_000 }, () => [first.uniform(), second.uniform()] as const);
    expect(tableSignificance(gridCounts(pairs, 6), 1 / 36)).toBeGreaterThan(ALPHA);
  });

  test("the first outputs of consecutive seeds are uniform, and those of neighbours independent", () => {
    const firsts = Array.from({ length: 20_000 }, (_, seed) => stream(seed, "theta").uniform());
    expect(distanceFromUniform(firsts)).toBeLessThan(kolmogorovLimit(firsts.length));
    const neighbours = Array.from(
      { length: firsts.length / 2 },
      (_, i) => [firsts[2 * i] as number, firsts[2 * i + 1] as number] as const,
    );
    expect(tableSignificance(gridCounts(neighbours, 6), 1 / 36)).toBeGreaterThan(ALPHA);
  });

  test("neighbouring seeds agree in no more of their first 53 bits than chance has it", () => {
    const bits = (seed: number) => BigInt(stream(seed, "theta").uniform() * 2 ** 53);
    const seeds = 2000;
    let agreeing = 0;
    for (let seed = 0; seed < seeds; seed++) {
      const differing = (bits(2 * seed) ^ bits(2 * seed + 1)).toString(2).replaceAll("0", "").length;
      agreeing += 53 - differing;
    }
    expect(2 * binomialTail(agreeing, 53 * seeds, 0.5)).toBeGreaterThan(ALPHA);
  });
});

describe("normal variates", () => {
  const n = 100_000;
  const random = stream(SEED, "normal");
  const sample = Array.from({ length: n }, () => random.normal());

  test("have the standard normal distribution function", () => {
    expect(distanceFromUniform(sample.map(normalDistribution))).toBeLessThan(kolmogorovLimit(n));
  });

  test("reach beyond the ziggurat's base strip as often as a normal variate does", () => {
    const beyond = 3.442619855899; // where the ziggurat's tail begins
    for (const side of [1, -1]) {
      const count = sample.filter((x) => side * x > beyond).length;
      expect(4 * binomialTail(count, n, normalDistribution(-beyond))).toBeGreaterThan(ALPHA);
    }
  });

  test("are independent of the one before", () => {
    const units = sample.map(normalDistribution);
    const pairs = Array.from(
      { length: n / 2 },
      (_, i) => [units[2 * i] as number, units[2 * i + 1] as number] as const,
    );
    expect(tableSignificance(gridCounts(pairs, 6), 1 / 36)).toBeGreaterThan(ALPHA);
  });
});

describe("integers and orders", () => {
  test("integer(from, to) takes every whole number of the range, both ends included, equally often", () => {
    fc.assert(
      fc.property(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 20 }), (from, values) => {
        const random = stream(SEED, `integers from ${from}, ${values}`);
        const drawn = Array.from({ length: 2000 }, () => random.integer(from, from + values - 1) - from);
        expect(drawn.every((k) => Number.isInteger(k) && k >= 0 && k < values)).toBe(true);
        if (values > 1) expect(tableSignificance(countsOf(drawn, values), 1 / values)).toBeGreaterThan(ALPHA / 100);
      }),
      { seed: SEED, numRuns: 50 },
    );
  });

  test("shuffle permutes in place and gives back what it got, arrays and typed arrays alike", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.array(fc.integer()), (seed, items) => {
        const list = [...items];
        expect(stream(seed, "order").shuffle(list)).toBe(list);
        const typed = Int32Array.from(items);
        expect(stream(seed, "order").shuffle(typed)).toBe(typed);
        expect([...typed]).toEqual(list);
        expect([...list].sort((x, y) => x - y)).toEqual([...items].sort((x, y) => x - y));
      }),
      { seed: SEED },
    );
  });

  test("shuffle gives each of the 24 orders of four items equally often", () => {
    const random = stream(SEED, "orders");
    const orders = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = random.shuffle([0, 1, 2, 3]).join("");
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    expect(tableSignificance([...orders.values()], 1 / 24)).toBeGreaterThan(ALPHA);
  });
});

describe("sub-seeds", () => {
  test("100,000 of them are all different, whole and safe, and uniform", () => {
    const seeds = Array.from({ length: 100_000 }, (_, index) => subSeed(SEED, "trial", "base", index));
    expect(new Set(seeds).size).toBe(seeds.length);
    expect(seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0)).toBe(true);
    expect(distanceFromUniform(seeds.map((seed) => seed / 2 ** 53))).toBeLessThan(kolmogorovLimit(seeds.length));
  });

  test("depend on the seed and on every part of the path, in its order", () => {
    const seeds = [
      subSeed(7, "trial", "base", 0),
      subSeed(8, "trial", "base", 0),
      subSeed(7, "trial", "base", 1),
      subSeed(7, "trial", "r4", 0),
      subSeed(7, "base", "trial", 0),
      subSeed(7, "trial", "base"),
    ];
    expect(new Set(seeds).size).toBe(seeds.length);
    expect(seeds[0]).toBe(5717379023948917);
    expect(subSeed(7, "trial", "base", 0)).toBe(seeds[0]);
  });
});

describe("seeds that are none", () => {
  const bad = [-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, "7", undefined] as number[];

  test.each(bad)("%s is refused by name of the caller, rule and value", (seed) => {
    const rule = `requires seed to be an integer from 0 to 2^53 - 1, got ${seed}`;
    expect(() => stream(seed, "patterns")).toThrow(new InvalidInput(`stream ${rule}`));
    expect(() => subSeed(seed, "trial")).toThrow(new InvalidInput(`subSeed ${rule}`));
    expect(() => requireSeed("judge", seed)).toThrow(new InvalidInput(`judge ${rule}`));
  });

  test("the ends of the range are seeds", () => {
    expect(requireSeed("judge", 0)).toBe(0);
    expect(requireSeed("judge", 2 ** 53 - 1)).toBe(2 ** 53 - 1);
    expect(stream(0, "patterns").uniform()).not.toBe(stream(2 ** 53 - 1, "patterns").uniform());
  });
});
