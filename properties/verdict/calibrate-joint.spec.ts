import { describe, expect, test } from "vitest";
import { outcomes } from "../../src/evidence/plan.ts";
import { type Calibration, calibrated, calibrationMarkdown } from "../../src/verdict/calibrate.ts";
import {
  calibrateJoint,
  JOINT_RATES,
  JOINT_STANDARD,
  type JointCalibration,
  type JointRow,
  OVERLAPS,
} from "../../src/verdict/calibrate-joint.ts";

/**
 * Small enough for a test. Theorems given up after 200 models pass falsely in exactly 2.97 % at the boundary: with 6,000
 * of them the upper limit of a sound gate is above the nominal 5 % with probability 1.2e-5.
 */
const SMALL = { seed: 240617167, runs: 6000, cap: 200 };
const joint = calibrateJoint(SMALL);

const rowOf = ({ rows }: JointCalibration, overlap: JointRow["overlap"], rate: number) =>
  rows.find((row) => row.overlap === overlap && row.rate === rate)!;

describe("the gate on theorems of four claims", () => {
  test("has a row for each overlap at each rate, below, at and above p0, and the same for the same seed", () => {
    expect(joint.rows).toMatchObject(
      OVERLAPS.flatMap((overlap) => JOINT_RATES.map((rate) => ({ ...JOINT_STANDARD, overlap, rate }))),
    );
    expect(JOINT_RATES.map((rate) => Math.sign(rate - JOINT_STANDARD.p0))).toEqual([-1, 0, 1]);
    const tiny = { seed: 7, runs: 20, cap: 100 };
    expect(calibrateJoint(tiny)).toEqual(calibrateJoint(tiny));
    expect(calibrateJoint({ ...tiny, seed: 8 })).not.toEqual(calibrateJoint(tiny));
  });

  test("errs no more often than it says, at α = β = 0.05, and as often as is computed, whatever the overlap", () => {
    for (const { overlap, rate, p0, refuted, certified, inconclusive } of joint.rows) {
      const exact = outcomes({ ...JOINT_STANDARD, rate, cap: SMALL.cap });
      expect([refuted.exact, certified.exact]).toEqual([exact.refuted, exact.certified]);
      expect([refuted.nominal, certified.nominal], `${overlap} ${rate}`).toEqual([
        rate <= p0 ? 0.05 : null,
        rate >= p0 ? 0.05 : null,
      ]);
      expect([refuted.holds, certified.holds], `${overlap} ${rate}`).toEqual([true, true]);
      expect(refuted.count + certified.count + inconclusive).toBe(SMALL.runs);
    }
  });

  test("at one rate a claim is violated by a quarter of the models, by as many, or by a little more than a quarter", () => {
    expect(rowOf(joint, "disjoint", 0.08).claimRate).toBe(0.02);
    expect(rowOf(joint, "nested", 0.08).claimRate).toBe(0.08);
    const { claimRate } = rowOf(joint, "independent", 0.08);
    expect(1 - (1 - claimRate) ** 4).toBeCloseTo(0.08, 14);
  });

  test("is not that of single claims: those that each 2 % of the models violate nearly all pass, where 8 % violate one of them", () => {
    const long = calibrateJoint({ seed: 3, runs: 1000, cap: 1500 });
    for (const overlap of ["disjoint", "independent"] as const) {
      const { claimByClaim, certified } = rowOf(long, overlap, 0.08);
      expect(claimByClaim!.runs).toBe(100);
      expect(claimByClaim!.limits.lower).toBeGreaterThan(0.85);
      expect(certified.limits.upper).toBeLessThan(0.05);
    }
    // the claim that is violated most is violated as often as its theorem: there it makes no difference
    expect(rowOf(long, "nested", 0.08).claimByClaim!.certified).toBe(0);
    expect(long.rows.filter(({ claimByClaim }) => claimByClaim !== null).map(({ rate }) => rate)).toEqual([
      0.08, 0.08, 0.08,
    ]);
  });

  test("fails the calibration where one of its shares fails, and the page names it", () => {
    const whole: Calibration = { ...SMALL, rows: [], joint };
    expect(calibrated(whole)).toBe(true);
    expect(calibrationMarkdown(whole)).toContain("All 18 simulated shares hold.");
    const [first, ...rest] = joint.rows;
    for (const kind of ["refuted", "certified"] as const) {
      const planted = { ...first!, [kind]: { ...first![kind], holds: false } };
      const failing = { ...whole, joint: { ...joint, rows: [planted, ...rest] } };
      expect(calibrated(failing)).toBe(false);
      expect(calibrationMarkdown(failing)).toContain(
        `**1 of 18 simulated shares fail:** ${kind} at a true rate of 0.02, alpha 0.05, beta 0.05, claims disjoint.`,
      );
    }
  });

  test("has a row of the page each, with its rate, its shares and what single claims would do", () => {
    const page = calibrationMarkdown({ ...SMALL, rows: [], joint });
    expect(page).toContain("## Theorems of 4 claims, α = 0.05, β = 0.05");
    const { refuted, certified, claimByClaim } = rowOf(joint, "disjoint", 0.08);
    const row = page.split("\n").find((line) => line.startsWith("| disjoint | 0.08 | 0.02 |"));
    expect(row).toContain(`| ${refuted.count} | `);
    expect(row).toContain(`| ${certified.count} | `);
    expect(row).toContain(`| ${claimByClaim!.certified} of 600 (`);
    expect(page.split("\n").find((line) => line.startsWith("| disjoint | 0.05 |"))).toMatch(/ \| {2}\|$/);
  });
});
