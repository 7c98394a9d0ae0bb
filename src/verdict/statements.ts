import { pathToFileURL } from "node:url";
import { tsImport } from "tsx/esm/api";
import type { Statement } from "../claim/theorem.ts";
import { InvalidInput } from "../invalid-input.ts";

/**
 * The statements that a module declares: its export `statements`, or else every exported theorem, control and finding.
 *
 * @param file absolute path of a TypeScript or JavaScript module
 * @throws InvalidInput where the module cannot be loaded or declares nothing, or two statements share an id
 */
export async function loadStatements(file: string): Promise<readonly Statement[]> {
  let module: Record<string, unknown>;
  try {
    module = await importModule(pathToFileURL(file).href);
  } catch (error) {
    // by name: a module from outside may bring its own copy of the class
    if ((error as Error).name === "InvalidInput") throw new InvalidInput((error as Error).message);
    throw new InvalidInput(`theorems: ${file} must be a module that loads, got ${error}`);
  }
  const exported = Array.isArray(module.statements) ? module.statements : Object.values(module);
  const statements = exported.filter(isStatement);
  if (statements.length === 0) {
    throw new InvalidInput(
      `theorems: ${file} must export at least one declaration made with theorem({...}), got ${Object.keys(module).join(", ") || "no exports"}`,
    );
  }
  const ids = new Set<string>();
  for (const { id } of statements) {
    if (ids.has(id)) throw new InvalidInput(`theorems: ${file} must declare each id once, got ${id} twice`);
    ids.add(id);
  }
  return statements;
}

/** A TypeScript file whose package does not say "type": "module" is taken for CommonJS, which cannot load this package. */
async function importModule(url: string): Promise<Record<string, unknown>> {
  try {
    return await import(url);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_REQUIRE_CYCLE_MODULE") throw error;
    return await tsImport(url, import.meta.url);
  }
}

function isStatement(value: unknown): value is Statement {
  const kind = (value as Statement | null)?.kind;
  return kind === "theorem" || kind === "control" || kind === "finding";
}
