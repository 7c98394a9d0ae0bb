import { z } from "zod";
import type { Laboratory } from "../experiment/laboratory.ts";
import type { Order, TrialRecord } from "../experiment/trial.ts";
import { bundleHash } from "./built.ts";
import type { Closure } from "./closure.ts";
import { coreHash, coreSources } from "./fingerprint.ts";
import { anyNumber, LineStore, type Warn, warnOnStderr } from "./line-store.ts";
import { areUnchanged, sha256 } from "./sources.ts";

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
  /** Is told what became of the store; stderr unless given. */
  readonly warn?: Warn | undefined;
}

/**
 * A laboratory that looks into a folder before it runs a trial, and keeps there what was run, so that `npm test` and
 * `npm run verify` train each model once between them. What is read is what would have been computed. Where it is not
 * known what the declarations read, nothing is read or written, and that is said with the reason.
 *
 * All of a store stand under a hash of whatever can change a trial beside its order: the core, and the bundle that
 * it was built into; the closure of the whole
 * module that is judged, not of the file that declares one claim, since modules can change what another one exports; the
 * version of Node, since `Math.exp` and its like differ by a bit from one to the next, and a claim may use them; and the
 * locale, which `toLocaleString` and its like read.
 */
export function remembering(
  laboratory: Laboratory,
  { folder, closure, warn = warnOnStderr }: RememberingOptions,
): Laboratory {
  const [reason, ...others] = closure.unknown;
  if (reason !== undefined) {
    warn(`store not used: ${reason}${others.length === 0 ? "" : `, and ${others.length} more such reasons`}`);
    return laboratory;
  }
  const key = sha256(JSON.stringify([coreHash(), bundleHash(), closure.hash, process.version, LOCALE]));
  // what lies deeper than the schema looks is vouched for by the checksum, and its form by the core's hash in the key
  const store = new LineStore(folder, "trials", key, record as unknown as z.ZodType<TrialRecord>, warn);
  const save = () => {
    // who trained first may have loaded the files as they were, and who came later as they are now
    if (areUnchanged(closure.sources) && areUnchanged(coreSources())) store.save();
    else warn("store not written: what the models depend on was changed while they were trained");
  };
  return {
    places: laboratory.places,
    run: async (order, wanted = () => true) => {
      const known = store.find(idOf(order));
      if (known !== undefined) return wanted() ? known : undefined;
      const ran = await laboratory.run(order, wanted);
      if (ran !== undefined) store.keep(idOf(order), ran);
      return ran;
    },
    close: async () => {
      try {
        save();
      } finally {
        await laboratory.close();
      }
    },
  };
}

function idOf(order: Order): string {
  return sha256(JSON.stringify(order));
}
