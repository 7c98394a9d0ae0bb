import type { Presentation } from "../presentation.ts";
import type { Results, StatementResult } from "../results.ts";

type ProvenanceData = StatementResult["provenance"];

/** Where a statement comes from, in a few words. */
export function sourceOf({ kind, item }: ProvenanceData): string {
  return {
    abstract: `abstract, item ${item}`,
    companion: "companion",
    derived: "derived",
    observed: "observed",
  }[kind];
}

/** Where a statement comes from, in plain words. */
export function provenanceSentence({ kind, item = 0, note }: ProvenanceData, { sources }: Presentation): string {
  const sentence = {
    abstract: sources.abstract(item),
    companion: sources.companion,
    derived: "It follows from the definitions or from another statement; its form and its bounds are ours.",
    observed: "Nobody’s theorem: it was observed on the pilot’s models, and then held against new ones.",
  }[kind];
  return note === undefined ? sentence : `${sentence} (${note[0]?.toUpperCase()}${note.slice(1)}.)`;
}

/** What a law is called at the head of a column. */
export function lawName(law: string, { lawNames = {} }: Presentation): string {
  return Object.hasOwn(lawNames, law) ? (lawNames[law] as string) : law;
}

/** The command that trains the decisive model of a claim again, from the options that say its law. */
export function replayCommand(lawOptions: string, seed: number): string {
  return `npx theorycheck train ${lawOptions} --seed ${seed}`;
}

/** Whether a statement came out as its kind expects; null for what is only measured. */
export function asExpected({ verdict, expects }: StatementResult): boolean | null {
  return expects === "measured" ? null : verdict === expects;
}

/** The number of a law's hypothesis, by name. */
export function hypothesisStatement(results: Results, lawId: string, name: string): string | undefined {
  return results.laws.find(({ id }) => id === lawId)?.hypotheses.find((one) => one.name === name)?.statement;
}
