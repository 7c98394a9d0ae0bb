import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { type Profiler, Session } from "node:inspector/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { populationsOf, trialSeed } from "../src/claim/population.ts";
import { declarationsOf } from "../src/cli/laboratory.ts";
import { runnerOf } from "../src/experiment/laboratory.ts";
import { drawTrial } from "../src/law/law.ts";
import { transformer } from "../src/transformer/experiment.ts";
import { GATE_SEED } from "../src/verdict/judge.ts";

/**
 * `npm run bench:profile`: where time goes, as tables of Markdown: of a trial of each law, in CPU time; and of the
 * threads of `verify`. V8's sampling profiler says of each sample what function it was in; it counts for the first
 * function on its stack, from the outside in, that is named below.
 *
 * --models N   trials of each law, the first of the gate's run; 8 unless given
 * --law ID     one law
 * --verify N   in place of laws: `verify --law all --max-models N`, from start to exit
 */
const { values } = parseArgs({
  options: { models: { type: "string", default: "8" }, law: { type: "string" }, verify: { type: "string" } },
});

type Parts = Readonly<Record<string, readonly string[]>>;

/** Of a trial: files, or files and functions. */
const OF_TRIAL: Parts = {
  steps: ["kernel/engine.ts step"],
  looks: ["kernel/engine.ts meanHinge"],
  "single gradients": ["steep-steps.ts"],
  data: [
    "sample.ts sampleDataset",
    "sample.ts samplePatterns",
    "initial-weights.ts initialWeights",
    "stream.ts shuffle",
  ],
  copies: [
    "kernel/engine.ts weights",
    "digest.ts weightsDigest",
    "digest.ts allFinite",
    "kernel/engine.ts startTraining",
  ],
  measurements: ["trial.ts observeClaims", "summary.ts measurementsOf"],
  collection: ["(garbage collector)"],
  profiler: ["dispatch"],
};

/** Of a thread of `verify`, where files are bundles: functions. */
const OF_VERIFY: Parts = {
  waiting: ["(idle)", "atomicsWaitLoop"],
  "start-up": [
    "isCurrent",
    "evaluate",
    "compileSourceTextModule",
    "hashesOf",
    "declarationsOf",
    "sourceHash",
    "contentsHash",
  ],
  lemmas: ["examineLemma"],
  judging: [
    "judge",
    "judgePopulation",
    "observe",
    "arrive",
    "runInWorker",
    "drawTrial",
    "replayStored",
    "measureSlopes",
  ],
  report: ["buildResults", "reportFiles", "toJson", "modelsJsonl", "finalize", "runAsync", "drawFigure"],
  kernel: ["wasm"],
  collection: ["(garbage collector)"],
};

/** Milliseconds of each part; "rest" is what none is named for. */
function timeOfParts({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, parts: Parts): Map<string, number> {
  const partOf = new Map(Object.entries(parts).flatMap(([part, names]) => names.map((name) => [name, part] as const)));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const partOfNode = new Map<number, string>();
  const visit = (id: number, inherited: string): void => {
    const { callFrame, children = [] } = byId.get(id)!;
    const path = callFrame.url.split("/");
    const names = [1, 2].flatMap((depth) => {
      const file = path.slice(-depth).join("/");
      return [file, `${file} ${callFrame.functionName}`];
    });
    const kind = callFrame.url.startsWith("wasm:") ? "wasm" : callFrame.functionName;
    const named = [...names, kind].map((name) => partOf.get(name)).find((part) => part !== undefined);
    const part = inherited === "rest" ? (named ?? "rest") : inherited;
    partOfNode.set(id, part);
    for (const child of children) visit(child, part);
  };
  visit(nodes[0]!.id, "rest");
  const times = new Map([...Object.keys(parts), "rest"].map((part) => [part, 0]));
  samples.forEach((id, i) => {
    const part = partOfNode.get(id)!;
    times.set(part, times.get(part)! + timeDeltas[i]! / 1000);
  });
  return times;
}

function row(cells: readonly (string | number)[]): void {
  console.log(
    `| ${cells.map((cell) => (typeof cell === "number" ? Number(cell.toPrecision(3)) : cell)).join(" | ")} |`,
  );
}

function header(cells: readonly string[]): void {
  row(cells);
  console.log(`|---|${"---:|".repeat(cells.length - 1)}`);
}

async function profileLaws(models: number): Promise<void> {
  const { statements } = await declarationsOf({});
  const run = runnerOf(statements);
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 200 });
  const parts = Object.keys(OF_TRIAL).filter((part) => part !== "profiler");
  header(["law", "ms a trial", ...parts, "rest"]);
  for (const { law, claims } of populationsOf(statements)) {
    if (values.law !== undefined && law.id !== values.law) continue;
    const runAll = () => {
      for (let index = 0; index < models; index++) {
        run({
          experiment: transformer.id,
          models: drawTrial(law, trialSeed(GATE_SEED, law.id, index)),
          wanted: claims.map(({ key }) => key),
          detail: "none",
        });
      }
    };
    await session.post("Profiler.start");
    runAll();
    const { profile } = await session.post("Profiler.stop");
    const times = timeOfParts(profile, OF_TRIAL);
    times.delete("profiler");
    const sampled = [...times.values()].reduce((sum, ms) => sum + ms, 0);
    // the shares are the profiler's, and the whole is without it
    const before = process.cpuUsage();
    runAll();
    const { user, system } = process.cpuUsage(before);
    const ms = (user + system) / 1000 / models;
    row([law.id, ms, ...[...parts, "rest"].map((part) => (ms * times.get(part)!) / sampled)]);
  }
}

function profileVerify(maxModels: string): void {
  const folder = mkdtempSync(join(tmpdir(), "theorycheck-profile-"));
  try {
    const program = fileURLToPath(new URL("../bin/theorycheck.js", import.meta.url));
    const profiling = ["--cpu-prof", `--cpu-prof-dir=${folder}`, "--cpu-prof-interval", "1000"];
    const verify = [
      "verify",
      "--law",
      "all",
      "--no-store",
      "--max-models",
      maxModels,
      "--out",
      join(folder, "reports"),
    ];
    try {
      execFileSync(process.execPath, [...profiling, program, ...verify], { stdio: "ignore" });
    } catch {
      // so few models decide nothing, which is an exit code
    }
    header(["thread", "ms", ...Object.keys(OF_VERIFY), "rest"]);
    const files = readdirSync(folder).filter((file) => file.endsWith(".cpuprofile"));
    for (const file of files.sort()) {
      const times = [...timeOfParts(JSON.parse(readFileSync(join(folder, file), "utf8")), OF_VERIFY).values()];
      const thread = Number(file.split(".").at(-3));
      const ms = times.reduce((sum, part) => sum + part, 0);
      row([thread === 0 ? "main" : `worker ${thread}`, ms, ...times]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (values.verify === undefined) await profileLaws(Number(values.models));
else profileVerify(values.verify);
