import { existsSync, readFileSync } from "node:fs";
import type { Axis, Boundary } from "../../src/explore/boundary.ts";
import {
  type EventResultData,
  parseResults,
  type Results,
  resultsSchema,
  type StatementResult,
} from "../../src/report/results.ts";
import { PRUNED_FRACTIONS } from "../../src/transformer/measure/portrait.ts";
import { presentation } from "../../theorems/presentation.ts";

/** The committed results, where there are any. */
export const COMMITTED = new URL("../../reports/results.json", import.meta.url);

/** A part of the results that the first release committed, in the form of version 1. */
export const VERSION_1 = new URL("../../golden/results-version-1.json", import.meta.url);

/** What the properties of reports are held against: the results below, those of version 1, and the committed ones. */
export function resultsToReport(): [name: string, results: Results][] {
  const committed: [string, Results][] = existsSync(COMMITTED)
    ? [["the committed results", parseResults(readFileSync(COMMITTED, "utf8"))]]
    : [];
  const former = parseResults(readFileSync(VERSION_1, "utf8"));
  return [["results of every kind", exampleResults()], ["results of version 1", former], ...committed];
}

const hash = (letter: string) => letter.repeat(64);
const theta = { M: 7, r: 2, d: 10, L: 16, m: 100, readout: "shared" };

type StrengthRow = NonNullable<Results["strength"]>["theorems"][number];

const strengthRow = (law: string, changes: Partial<StrengthRow>): StrengthRow => ({
  theorem: "low-rank-update",
  title: "The update of each trained matrix is low-rank",
  law,
  verdict: "certified",
  models: 1000,
  violations: 3,
  limits: { lower: 0, upper: 0.01 },
  ...changes,
});

type Claim = StatementResult["claims"][number];

function claim(changes: Partial<Claim>, ledger: Partial<Claim["ledger"]> = {}): Claim {
  return {
    title: "energy of ΔW_Q beyond rank r",
    law: "base",
    relation: { kind: "at most", bound: 0.03 },
    ...changes,
    ledger: {
      models: 161,
      violations: 1,
      worst: 0.0311,
      median: 0.00123,
      best: 1.7e-9,
      headroom: { kind: "ratio", value: 0.965, loose: false },
      limits: { lower: 0, upper: 0.0417 },
      quantiles: [1.7e-9, 0.0001, 0.0006, 0.00123, 0.004, 0.01, 0.0311],
      violators: [159],
      decisive: { index: 159, seed: 4217935553001, theta, observed: 0.0311 },
      ...ledger,
    },
  };
}

/** Without changes: the verdict on a theorem that is violated by the models that violate the claim above. */
function event(changes: Partial<EventResultData> = {}): EventResultData {
  return {
    law: "base",
    p0: 0.05,
    verdict: {
      kind: "certified",
      n: 158,
      violations: 0,
      logRefute: -3.1,
      logCertify: 6.94,
      later: { n: 3, violations: 1 },
    },
    limits: { lower: 0, upper: 0.0417 },
    violators: [159],
    ...changes,
  };
}

/** Four cells along the first axis; the second, if any, is one cell high. */
function boundary(axes: Boundary["axes"]): Boundary {
  const [first, second] = axes as [Axis, Axis?];
  const ends = Array.from({ length: 5 }, (_, i) => first.from + (i / 4) * (first.to - first.from));
  return {
    format: "theorycheck boundary",
    version: 1,
    theorem: "low-rank-update",
    title: "Where the update stops being low-rank",
    claims: ["energy of ΔW_Q beyond rank r"],
    law: { id: "base", title: "the base law", hash: hash("c") },
    set: [{ field: "Tmax", value: 1000 }],
    axes,
    edges: [
      {
        name: first.hypothesis,
        points: second === undefined ? [[ends[2]!]] : [second.from, second.to].map((y) => [ends[2]!, y]),
      },
    ],
    seed: 1,
    seeds: 20,
    p0: 0.05,
    cells: ends.slice(1).map((end, i) => ({
      at: [(ends[i]! + end) / 2, ...(second === undefined ? [] : [1])],
      from: [ends[i]!, ...(second === undefined ? [] : [second.from])],
      to: [end, ...(second === undefined ? [] : [second.to])],
      models: i === 1 && second !== undefined ? 0 : 20,
      violations: 5 * i,
      limits: { lower: i / 8, upper: (i + 4) / 8 },
      byClaim: [5 * i],
    })),
    versions: { theorycheck: "0.0.0", core: hash("b"), statement: hash("a") },
  };
}

/** Results with something of every kind in them: every verdict, numbers that are not finite, markup in a title. */
export function exampleResults(): Results {
  const statement = (changes: Partial<StatementResult> & Pick<StatementResult, "id">): StatementResult => ({
    kind: "theorem",
    title: "The update of each trained matrix is low-rank",
    provenance: { kind: "abstract", item: 2 },
    deviates: "finite N; a < b & c",
    hash: hash("a"),
    hypotheses: ["relevant-patterns", "noise"],
    expects: "certified",
    verdict: "certified",
    events: [event()],
    claims: [claim({})],
    ...changes,
  });
  const refutedClaim = claim(
    { title: "energy of ΔW_Q where δ = 2", relation: { kind: "at most", bound: 0 } },
    {
      models: 9,
      violations: 9,
      worst: "NaN",
      median: 2,
      best: 1,
      headroom: undefined,
      limits: { lower: 0.61, upper: 1 },
      violators: [0, 1, 2, 3, 4, 5, 6, 7, 8],
      decisive: { index: 4, seed: 77, theta, observed: "NaN" },
      quantiles: [1, 1, 1, 2, 2, 3, 3],
    },
  );
  const scaledSteps = claim(
    { title: "T·η·(n* − n#)/L", relation: { kind: "within", low: 4, high: 30 } },
    {
      headroom: { kind: "difference", value: -1.5, loose: false },
      worst: 31.5,
      quantiles: [5, 6, 7, 9, 12, 20, 31.5],
    },
  );
  const refutedEvent = event({
    claim: refutedClaim.title,
    verdict: {
      kind: "refuted",
      ...{ n: 9, violations: 9, logRefute: 20.5, logCertify: -9.2, later: { n: 0, violations: 0 } },
    },
    limits: refutedClaim.ledger.limits,
    violators: refutedClaim.ledger.violators,
  });
  const upperSide = claim(
    {
      title: "factor on T where η doubles, upper side",
      law: "base-doubling-eta",
      relation: { kind: "at most", bound: 0.5547847360339225 },
    },
    { headroom: { kind: "ratio", value: 212, loose: true } },
  );
  const lowerSide = claim({
    title: "factor on T where η doubles, lower side",
    law: "base-doubling-eta",
    relation: { kind: "at least", bound: 0.45062523130541515 },
  });
  const growing = (from: number, count: number) => Array.from({ length: count }, (_, i) => from * (i + 1));
  const each = <T>(value: T) => ({ WQ: value, WK: value, WV: value });
  return resultsSchema.parse({
    format: "theorycheck results",
    version: 2,
    theorycheck: "0.0.0",
    experiment: "transformer",
    run: {
      seed: 240617167,
      alpha: 1e-6,
      beta: 2e-3,
      p0: 0.05,
      changed: [{ standard: "beta", declared: 1e-3, used: 2e-3 }],
      models: 172,
      verdicts: 4,
      alphaPerVerdict: 2.5e-7,
      anyFalsePass: 8e-3,
      earlier: [{ seed: 12, trials: { base: 40 } }],
      coreHash: hash("b"),
    },
    gate: {
      passes: false,
      exitCode: 3,
      answer: "1 of 2 theorems certified; 1 of 1 controls refuted, as they must be; 0 of 1 lemmas hold; 1 finding.",
      failures: ["theorem scaling is inconclusive", "lemma gradient is broken"],
    },
    laws: [
      {
        id: "base",
        title: "the base law",
        hash: hash("c"),
        hypotheses: [
          { name: "relevant-patterns", statement: "r = 2" },
          { name: "noise", statement: "tau ∈ [0, 0.25]" },
          { name: "training-budget", statement: "T_max = 4000" },
        ],
        trials: 161,
        together: { theorems: 2, models: 161, satisfying: 159, limits: { lower: 0.94, upper: 1 } },
        models: { trained: 172, converged: 160, exhausted: 11, diverged: 1 },
      },
      {
        id: "base-doubling-eta",
        title: "pairs of the base law, η doubled in the second",
        hash: hash("d"),
        hypotheses: [{ name: "step-size", statement: "eta ∈ [0.1, 0.5]" }],
        doubles: "eta",
        trials: 200,
        models: { trained: 400, converged: 400, exhausted: 0, diverged: 0 },
      },
    ],
    statements: [
      statement({
        id: "low-rank-update",
        formula: String.raw`\sigma_3(\Delta W) \le b, \qquad \tau < 1`,
        // the two claims are violated by other models: together by both
        events: [
          event({
            verdict: { ...event().verdict, later: { n: 3, violations: 2 } },
            limits: { lower: 0, upper: 0.0519 },
            strongestP0: 0.04969,
            violators: [159, 160],
          }),
        ],
        claims: [claim({}), claim({ title: "energy of ΔW_K beyond rank r" }, { violators: [160] })],
      }),
      statement({
        id: "scaling",
        title: "Steps scale as 1/η, large norms as m^(−1/2)",
        provenance: { kind: "observed", note: "in the pilot" },
        verdict: "inconclusive",
        noControl: "no control known",
        events: [
          event({
            law: upperSide.law,
            claim: upperSide.title,
            p0: 0.5,
            verdict: {
              kind: "inconclusive",
              because: "cap",
              n: 200,
              violations: 90,
              logRefute: -1,
              logCertify: 1,
              later: { n: 0, violations: 0 },
            },
            limits: { lower: 0.366, upper: 0.537 },
          }),
          event({ law: lowerSide.law, claim: lowerSide.title, p0: 0.5 }),
        ],
        claims: [upperSide, lowerSide],
      }),
      ...Object.keys(presentation.figuresOf)
        .filter((id) => id !== "low-rank-update" && id !== "scaling")
        .map((id) => statement({ id, ...(id === "iteration-complexity" ? { claims: [scaledSteps] } : {}) })),
      statement({
        id: "large-attention",
        kind: "control",
        of: "low-rank-update",
        leaves: "attention-scale: δ = 2, above 0.5",
        expects: "refuted",
        verdict: "refuted",
        events: [refutedEvent],
        // the control says nothing of the second: it is counted, without a verdict
        claims: [refutedClaim, claim({ title: "energy of ΔW_V where δ = 2" }, { models: 9, violators: [8] })],
      }),
      statement({
        id: "query-directions",
        kind: "finding",
        expects: "measured",
        verdict: "measured",
        events: [],
      }),
    ],
    lemmas: [
      {
        id: "gradient",
        title: "The analytic gradient is the derivative",
        provenance: { kind: "derived" },
        statement: "∇W_Q equals its differences.",
        proof: "Chain rule.",
        holds: false,
        examples: 17,
        nonTrivial: 12,
        worstMargin: { error: "Infinity", bound: 3.2e-14 },
        properties: [{ title: "<gradient, D> = difference", holds: false, examples: 17, nonTrivial: 12 }],
        counterexample: '{"seed":1}',
      },
    ],
    slopes: [
      {
        field: "eta",
        measured: "steps",
        expected: -1,
        rungs: [0.1, 0.3, 1],
        seeds: [1, 2],
        values: [
          [450, 440],
          [150, 160],
          [50, 45],
        ],
        slope: -0.9437,
        intercept: 3.9,
        interval: { lower: -0.961, upper: -0.927 },
        leaveOneRungOut: { lower: -0.97, upper: -0.91 },
        line: [445, 155, 48],
        lower: [440, 150, 45],
        upper: [450, 160, 50],
      },
    ],
    counterexamples: [
      {
        file: "low-rank-update.json",
        grade: "reproduced up to rounding",
        reasons: ["the core changed: another hash"],
        says: {
          theorem: "low-rank-update",
          claim: "energy of ΔW_Q beyond rank r",
          relation: { kind: "at most", bound: 0.03 },
          law: "base",
          broken: [{ hypothesis: "attention-scale", why: "delta must be in [0.01, 0.5], got 2 < 3" }],
          observed: "NaN",
          note: "theorycheck search low-rank-update",
        },
      },
      { file: "<broken>.json", grade: "not reproduced", reasons: ["<broken>.json must be JSON"] },
    ],
    boundaries: [
      {
        id: "low-rank-update-delta",
        boundary: boundary([{ field: "delta", hypothesis: "attention-scale", scale: "log", from: 0.01, to: 3 }]),
      },
      {
        id: "learnability-tau-eta",
        boundary: boundary([
          { field: "tau", hypothesis: "noise", scale: "linear", from: 0, to: 2 },
          { field: "eta", hypothesis: "step-size", scale: "log", from: 0.1, to: 10 },
        ]),
      },
    ],
    pruningCost: [0.5, 0.6].map((pruned, seed) => ({
      seed,
      points: [
        { pruned: 0, multiplyAdds: 1, kernel: 1, reference: 1 },
        { pruned, multiplyAdds: 1 - 0.6 * pruned, kernel: 1.02, reference: 1 - 0.5 * pruned },
      ],
    })),
    teeth: [
      {
        id: "sign",
        room: "model",
        file: "model/gradient.ts",
        description: "wrong sign",
        caughtBy: ["lemma gradient", "theorem learnability"],
        after: "3 examples",
        onlyTheorems: false,
      },
    ],
    strength: {
      format: "theorycheck strength",
      version: 1,
      theorycheck: "0.0.0",
      seed: 7,
      p0: 0.01,
      beta: 1e-3,
      cap: 2000,
      anyFalse: 3e-3,
      theorems: [
        strengthRow("base", { strongestP0: 0.008412 }),
        strengthRow("r4", { verdict: "inconclusive", violations: 30, models: 2000, strongestP0: 0.0213 }),
        strengthRow("base", { theorem: "learnability", verdict: "refuted", violations: 400 }),
      ],
      laws: [
        {
          law: "base",
          title: "the base law",
          together: { theorems: 2, models: 1000, satisfying: 597, limits: { lower: 0.55, upper: 0.64 } },
        },
      ],
    },
    inside: {
      format: "theorycheck search inside",
      version: 1,
      theorycheck: "0.0.0",
      seed: 7,
      budget: 60,
      worst: [
        {
          theorem: "low-rank-update",
          law: "base",
          claim: "energy of ΔW_Q beyond rank r",
          relation: { kind: "at most", bound: 0.03 },
          observed: 0.05,
          margin: -0.66,
          violated: true,
          onMostSeeds: false,
          theta,
          seed: 11,
        },
      ],
    },
    margins: [
      {
        law: "base",
        fields: [
          { field: "M", values: [3, 5, 9, 12] },
          { field: "alphaStar", values: [0.2, 0.3, 0.4, 0.55] },
        ],
        theorems: [{ theorem: "low-rank-update", margins: [0.9, 0.5, -0.04, "NaN"] }],
      },
    ],
    kept: [
      { file: "teeth.json", standing: "stale", changed: ["core"] },
      { file: "strength.json", standing: "current", changed: [] },
    ],
    calibration: {
      seed: 5,
      cap: 1500,
      runs: 40000,
      rows: [
        {
          p0: 0.05,
          alpha: 0.05,
          beta: 0.05,
          rate: 0.05,
          refuted: { count: 1660, limits: { lower: 0.038, upper: 0.0455 }, exact: 0.04181, nominal: 0.05, holds: true },
          certified: { count: 1300, limits: { lower: 0.03, upper: 0.035 }, exact: 0.0329, nominal: null, holds: true },
          inconclusive: 37040,
          medianModels: 1500,
        },
      ],
      joint: {
        runs: 20000,
        cap: 1000,
        rows: [0.05, 0.08].map((rate) => ({
          p0: 0.05,
          alpha: 0.05,
          beta: 0.05,
          overlap: "disjoint" as const,
          rate,
          claimRate: rate / 4,
          refuted: { count: 355, limits: { lower: 0.0145, upper: 0.0214 }, exact: 0.01775, nominal: null, holds: true },
          certified: {
            count: 808,
            limits: { lower: 0.0352, upper: 0.0461 },
            exact: 0.0404,
            nominal: 0.05,
            holds: true,
          },
          inconclusive: 18837,
          medianModels: 618.5,
          claimByClaim: rate === 0.05 ? null : { runs: 2000, certified: 1936, limits: { lower: 0.951, upper: 0.981 } },
        })),
      },
    },
    figures: {
      base: [
        { steps: 120, eta: 0.31, delta: 0.07, majority: 0.31, attentionRise: 0.0021 },
        { steps: 400, eta: 0.1, delta: 0.3, majority: 0.25, attentionRise: "NaN" },
      ],
      spectra: [{ law: "base", r: 2, models: [each([1, 0.8, 0.001, 1e-5]), each([1, 0.7, 0.002])] }],
      strengths: [{ r: 2, models: [each([1, 0.9, 0.1, 0.05])] }],
      portraits: [0.7, 1.3].map((scale) => ({
        relativeNorms: [...growing(0.3 * scale, 4), ...growing(12 * scale, 4)],
        smallNeurons: 4,
        pruning: Object.fromEntries(
          ["smallest first", "at random", "largest first"].map((order) => [
            order,
            { hinge: PRUNED_FRACTIONS.map((fraction) => scale * fraction), error: PRUNED_FRACTIONS.map(() => 0) },
          ]),
        ),
        hingeAtRank: [0.9 * scale, 0.1, 0, 0, 0, 0, 0],
        training: {
          steps: [1, 2, 10],
          batchHinge: [1, 0.9, 0],
          gradientTail: each([0.0001, 0.001, "NaN"]),
          singularValues: each([growing(0.01, 3), growing(0.008, 3)]),
          attention: [0.3, 0.31, 0.4],
        },
      })),
    },
  });
}
