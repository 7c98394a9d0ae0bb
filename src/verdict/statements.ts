import { pathToFileURL } from "node:url";
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
    module = await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof InvalidInput) throw error;
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

function isStatement(value: unknown): value is Statement {
  const kind = (value as Statement | null)?.kind;
  return kind === "theorem" || kind === "control" || kind === "finding";
}
