import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeNumbers, encodeNumbers } from "../json-number.ts";
import type { Detail, TrialRecord } from "./trial.ts";
import { writeWhole } from "./write-whole.ts";

/**
 * Trials already run, kept in a folder so that `npm test` and `npm run verify` train each model once between them.
 * A trial is found again only under the same core (hash of its source and of the kernel), the same law and the same
 * declarations, so what is read is what would have been computed.
 */
export class TrialStore {
  readonly #file: string;
  readonly #claimNames: ReadonlyMap<string, string>;
  readonly #needed: readonly string[];
  readonly #records = new Map<number, StoredTrial>();
  #changed = false;

  /**
   * @param folder where stores lie
   * @param identity what trials of this store depend on besides their seed: hashes of core and law, engine
   * @param claimNames claim key -> the name it is stored under, which changes when its declaration does
   * @param needed keys of the claims without which a trial is of no use
   */
  constructor(
    folder: string,
    identity: readonly string[],
    claimNames: ReadonlyMap<string, string>,
    needed: readonly string[],
  ) {
    const name = createHash("sha256").update(identity.join("\n")).digest("hex").slice(0, 16);
    this.#file = join(folder, `trials-${name}.jsonl`);
    this.#claimNames = claimNames;
    this.#needed = needed;
    if (existsSync(this.#file)) {
      for (const line of readFileSync(this.#file, "utf8").split("\n")) {
        if (line === "") continue;
        const record = JSON.parse(line, decodeNumbers) as StoredTrial;
        this.#records.set(record.seed, record);
      }
    }
  }

  /** The trial with this seed, if every claim that is needed was observed on it and it is portrayed as asked for. */
  find(seed: number, detail: Detail): TrialRecord | undefined {
    const stored = this.#records.get(seed);
    if (stored === undefined) return undefined;
    const { models, portrait } = stored;
    if (detail !== "none" && portrait === undefined) return undefined;
    if (detail === "while training" && portrait?.training === undefined) return undefined;
    const observed: Record<string, number> = {};
    for (const key of this.#needed) {
      const value = stored.observed[this.#claimNames.get(key) as string];
      if (value === undefined) return undefined;
      observed[key] = Number(value);
    }
    return { seed, models, observed, ...(portrait === undefined ? {} : { portrait }) };
  }

  keep({ seed, models, observed, portrait }: TrialRecord): void {
    const merged: Record<string, string | number> = { ...this.#records.get(seed)?.observed };
    // as text: JSON has no NaN, and a number's shortest text gives the number back to the bit
    for (const [key, name] of this.#claimNames) merged[name] = String(observed[key]);
    this.#records.set(seed, { seed, models, observed: merged, ...(portrait === undefined ? {} : { portrait }) });
    this.#changed = true;
  }

  /** Writes what was kept. */
  save(): void {
    if (!this.#changed) return;
    const lines = [...this.#records.values()]
      .sort((x, y) => x.seed - y.seed)
      .map((record) => JSON.stringify(record, encodeNumbers));
    writeWhole(this.#file, `${lines.join("\n")}\n`);
    this.#changed = false;
  }
}

interface StoredTrial {
  readonly seed: number;
  readonly models: TrialRecord["models"];
  readonly observed: Readonly<Record<string, string | number>>;
  readonly portrait?: TrialRecord["portrait"];
}
