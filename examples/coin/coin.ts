import { atMost } from "../../src/claim/claim.ts";
import { derived } from "../../src/claim/provenance.ts";
import { experiment } from "../../src/experiment/experiment.ts";
import { statementsOf } from "../../src/experiment/statements-of.ts";
import { constant, integer, real } from "../../src/law/range.ts";

const chance = { kind: "real", from: 0, to: 1, widest: real(0, 1) } as const;

/** Tosses of a coin that may remember: the whole of an experiment. The fields of θ, and what is measured of one run. */
export const coin = experiment({
  id: "coin",
  fields: {
    bias: { ...chance, symbol: "p", meaning: "chance of heads", hypothesis: "fairness", simplest: "middle" },
    memory: { ...chance, symbol: "μ", meaning: "chance to repeat", hypothesis: "independence", simplest: "low" },
    tosses: {
      kind: "integer",
      from: 1,
      to: 10_000,
      symbol: "n",
      meaning: "tosses",
      hypothesis: "length",
      widest: integer(1, 1000),
      simplest: "low",
      cost: 1,
    },
  },
  measure: ({ bias, memory, tosses }, random) => {
    const [toss, repeat] = [random("toss"), random("repeat")];
    let isHeads = false;
    let [heads, inARow, longestRun] = [0, 0, 0];
    for (let i = 0; i < tosses; i++) {
      const before = isHeads;
      if (i === 0 || repeat.uniform() >= memory) isHeads = toss.uniform() < bias;
      inARow = isHeads === before ? inARow + 1 : 1;
      longestRun = Math.max(longestRun, inARow);
      if (isHeads) heads++;
    }
    return { heads, longestRun };
  },
});

/** What a claim observes: what was measured, and θ. */
type Run = ReturnType<typeof coin.run>;

const { law, theorem, control } = statementsOf(coin);

const INDEPENDENT = { bias: real(0.2, 0.8), memory: constant(0), tosses: integer(20, 200) };

export const independent = law({ id: "independent", title: "coins without a memory", ranges: INDEPENDENT });

export const remembering = law({
  id: "remembering",
  title: "coins with a memory",
  ranges: { ...INDEPENDENT, memory: real(0.8, 0.95), tosses: integer(100, 200) },
});

/** With probability at least 1 − δ an average of n tosses is no further than this over √n from p. */
const hoeffding = (delta: number) => Math.sqrt(Math.log(2 / delta) / 2);

const distance = atMost("√n·|heads/n − p|", hoeffding(0.02), ({ heads, theta: { bias, tosses } }: Run) => {
  return Math.sqrt(tosses) * Math.abs(heads / tosses - bias);
});

/** It holds. */
export const headsNearBias = theorem({
  id: "heads-near-bias",
  title: "The share of heads is near the chance of heads",
  formula: String.raw`\left|\frac{1}{n}\sum_{i=1}^{n} x_i - p\right| \le \sqrt{\frac{\ln(2/\delta)}{2n}}`,
  provenance: derived("Hoeffding (1963), with δ = 2 %, below the 5 % of models that may violate it"),
  law: independent,
  hypotheses: ["independence"],
  claims: [distance],
});

/** It does not hold, and is refuted. */
export const shortRuns = theorem({
  id: "short-runs",
  title: "No side comes more than five times in a row",
  provenance: derived("what people write down who are asked for chance"),
  law: independent,
  noControl: "it does not hold in the first place",
  claims: [atMost("longest run", 5, (run) => run.longestRun)],
});

/** Without independence the theorem is false: what certifies it does not certify anything. */
export const withMemory = control({
  id: "with-memory",
  of: "heads-near-bias",
  title: "The share of heads of a coin with a memory is near the chance of heads",
  leaves: { hypothesis: "independence", how: "a toss repeats the one before in four of five cases and more" },
  provenance: derived("the variance grows by (1 + μ)/(1 − μ)"),
  law: remembering,
  claims: [distance],
});
