#!/usr/bin/env node
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A fault of the program or the machine. */
const FAULT = 70;

/** In a checkout: an edit must not be judged by what was built before it. An installed package has no sources. */
async function isCurrent() {
  const project = fileURLToPath(new URL("..", import.meta.url));
  if (!existsSync(`${project}src`)) return true;
  const { builtFrom, contentsHash, sourceHash } = await import("../tools/build/source-hash.js");
  const built = builtFrom(project);
  return built?.sources === sourceHash(project) && built.contents === contentsHash(`${project}dist`);
}

if (await isCurrent()) {
  const { main } = await import("../dist/cli.js");
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write("theorycheck: dist/ is not what the sources make: npm run build\n");
  process.exitCode = FAULT;
}
