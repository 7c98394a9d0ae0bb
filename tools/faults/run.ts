import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeWhole } from "../../src/laboratory/write-whole.ts";
import { requireSeed } from "../../src/random/stream.ts";
import { GATE_SEED } from "../../src/verdict/judge.ts";
import { type Ground, type Part, tryAll } from "./check.ts";
import { commandLines } from "./command-lines.ts";
import { environment, unmountBelow } from "./environment.ts";
import { fuzz } from "./fuzz.ts";
import { kills } from "./kills.ts";
import { markup } from "./markup.ts";
import { modules } from "./modules.ts";
import { beMorePatient } from "./program.ts";
import { faultsJson, faultsMarkdown, type Tried, triedOf } from "./report.ts";
import { PROJECT } from "./workshop.ts";

/**
 * `npm run faults`: tries what machines, users and files from outside do to the program, and writes down what it
 * survives. Exit code 1 if it does not survive something.
 *
 * --part NAME   one part, as often as needed; the reports keep the others
 * --only TEXT   of it, only checks whose name has this text; no reports are written
 * --quick       what CI has time for; no reports are written
 * --seed N      seed of everything that is drawn
 * --lanes N     checks at a time; one a core unless given
 * --patience N  how many times slower this machine is than one that does nothing else
 */
const PARTS: readonly Part[] = [kills, environment, commandLines, fuzz, modules, markup];

const { values } = parseArgs({
  options: {
    part: { type: "string", multiple: true, default: PARTS.map(({ name }) => name) },
    only: { type: "string", default: "" },
    quick: { type: "boolean", default: false },
    seed: { type: "string", default: String(GATE_SEED) },
    patience: { type: "string", default: "1" },
    lanes: { type: "string", default: String(availableParallelism()) },
  },
});
const unknown = values.part.find((asked) => !PARTS.some(({ name }) => name === asked));
if (unknown !== undefined) {
  process.stderr.write(`--part must be one of ${PARTS.map(({ name }) => name).join(", ")}, got ${unknown}\n`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "theorycheck-faults-"));
// whoever the program is run as must find its declarations
chmodSync(folder, 0o755);
beMorePatient(Number(values.patience));
const ground: Ground = {
  program: [process.execPath, join(PROJECT, "bin", "theorycheck.js")],
  project: PROJECT,
  folder,
  seed: requireSeed("faults", Number(values.seed)),
  quick: values.quick,
};
process.once("exit", () => {
  unmountBelow(folder);
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
const tried: Tried[] = [];
for (const part of PARTS.filter(({ name }) => values.part.includes(name))) tried.push(await tryPart(part));
if (!values.quick && values.only === "") writeReports();
const passed = tried.reduce((sum, part) => sum + part.passed, 0);
const failed = tried.reduce((sum, part) => sum + part.failed.length, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function tryPart(part: Part): Promise<Tried> {
  console.log(`\n${part.name}`);
  const { checks, close } = await part.checks(ground);
  const lanes = Math.min(Number(values.lanes), part.lanes ?? Number.POSITIVE_INFINITY);
  try {
    const chosen = checks.filter(({ name }) => name.includes(values.only));
    const outcomes = await tryAll(chosen, lanes, ({ name, wrong }) => {
      if (wrong.length > 0) console.log(`  FAILED  ${name}: ${wrong.join("; ")}`);
    });
    const result = triedOf(part, ground.seed, outcomes);
    console.log(`  ${result.passed} survived, ${result.failed.length} not, ${result.leftOut.length} left out`);
    return result;
  } finally {
    await close?.();
  }
}

/** What was tried now, and of the other parts what the last run wrote, in the order of the parts. */
function writeReports(): void {
  const file = join(PROJECT, "reports", "faults.json");
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as readonly Tried[]) : [];
  const all = PARTS.flatMap(({ name }) => [...tried, ...before].find(({ part }) => part === name) ?? []);
  writeWhole(file, faultsJson(all));
  writeWhole(join(PROJECT, "reports", "faults.md"), faultsMarkdown(all));
}
