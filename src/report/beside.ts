import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidInput } from "../invalid-input.ts";
import type { Beside } from "./build-results.ts";
import { calibrationSchema, teethSchema } from "./results.ts";

/**
 * The committed reports that other commands make, teeth.json and calibration.json, where they are there.
 *
 * @throws InvalidInput where one of them has not the form it should have
 */
export function committedBeside(folder: string): Pick<Beside, "teeth" | "calibration"> {
  return {
    teeth: readCommitted(join(folder, "teeth.json"), teethSchema.safeParse),
    calibration: readCommitted(join(folder, "calibration.json"), calibrationSchema.safeParse),
  };
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
