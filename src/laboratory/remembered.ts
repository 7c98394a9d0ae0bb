import type { Population } from "../claim/population.ts";
import type { Closure } from "./closure.ts";
import { coreHash, coreSources } from "./fingerprint.ts";
import { type Warn, warnOnStderr } from "./line-store.ts";
import { areUnchanged, sha256 } from "./sources.ts";
import { TrialStore } from "./trial-store.ts";
import type { EngineName } from "./worker.ts";

const LOCALE = new Intl.NumberFormat().resolvedOptions().locale;

/** Where a run looks for trials before it trains them. */
export interface Remembered {
  readonly find: TrialStore["find"];
  readonly keep: TrialStore["keep"];
  readonly save: () => void;
}

/**
 * The stored trials of populations, a store each, or none where the closure of the declarations is not known: then
 * nothing is read or written, and that is said with the reason.
 *
 * The key of a trial holds the closure of the whole module that the run judges, not of the file that declares one claim:
 * modules can change what another one exports, so that nothing less says what a claim observes. It holds the version of
 * Node as well: `Math.exp` and its like differ by a bit from one to the next, and a claim may use them; and the locale,
 * which `toLocaleString` and its like read.
 */
export function openRemembered(
  folder: string | undefined,
  populations: readonly Population[],
  closure: Closure,
  engine: EngineName,
  warn: Warn = warnOnStderr,
): ReadonlyMap<string, Remembered> {
  if (folder === undefined) return new Map();
  const [reason, ...others] = closure.unknown;
  if (reason !== undefined) {
    warn(`store not used: ${reason}${others.length === 0 ? "" : `, and ${others.length} more such reasons`}`);
    return new Map();
  }
  let isTold = false;
  // who trained first may have loaded the files as they were, and who came later as they are now
  const changed = () => {
    if (areUnchanged(closure.sources) && areUnchanged(coreSources())) return false;
    if (!isTold) warn("store not written: what the models depend on was changed while they were trained");
    isTold = true;
    return true;
  };
  return new Map(
    populations.map(({ law, claims }) => {
      const key = sha256(JSON.stringify([coreHash(), closure.hash, law.id, law.hash, engine, process.version, LOCALE]));
      const keys = claims.map((claim) => claim.key);
      const store = new TrialStore(folder, key, keys, warn);
      return [
        law.id,
        {
          find: (seed, detail) => store.find(seed, detail),
          keep: (trial) => store.keep(trial),
          save: () => {
            if (!changed()) store.save();
          },
        },
      ];
    }),
  );
}
