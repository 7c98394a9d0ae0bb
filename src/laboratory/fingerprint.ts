import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Statement } from "../claim/theorem.ts";
import { type Closure, closureOf } from "./closure.ts";
import type { Library } from "./import-graph.ts";
import { importModule } from "./import-module.ts";
import { contentHash, hashOf, pathFrom, type Sources, sourcesOf } from "./sources.ts";
import { loadStatements } from "./statements.ts";

const SOURCE = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

/**
 * Where a trial begins: what a worker starts with, what declarations are made with, and how trials are written and read
 * again. All that these import is the core.
 */
const BEGINNINGS = ["laboratory/start-worker.js", "claim/theorem.ts", "laboratory/trial-store.ts"];

/** Read at run time, so that no import leads there. */
const COMPILED_KERNEL = join(SOURCE, "transformer", "model", "kernel", "build", "kernel.wasm");

let known: Sources | undefined;

/** Everything that a trained model and what is observed of it depend on, the compiled kernel included. */
export function coreSources(): Sources {
  known ??= readCore();
  return known;
}

function readCore(): Sources {
  const { files, packages } = sourcesOf(
    SOURCE,
    BEGINNINGS.map((path) => join(SOURCE, path)),
  );
  return { files: new Map([...files, [COMPILED_KERNEL, contentHash(COMPILED_KERNEL)]]), packages };
}

/** theorycheck itself, as closures of what others write leave it out. */
export const library: Library = {
  root: SOURCE,
  get core() {
    return coreSources();
  },
  sourcesOf: (files) => sourcesOf(SOURCE, files),
};

/** SHA-256 of the core: its files, and the exact versions of the packages that they need. The same in one process. */
export function coreHash(): string {
  return hashOf(coreSources(), (file) => pathFrom(SOURCE, file));
}

/** The import closure of a module of declarations, as it is on the disk now. */
export async function declarationsClosure(statementsFile: string): Promise<Closure> {
  return closureOf(statementsFile, library);
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
export async function statementHash(statement: Statement, statementsFile: string): Promise<string> {
  return (await statementHashes(statementsFile, [statement]))[statement.id] as string;
}

/** What a module exports, arrays taken apart; nothing where it cannot be imported by itself. */
async function exportsOf(module: string): Promise<unknown[]> {
  try {
    return Object.values(await importModule(pathToFileURL(module).href)).flat(1);
  } catch {
    return [];
  }
}
