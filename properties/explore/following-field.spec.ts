import { describe, expect, test } from "vitest";
import { explain } from "../../src/explore/explain.ts";
import { shrink } from "../../src/explore/shrink.ts";
import { contains, freeCoordinates, lawInterval, spaceOf, thetaIn, withField } from "../../src/explore/space.ts";
import { ceiling, least, product, quotient } from "../../src/law/expression.ts";
import { brokenHypotheses, drawTheta, hypothesesOf } from "../../src/law/law.ts";
import type { Theta } from "../../src/law/parameters.ts";
import { formula } from "../../src/law/range.ts";
import { subSeed } from "../../src/random/stream.ts";
import { law, transformer } from "../../src/transformer/experiment.ts";
import { tinyLaw } from "./tiny-theorems.ts";

/** N = 2·⌈8/α*⌉ and B = min(6, N/2): α* ∈ [0.5, 0.75] gives N from 22 to 32. */
const { N: _n, B: _b, alphaStar, ...others } = tinyLaw.ranges;
const following = law({
  id: "following",
  title: "samples that follow from the majority",
  ranges: {
    ...others,
    alphaStar,
    N: formula(product(2, ceiling(quotient(8, "alphaStar")))),
    B: formula(least(6, quotient("N", 2))),
  },
});

const samplesOf = (theta: Theta) => 2 * Math.ceil(8 / (theta.alphaStar as number));
const space = spaceOf(transformer, following);

describe("a field that is a formula of earlier ones", () => {
  test("is drawn by the formula, and stands in words among the hypotheses", () => {
    for (let i = 0; i < 200; i++) {
      const theta = drawTheta(following, subSeed(1, "following", i));
      expect([theta.N, theta.B]).toEqual([samplesOf(theta), 6]);
      expect(brokenHypotheses(following, theta)).toEqual([]);
    }
    const statements = hypothesesOf(following).map(({ statement }) => statement);
    expect(statements).toContain("N = 2·⌈8/alphaStar⌉");
    expect(statements).toContain("B = min(6, N/2)");
  });

  test("has no coordinate of its own, and follows where another field is changed", () => {
    const fields = Object.keys(following.ranges);
    const free = freeCoordinates(space).map((i) => fields[i]);
    expect(free).toContain("alphaStar");
    expect(free).not.toContain("N");
    expect(free).not.toContain("B");
    const theta = thetaIn(
      space,
      fields.map(() => 0.5),
    )!;
    const changed = withField(space, theta, "alphaStar", 0.5)!;
    expect([theta.N, changed.N]).toEqual([samplesOf(theta), 32]);
    expect(contains(space, changed)).toBe(true);
    expect(lawInterval(following, "N", changed)).toEqual({ from: 32, to: 32 });
    // changed by itself it leaves the law
    const left = withField(space, theta, "N", 64)!;
    expect(left.N).toBe(64);
    expect(brokenHypotheses(following, left).map(({ name }) => name)).toEqual(["sample-size"]);
  });

  test("is as free as any other where its hypothesis is released", () => {
    const wide = spaceOf(transformer, following, ["sample-size"]);
    const theta = thetaIn(
      wide,
      Object.keys(following.ranges).map(() => 0.5),
    )!;
    expect(theta.N).not.toBe(samplesOf(theta));
    expect(withField(wide, theta, "alphaStar", 0.5)!.N).toBe(theta.N);
  });

  test("shrinking never leaves it behind, and an explanation says where it alone is violated", async () => {
    // violated by few tokens, whatever N is, and by large N at any length
    const persists = async ({ L, N }: Theta) => (L as number) <= 5 || (N as number) >= 128;
    const start = withField(
      space,
      thetaIn(
        space,
        Object.keys(following.ranges).map(() => 0.9),
      )!,
      "L",
      5,
    )!;
    const { theta } = await shrink(space, start, { persists });
    expect(contains(space, theta)).toBe(true);
    expect(theta.N).toBe(samplesOf(theta));
    const long = { ...theta, L: 6, N: 200 };
    const [samples] = (
      await explain(space, long, { persistsAt: (thetas) => Promise.all(thetas.map(persists)) })
    ).filter(({ field }) => field === "N");
    expect(samples).toMatchObject({ matters: "needed", law: { from: theta.N, to: theta.N } });
    expect(samples!.violated).toMatchObject({ kind: "interval", openAbove: true });
  });

  test("cannot be doubled, nor can what it is computed from", () => {
    const declare = (doubles: "alphaStar" | "N") =>
      law({ id: "pairs", title: "pairs", ranges: following.ranges, doubles });
    for (const field of ["alphaStar", "N"] as const) {
      expect(() => declare(field)).toThrow(/^law pairs: doubles must be .* no other follows from, got/);
    }
  });
});
