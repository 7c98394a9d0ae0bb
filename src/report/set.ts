import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidInput } from "../invalid-input.ts";
import { jsonIn } from "../json.ts";
import { sha256 } from "../laboratory/sources.ts";
import { toJson } from "./encode.ts";
import { parseResults } from "./results.ts";

/** Is written last: it says what the other files of its set are. */
const RESULTS = "results.json";

/** Git ignores it, so that a checkout's reports are whole without it. */
const NOT_COMMITTED = "models.jsonl";

/** Files that a set always has, and where figures lie: what can be asked before there are results. */
export const FILES_ASKED_FOR = [
  RESULTS,
  NOT_COMMITTED,
  "index.html",
  "tolerances.md",
  "tolerances.tex",
  "planted-errors.md",
  "results.schema.json",
  "counterexample.schema.json",
  "boundary.schema.json",
  "badge.json",
  "figures/any.svg",
];

/**
 * The files of a set, in the order in which they are to be written: results.json comes last, with the SHA-256 of each of
 * the others and of what else it says itself. Reports are made from the rest of it, so that the hashes change nothing.
 *
 * @param results what is in results.json, as data
 * @param files the others, by path within the folder
 * @param before hashes of files that stay as they are
 */
export function wholeSet(
  results: object,
  files: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const { files: _, ...rest } = results as { files?: unknown };
  const hashes = Object.entries(files).map(([name, content]): [string, string] => [name, sha256(content)]);
  const all = { ...before, ...Object.fromEntries(hashes), [RESULTS]: sha256(toJson(rest)) };
  const sorted = Object.fromEntries(Object.entries(all).sort(([one], [other]) => (one < other ? -1 : 1)));
  return { ...files, [RESULTS]: toJson({ ...rest, files: sorted }) };
}

/**
 * What is wrong with the set of files in a folder, a sentence each; empty where it is whole.
 *
 * @throws InvalidInput where results.json cannot be read, or is of a version that knew no sets
 */
export function checkSet(folder: string): string[] {
  const path = join(folder, RESULTS);
  const text = textOf(path);
  const { files } = parseResults(text, path);
  if (files === undefined) {
    throw new InvalidInput(`${path} must have the hashes of its set, got none: it was written before there were any`);
  }
  const { files: _, ...rest } = jsonIn(text, path) as { files?: unknown };
  return Object.entries(files).flatMap(([name, hash]) => {
    if (name === RESULTS) return sha256(toJson(rest)) === hash ? [] : [`${name} was edited`];
    if (!existsSync(join(folder, name))) return name === NOT_COMMITTED ? [] : [`${name} is missing`];
    return sha256(textOf(join(folder, name))) === hash ? [] : [`${name} was edited, or is of another run`];
  });
}

/** @throws InvalidInput where it is no file that can be read */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new InvalidInput(`${path} must be a file that can be read, got ${(error as Error).message}`);
  }
}
