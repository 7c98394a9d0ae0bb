import { atLeast } from "../src/claim/claim.ts";
import { abstract } from "../src/claim/provenance.ts";
import { median } from "../src/evidence/median.ts";
import { theorem } from "../src/transformer/experiment.ts";
import { baseLaw, fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "../src/transformer/laws.ts";
import type { Run } from "../src/transformer/measure/run.ts";

export const sparseNeurons = theorem({
  id: "sparse-neurons",
  title: "Many neurons stay small, and the others are much larger",
  formula: String.raw`S = \bigl\{ i : \lVert w_i \rVert \le 3\,\xi \sqrt{m_a} \bigr\} \qquad \frac{|S|}{m} \ \ge\ b, \qquad \frac{\operatorname{median}_{i \notin S} \lVert w_i \rVert}{\operatorname{median}_{i \in S} \lVert w_i \rVert} \ \ge\ b`,
  provenance: abstract(3),
  deviates: "small means within 3·ξ·√m_a of zero; the bounds are this project's",
  laws: [baseLaw, fourPatternsLaw, sixPatternsLaw, perPositionLaw],
  hypotheses: [
    "width",
    "value-dimension",
    "majority",
    "noise",
    "output-scale",
    "step-size",
    "training-budget",
    "label-rule",
  ],
  claims: [
    atLeast("fraction of neurons within 3·ξ·√m_a of zero", 0.15, (run) => small(run).length / run.theta.m),
    atLeast("median norm of the others over theirs", 3, (run) => median(others(run)) / median(small(run))),
  ],
});

const reach = ({ xi, ma }: Run["theta"]) => 3 * xi * Math.sqrt(ma);
const small = (run: Run) => [...run.neuronNorms].filter((norm) => norm <= reach(run.theta));
const others = (run: Run) => [...run.neuronNorms].filter((norm) => norm > reach(run.theta));
