import { shortNumber } from "../../src/report/encode.ts";
import { tokenCounts, type UpdatedMatrix } from "../../src/transformer/notation.ts";
import { pointAt } from "../charts/pruning.ts";
import type { JudgedModel } from "../worker/judged-model.ts";
import type { Snapshot } from "../worker/session.ts";

/** A model at rest, and what was judged of it. */
export interface WorkedModel {
  readonly snapshot: Snapshot;
  readonly judged: JudgedModel;
}

/** What a claim observes, with this model's numbers in its formula. */
export interface Worked {
  readonly text: string;
  readonly value: number;
}

type Work = (model: WorkedModel) => Worked | undefined;

/** By statement and title, those whose numbers the page has; of the others the number that was observed is all there is. */
const WORKED: Readonly<Record<string, Readonly<Record<string, Work>>>> = {
  learnability: {
    "training hinge where SGD ends": ({ snapshot: { trainHinge, theta } }) => ({
      text: `(1/${theta.N}) Σₙ max(0, 1 − yₙ s(Xₙ))`,
      value: trainHinge,
    }),
  },
  "iteration-complexity": {
    "T·η·(n* − n#)/L": ({ snapshot: { theta, steps, outcome } }) => {
      if (outcome !== "converged") return undefined;
      const { nStar, nSharp } = tokenCounts(theta);
      return {
        text: `${steps} · ${shortNumber(theta.eta)} · (${nStar} − ${nSharp}) / ${theta.L}`,
        value: (steps * theta.eta * (nStar - nSharp)) / theta.L,
      };
    },
  },
  "low-rank-update": Object.fromEntries(
    (["WQ", "WK", "WV"] as const).map((name) => [
      `energy of Δ${name[0]}_${name[1]} beyond rank r`,
      ({ snapshot }) => tailOf(snapshot, name, snapshot.theta.r),
    ]),
  ),
  "rank-needs-r": { "energy of ΔW_V beyond rank 1": ({ snapshot }) => tailOf(snapshot, "WV", 1) },
  "relevant-directions": {
    "least relevant over largest irrelevant ‖ΔW_V μ‖": ({ snapshot: { frame, theta } }) => {
      const strengths = frame.strengths.WV;
      const least = Math.min(...strengths.slice(0, theta.r));
      const most = Math.max(...strengths.slice(theta.r));
      return { text: `${shortNumber(least)} / ${shortNumber(most)}`, value: least / most };
    },
  },
  "sparse-neurons": {
    "fraction of neurons within 3·ξ·√m_a of zero": ({ snapshot: { frame, theta } }) => {
      const { norms } = frame.neurons;
      if (norms.length < theta.m) return undefined;
      const reach = 3 * theta.xi * Math.sqrt(theta.ma);
      const small = norms.filter((norm) => norm <= reach).length;
      return { text: `${small} / ${theta.m}, within ${shortNumber(reach)} of zero`, value: small / theta.m };
    },
  },
  "pruning-is-free": {
    "change of the test hinge without the small cluster": ({ judged }) => {
      const curve = judged.pruning.find(({ order }) => order === "smallest");
      if (curve === undefined) return undefined;
      const [whole, pruned] = [pointAt(curve, 0), pointAt(curve, judged.small)];
      if (pruned.count !== judged.small) return undefined;
      return {
        text: `|${shortNumber(pruned.hinge)} − ${shortNumber(whole.hinge)}|, without ${judged.small} neurons`,
        value: Math.abs(pruned.hinge - whole.hinge),
      };
    },
  },
  "attention-moves-to-relevant": {
    "rise of the mean attention on label-relevant test tokens": ({ snapshot: { history, steps } }) => {
      const { steps: looked, relevantAttention } = history.coarse;
      if (looked.at(-1) !== steps) return undefined;
      const [before, after] = [relevantAttention[0]!, relevantAttention.at(-1)!];
      return { text: `${digits(after)} − ${digits(before)}`, value: after - before };
    },
  },
};

/** Undefined where the page has no more than the number that was observed. */
export function worked(statement: string, title: string, model: WorkedModel): Worked | undefined {
  const found = WORKED[statement]?.[title]?.(model);
  return found !== undefined && Number.isFinite(found.value) ? found : undefined;
}

function tailOf({ frame }: Snapshot, name: UpdatedMatrix, rank: number): Worked | undefined {
  const squares = frame.singularValues[name].map((sigma) => sigma ** 2);
  const [whole, tail] = [sum(squares), sum(squares.slice(rank))];
  return { text: `${shortNumber(tail)} / ${shortNumber(whole)}`, value: tail / whole };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Two numbers that hardly differ are told apart. */
function digits(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** The fields of θ that a formula in TeX reads, with this model's values: "r = 2, ε = 0.001". */
export function numbersIn(tex: string, { theta, steps }: Pick<Snapshot, "theta" | "steps">): string {
  const { nStar, nSharp } = tokenCounts(theta);
  // what stands in words, in operators' names and in indices is no symbol
  const bare = tex.replace(/\\(?:text|operatorname)\{[^}]*\}/g, " ");
  const named: readonly (readonly [pattern: RegExp, letter: string, value: number])[] = [
    [/(?<![\\A-Za-z])r(?![A-Za-z])/, "r", theta.r],
    [/(?<![\\A-Za-z])T(?![A-Za-z])/, "T", steps],
    [/(?<![\\A-Za-z])L(?![A-Za-z])/, "L", theta.L],
    [/n\^\{\*\}/, "n*", nStar],
    [/n\^\{\\#\}/, "n#", nSharp],
    [/(?<![\\A-Za-z])m(?![A-Za-z_])/, "m", theta.m],
    [/m_a/, "mₐ", theta.ma],
    [/(?<![\\A-Za-z{])N(?![A-Za-z])|\{N\}/, "N", theta.N],
    [/\\eta(?![A-Za-z])/, "η", theta.eta],
    [/\\xi(?![A-Za-z])/, "ξ", theta.xi],
    [/\\varepsilon/, "ε", theta.epsilon],
  ];
  return named
    .filter(([pattern]) => pattern.test(bare))
    .map(([, letter, value]) => `${letter} = ${shortNumber(value)}`)
    .join(", ");
}
