import { execFile } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { promisify } from "node:util";
import type { BrokenLemma } from "./in-copy/examine-lemmas.ts";
import type { ChangedVerdict } from "./in-copy/judge-theorems.ts";
import type { ProjectCopy } from "./project-copy.ts";

/** Something that noticed a planted error. */
export interface Catch {
  readonly kind: "test" | "lemma" | "theorem" | "control";
  /** A test's title, or the id of a lemma, a theorem or a control. */
  readonly name: string;
  /** When: "3 examples", "7 models: refuted"; for a test the file that it stands in. */
  readonly after: string;
}

/** What is run in a copy, from its sources: in every copy at the same place. */
export const IN_COPY = "tools/teeth/in-copy";

/** The first models of the base law that are judged for every plant; enough to refute what always fails. */
const FIRST_MODELS = 16;

/** A command that takes longer hangs: then nothing was shown. */
const MINUTES = 40;

/** Where the unit tests of a room are that has no folder of its own in properties/, or one of slow tests. */
const SPECS_OF: Readonly<Record<string, string>> = {
  kernel: "kernel",
  theorems: "properties/claim/",
  ...Object.fromEntries(
    ["data", "model", "train", "prune", "measure"].map((room) => [room, `properties/transformer/${room}/`]),
  ),
};

const run = promisify(execFile);

/**
 * The first unit test that fails: those of the error's own file before those of its room, and these before the others;
 * one file after the other, so that it is the same one every time.
 *
 * @param file in which the error is, unless it is in several
 */
export async function failingTest(copy: ProjectCopy, room: string, file?: string): Promise<Catch[]> {
  const own = file === undefined ? [] : [`/${basename(file, ".ts")}.spec.ts`];
  for (const filter of [...own, SPECS_OF[room] ?? `properties/${room}/`, undefined]) {
    const failing = await vitest(copy, filter);
    if (failing.length > 0) return failing;
  }
  return [];
}

async function vitest(copy: ProjectCopy, filter?: string): Promise<Catch[]> {
  const report = join(copy.root, "vitest-report.json");
  rmSync(report, { force: true });
  const options = ["--project=lemmas", "--bail=1", "--no-file-parallelism", "--cache=false", "--passWithNoTests"];
  // a busy machine is no failure
  const patience = ["--testTimeout=600000", "--hookTimeout=600000"];
  const output = ["--reporter=json", `--outputFile=${report}`];
  const vitestCommand = join("node_modules", "vitest", "vitest.mjs");
  const files = filter === undefined ? [] : [filter];
  const { failed, said } = await inCopy(copy, [vitestCommand, "run", ...options, ...patience, ...output, ...files]);
  if (!existsSync(report)) throw new Error(`vitest wrote no report: ${said}`);
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as VitestReport;
  for (const { name, status, message, assertionResults } of testResults) {
    const after = relative(copy.root, name).replaceAll("\\", "/");
    const test = assertionResults.find((assertion) => assertion.status === "failed");
    if (test !== undefined) return [{ kind: "test", name: test.title, after }];
    if (status === "failed") return [{ kind: "test", name: `the file does not load: ${firstLine(message)}`, after }];
  }
  if (failed) throw new Error(`vitest failed without a failing test: ${said}`);
  return [];
}

/** What is read of vitest's JSON report. */
interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly title: string }[];
  }[];
}

/** Every lemma that breaks. */
export async function brokenLemmas(copy: ProjectCopy): Promise<Catch[]> {
  const { failed, said, printed } = await script(copy, "examine-lemmas.ts");
  if (failed) return [{ kind: "lemma", name: "all", after: `the examination itself: ${lastError(said)}` }];
  return (JSON.parse(printed) as BrokenLemma[]).map(({ id, examples }) => ({
    kind: "lemma",
    name: id,
    after: counted(examples, "example"),
  }));
}

/** Every theorem and control whose verdict changes: at the first few models, or, if `toTheEnd`, with as many as it takes. */
export async function changedVerdicts(copy: ProjectCopy, toTheEnd = false): Promise<Catch[]> {
  const store = join(copy.root, ".theorycheck");
  rmSync(store, { recursive: true, force: true });
  const models = toTheEnd ? [] : [`--models=${FIRST_MODELS}`];
  const { failed, said, printed } = await script(copy, "judge-theorems.ts", `--store=${store}`, ...models);
  if (failed) return [{ kind: "theorem", name: "all", after: `the judgement itself: ${lastError(said)}` }];
  return (JSON.parse(printed) as ChangedVerdict[]).map(({ kind, id, verdict, models }) => ({
    kind,
    name: id,
    after: `${counted(models, "model")}: ${verdict}`,
  }));
}

function script(copy: ProjectCopy, name: string, ...options: readonly string[]) {
  return inCopy(copy, ["--import", "tsx", `${IN_COPY}/${name}`, ...options]);
}

/** Runs node in the copy; `failed` where its exit code is not 0. */
async function inCopy(copy: ProjectCopy, args: readonly string[]) {
  try {
    const { stdout, stderr } = await run(process.execPath, args, {
      cwd: copy.root,
      maxBuffer: 2 ** 28,
      timeout: MINUTES * 60_000,
      killSignal: "SIGKILL",
    });
    return { failed: false, printed: stdout, said: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== "number") throw new Error(`node ${args.join(" ")} did not end in ${MINUTES} minutes`);
    return { failed: true, printed: stdout ?? "", said: stderr ?? "" };
  }
}

function firstLine(text: string): string {
  return text.split("\n")[0] as string;
}

/** The line of a stack trace's head that names the error. */
function lastError(text: string): string {
  return text.split("\n").find((line) => /^\w*Error\b/.test(line)) ?? firstLine(text);
}

export function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
