import type { SourceStatement, Work } from "../src/claim/source.ts";

/** The works that the theorems come from. */
export const works = {
  SAM: {
    title: "Learning on Transformers is Provable Low-Rank and Sparse: A One-layer Analysis",
    place: "IEEE SAM 2024",
    cited: "arXiv 2406.17167",
    url: "https://arxiv.org/abs/2406.17167",
  },
  ViT: {
    title:
      "A Theoretical Understanding of Shallow Vision Transformers: Learning, Generalization, and Sample Complexity",
    place: "ICLR 2023",
    cited: "arXiv 2302.06015",
    url: "https://arxiv.org/abs/2302.06015",
  },
  ICL: {
    title: "How Do Nonlinear Transformers Learn and Generalize in In-Context Learning?",
    place: "ICML 2024",
    cited: "arXiv 2402.15607",
    url: "https://arxiv.org/abs/2402.15607",
  },
  TV: {
    title:
      "When is Task Vector Provably Effective for Model Editing? A Generalization Analysis of Nonlinear Transformers",
    place: "ICLR 2025",
    cited: "arXiv 2504.10957",
    url: "https://arxiv.org/abs/2504.10957",
  },
} as const satisfies Readonly<Record<string, Work>>;

/**
 * Every statement of these works that this project knows of, in its own words, with the grade of what is known: A from the
 * authors' own abstract or slides, B from summaries by others, ? not to be had. What formalises it, or why nothing does.
 */
export const sourceStatements: readonly SourceStatement<keyof typeof works>[] = [
  {
    row: 1,
    work: "SAM",
    item: 2,
    grade: "A",
    says: "gradient updates of the trainable parameters are low-rank; the rank depends on the number of label-relevant patterns",
    formalisedBy: [
      "low-rank-update",
      "low-rank-output",
      "low-rank-step",
      "rank-needs-r",
      "low-rank-adaptation",
      "relevant-directions",
      "rank-follows-classes",
      "query-directions",
      "value-directions",
      "key-query-rank",
      "query-rank",
    ],
    why: "rank in the sense of energy, at most r; that the rank grows with r is refuted here, where it follows the two classes",
  },
  {
    row: 2,
    work: "SAM",
    item: 1,
    grade: "A",
    says: "the model that SGD converges to is characterised",
    formalisedBy: ["learnability", "relevant-directions", "sparse-neurons"],
    why: "convergence and test performance; the characterisation as far as low rank and sparsity go",
  },
  {
    row: 3,
    work: "SAM",
    item: 3,
    grade: "A",
    says: "proper magnitude pruning has a slight effect on the test performance and saves computation",
    formalisedBy: ["sparse-neurons", "pruning-is-free", "compaction"],
    why: "proper: the small ones of two clusters of neurons; the saving is counted exactly by a lemma",
  },
  {
    row: 4,
    work: "SAM",
    grade: "B",
    says: "according to summaries: binary classification with the hinge loss; orthogonal patterns, two of them discriminative; labels by majority vote; noise below the order of 1/M",
    formalisedBy: [],
    why: "this is the data model of every law, not a statement about it; the laws allow more noise than that",
  },
  {
    row: 5,
    work: "SAM",
    grade: "B",
    says: "according to summaries: the changes of W_Q, W_K, W_V concentrate on the label-relevant directions, with an effective rank of 2 in experiments",
    formalisedBy: ["relevant-directions", "query-directions-base", "query-directions", "value-directions"],
    why: "as an order of ‖ΔW μ‖, for W_V; for W_Q it is a finding that it is often not so",
  },
  {
    row: 6,
    work: "SAM",
    grade: "B",
    says: "according to summaries: W_O becomes sparse, and corollaries bound what pruning does",
    formalisedBy: ["sparse-neurons", "pruning-is-free", "pruning-must-be-small"],
    why: "sparse as many small rows beside large ones; the corollaries' forms are not known here",
  },
  {
    row: 7,
    work: "SAM",
    grade: "?",
    says: "not to be had: α*, α#, whether the readout is per position, every constant and every exponent",
    formalisedBy: [],
    why: "nothing can be held to what is not known: both readouts are judged, and constants and exponents are this project's",
  },
  {
    row: 8,
    work: "ViT",
    grade: "A",
    says: "a readout for each position, fixed at random; average pooling over the tokens",
    formalisedBy: [],
    why: "this is the model of the per-position law, not a statement about it",
  },
  {
    row: 9,
    work: "ViT",
    grade: "A",
    says: "zero generalisation error where m ≳ M² log N, α* ≥ α#/c with c in (0, 1/(2e)), N ≥ Ω(α*^(−2)), T = Θ(α*^(−1)·η^(−1))",
    formalisedBy: [
      "iteration-complexity",
      "generalisation",
      "sample-complexity",
      "steps-depend-on-little",
      "steps-and-margin",
    ],
    why: "T and N as growth laws, with the margin α* − α# in the place of α*; of the width only that four neurons are too few (a control), since the condition as it stands leaves no model of the laws' widths",
  },
  {
    row: 10,
    work: "ViT",
    grade: "A",
    says: "the summed attention on label-relevant tokens tends to 1 − η^C, at rate O(1/t)",
    formalisedBy: ["attention-moves-to-relevant", "attention-concentrates"],
    why: "the direction only: the hinge loss is met long before attention concentrates, which is a finding",
  },
  {
    row: 11,
    work: "ICL",
    grade: "A",
    says: "a shared readout; W_Q, W_K, W_V start at a small multiple of the identity, W_O Gaussian; hinge loss, SGD",
    formalisedBy: [],
    why: "this is the model of the laws with a shared readout, not a statement about it; here W_V starts at a multiple of a random orthonormal matrix",
  },
  {
    row: 12,
    work: "ICL",
    grade: "A",
    says: "a constant fraction of the neurons is large, the rest small; pruning all small ones costs O(ε + M^(−1/2)), pruning a fraction R of the large ones above Ω(R)",
    formalisedBy: ["pruning-must-be-small", "pruning-in-proportion"],
    why: "the lower bound in R, with an upper one beside it; that the small ones cost little is pruning-is-free, which comes from the abstract",
  },
  {
    row: 13,
    work: "ICL",
    grade: "A",
    says: "a figure: norms are bimodal, some 15–18 % small; magnitude pruning is harmless up to that share, random pruning hurts from the start",
    formalisedBy: ["magnitude-beats-random"],
    why: "as a comparison at the share of the small cluster; the share itself is the split's, and differs here",
  },
  {
    row: 14,
    work: "TV",
    grade: "A",
    says: "low-rank approximations of the updates of W = W_Kᵀ W_Q and V = W_O W_V err by at most M·ε + 1/log M and Θ(ε); rank 1 for one signed pattern",
    formalisedBy: ["low-rank-merged", "merged-attention-form", "merged-tail-and-target"],
    why: "with r in the place of 1; the bound on ΔW is met by rank 0 and says nothing here, and what is left of ΔV does not shrink with ε: findings",
  },
  {
    row: 15,
    work: "TV",
    grade: "A",
    says: "rows of ΔV: a constant fraction has norm at least Ω(m^(−1/2)), the rest at most O(m^(−1/2)·ε), and these may be pruned",
    formalisedBy: ["sparse-merged", "merged-tail-and-target"],
    why: "two sorts of rows, the large ones in the order of m^(−1/2); the small ones follow ξ, not ε: growth, and a finding",
  },
];
