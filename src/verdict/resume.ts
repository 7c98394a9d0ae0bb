import { type JudgedEvent, trialSeed } from "../claim/population.ts";
import { type Counts, MAX_MODELS } from "../evidence/e-process.ts";
import type { Hashes } from "../experiment/hashes.ts";
import { InvalidInput } from "../invalid-input.ts";

/** Which models a run judged: with the run's seed, the number of trials of each law gives every model's seed. */
export interface RunSeeds {
  readonly seed: number;
  /** by law id */
  readonly trials: Readonly<Record<string, number>>;
}

/** What a run leaves behind, for another to go on from. */
export interface EarlierRun extends RunSeeds {
  readonly coreHash: string;
  readonly lawHashes: Readonly<Record<string, string>>;
  readonly statementHashes: Readonly<Record<string, string>>;
  /** Of the module that declares them all, with all that it imports; none where that is not known. */
  readonly declarations?: string | undefined;
  /** By event key: the counts that its verdict, or lack of one, rests on, those of earlier runs included. */
  readonly counts: ReadonlyMap<string, Counts & { readonly p0: number }>;
  /** Each verdict's share of α, the smallest of the run and those before it. */
  readonly alphaPerVerdict: number;
  /** Each verdict's β, the smallest of the run and those before it. */
  readonly beta: number;
  /** The runs that it went on from itself. */
  readonly earlier: readonly RunSeeds[];
}

/** Evidence carried over, and the models that may not be counted again. */
export interface Continuation {
  readonly runs: readonly RunSeeds[];
  /** No verdict that is carried over may have a larger share of α than this. */
  readonly alphaPerVerdict: number;
  /** Nor a larger β. */
  readonly beta: number;
  /** The counts to go on from; undefined where the earlier run did not judge the event. */
  readonly countsOf: (event: JudgedEvent, p0: number) => Counts | undefined;
  /** @throws InvalidInput where an earlier run judged the trial with this seed */
  readonly requireNew: (lawId: string, seed: number) => void;
}

/**
 * Goes on from an earlier run: its models and this run's are independent draws of the same law, so that each event's
 * e-process simply continues. Whatever made somebody start the second run, and wherever the first stopped, is covered,
 * since Ville's inequality holds at all n together. The same 100 clean models counted twice would certify, so no seed
 * may occur twice. All runs of an event have to be among them: those left out because of their outcome bias the rest.
 *
 * Why not the product of the runs' e-values, each started afresh, which is sound too: it pays for the unknown p once a
 * run (½ ln n each), so that twice 79 clean models give ln C = 6.5, and 158 together 6.9. The larger of the two is not
 * sound. Neither is a larger share of α, or a larger β, than the event had before: it would be chosen with the evidence
 * in view.
 *
 * @throws InvalidInput where the earlier runs had more models than anything is tested for, the core or the declarations changed, or the run has a seed that was used before; `countsOf` where the law,
 * the declaration or p₀ changed
 */
export function continueFrom(earlier: EarlierRun, hashes: Hashes, seed: number): Continuation {
  if (earlier.coreHash !== hashes.core) {
    throw new InvalidInput(
      `resume requires the same core, got ${short(earlier.coreHash)} then and ${short(hashes.core)} now`,
    );
  }
  requireSameDeclarations(earlier, hashes);
  const runs = [...earlier.earlier, { seed: earlier.seed, trials: earlier.trials }];
  if (runs.some((run) => run.seed === seed)) {
    throw new InvalidInput(
      `resume requires a seed that no earlier run had, got ${seed} again: its models would count twice`,
    );
  }
  const judged = runs.flatMap(({ trials }) => Object.values(trials)).reduce((sum, trials) => sum + trials, 0);
  if (judged > MAX_MODELS) {
    throw new InvalidInput(`resume requires at most ${MAX_MODELS} models of all runs before, got ${judged}`);
  }
  const used = new Set(
    runs.flatMap((run) =>
      Object.entries(run.trials).flatMap(([lawId, trials]) =>
        Array.from({ length: trials }, (_, index) => `${lawId} ${trialSeed(run.seed, lawId, index)}`),
      ),
    ),
  );
  return {
    runs,
    alphaPerVerdict: earlier.alphaPerVerdict,
    beta: earlier.beta,
    countsOf: ({ statement, law, key }, p0) => {
      const counts = earlier.counts.get(key);
      if (counts === undefined) return undefined;
      if (earlier.lawHashes[law.id] !== law.hash) {
        throw new InvalidInput(`resume requires the same law ${law.id}, which has changed since`);
      }
      if (earlier.statementHashes[statement.id] !== hashes.statements[statement.id]) {
        throw new InvalidInput(`resume requires the same declaration of ${statement.id}, which has changed since`);
      }
      if (counts.p0 !== p0) {
        throw new InvalidInput(`resume requires the same p0 for ${statement.id}, got ${counts.p0} then and ${p0} now`);
      }
      return { n: counts.n, violations: counts.violations };
    },
    requireNew: (lawId, trialOfRun) => {
      if (used.has(`${lawId} ${trialOfRun}`)) {
        throw new InvalidInput(`resume requires new models, got seed ${trialOfRun} of law ${lawId} a second time`);
      }
    },
  };
}

/** Evidence is about what was declared, and what that read: a run goes on only where all of it is still the same. */
function requireSameDeclarations({ declarations }: EarlierRun, now: Hashes): void {
  if (typeof now.declarations !== "string") {
    throw new InvalidInput(
      `resume requires declarations of which all that they read is known, but ${now.declarations.unknown}`,
    );
  }
  if (declarations === undefined) {
    throw new InvalidInput("resume requires results that state the hash of all declarations, got none");
  }
  if (declarations !== now.declarations) {
    throw new InvalidInput(
      "resume requires the same declarations: their module, or what it imports, has changed since",
    );
  }
}

function short(hash: string): string {
  return hash.slice(0, 12);
}
