import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { builtFrom, sourceHash } from "./source-hash.js";

const FOLDER = "src/transformer/model/kernel";

/** Its sources, how they are compiled, and the compiler's version. */
const MADE_FROM = [`${FOLDER}/assembly`, `${FOLDER}/asconfig.json`, "package-lock.json"];

const COMPILED = `${FOLDER}/build/bytes.js`;

/**
 * @param {string} project
 * @returns {string}
 */
export const kernelHash = (project) => sourceHash(project, MADE_FROM);

/**
 * SHA-256 of the compiled kernel; undefined where there is none.
 *
 * @param {string} project
 * @returns {string | undefined}
 */
export function compiledHash(project) {
  const compiled = join(project, COMPILED);
  return existsSync(compiled) ? createHash("sha256").update(readFileSync(compiled)).digest("hex") : undefined;
}

/**
 * Compiles the kernel, unless it is what its sources made when `dist/` was.
 *
 * @param {string} project
 */
export function buildKernel(project) {
  const built = builtFrom(project);
  if (built?.kernel === kernelHash(project) && built.compiled === compiledHash(project)) return;
  execFileSync("npm", ["run", "--silent", "build:kernel"], { cwd: project, stdio: "inherit" });
}
