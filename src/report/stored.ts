import { join } from "node:path";
import type { Population } from "../claim/population.ts";
import type { Experiment } from "../experiment/experiment.ts";
import type { Hashes } from "../experiment/hashes.ts";
import type { Laboratory } from "../experiment/laboratory.ts";
import { type Counterexample, LARGEST_FILE, parseCounterexample } from "../explore/counterexample.ts";
import { probe } from "../explore/probe.ts";
import { claimOf, type Grade, replayIn } from "../explore/replay.ts";
import { isInvalidInput } from "../invalid-input.ts";
import { readText } from "../laboratory/read-text.ts";
import { jsonFilesIn } from "./beside.ts";

/** Where counterexamples are stored, in the folder of reports. */
export const COUNTEREXAMPLES = "counterexamples";

/** What became of one stored counterexample. */
export interface StoredReplay {
  /** File name. */
  readonly file: string;
  readonly grade: Grade;
  /** Why it is not reproduced to the bit; empty if it is. */
  readonly reasons: readonly string[];
  /** Undefined where the file could not be read. */
  readonly counterexample?: Counterexample;
}

/**
 * Reads a counterexample file. A file of more than `LARGEST_FILE` bytes is refused unread.
 *
 * @throws InvalidInput where it is no readable file, or no counterexample
 */
export function readCounterexample(experiment: Experiment, path: string): Counterexample {
  return parseCounterexample(experiment, readText(path, LARGEST_FILE), path);
}

/** A file of the folder: a counterexample, or why it is none. */
export interface Stored {
  /** File name. */
  readonly file: string;
  readonly counterexample: Counterexample | string;
}

/**
 * Reads the counterexamples that are stored in a folder, in the order of their names: all, or those of some theorems and
 * those that cannot be read. Nothing throws for a bad file.
 *
 * @throws InvalidInput where it is no folder that can be read
 */
export function readStored(folder: string, experiment: Experiment, theorems?: readonly string[]): readonly Stored[] {
  return jsonFilesIn(folder)
    .map((file): Stored => {
      try {
        return { file, counterexample: readCounterexample(experiment, join(folder, file)) };
      } catch (error) {
        if (!isInvalidInput(error)) throw error;
        return { file, counterexample: error.message };
      }
    })
    .filter(
      ({ counterexample }) =>
        typeof counterexample === "string" || theorems === undefined || theorems.includes(counterexample.theorem),
    );
}

/**
 * Trains stored counterexamples again. Which of them no longer reproduce, and why, is told by grades and reasons.
 */
export function replayStored(
  stored: readonly Stored[],
  populations: readonly Population[],
  hashes: Hashes,
  laboratory: Laboratory,
): Promise<readonly StoredReplay[]> {
  return Promise.all(
    stored.map(async ({ file, counterexample }): Promise<StoredReplay> => {
      if (typeof counterexample === "string") return { file, grade: "not reproduced", reasons: [counterexample] };
      const found = claimOf(counterexample, populations);
      if (typeof found === "string") return { file, grade: "not reproduced", reasons: [found], counterexample };
      const { population, judged } = found;
      const now = { judged, core: hashes.core, statementHash: hashes.statements[judged.statement.id] as string };
      const { grade, reasons } = await replayIn(probe(laboratory, population), counterexample, now);
      return { file, grade, reasons, counterexample };
    }),
  );
}
