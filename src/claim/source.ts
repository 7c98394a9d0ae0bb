/** What is known of the sources that statements formalise: data for reports and lists, which no verdict reads. */

/** A work that statements come from. */
export interface Work {
  readonly title: string;
  readonly place: string;
  /** As notes name it. */
  readonly cited: string;
  readonly url: string;
}

/** One statement of a work, in our words. */
export interface SourceStatement<W extends string = string> {
  /** Its number, from 1. */
  readonly row: number;
  /** Key of the work. */
  readonly work: W;
  /** The item of the abstract that provenance names, where it is one. */
  readonly item?: number;
  /** A: the authors' own abstract or slides. B: summaries by others who had the text. ?: not to be had. */
  readonly grade: "A" | "B" | "?";
  readonly says: string;
  /** ids of theorems, findings and lemmas; none where nothing formalises it. */
  readonly formalisedBy: readonly string[];
  /** What of it they formalise, or why nothing does. */
  readonly why: string;
}

/** What the works state, and the works by their keys. */
export interface SourceList {
  readonly works: Readonly<Record<string, Work>>;
  readonly statements: readonly SourceStatement[];
}

/** In words: what a grade means. */
export const GRADES: Readonly<Record<SourceStatement["grade"], string>> = {
  A: "the authors' own abstract or slides",
  B: "summaries by others who had the text",
  "?": "not to be had",
};
