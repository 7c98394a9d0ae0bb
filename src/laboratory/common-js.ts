import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { InvalidInput } from "../invalid-input.ts";

/**
 * Whether Node takes a file for CommonJS: by its extension, or else by the "type" of the next package.json above it.
 *
 * @throws InvalidInput where that is no JSON
 */
export function isCommonJs(file: string): boolean {
  if (/\.[cm][jt]s$/.test(file)) return /\.c[jt]s$/.test(file);
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const description = join(folder, "package.json");
    if (existsSync(description)) return typeIn(description) !== "module";
    if (folder === dirname(folder)) return true;
  }
}

function typeIn(description: string): unknown {
  try {
    return JSON.parse(readFileSync(description, "utf8"))?.type;
  } catch (error) {
    throw new InvalidInput(`${description} must be JSON, got ${error}`);
  }
}
