import { z } from "zod";
import type { Measurements } from "../transformer/measure/summary.ts";
import type { Theta } from "../transformer/notation.ts";
import { coreHash } from "./fingerprint.ts";
import { anyNumber, LineStore, type Warn } from "./line-store.ts";
import { sha256 } from "./sources.ts";
import type { EngineName } from "./worker.ts";

/** What ladders read of a model. */
const measurements = z.looseObject({ steps: anyNumber, medianLargeNorm: anyNumber, medianSmallNorm: anyNumber });

/** Measurements of ladder models. They depend on no declaration, so the core's hash is their key. */
export class LadderStore {
  readonly #lines: LineStore<Measurements>;

  constructor(folder: string, engine: EngineName, warn: Warn) {
    const key = sha256(JSON.stringify([coreHash(), engine]));
    this.#lines = new LineStore(folder, "ladders", key, measurements as unknown as z.ZodType<Measurements>, warn);
  }

  find(theta: Theta, seed: number): Measurements | undefined {
    return this.#lines.find(idOf(theta, seed));
  }

  keep(theta: Theta, seed: number, measured: Measurements): void {
    this.#lines.keep(idOf(theta, seed), measured);
  }

  save(): void {
    this.#lines.save();
  }
}

function idOf(theta: Theta, seed: number): string {
  return sha256(JSON.stringify([theta, seed]));
}
