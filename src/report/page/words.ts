import type { Results, StatementResult } from "../results.ts";

/** What the paper's abstract says, item by item, in this project's words. */
const ABSTRACT: Readonly<Record<number, string>> = {
  1: "SGD on data of label-relevant and label-irrelevant patterns converges, and the trained model can be characterised",
  2: "the gradient updates are low-rank, with a rank that depends on the number of label-relevant patterns",
  3: "proper magnitude-based pruning changes the test performance only slightly",
};

type ProvenanceData = StatementResult["provenance"];

/** Where a statement comes from, in a few words. */
export function sourceOf({ kind, item }: ProvenanceData): string {
  return {
    abstract: `abstract, item ${item}`,
    companion: "companion paper",
    derived: "derived",
    observed: "observed",
  }[kind];
}

/** Where a statement comes from, in plain words. */
export function provenanceSentence(provenance: ProvenanceData): string {
  const { kind, item = 0, note } = provenance;
  const sentence = {
    abstract: `The paper’s abstract says that ${ABSTRACT[item]}. This is our formalisation of it, and the bounds are ours: the abstract states no constants.`,
    companion:
      "The same authors’ companion paper on shallow Vision Transformers (arXiv 2302.06015) says it in spirit; this form of it and its bounds are ours.",
    derived: "It follows from the definitions or from another statement; its form and its bounds are ours.",
    observed: "Nobody’s theorem: it was observed on the pilot’s models, and then held against new ones.",
  }[kind];
  return note === undefined ? sentence : `${sentence} (${note[0]?.toUpperCase()}${note.slice(1)}.)`;
}

/** The command that trains the decisive model of a claim again. */
export function replayCommand(law: string, seed: number): string {
  return `npx theorycheck train --law ${law} --seed ${seed}`;
}

/** Whether a statement came out as its kind expects; null for what is only measured. */
export function asExpected({ verdict, expects }: StatementResult): boolean | null {
  return expects === "measured" ? null : verdict === expects;
}

/** The number of a law's hypothesis, by name. */
export function hypothesisStatement(results: Results, lawId: string, name: string): string | undefined {
  return results.laws.find(({ id }) => id === lawId)?.hypotheses.find((one) => one.name === name)?.statement;
}
