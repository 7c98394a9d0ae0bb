import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";

// JavaScript: `bin/theorycheck.js` asks it before anything could load TypeScript.

/** The sources, what builds them, and the exact versions of what is installed. */
const MADE_FROM = ["src", "theorems", "tools/build", "package.json", "package-lock.json", "tsconfig.json"];

/** Compiled from its neighbour `assembly`. */
const COMPILED = join("model", "kernel", "build");

/**
 * SHA-256 of everything that `dist/` is made from, as it is on the disk now.
 *
 * @param {string} project folder of the checkout
 * @param {readonly string[]} madeFrom files and folders in it
 * @returns {string}
 */
export function sourceHash(project, madeFrom = MADE_FROM) {
  const hash = createHash("sha256");
  for (const file of madeFrom.flatMap((entry) => filesIn(join(project, entry))).sort()) {
    const content = readFileSync(file);
    hash.update(`${relative(project, file).split(sep).join("/")} ${content.length}\n`);
    hash.update(content);
  }
  return hash.digest("hex");
}

/**
 * SHA-256 of what `dist/` holds, but for what says what it was built from: an edited bundle is not what was built.
 *
 * @param {string} dist the folder
 * @returns {string}
 */
export function contentsHash(dist) {
  const hash = createHash("sha256");
  for (const file of filesIn(dist).sort()) {
    const name = relative(dist, file).split(sep).join("/");
    if (name === "source-hash.json" || !/\.js(on)?$/.test(name)) continue;
    hash.update(`${name}\n`);
    hash.update(createHash("sha256").update(readFileSync(file)).digest());
  }
  return hash.digest("hex");
}

/**
 * What `dist/` was built from; undefined where there is none.
 *
 * @param {string} project
 * @returns {{ readonly sources: string, readonly kernel: string, readonly compiled: string, readonly contents: string } | undefined} hashes: of all
 *   sources, of those of the kernel, of the kernel itself, of what was built
 */
export function builtFrom(project) {
  const file = join(project, "dist", "source-hash.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesIn(path) {
  if (path.endsWith(COMPILED)) return [];
  return statSync(path).isDirectory() ? readdirSync(path).flatMap((entry) => filesIn(join(path, entry))) : [path];
}
