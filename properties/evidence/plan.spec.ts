import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { logCertify } from "../../src/evidence/e-process.ts";
import { Evidence, exactRule, type Standard } from "../../src/evidence/evidence.ts";
import {
  boundaries,
  outcomes,
  plan,
  smallestCertifiableP0,
  stoppingTime,
  tabledRule,
} from "../../src/evidence/plan.ts";

// seconds alone, more beside workers that train on every core
vi.setConfig({ testTimeout: 60_000 });

const RUNS = { seed: 240617167, numRuns: 40 };
const GATE: Standard = { p0: 0.05, alpha: 1e-6, beta: 1e-3 };

const standards: fc.Arbitrary<Standard> = fc.record({
  p0: fc.double({ min: 0.01, max: 0.9, noNaN: true }),
  alpha: fc.constantFrom(1e-6, 1e-3, 0.05, 0.3, 0.6),
  beta: fc.constantFrom(1e-6, 1e-3, 0.05, 0.3, 0.6),
});

describe("boundaries", () => {
  test("the table = the e-processes themselves, at every n and S", () => {
    fc.assert(
      fc.property(standards, (standard) => {
        const [tabled, exact] = [tabledRule(standard, 40), exactRule(standard)];
        for (let n = 0; n <= 40; n++) {
          for (let violations = 0; violations <= n; violations++) {
            expect(tabled({ n, violations }), `${violations} of ${n}`).toBe(exact({ n, violations }));
          }
        }
      }),
      { ...RUNS, numRuns: 15 },
    );
  });

  test("at the gate's standard: certified from 158 clean models, refuted from 6 violations", () => {
    const rule = tabledRule(GATE, 200);
    expect(rule({ n: 157, violations: 0 })).toBe("undecided");
    expect(rule({ n: 158, violations: 0 })).toBe("certified");
    expect(rule({ n: 5, violations: 5 })).toBe("undecided");
    expect(rule({ n: 6, violations: 6 })).toBe("refuted");
  });

  test("a table asked beyond its cap says so", () => {
    expect(() => tabledRule(GATE, 10)({ n: 11, violations: 0 })).toThrow("from 0 to its cap of 10, got 11");
  });
});

describe("stopping time", () => {
  test("= the sum over all 2^10 sequences, each judged by Evidence", () => {
    const LENGTH = 10;
    // lax enough that both boundaries lie within 10 models
    const lax = { p0: 0.3, alpha: 0.3, beta: 0.5 };
    const judged = Array.from({ length: 2 ** LENGTH }, (_, bits) => {
      const evidence = new Evidence({ ...lax, cap: LENGTH });
      let violations = 0;
      for (let model = 0; model < LENGTH; model++) {
        const violated = ((bits >> model) & 1) === 1;
        violations += violated ? 1 : 0;
        evidence.observe(violated);
      }
      return { violations, kind: evidence.verdict().kind };
    });
    expect(new Set(judged.map(({ kind }) => kind))).toEqual(new Set(["certified", "refuted", "inconclusive"]));
    for (const rate of [0, 0.1, 0.3, 0.5, 0.9, 1]) {
      const sum = { certified: 0, refuted: 0, inconclusive: 0 };
      for (const { violations, kind } of judged) {
        sum[kind] += rate ** violations * (1 - rate) ** (LENGTH - violations);
      }
      const computed = outcomes({ ...lax, rate, cap: LENGTH });
      // as many roundings as terms, of sums up to 1
      const roundoff = 2 ** LENGTH * Number.EPSILON;
      for (const kind of ["certified", "refuted", "inconclusive"] as const) {
        expect(Math.abs(computed[kind] - sum[kind]), `${kind} at ${rate}`).toBeLessThanOrEqual(roundoff);
      }
    }
  });

  test("exact validity: refuted at most α for every rate ≤ p0, certified at most β for every rate ≥ p0", () => {
    fc.assert(
      fc.property(standards, fc.double({ min: 0, max: 1, noNaN: true }), (standard, share) => {
        const { p0, alpha, beta } = standard;
        const roundoff = 150 * Number.EPSILON;
        for (const rate of [p0, share * p0]) {
          expect(outcomes({ ...standard, rate, cap: 150 }).refuted).toBeLessThanOrEqual(alpha + roundoff);
        }
        for (const rate of [p0, p0 + share * (1 - p0)]) {
          expect(outcomes({ ...standard, rate, cap: 150 }).certified).toBeLessThanOrEqual(beta + roundoff);
        }
      }),
      RUNS,
    );
  });

  test("at the gate's own standard and cap: false alarms 3.8e-7 of 1e-6, false passes 7.5e-4 of 1e-3", () => {
    const { refuted, certified } = outcomes({ ...GATE, rate: GATE.p0, cap: 1500 });
    expect(refuted).toBeLessThan(GATE.alpha);
    expect(refuted).toBeGreaterThan(0.3 * GATE.alpha);
    expect(certified).toBeLessThan(GATE.beta);
    expect(certified).toBeGreaterThan(0.7 * GATE.beta);
  });

  test("probabilities never fall from model to model, nor exceed 1 together", () => {
    let before = { certified: 0, refuted: 0 };
    for (const { n, certified, refuted } of stoppingTime({ ...GATE, rate: 0.02 })) {
      expect(certified).toBeGreaterThanOrEqual(before.certified);
      expect(refuted).toBeGreaterThanOrEqual(before.refuted);
      expect(certified + refuted).toBeLessThanOrEqual(1 + n * Number.EPSILON);
      before = { certified, refuted };
      if (n === 3000) {
        break;
      }
    }
    expect(before.certified).toBeGreaterThan(0.999);
  });
});

describe("plan", () => {
  test.each([
    [0, "certified", 158, 158],
    [0.01, "certified", 272, 469],
    [0.02, "certified", 604, 1054],
    [0.03, "certified", 1599, 2813],
    [0.04, "certified", 7568, 13301],
    [0.07, "refuted", 4541, 6976],
    [0.1, "refuted", 787, 1247],
    [0.2, "refuted", 111, 183],
    [0.5, "refuted", 17, 30],
    [1, "refuted", 6, 6],
  ])(
    "a rate of %d: %s, half of all runs within %d models, nine of ten within %d",
    (rate, verdict, median, ninetieth) => {
      expect(plan({ ...GATE, rate })).toMatchObject({ verdict, medianModels: median, ninetiethPercentile: ninetieth });
    },
  );

  test("a rate of p0 comes to no verdict", () => {
    const planned = plan({ ...GATE, rate: GATE.p0, horizon: 3000 });
    expect(planned).toMatchObject({ verdict: "inconclusive", medianModels: null, ninetiethPercentile: null });
    expect(planned.decidedWithinCap).toBeLessThan(GATE.alpha + GATE.beta);
  });

  test("where the horizon ends before a quantile, the quantile is null", () => {
    expect(plan({ ...GATE, rate: 0.01, horizon: 271 })).toMatchObject({ medianModels: null, horizon: 271 });
    expect(plan({ ...GATE, rate: 0.01, horizon: 272 })).toMatchObject({ medianModels: 272, ninetiethPercentile: null });
  });

  test("the share decided within the cap is that of `outcomes`", () => {
    for (const rate of [0.03, 0.07]) {
      const { certified, refuted } = outcomes({ ...GATE, rate, cap: 1500 });
      expect(plan({ ...GATE, rate }).decidedWithinCap).toBe(certified + refuted);
    }
  });

  test("outcomes: the median of runs that stay undecided is the cap", () => {
    expect(outcomes({ ...GATE, rate: 0.03, cap: 1500 }).medianModels).toBe(1500);
    expect(outcomes({ ...GATE, rate: 0.03, cap: 2000 }).medianModels).toBe(1599);
  });
});

describe("the smallest p0 that a budget certifies", () => {
  test("158 models are what p0 = 0.05 takes", () => {
    expect(smallestCertifiableP0({ models: 158, beta: 1e-3 })).toBeLessThanOrEqual(0.05);
    expect(smallestCertifiableP0({ models: 157, beta: 1e-3 })).toBeGreaterThan(0.05);
  });

  test("it certifies, the next below does not; and more models certify a smaller one", () => {
    const betas = fc.constantFrom(0.5, 0.05, 1e-3, 1e-6);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), betas, (models, beta) => {
        const p0 = smallestCertifiableP0({ models, beta });
        const evidence = (at: number) => logCertify({ n: models, violations: 0, p0: at });
        expect(evidence(p0)).toBeGreaterThanOrEqual(Math.log(1 / beta) - 1e-12);
        expect(evidence(p0 * (1 - 1e-9))).toBeLessThan(Math.log(1 / beta));
        expect(smallestCertifiableP0({ models: models + 1, beta })).toBeLessThan(p0);
      }),
      RUNS,
    );
  });

  test("1 where no floating-point p0 will do", () => {
    expect(smallestCertifiableP0({ models: 1, beta: 1e-300 })).toBe(1);
  });
});

describe("bad values name the field, the requirement and the value", () => {
  test.each([-0.1, 1.1, Number.NaN])("rate = %d", (rate) => {
    const message = `requires rate to lie between 0 and 1, got ${rate}`;
    expect(() => plan({ ...GATE, rate })).toThrow(`plan ${message}`);
    expect(() => outcomes({ ...GATE, rate, cap: 10 })).toThrow(`stoppingTime ${message}`);
  });

  test.each(["p0", "alpha", "beta"] as const)("%s", (field) => {
    for (const value of [0, 1, Number.NaN]) {
      const message = `requires ${field} to lie between 0 and 1, both excluded, got ${value}`;
      expect(() => plan({ ...GATE, rate: 0.01, [field]: value })).toThrow(`plan ${message}`);
      expect(() => boundaries({ ...GATE, [field]: value }).next()).toThrow(`boundaries ${message}`);
    }
  });

  test.each([0, -1, 1.5, 1_000_001, Number.NaN])("cap, horizon, models = %d", (value) => {
    const message = `to be a whole number from 1 to 1000000, got ${value}`;
    expect(() => outcomes({ ...GATE, rate: 0, cap: value })).toThrow(`outcomes requires cap ${message}`);
    expect(() => plan({ ...GATE, rate: 0, horizon: value })).toThrow(`plan requires horizon ${message}`);
    expect(() => smallestCertifiableP0({ models: value, beta: 1e-3 })).toThrow(
      `smallestCertifiableP0 requires models ${message}`,
    );
  });

  test("beta of a budget", () => {
    expect(() => smallestCertifiableP0({ models: 10, beta: 0 })).toThrow("smallestCertifiableP0 requires beta");
  });
});
