import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, resolve } from "node:path";
import { populationsOf } from "../claim/population.ts";
import { InvalidInput } from "../invalid-input.ts";
import { drawTrial } from "../law/law.ts";
import { type Suite, suiteIn } from "../suite/suite.ts";
import type { Closure } from "./closure.ts";
import type { Declarations } from "./fingerprint.ts";
import { type Met, meet } from "./process.ts";
import { contentHash, sha256 } from "./sources.ts";

/** The suite in a file. @throws InvalidInput naming file, line and field; or where the file cannot be read */
export function readSuite(file: string): Suite {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new InvalidInput(`--suite must name a file of YAML or JSON, got ${(error as Error).message}`);
  }
  return suiteIn(text, basename(file));
}

/**
 * A suite's declarations. Its command is started, to see which versions it prints, and whether it repeats itself.
 *
 * @param file absolute path
 * @throws InvalidInput as `readSuite` and `meet` do, or where a file that the suite lists is not there
 */
export async function suiteDeclarations(file: string): Promise<Declarations> {
  const suite = readSuite(file);
  const folder = dirname(file);
  const { experiment, statements } = suite;
  const command = { ...suite.command, folder };
  // before anything is started: what changes from here on is found out when the store is written
  const files = filesOf(suite, file);
  const [first] = drawTrial(populationsOf(statements)[0]!.law, 0);
  const met = await meet(command, first);
  const hash = sha256(JSON.stringify([...files.values(), met.versions ?? null]));
  const whole = { hash, files: files.size };
  const unknown = whyUnknown(suite, folder, met, experiment.id);
  const closure: Closure = {
    hash,
    unknown,
    sources: { files, packages: new Map() },
    modules: [],
    hashFrom: () => whole,
  };
  return { file, statements, closure, command: { command, met } };
}

/** The suite and the files that it lists, in its order: absolute path -> SHA-256 of the content. */
function filesOf({ files, invalid }: Suite, file: string): ReadonlyMap<string, string> {
  const paths = files.map((name, i) => {
    const path = resolve(dirname(file), name);
    if (!existsSync(path) || !statSync(path).isFile()) {
      throw invalid(["experiment", "files", i], `must be a file in the suite's folder, got ${JSON.stringify(name)}`);
    }
    return path;
  });
  return new Map([file, ...paths].map((path) => [path, contentHash(path)]));
}

/** Why a run may depend on more than the hash covers. */
function whyUnknown({ command, files }: Suite, folder: string, { versions, repeats }: Met, id: string): string[] {
  const listed = new Set(files.map((name) => resolve(folder, name)));
  const unlisted = command.words.filter((word, i) => {
    // a program of the machine's: what it is, its versions say
    if (i === 0 && isAbsolute(word)) return false;
    const path = resolve(folder, word);
    return existsSync(path) && statSync(path).isFile() && !listed.has(path);
  });
  return [
    ...(repeats ? [] : [`experiment ${id} does not repeat itself`]),
    ...(versions === undefined ? [`the command of ${id} prints no first line {"versions": {…}}`] : []),
    ...(files.length === 0 ? ["experiment.files lists no file"] : []),
    ...unlisted.map((word) => `experiment.files does not list ${word}`),
  ];
}
