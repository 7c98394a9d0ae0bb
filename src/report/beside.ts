import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseBoundary } from "../explore/boundary.ts";
import { InvalidInput } from "../invalid-input.ts";
import type { Beside } from "./build-results.ts";
import { performanceSchema } from "./performance.ts";
import { calibrationSchema, teethSchema } from "./results.ts";

/** Where `boundary --all` writes, in the folder of reports. */
const BOUNDARIES = "boundaries";

/**
 * The committed reports that other commands make, where they are there: teeth.json, calibration.json, performance.json
 * and boundaries.
 *
 * @throws InvalidInput where one of them has not the form it should have
 */
export function committedBeside(folder: string): Pick<Beside, "boundaries" | "pruningCost" | "teeth" | "calibration"> {
  return {
    boundaries: readBoundaries(join(folder, BOUNDARIES)),
    pruningCost: readCommitted(join(folder, "performance.json"), performanceSchema.safeParse)?.pruning,
    teeth: readCommitted(join(folder, "teeth.json"), teethSchema.safeParse),
    calibration: readCommitted(join(folder, "calibration.json"), calibrationSchema.safeParse),
  };
}

function readBoundaries(folder: string): Beside["boundaries"] {
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => ({
      id: basename(file, ".json"),
      boundary: parseBoundary(readFileSync(join(folder, file), "utf8"), join(folder, file)),
    }));
}

type Parsed<T> = { readonly success: true; readonly data: T } | { readonly success: false; readonly error: Error };

function readCommitted<T>(file: string, parse: (data: unknown) => Parsed<T>): T | undefined {
  if (!existsSync(file)) return undefined;
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new InvalidInput(`${file} must be JSON, got ${(error as Error).message}`);
  }
  const parsed = parse(data);
  if (!parsed.success) throw new InvalidInput(`${file}: ${parsed.error.message}`);
  return parsed.data;
}
