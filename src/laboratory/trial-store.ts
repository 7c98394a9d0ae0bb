import { z } from "zod";
import type { Detail, TrialRecord } from "../experiment/trial.ts";
import { anyNumber, LineStore, type Warn } from "./line-store.ts";

const model = z.object({
  theta: z.looseObject({}),
  seed: anyNumber,
  steps: anyNumber,
  outcome: z.enum(["converged", "exhausted", "diverged"]),
  digest: z.string(),
  measurements: z.looseObject({}),
});

/**
 * Trials already run, kept in a folder so that `npm test` and `npm run verify` train each model once between them. What
 * is read is what would have been computed, since all of a store stand under a hash of whatever can change them.
 */
export class TrialStore {
  readonly #lines: LineStore<TrialRecord>;

  /**
   * @param key hash of all that a trial depends on besides its seed
   * @param claimKeys all claims that are observed on each trial; one without any of them is not believed
   */
  constructor(folder: string, key: string, claimKeys: readonly string[], warn: Warn) {
    const trial = z.object({
      seed: anyNumber,
      models: z.array(model).min(1),
      observed: z.strictObject(Object.fromEntries(claimKeys.map((claim) => [claim, anyNumber]))),
      portrait: z.looseObject({ training: z.looseObject({}).optional() }).optional(),
    });
    // what lies deeper than the schema looks is vouched for by the checksum, and its form by the core's hash in the key
    this.#lines = new LineStore(folder, "trials", key, trial as unknown as z.ZodType<TrialRecord>, warn);
  }

  /** The trial with this seed, if it is portrayed as asked for. */
  find(seed: number, detail: Detail): TrialRecord | undefined {
    const trial = this.#lines.find(String(seed));
    if (trial === undefined) return undefined;
    if (detail !== "none" && trial.portrait === undefined) return undefined;
    return detail === "while training" && trial.portrait?.training === undefined ? undefined : trial;
  }

  keep(trial: TrialRecord): void {
    this.#lines.keep(String(trial.seed), trial);
  }

  /** Writes what was kept. */
  save(): void {
    this.#lines.save();
  }
}
