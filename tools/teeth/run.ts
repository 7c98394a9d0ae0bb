import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { declarationsOf } from "../../src/cli/laboratory.ts";
import { hashesOf } from "../../src/laboratory/fingerprint.ts";
import { writeWhole } from "../../src/laboratory/write-whole.ts";
import { writeKept } from "../../src/report/made-with.ts";
import { brokenLemmas, type Catch, changedVerdicts, counted, failingTest, IN_COPY } from "./bite.ts";
import { type Plant, plants, roomOf } from "./plants.ts";
import { importsOf, ProjectCopy, reaches } from "./project-copy.ts";
import { type Bite, biteOf, teethJson, teethMarkdown } from "./report.ts";

/**
 * `npm run teeth`: plants each error of `plants.ts` by itself in a copy of the project, and writes down which unit
 * test, lemma, theorem or control notices. Exit code 1 if an error is not noticed, or if the copy without one fails.
 *
 * --only ID,ID  some errors; the reports keep the other entries, and the copy without an error is not tried
 * --first       the first that notices is enough, and the reports name no other
 * --lanes N     copies at a time; one a core unless given
 */
const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/** The theorems' models are trained by the kernel: these files do nothing there. */
const REFERENCE = ["gradient.ts", "forward.ts", "loss.ts", "reference.ts"].map(
  (file) => `src/transformer/model/${file}`,
);

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    first: { type: "boolean", default: false },
    lanes: { type: "string", default: String(availableParallelism()) },
  },
});
const only = values.only?.split(",");
const chosen = plants.filter(({ id }) => only?.includes(id) ?? true);

const lemmaImports = importsOf(PROJECT, `${IN_COPY}/examine-lemmas.ts`);
const judgeImports = new Set([
  ...importsOf(PROJECT, `${IN_COPY}/judge-theorems.ts`),
  ...importsOf(PROJECT, "src/laboratory/worker.ts"),
  ...importsOf(PROJECT, "theorems/index.ts"),
]);

const folder = mkdtempSync(join(tmpdir(), "theorycheck-teeth-"));
process.once("SIGINT", () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(130);
});
let bites: readonly Bite[];
try {
  const lanes = Array.from(
    { length: Number(values.lanes) },
    (_, lane) => new ProjectCopy(PROJECT, join(folder, `${lane}`)),
  );
  if (only === undefined) await requireSound(lanes[0] as ProjectCopy, [...new Set(plants.map(({ file }) => file))]);
  bites = await inLanes(lanes, chosen);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const escaped = bites.filter(({ catches }) => catches.length === 0);
const all = only === undefined ? bites : amongOthers(bites);
const made = only === undefined ? await hashesOf(await declarationsOf({})) : undefined;
writeKept(join(PROJECT, "reports"), "teeth.json", teethJson(all), made);
writeWhole(join(PROJECT, "reports", "teeth.md"), teethMarkdown(all));
process.stderr.write(`${bites.length - escaped.length} of ${counted(bites.length, "planted error")} caught.\n`);
process.exitCode = escaped.length > 0 ? 1 : 0;

/** These entries among those of the last reports, in the order of the plants. */
function amongOthers(some: readonly Bite[]): readonly Bite[] {
  const file = join(PROJECT, "reports", "teeth.json");
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as readonly Bite[]) : [];
  return plants.flatMap(({ id }) => [...some, ...before].find((bite) => bite.id === id) ?? []);
}

/** What notices a comment notices everything, and says nothing. */
async function requireSound(copy: ProjectCopy, files: readonly string[]): Promise<void> {
  copy.plantHarmless(files);
  const noticed = [
    ...(await failingTest(copy, "none")),
    ...(await brokenLemmas(copy)),
    ...(await changedVerdicts(copy)),
  ];
  copy.restore();
  if (noticed.length > 0) {
    throw new Error(`the project without a planted error must pass everything, got ${JSON.stringify(noticed)}`);
  }
  process.stderr.write("No error planted: nothing notices.\n");
}

/** Each copy takes the next plant when it is done with one; the bites are in the order of the plants. */
async function inLanes(lanes: readonly ProjectCopy[], all: readonly Plant[]): Promise<readonly Bite[]> {
  const done = new Map<Plant, Bite>();
  const waiting = [...all];
  await Promise.all(
    lanes.map(async (copy) => {
      for (let plant = waiting.shift(); plant !== undefined; plant = waiting.shift()) {
        const bite = await biteInto(copy, plant);
        done.set(plant, bite);
        process.stderr.write(`${bite.id}: ${bite.caughtBy.join("; ") || "NOT CAUGHT"}\n`);
      }
    }),
  );
  return all.map((plant) => done.get(plant) as Bite);
}

async function biteInto(copy: ProjectCopy, plant: Plant): Promise<Bite> {
  copy.plant(plant);
  try {
    const catches: Catch[] = await failingTest(copy, roomOf(plant), plant.file);
    const goesOn = () => !values.first || catches.length === 0;
    if (goesOn() && reaches(lemmaImports, plant)) catches.push(...(await brokenLemmas(copy)));
    if (goesOn() && reaches(judgeImports, plant) && !REFERENCE.includes(plant.file)) {
      catches.push(...(await changedVerdicts(copy)));
      if (catches.length === 0) catches.push(...(await changedVerdicts(copy, true)));
    }
    return biteOf(plant, catches);
  } finally {
    copy.restore();
  }
}
