import { describe, expect, test } from "vitest";
import type { Relation } from "../../src/claim/relation.ts";
import type { Run } from "../../src/transformer/measure/run.ts";
import type { UpdatedMatrix } from "../../src/transformer/notation.ts";
import { parseTheta } from "../../src/transformer/theta.ts";
import { controls, findings, statements, theorems } from "../../theorems/index.ts";
import { SMALL_THETA } from "../transformer/data/arbitrary-theta.ts";

/**
 * What is claimed, said a second time: bounds are frozen, so that one cannot be loosened unseen, and each claim is shown
 * a run whose numbers are all different, so that one that reads another number, or none, is found out.
 */

/** In units of 1/64; 3·ξ·√m_a is 6 of them. */
const NORMS = [3, 32, 6, 38, 5, 45, 7, 51, 58, 64];

/** A run that never was, with r = 2 or more; every number is a sum of powers of two, so that nothing rounds. */
function runWith(r: number, { steps = 40, ofSmall = 1, ofLarge = 1 } = {}): Run {
  const shape = { M: 6, d: 6, L: 20, m: NORMS.length, ma: 4 };
  const theta = parseTheta({ ...SMALL_THETA, ...shape, r, alphaStar: 0.4, alphaSharp: 0.1, eta: 0.5, xi: 1 / 64 });
  const clusters = { small: [0, 4, 2, 6], large: [1, 3, 5, 7, 8, 9] };
  const values = { WQ: 1 / 2, WK: 1 / 4, WV: 1 / 8 };
  const run = {
    theta,
    steps: 1000,
    stepsToConvergence: steps,
    clusters,
    model: { trainHinge: 1 / 32 },
    test: { hinge: 1 / 8, error: 1 / 16 },
    pruned: { hinge: 1 / 16, error: 1 / 4 },
    neuronNorms: Float64Array.from(NORMS, (norm, i) => (norm / 64) * (clusters.small.includes(i) ? ofSmall : ofLarge)),
    neuronsBySize: [...clusters.small, ...clusters.large],
    relevantAttention: { before: 1 / 4, after: 3 / 8 },
    tailEnergy: (name: UpdatedMatrix, rank: number) => values[name] / 2 ** rank,
    steepGradientTail: (name: UpdatedMatrix) => values[name],
    relevantOverIrrelevant: (name: UpdatedMatrix) => 1 + values[name],
    testAtRank: (rank: number) => ({ hinge: 1 / 8 - 2 ** -(rank + 4) * (rank === 1 ? -8 : 1) }),
    withoutNeurons: (pruned: readonly number[]) => ({
      hinge: 1 / 8 + pruned.reduce((sum, i) => sum + 2 ** i / 1024, 0),
    }),
  };
  return run as unknown as Run;
}

/** Of each claim on a law: its relation, and what it observes on a run with this r, or on a pair. */
function claimsOf(id: string, lawId: string, run: Run, doubled: Run = run): [string, number][] {
  const statement = statements.find((each) => each.id === id)!;
  const law = statement.laws.find((each) => each.id === lawId)!;
  return statement.claimsOn(law).map(({ relation, observe }) => [inFull(relation), observe(run, doubled)]);
}

/** With every digit. */
function inFull(relation: Relation): string {
  return relation.kind === "within" ? `within ${relation.low}..${relation.high}` : `${relation.kind} ${relation.bound}`;
}

describe("each theorem claims what it should, within its frozen bounds", () => {
  test.each<[string, [string, number][]]>([
    [
      "learnability",
      [
        ["at most 0.001", 1 / 32],
        ["at most 0", 1 / 16],
        ["at most 0.01", 1 / 8],
      ],
    ],
    ["iteration-complexity", [["within 4..30", (40 * 0.5 * (8 - 2)) / 20]]],
    [
      "low-rank-update",
      [
        ["at most 0.03", 1 / 8],
        ["at most 0.03", 1 / 16],
        ["at most 0.001", 1 / 32],
      ],
    ],
    [
      "low-rank-step",
      [
        ["at most 0.15", 1 / 2],
        ["at most 0.15", 1 / 4],
        ["at most 0.05", 1 / 8],
      ],
    ],
    [
      "rank-needs-r",
      [
        ["at least 0.05", 1 / 16],
        ["at least 0.02", 1 / 4],
      ],
    ],
    ["low-rank-adaptation", [["at most 0.001", 1 / 64]]],
    ["relevant-directions", [["above 1", 1 + 1 / 8]]],
    [
      "sparse-neurons",
      [
        ["at least 0.15", 3 / 10],
        ["at least 3", 45 / 5],
      ],
    ],
    [
      "pruning-is-free",
      [
        ["at most 0.002", 1 / 16],
        ["at most 0", 1 / 4],
      ],
    ],
    [
      "pruning-must-be-small",
      [
        ["at least 0.2", (512 + 256 + 128) / 1024],
        ["at least 0.4", (512 + 256 + 128 + 32) / 1024],
        ["at least 0.6", (512 + 256 + 128 + 32 + 8) / 1024],
      ],
    ],
    ["attention-moves-to-relevant", [["above 0", 1 / 8]]],
  ])("%s, r = 2", (id, expected) => {
    expect(claimsOf(id, "base", runWith(2))).toEqual(expected);
  });

  test.each<[string, [string, number][]]>([
    [
      "low-rank-update",
      [
        ["at most 0.03", 1 / 32],
        ["at most 0.03", 1 / 64],
        ["at most 0.001", 1 / 128],
      ],
    ],
    ["low-rank-adaptation", [["at most 0.001", 1 / 256]]],
  ])("%s, r = 4", (id, expected) => {
    expect(claimsOf(id, "r4", runWith(4))).toEqual(expected);
  });

  test("pruning-is-free, per-position readout", () => {
    expect(claimsOf("pruning-is-free", "per-position", runWith(2))).toEqual([
      ["at most 0.02", 1 / 16],
      ["at most 0", 1 / 4],
    ]);
  });

  test.each([
    ["base-doubling-eta", -1, 30 / 40],
    ["base-doubling-m", -0.5, 3 / 4],
    ["base-doubling-xi", 1, 2],
  ])("scaling on %s: a factor of 2^κ, up to 2^±0.15, κ = %d", (lawId, kappa, factor) => {
    const doubled = runWith(2, { steps: 30, ofSmall: 2, ofLarge: 3 / 4 });
    const [upper, lower] = claimsOf("scaling", lawId, runWith(2), doubled);
    expect([upper![1], lower![1]]).toEqual([factor, factor]);
    const boundOf = (relation: string, kind: string) => Number(relation.replace(kind, ""));
    // a rounding of the exponent and of its exponential
    expect(Math.abs(Math.log2(boundOf(upper![0], "at most ")) - (kappa + 0.15))).toBeLessThanOrEqual(
      8 * Number.EPSILON,
    );
    expect(Math.abs(Math.log2(boundOf(lower![0], "at least ")) - (kappa - 0.15))).toBeLessThanOrEqual(
      8 * Number.EPSILON,
    );
  });

  test("at p0 = 0.05 with at most 1500 models; what doubles is about medians, of at most 200 or 400 pairs", () => {
    const pairs: Record<string, number> = { scaling: 200, growth: 400, "steps-depend-on-little": 400 };
    for (const { id, p0, maxModels } of theorems) {
      expect({ id, p0, maxModels }).toEqual(
        id in pairs ? { id, p0: 0.5, maxModels: pairs[id] } : { id, p0: 0.05, maxModels: 1500 },
      );
    }
  });

  test("on its laws", () => {
    const lawsOf = Object.fromEntries(theorems.map(({ id, laws }) => [id, laws.map((law) => law.id).join(" ")]));
    expect(lawsOf).toEqual({
      learnability: "base r4 r6 per-position",
      "iteration-complexity": "base r4 r6",
      "low-rank-update": "base r4 r6 per-position",
      "low-rank-step": "base r4 r6",
      "rank-needs-r": "base",
      "low-rank-adaptation": "base r4 r6",
      "relevant-directions": "base",
      "sparse-neurons": "base r4 r6 per-position",
      "pruning-is-free": "base r4 r6 per-position",
      "pruning-must-be-small": "base r4 r6",
      "attention-moves-to-relevant": "base r4 r6",
      scaling: "base-doubling-eta base-doubling-m base-doubling-xi",
      generalisation: "base-target",
      "sample-complexity": "samples-by-margin",
      "low-rank-output": "base r4 r6 per-position",
      "low-rank-merged": "base r4 r6 per-position",
      "rank-follows-classes": "r4 r6",
      "sparse-merged": "base r4 r6 per-position",
      "pruning-in-proportion": "base r4 r6 per-position",
      "magnitude-beats-random": "base r4 r6 per-position",
      "accuracy-outlasts-pruning": "base r4 r6",
      growth: "base-doubling-xi base-doubling-delta",
      "steps-depend-on-little": "base-doubling-n base-doubling-patterns base-doubling-m-small-steps",
    });
  });
});

describe("each control claims what its theorem does, of models outside its hypotheses", () => {
  const learnability: [string, number][] = [
    ["at most 0.001", 1 / 32],
    ["at most 0", 1 / 16],
    ["at most 0.01", 1 / 8],
  ];
  const lowRankUpdate: [string, number][] = [
    ["at most 0.03", 1 / 8],
    ["at most 0.03", 1 / 16],
    ["at most 0.001", 1 / 32],
  ];
  const pruningIsFree: [string, number][] = [
    ["at most 0.002", 1 / 16],
    ["at most 0", 1 / 4],
  ];
  const sparseNeurons: [string, number][] = [
    ["at least 0.15", 3 / 10],
    ["at least 3", 45 / 5],
  ];
  const lowRankStep: [string, number][] = [
    ["at most 0.15", 1 / 2],
    ["at most 0.15", 1 / 4],
    ["at most 0.05", 1 / 8],
  ];
  // of the claims, by their place, those that it breaks
  test.each<[string, string, string, [string, number][], number[]]>([
    ["no-majority", "learnability", "no-majority", learnability, [0, 1, 2]],
    ["random-labels", "learnability", "random-labels", learnability, [0, 1, 2]],
    ["large-steps", "learnability", "large-steps", learnability, [0, 1, 2]],
    ["large-attention", "low-rank-update", "large-attention", lowRankUpdate, [0]],
    ["large-output", "pruning-is-free", "large-output", pruningIsFree, [0]],
    ["large-output-neurons", "sparse-neurons", "large-output", sparseNeurons, [1]],
    ["largest-first", "pruning-is-free", "base", [["at most 0.002", (512 + 256 + 128 + 32) / 1024]], [0]],
    ["attention-of-random-labels", "attention-moves-to-relevant", "random-labels", [["above 0", 1 / 8]], [0]],
    ["few-samples-learned", "learnability", "eight-samples", learnability, [2]],
    ["update-of-random-labels", "low-rank-update", "random-labels", lowRankUpdate, [2]],
    ["per-position-steps", "iteration-complexity", "per-position-control", [["within 4..30", 6]], [0]],
    ["per-position-gradients", "low-rank-step", "per-position-control", lowRankStep, [0, 1]],
    ["rank-one", "low-rank-adaptation", "base", [["at most 0.001", 1 / 4]], [0]],
  ])("%s of %s", (id, of, lawId, expected, broken) => {
    const declared = controls.find((control) => control.id === id)!;
    expect(declared).toMatchObject({ of, laws: [{ id: lawId }], p0: 0.05 });
    expect(claimsOf(id, lawId, runWith(2))).toEqual(expected);
    const titles = declared.claimsOn(declared.laws[0]!).map(({ title }) => title);
    expect(declared.breaks).toEqual(broken.map((place) => titles[place]));
  });

  test.each<[string, string, string, number[]]>([
    ["rank-of-random-labels", "rank-needs-r", "random-labels", [1]],
    ["one-value-dimension", "rank-needs-r", "one-value-dimension", [0, 1]],
    ["directions-of-random-labels", "relevant-directions", "random-labels", [0]],
    ["pruning-of-random-labels", "pruning-must-be-small", "random-labels", [0, 1, 2]],
  ])("%s has the claims of %s", (id, of, lawId, broken) => {
    const declared = controls.find((control) => control.id === id)!;
    const [law] = declared.laws;
    expect(declared).toMatchObject({ of, laws: [{ id: lawId }], p0: 0.05 });
    const claims = theorems.find((theorem) => theorem.id === of)!.claimsOn(law!);
    expect(declared.claimsOn(law!)).toEqual(claims);
    expect(declared.breaks).toEqual(broken.map((place) => claims[place]!.title));
  });

  test("other-doublings asks of another field the sides that claim a change", () => {
    const declared = controls.find(({ id }) => id === "other-doublings")!;
    expect(declared.laws.map((law) => [law.id, declared.claimsOn(law).map(({ title }) => title)])).toEqual([
      [
        "base-doubling-m-small-steps",
        ["factor on T where η doubles, upper side", "factor on small norm where ξ doubles, lower side"],
      ],
      ["base-doubling-xi", ["factor on large norm where m doubles, upper side"]],
    ]);
    expect(declared).toMatchObject({ of: "scaling", p0: 0.5 });
  });

  test("and there is no other", () => {
    // those of the growth laws stand in declared-growth.spec.ts
    expect(controls).toHaveLength(11 + 12 + 7);
  });
});

describe("each finding claims what one might expect", () => {
  test.each<[string, string, string, [string, number][]]>([
    ["query-directions", "refuted", "r4 r6", [["above 1", 1 + 1 / 2]]],
    ["value-directions", "measured", "r4 r6", [["above 1", 1 + 1 / 8]]],
    [
      "key-query-rank",
      "measured",
      "r4 r6",
      [
        ["at most 0.01", 1 / 8],
        ["at most 0.01", 1 / 16],
      ],
    ],
    ["query-directions-base", "measured", "base", [["above 1", 1 + 1 / 2]]],
  ])("%s, %s", (id, expects, laws, expected) => {
    const finding = findings.find((each) => each.id === id)!;
    expect(finding.expects).toBe(expects);
    expect(finding.laws.map((law) => law.id).join(" ")).toBe(laws);
    for (const law of finding.laws) expect(claimsOf(id, law.id, runWith(4))).toEqual(expected);
  });

  test("and there is no other", () => {
    // those of the growth laws stand in declared-growth.spec.ts
    expect(findings).toHaveLength(4 + 8);
  });
});
