import { pathToFileURL } from "node:url";
import { forbidExit } from "../claim/exit.ts";
import type { Statement } from "../claim/theorem.ts";
import { InvalidInput, isInvalidInput } from "../invalid-input.ts";
import { printable } from "../json.ts";
import { isChecked, isRecord, shown } from "../law/declared.ts";
import { builtDeclarations } from "./built.ts";
import { importModule } from "./import-module.ts";

/**
 * The statements that a module declares: every theorem, control and finding among its exports, the default one and
 * those in lists and records included. First those of its export `statements`, in that order, then the others by name.
 *
 * @param file absolute path of a TypeScript or JavaScript module
 * @throws InvalidInput where the module cannot be loaded, declares nothing, declares an id twice, or exports what would be
 * left unjudged although it may be a declaration
 */
export async function loadStatements(file: string): Promise<readonly Statement[]> {
  let module: Record<string, unknown>;
  const allowExit = forbidExit();
  try {
    module = await importModule(pathToFileURL(file).href);
  } catch (error) {
    // this package's own: then its files are at fault, and no input
    if (builtDeclarations(file) !== undefined) throw error;
    if (isInvalidInput(error)) throw new InvalidInput(error.message);
    throw new InvalidInput(`theorems: ${file} must be a module that loads, got ${inWords(error)}`);
  } finally {
    allowExit();
  }
  const statements = [...foundIn(module, file)];
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

/** @throws InvalidInput also where an export cannot be looked at: a proxy or a getter that throws */
function foundIn(module: Readonly<Record<string, unknown>>, file: string): Set<Statement> {
  try {
    return statementsIn(module, file);
  } catch (error) {
    if (error instanceof InvalidInput) throw error;
    throw new InvalidInput(`theorems: ${file} must export what can be looked at, got ${inWords(error)}`);
  }
}

/** What was thrown, in a line: anything can be, also what no text can be made of. */
function inWords(thrown: unknown): string {
  try {
    return printable(String(thrown));
  } catch {
    return "something that cannot be shown";
  }
}

/**
 * Looks through the exports of a module. A list with a declaration in it, or with what may be one, holds nothing else.
 * Anything else that is no declaration (a law, a number, a function) is a helper, and left alone.
 */
function statementsIn(module: Readonly<Record<string, unknown>>, file: string): Set<Statement> {
  const found = new Set<Statement>();
  const seen = new Set<unknown>();
  const look = (value: unknown, path: string, inList: boolean): void => {
    if (isStatement(value)) {
      found.add(value);
    } else if (isList(value)) {
      if (seen.has(value)) return;
      seen.add(value);
      const declares = inList || [...itemsOf(value)].some((item) => isStatement(item) || mayDeclare(item, true));
      [...value.values()].forEach((item, i) => {
        look(item, `${path}[${i}]`, declares);
      });
    } else if (inList || mayDeclare(value, false)) {
      throw new InvalidInput(
        `theorems: ${file}: export ${path} must be made with theorem({...}), control({...}) or finding({...}), got ${named(value)}`,
      );
    } else if (isRecord(value)) {
      if (seen.has(value)) return;
      seen.add(value);
      for (const [name, each] of Object.entries(value)) look(each, `${path}.${name}`, false);
    }
  };
  const names = Object.keys(module).sort();
  for (const name of names.includes("statements") ? ["statements", ...names] : names) look(module[name], name, false);
  return found;
}

function isStatement(value: unknown): value is Statement {
  return isChecked("statement", value);
}

type List = readonly unknown[] | ReadonlySet<unknown> | ReadonlyMap<unknown, unknown>;

function isList(value: unknown): value is List {
  return Array.isArray(value) || value instanceof Set || value instanceof Map;
}

/** What a list holds, and the lists in it. */
function* itemsOf(list: List, within: readonly List[] = [list]): Iterable<unknown> {
  for (const item of list.values()) {
    if (!isList(item)) yield item;
    else if (!within.includes(item)) yield* itemsOf(item, [...within, item]);
  }
}

const KINDS: readonly unknown[] = ["theorem", "control", "finding", "lemma"];

/** Whether a value may stand for a declaration that nobody would judge. In a list a function may be there to make one. */
function mayDeclare(value: unknown, inList: boolean): boolean {
  if (typeof value === "function") return inList;
  return value instanceof Promise || KINDS.includes((value as { kind?: unknown } | null | undefined)?.kind);
}

function named(value: unknown): string {
  if (typeof value !== "object" || value === null || value instanceof Promise || !mayDeclare(value, false)) {
    return shown(value);
  }
  const { kind } = value as { kind?: unknown };
  if (kind === "lemma") return "a lemma, which is about no law: verify examines the package's own";
  return `an object that calls itself a ${kind} and was made without it`;
}
