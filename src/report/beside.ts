import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { z } from "zod";
import { boundaryId, parseBoundary } from "../explore/boundary.ts";
import { InvalidInput } from "../invalid-input.ts";
import { jsonIn, ofForm } from "../json.ts";
import { readText } from "../laboratory/read-text.ts";
import type { Beside } from "./build-results.ts";
import { insideSchema } from "./inside.ts";
import type { Presentation } from "./presentation.ts";
import { calibrationSchema, teethSchema } from "./results.ts";
import { strengthSchema } from "./strength.ts";

/** Where `boundary --all` writes, in the folder of reports. */
const BOUNDARIES = "boundaries";

/** The largest that is committed has 60 kB; a plane of 10,000 cells has some 4 MB. */
const LARGEST_SIDE_FILE = 20_000_000;

/**
 * The committed reports that other commands make, where they are there: teeth.json, calibration.json, performance.json,
 * strength.json, search.json and boundaries.
 *
 * @throws InvalidInput where one of them has not the form it should have
 */
export function committedBeside(
  folder: string,
  { performance }: Presentation,
): Pick<Beside, "boundaries" | "pruningCost" | "teeth" | "strength" | "inside" | "calibration"> {
  return {
    boundaries: readBoundaries(join(folder, BOUNDARIES)),
    pruningCost: performance === undefined ? undefined : costIn(join(folder, "performance.json"), performance),
    teeth: readCommitted(join(folder, "teeth.json"), teethSchema),
    strength: readCommitted(join(folder, "strength.json"), strengthSchema),
    inside: readCommitted(join(folder, "search.json"), insideSchema),
    calibration: readCommitted(join(folder, "calibration.json"), calibrationSchema),
  };
}

function costIn(file: string, { schema, costOf }: NonNullable<Presentation["performance"]>): unknown {
  const measured = readCommitted(file, schema);
  return measured === undefined ? undefined : costOf(measured);
}

function readBoundaries(folder: string): Beside["boundaries"] {
  if (!existsSync(folder)) return undefined;
  return jsonFilesIn(folder).map((file) => ({
    id: ofForm(boundaryId.parse, basename(file, ".json"), join(folder, file)),
    boundary: parseBoundary(readText(join(folder, file), LARGEST_SIDE_FILE), join(folder, file)),
  }));
}

function readCommitted<T>(file: string, schema: z.ZodType<T>): T | undefined {
  return existsSync(file) ? ofForm(schema.parse, jsonIn(readText(file, LARGEST_SIDE_FILE), file), file) : undefined;
}

/** Names of the JSON files of a folder, sorted; none where there is no folder. @throws InvalidInput where it is none */
export function jsonFilesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith(".json"))
      .sort();
  } catch (error) {
    throw new InvalidInput(`${folder} must be a folder that can be read, got ${(error as Error).message}`);
  }
}
