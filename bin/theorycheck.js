#!/usr/bin/env node
// CommonJS, by a package.json of this folder: Node.js runs it wherever the package lies and however torn its own
// package.json is, so that a line can say what it cannot import from there
const { existsSync } = require("node:fs");
const { join } = require("node:path");

/** A fault of the program or the machine. */
const FAULT = 70;

// until there is an answer: who ends this process in any way has not passed
process.exitCode = FAULT;

/** In a checkout: an edit must not be judged by what was built before it. An installed package has no sources. */
async function isCurrent() {
  const project = join(__dirname, "..");
  if (!existsSync(join(project, "src"))) return true;
  const { builtFrom, contentsHash, sourceHash } = await import("../tools/build/source-hash.js");
  const built = builtFrom(project);
  return built?.sources === sourceHash(project) && built.contents === contentsHash(join(project, "dist"));
}

/** Nothing of dist/ is there to describe it. @param {unknown} error @returns {string} */
function lineOf(error) {
  const [what] = String(error).split("\n");
  switch (/** @type {{ code?: string }} */ (error)?.code) {
    case "EMFILE":
    case "ENFILE":
      return `too many files are open (${what}); raise the limit (ulimit -n)`;
    case "ERR_INVALID_MODULE_SPECIFIER":
      return `Node.js imports nothing from a folder with a slash of either kind in its name (${what}); move theorycheck`;
    case "ERR_INVALID_PACKAGE_CONFIG":
      return `package.json cannot be read (${what}); git checkout package.json, or install theorycheck again`;
    default:
      return `dist/ cannot be loaded (${what}); npm run build in a checkout, or install theorycheck again`;
  }
}

/** @param {string} line */
function tell(line) {
  process.stderr.write(`theorycheck: ${line}\n`);
}

async function main() {
  try {
    if (await isCurrent()) {
      const { supervise } = await import("../dist/supervise.js");
      supervise(process.argv.slice(2));
    } else {
      tell("dist/ is not what the sources make; npm run build");
    }
  } catch (error) {
    tell(lineOf(error));
  }
}

void main();
