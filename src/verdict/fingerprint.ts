import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Statement } from "../claim/theorem.ts";

const SOURCE = fileURLToPath(new URL("..", import.meta.url));

/** Everything that a trained model and what is observed of it depend on. */
const CORE = ["notation.ts", "random", "data", "model", "train", "prune", "measure", "claim"];

/** SHA-256 of the files of the core, the compiled kernel included. */
export function coreHash(): string {
  const hash = createHash("sha256");
  for (const path of CORE.flatMap((entry) => filesBelow(entry))) {
    hash.update(path.replaceAll("\\", "/"));
    hash.update(readFileSync(join(SOURCE, path)));
  }
  return hash.digest("hex");
}

function filesBelow(path: string): string[] {
  const absolute = join(SOURCE, path);
  if (!statSync(absolute).isDirectory()) return [path];
  return readdirSync(absolute)
    .sort()
    .flatMap((entry) => filesBelow(join(path, entry)))
    .filter((file) => /\.(ts|wasm)$/.test(file));
}

/**
 * SHA-256 of the file that declares a statement (its id is the file's base name), and for a control of its theorem's;
 * of the whole module where the statement has no file of its own.
 */
export function statementHash(statement: Statement, statementsFile: string): string {
  const hash = createHash("sha256");
  const ids = statement.kind === "control" ? [statement.id, statement.of] : [statement.id];
  for (const id of ids) hash.update(readFileSync(fileDeclaring(id, statementsFile)));
  return hash.digest("hex");
}

function fileDeclaring(id: string, statementsFile: string): string {
  const folder = dirname(statementsFile);
  const candidates = ["", "controls", "findings"].map((room) => join(folder, room, `${id}.ts`));
  return candidates.find((file) => existsSync(file)) ?? statementsFile;
}
