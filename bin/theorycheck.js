#!/usr/bin/env node
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A fault of the program or the machine. */
const FAULT = 70;

// until there is an answer: who ends this process in any way has not passed
process.exitCode = FAULT;

/** In a checkout: an edit must not be judged by what was built before it. An installed package has no sources. */
async function isCurrent() {
  const project = fileURLToPath(new URL("..", import.meta.url));
  if (!existsSync(`${project}src`)) return true;
  const { builtFrom, contentsHash, sourceHash } = await import("../tools/build/source-hash.js");
  const built = builtFrom(project);
  return built?.sources === sourceHash(project) && built.contents === contentsHash(`${project}dist`);
}

/** @param {string} line */
function tell(line) {
  process.stderr.write(`theorycheck: ${line}\n`);
}

try {
  if (await isCurrent()) {
    const { supervise } = await import("../dist/supervise.js");
    supervise(process.argv.slice(2));
  } else {
    tell("dist/ is not what the sources make; npm run build");
  }
} catch (error) {
  // nothing of dist/ is there to describe it
  const [what] = String(error).split("\n");
  if (/^Error: E[MN]FILE\b/.test(what ?? "")) tell(`too many files are open (${what}); raise the limit (ulimit -n)`);
  else tell(`dist/ cannot be loaded (${what}); npm run build in a checkout, or install theorycheck again`);
}
