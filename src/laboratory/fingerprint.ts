import { accessSync, constants, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Statement } from "../claim/theorem.ts";
import { CORE_BEGINNINGS } from "../core.ts";
import type { Hashes } from "../experiment/hashes.ts";
import { InvalidInput } from "../invalid-input.ts";
import { built, builtDeclarations } from "./built.ts";
import { type Closure, closureOf } from "./closure.ts";
import type { Command } from "./command.ts";
import { importModule } from "./import-module.ts";
import { ownName } from "./library.ts";
import type { Met } from "./process.ts";
import { hashOf, type Sources, sourcesCarried, sourcesOf } from "./sources.ts";
import { loadStatements } from "./statements.ts";

/** The sources, or the bundle that was made from them. */
const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

let known: Sources | undefined;

/** Everything that a trained model and what is observed of it depend on. */
export function coreSources(): Sources {
  known ??=
    built === undefined
      ? sourcesOf(
          ROOT,
          CORE_BEGINNINGS.map((path) => join(ROOT, path)),
        )
      : sourcesCarried(built.core, ROOT);
  return known;
}

/**
 * SHA-256 of the core: its files, and the exact versions of the packages that they need. The same in one process, and
 * from the sources and a bundle that was made from them, beside the same packages.
 */
export function coreHash(): string {
  return hashOf(coreSources(), (file) => ownName(file) as string);
}

/** The import closure of a module of declarations, as it is on the disk now; as the sources have it where it is built in. */
export async function declarationsClosure(statementsFile: string): Promise<Closure> {
  const declared = builtDeclarations(statementsFile);
  if (declared === undefined) return closureOf(statementsFile, coreSources());
  const whole = { hash: declared.hash, files: 0 };
  const sources = { files: new Map(), packages: new Map() };
  return { hash: declared.hash, unknown: [], sources, modules: [], hashFrom: () => whole };
}

/**
 * By id, SHA-256 of the module that declares each statement, with all that it imports: of the modules that export it,
 * the one that imports least. A statement that no module exports by itself has the hash of the first module.
 *
 * @param statements all that the module declares, unless given
 */
export async function statementHashes(
  statementsFile: string,
  statements?: readonly Statement[],
  closure?: Closure,
): Promise<Readonly<Record<string, string>>> {
  const inBundle = builtDeclarations(statementsFile);
  if (inBundle !== undefined) return inBundle.statements;
  const { modules, hashFrom } = closure ?? (await declarationsClosure(statementsFile));
  const declared = statements ?? (await loadStatements(statementsFile));
  const least = new Map<unknown, ReturnType<typeof hashFrom>>();
  for (const module of modules) {
    const hashed = hashFrom(module);
    for (const exported of await exportsOf(module)) {
      const before = least.get(exported);
      if (before === undefined || hashed.files < before.files) least.set(exported, hashed);
    }
  }
  const whole = hashFrom();
  return Object.fromEntries(declared.map((each) => [each.id, (least.get(each) ?? whole).hash]));
}

/** The same for one statement. */
export async function statementHash(statement: Statement, statementsFile: string, closure?: Closure): Promise<string> {
  return (await statementHashes(statementsFile, [statement], closure))[statement.id] as string;
}

/** A module or a suite of declarations, with what its evidence belongs to. */
export interface Declarations {
  /** Absolute path. */
  readonly file: string;
  readonly statements: readonly Statement[];
  readonly closure: Closure;
  /** What runs its trials, where it is a suite. */
  readonly command?: { readonly command: Command; readonly met: Met };
}

/** @throws InvalidInput as `loadStatements` does */
export async function declarationsIn(file: string): Promise<Declarations> {
  requireModuleFile(file);
  // before anything is loaded: what changes from here on is found out when the store is written
  const closure = await declarationsClosure(file);
  return { file, closure, statements: await loadStatements(file) };
}

/** @throws InvalidInput where something lies there that is no file: a folder, a pipe, a device */
function requireModuleFile(file: string): void {
  const status = statSync(file, { throwIfNoEntry: false });
  if (status === undefined) return;
  if (status.isFile()) {
    try {
      accessSync(file, constants.R_OK);
      return;
    } catch (error) {
      throw new InvalidInput(`theorems: ${file} must be a module that may be read, got ${(error as Error).message}`);
    }
  }
  throw new InvalidInput(
    `theorems: ${file} must be a module that loads, got ${status.isDirectory() ? "a folder" : "no regular file"}`,
  );
}

/** What evidence on these declarations belongs to. */
export async function hashesOf({ file, statements, closure }: Declarations): Promise<Hashes> {
  const [unknown] = closure.unknown;
  return {
    core: coreHash(),
    statements: await statementHashes(file, statements, closure),
    declarations: unknown === undefined ? closure.hash : { unknown },
  };
}

/** What a module exports, arrays taken apart; nothing where it cannot be imported by itself. */
async function exportsOf(module: string): Promise<unknown[]> {
  try {
    return Object.values(await importModule(pathToFileURL(module).href)).flat(1);
  } catch {
    return [];
  }
}
