import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Checks, checksOfPackage, checksOnNode } from "./checks.ts";
import { Consumer } from "./consumer.ts";

/**
 * `npm run test:tarball`: packs the package, installs it in a folder outside of the checkout as a user would, and tests
 * what is there. Needs the registry. Exit code 1 where a check fails.
 *
 * --node VERSION  tests on this Node as well, from the package `node` of the registry; as often as needed
 */
const { values } = parseArgs({ options: { node: { type: "string", multiple: true, default: [] } } });

const project = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");
const folder = mkdtempSync(join(tmpdir(), "theorycheck-tarball-"));
let passed = 0;
let failed = 0;
try {
  const consumer = new Consumer(project, folder);
  await checkAll("package", checksOfPackage(consumer));
  await checkAll(`Node ${process.version}`, checksOnNode(consumer, process.execPath));
  for (const version of values.node) {
    await checkAll(`Node v${version}`, checksOnNode(consumer, consumer.installNode(version)));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function checkAll(title: string, checks: Checks): Promise<void> {
  console.log(`\n${title}`);
  for (const [name, check] of Object.entries(checks)) {
    try {
      const figure = await check();
      passed++;
      console.log(`  ok      ${name}${figure === undefined ? "" : `: ${figure}`}`);
    } catch (error) {
      failed++;
      console.log(`  FAILED  ${name}: ${(error as Error).message}`);
    }
  }
}
