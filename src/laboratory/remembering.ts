import { z } from "zod";
import type { Laboratory } from "../experiment/laboratory.ts";
import type { Order, TrialRecord } from "../experiment/trial.ts";
import { bundleHash } from "./built.ts";
import type { Closure } from "./closure.ts";
import { coreHash, coreSources } from "./fingerprint.ts";
import { anyNumber, LineStore, type Warn, warnOnStderr } from "./line-store.ts";
import { areUnchanged, sha256 } from "./sources.ts";
import { pruneStore, storeKind } from "./store-folder.ts";

const LOCALE = new Intl.NumberFormat().resolvedOptions().locale;

const record = z.object({
  seed: anyNumber,
  models: z
    .array(
      z.object({
        theta: z.looseObject({}),
        seed: anyNumber,
        steps: anyNumber,
        outcome: z.string(),
        digest: z.string(),
        measurements: z.looseObject({}),
      }),
    )
    .min(1),
  observed: z.record(z.string(), anyNumber),
  portrait: z.unknown().optional(),
});

export interface RememberingOptions {
  readonly folder: string;
  /** Of the declarations that orders are about. */
  readonly closure: Closure;
  /**
   * What is to be kept; trials unless given. Those of a night are kept apart, until its counts are known; of what nobody
   * will ask for again nothing is.
   */
  readonly keeps?: "trials" | "night" | "nothing" | undefined;
  /** Is told what became of the store; stderr unless given. */
  readonly warn?: Warn | undefined;
}

/**
 * A laboratory that looks into a folder before it runs a trial, and keeps there what was run, each trial as it ends, so
 * that `npm test` and `npm run verify` train each model once between them, also where both run at once, and a kill loses
 * the trials that were under way. What is read is what would have been computed, and what is kept is given as it will be
 * read: nothing depends on what the store held. Where it is not known what the declarations read, nothing is read or
 * written, and that is said with the reason; so is whatever else is wrong with the store, which never ends a run.
 */
export function remembering(
  laboratory: Laboratory,
  { folder, closure, keeps = "trials", warn = warnOnStderr }: RememberingOptions,
): Laboratory {
  const [reason, ...others] = closure.unknown;
  if (reason !== undefined) {
    warn(`store not used: ${reason}${others.length === 0 ? "" : `, and ${others.length} more such reasons`}`);
    return laboratory;
  }
  const { key, core } = storeKey(closure);
  // what lies deeper than the schema looks is vouched for by the checksum, and its form by the core's hash in the key
  const form = record as unknown as z.ZodType<TrialRecord>;
  const kind = storeKind(keeps === "night" ? "night" : "trials", core);
  const store = new LineStore(folder, kind, key, form, warn, { keeps: keeps !== "nothing" });
  if (keeps !== "nothing") pruneStore(folder, key);
  let changed = false;
  const keep = (id: string, ran: TrialRecord): TrialRecord => {
    // who trained first may have loaded the files as they were, and who came later as they are now
    if (!changed && !(areUnchanged(closure.sources) && areUnchanged(coreSources()))) {
      changed = true;
      warn("store not written any more: what the models depend on was changed while they were trained");
    }
    return store.keep(id, ran, !changed);
  };
  return {
    places: laboratory.places,
    run: async (order, wanted = () => true) => {
      const id = idOf(order);
      const known = store.find(id);
      if (known !== undefined) return wanted() ? known : undefined;
      const ran = await laboratory.run(order, wanted);
      return ran === undefined ? undefined : keep(id, ran);
    },
    close: () => {
      store.close();
      return laboratory.close();
    },
  };
}

/**
 * All of a store stand under a hash of whatever can change a trial beside its order: the core, and a bundle that was
 * edited; the closure of the whole module that is judged, not of the file that declares one claim, since modules can
 * change what another one exports; the version of Node, since `Math.exp` and its like differ by a bit from one to the
 * next, and a claim may use them; and the locale, which `toLocaleString` and its like read.
 */
export function storeKey({ hash }: Pick<Closure, "hash">): { readonly key: string; readonly core: string } {
  const core = coreHash();
  return { core, key: sha256(JSON.stringify([core, bundleHash(), hash, process.version, LOCALE])) };
}

function idOf(order: Order): string {
  return sha256(JSON.stringify(order));
}
