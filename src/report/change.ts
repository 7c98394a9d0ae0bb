import type { EncodedNumber } from "../json-number.ts";

/** What a change is about, in the order in which changes are told. */
export const TOPICS = [
  "verdicts",
  "what is stated",
  "worst cases",
  "strength",
  "lemmas",
  "counterexamples",
  "exponents",
  "standards",
] as const;

/** One thing that two runs say differently. */
export interface Change {
  readonly topic: (typeof TOPICS)[number];
  /** "theorem low-rank-update", "lemma gradient", "law base". */
  readonly subject: string;
  /** On which law, and of which claim, where it is about one. */
  readonly law?: string;
  readonly claim?: string;
  /** What of it: "verdict", "bound", "worst". */
  readonly what: string;
  /** What each run says; null where it says nothing. */
  readonly old: EncodedNumber | string | null;
  readonly new: EncodedNumber | string | null;
  /** Whether the new one is worse, as far as that can be told: nearer to its bound, weaker. */
  readonly worse?: boolean;
  /** Whether it must not pass in silence: a verdict lost, or a statement that says less than before. */
  readonly regression: boolean;
}

/** Pairs of what both have under a key, and what only one has. */
export function paired<T>(old: readonly T[], now: readonly T[], keyOf: (each: T) => string) {
  const after = new Map(now.map((each) => [keyOf(each), each]));
  const before = new Set(old.map(keyOf));
  return {
    both: old.flatMap((each) => {
      const other = after.get(keyOf(each));
      return other === undefined ? [] : [[each, other] as const];
    }),
    gone: old.filter((each) => !after.has(keyOf(each))),
    come: now.filter((each) => !before.has(keyOf(each))),
  };
}
