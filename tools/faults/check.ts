import pLimit from "p-limit";

/** Something that is tried once. */
export interface Check {
  readonly name: string;
  /** What came out wrong, a sentence each; none where all is right. */
  readonly run: () => Promise<readonly string[]>;
  /** Why it cannot be tried on this machine; it then counts neither way. */
  readonly leftOut?: string | undefined;
}

/** What became of a check. */
export interface Outcome {
  readonly name: string;
  readonly wrong: readonly string[];
  readonly leftOut?: string | undefined;
}

/** A kind of fault, and the checks of it. */
export interface Part {
  readonly name: string;
  readonly title: string;
  /** How many checks at a time, at most. */
  readonly lanes?: number;
  readonly checks: (ground: Ground) => Promise<Checks> | Checks;
}

export interface Checks {
  readonly checks: readonly Check[];
  /** Ends what the checks share. */
  readonly close?: () => Promise<void>;
}

/** What every part is given. */
export interface Ground {
  /** What is tried: the words that start the program. */
  readonly program: readonly string[];
  /** A checkout with `dist/`. */
  readonly project: string;
  /** Absolute path of a folder that is the run's own, and is removed after it. */
  readonly folder: string;
  readonly seed: number;
  /** Only what CI has time for. */
  readonly quick: boolean;
}

/** Tries all, some at a time; outcomes are in the order of the checks. What a check throws is a fault that it found. */
export async function tryAll(
  checks: readonly Check[],
  lanes: number,
  tell: (outcome: Outcome) => void,
): Promise<readonly Outcome[]> {
  const limit = pLimit(lanes);
  return Promise.all(
    checks.map(({ name, run, leftOut }) =>
      limit(async () => {
        const wrong = leftOut === undefined ? await run().catch((error: unknown) => [`the check threw ${error}`]) : [];
        const outcome = { name, wrong, ...(leftOut === undefined ? {} : { leftOut }) };
        tell(outcome);
        return outcome;
      }),
    ),
  );
}

/** Every n-th of a table, so that a few stand for each of its neighbourhoods. */
export function everyNth<T>(all: readonly T[], n: number): readonly T[] {
  return all.filter((_, i) => i % n === 0);
}
