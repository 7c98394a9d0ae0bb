import { describe, expect, test } from "vitest";
import {
  CALIBRATION_RATES,
  type Calibration,
  calibrate,
  calibrated,
  calibrationMarkdown,
  GATE_STANDARD,
  TESTABLE_STANDARD,
} from "../../src/verdict/calibrate.ts";
import { shareHolds } from "../../src/verdict/share.ts";

/**
 * A calibration small enough for a test. Claims given up after 200 models pass falsely in exactly 2.97 % at the
 * boundary: with 6,000 of them the upper limit of a sound gate is above the nominal 5 % with probability 1.2e-5.
 */
const SMALL = { seed: 240617167, runs: 6000, cap: 200 };
const calibration = calibrate(SMALL);

/** The calibration with one row's share of false alarms or false passes as another gate would have it. */
function planted(kind: "refuted" | "certified", holds: boolean): Calibration {
  const [first, ...rest] = calibration.rows;
  if (first === undefined) {
    throw new Error("the calibration has rows");
  }
  return { ...calibration, rows: [{ ...first, [kind]: { ...first[kind], holds } }, ...rest] };
}

describe("calibration", () => {
  test("has a row for each rate under each standard, and the same for the same seed", () => {
    const expected = [GATE_STANDARD, TESTABLE_STANDARD].flatMap((standard) =>
      CALIBRATION_RATES.map((rate) => ({ ...standard, rate })),
    );
    expect(calibration.rows).toMatchObject(expected);
    const tiny = { seed: 7, runs: 50, cap: 100 };
    expect(calibrate(tiny)).toEqual(calibrate(tiny));
    expect(calibrate({ ...tiny, seed: 8 }).rows).not.toEqual(calibrate(tiny).rows);
  });

  test("every share of the gate holds", () => {
    expect(calibrated(calibration)).toBe(true);
    expect(calibrationMarkdown(calibration)).toContain("All 32 simulated shares hold.");
  });

  test("verdicts add up to the number of claims, a number fixed before", () => {
    for (const { refuted, certified, inconclusive } of calibration.rows) {
      expect(refuted.count + certified.count + inconclusive).toBe(SMALL.runs);
    }
  });

  test("refuted has a bound for rates up to p0, certified for rates from p0; the boundary has both", () => {
    for (const { rate, p0, alpha, beta, refuted, certified } of calibration.rows) {
      expect(refuted.nominal, `refuted at ${rate}`).toBe(rate <= p0 ? alpha : null);
      expect(certified.nominal, `certified at ${rate}`).toBe(rate >= p0 ? beta : null);
    }
  });

  test("158 models to certify clean claims, none of which is refuted", () => {
    expect(calibration.rows[0]).toMatchObject({
      rate: 0,
      alpha: 1e-6,
      refuted: { count: 0 },
      certified: { count: SMALL.runs },
      medianModels: 158,
    });
  });

  test("too few claims cannot show a false alarm rate below α, and are said to fail", () => {
    // 20 claims without a false alarm: the upper limit is 39 %
    const tooFew = calibrate({ ...SMALL, runs: 20 });
    expect(calibrated(tooFew)).toBe(false);
    expect(calibrationMarkdown(tooFew)).toMatch(/simulated shares fail:\*\* refuted at a true rate of 0, alpha 0.05/);
  });

  test("a share holds if its limits contain the exact probability, and both stay within the bound", () => {
    const limits = { lower: 0.02, upper: 0.04 };
    expect(shareHolds({ limits, exact: 0.03, nominal: 0.05 }, true)).toBe(true);
    expect(shareHolds({ limits, exact: 0.03, nominal: null }, true)).toBe(true);
    // simulation and computation disagree
    expect(shareHolds({ limits, exact: 0.019, nominal: 0.05 }, true)).toBe(false);
    expect(shareHolds({ limits, exact: 0.041, nominal: null }, false)).toBe(false);
    // errs more often than it says
    expect(shareHolds({ limits, exact: 0.03, nominal: 0.025 }, false)).toBe(false);
    // might err more often: held against it only where a simulation can see it
    expect(shareHolds({ limits, exact: 0.03, nominal: 0.035 }, true)).toBe(false);
    expect(shareHolds({ limits, exact: 0.03, nominal: 0.035 }, false)).toBe(true);
  });

  test("one share that fails fails the calibration, and the page names it", () => {
    expect(calibrated(planted("refuted", false))).toBe(false);
    expect(calibrated(planted("certified", false))).toBe(false);
    const page = calibrationMarkdown(planted("certified", false));
    expect(page).toContain("**1 of 32 simulated shares fail:** certified at a true rate of 0, alpha 1e-6, beta 0.001.");
    expect(page).toContain("**fails**");
  });
});
