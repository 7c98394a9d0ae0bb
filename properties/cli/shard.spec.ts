import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BIN } from "../built-program.ts";
import { commandLine, JOINT_STATEMENTS, SMALL_STATEMENTS } from "./command-line.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { writtenSuite } from "./written-suite.ts";

const { path } = temporaryFolder();

const SMALL = ["--theorems", SMALL_STATEMENTS];
const WHOLE = ["--models", "170", "--of", "3", ...SMALL, "--theorem", "pairs"];

const shard = (index: number, out = `shard-${index}`, whole: readonly string[] = WHOLE) =>
  commandLine("shard", "--index", String(index), ...whole, "--workers", "1", "--out", path(out));
const merge = (...folders: readonly string[]) =>
  commandLine("merge", ...folders.map(path), "--store", path("store"), ...SMALL);
const verify = (out: string, ...words: readonly string[]) =>
  commandLine("verify", ...SMALL, "--theorem", "pairs", "--workers", "1", "--out", path(out), ...words);
const reportOf = (out: string) =>
  ["results.json", "models.jsonl"].map((file) => readFileSync(path(join(out, file)), "utf8"));

/** The lines of trials below a folder. */
const linesIn = (folder: string) =>
  readdirSync(path(folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(path(join(folder, name)), "utf8").split("\n"))
    .filter((line) => line !== "").length;

describe("shards", () => {
  test("of which one is lost and run again judge as threads do, to the byte, and nothing is trained for it again", async () => {
    for (const index of [0, 1, 2]) {
      const { code, out, err } = await shard(index);
      expect([code, out]).toEqual([
        0,
        `shard ${index} of 3: ${index === 2 ? 56 : 57} trials in ${path(`shard-${index}`)}\n`,
      ]);
      expect(err).toContain(`shard ${index} of 3: `);
    }
    rmSync(path("shard-1"), { recursive: true });
    const gap = await merge("shard-0", "shard-2");
    expect(gap.code).toBe(2);
    expect(gap.out).toBe(`113 trials of 2 folders are in ${path("store")}\n`);
    expect(gap.err).toContain("error: merge requires every trial, got gaps in 1 of 3 shards\n");
    const [, command] = /shard 1 of 3 is not there: npx theorycheck (.*)\n/.exec(gap.err)!;
    expect(command).toBe(
      `shard --index 1 --of 3 --models 170 --seed 240617167 --theorem pairs --theorems ${SMALL_STATEMENTS} --out DIR`,
    );
    const again = command!.split(" ").map((word) => (word === "DIR" ? path("again") : word));
    expect((await commandLine(...again)).code).toBe(0);
    const whole = await merge("shard-0", "again", "shard-2");
    expect([whole.code, whole.err]).toEqual([0, ""]);
    expect(whole.out).toBe(`170 trials of 3 folders are in ${path("store")}\n`);
    expect(linesIn("store")).toBe(170);

    expect((await verify("from-shards", "--store", path("store"))).code).toBe(0);
    // two for a place may be under way when the last event is decided: the 170 have them
    expect(linesIn("store")).toBe(170);
    expect((await verify("from-threads", "--no-store")).code).toBe(0);
    expect(reportOf("from-shards")).toEqual(reportOf("from-threads"));
  }, 120_000);

  test("of a suite judge as its command does here, and a gap's command names the suite", async () => {
    const suite = ["--suite", writtenSuite(path(""))];
    const whole = ["--of", "2", "--models", "170", ...suite, "--workers", "1"];
    const folders = [path("shard-0"), path("shard-1")];
    const run = (index: number) =>
      commandLine("shard", "--index", String(index), ...whole, "--out", folders[index] as string);
    expect((await run(0)).code).toBe(0);
    const gap = await commandLine("merge", folders[0]!, ...suite, "--store", path("store"));
    expect([gap.code, gap.err]).toEqual([2, expect.stringContaining(` --suite ${suite[1]} --out DIR\n`)]);
    expect((await run(1)).code).toBe(0);
    expect(await commandLine("merge", ...folders, ...suite, "--store", path("store"))).toMatchObject({ code: 0 });
    const verified = ["verify", ...suite, "--workers", "1", "--out"];
    const trained = linesIn("store");
    expect((await commandLine(...verified, path("from-shards"), "--store", path("store"))).code).toBe(0);
    expect(linesIn("store")).toBe(trained);
    expect((await commandLine(...verified, path("from-here"), "--no-store")).code).toBe(0);
    expect(reportOf("from-shards")).toEqual(reportOf("from-here"));
  }, 60_000);

  test("are gone on with where some of a shard's trials are not there", async () => {
    await shard(0);
    const [file] = readdirSync(path("shard-0"), { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".jsonl"),
    );
    const lines = readFileSync(path(join("shard-0", file!)), "utf8")
      .trim()
      .split("\n");
    // five trials lost, and the last line torn
    writeFileSync(path(join("shard-0", file!)), `${lines.slice(0, -6).join("\n")}\n${lines.at(-6)!.slice(0, 100)}`);
    const gap = await merge("shard-0");
    expect(gap.code).toBe(2);
    expect(gap.err).toContain("shard 0 of 3 lacks 6 of 57 trials: npx theorycheck shard --index 0 ");
    expect(gap.err).toContain(`--out ${path("shard-0")}\n`);
    expect((await shard(0)).code).toBe(0);
    expect(linesIn("shard-0")).toBe(57);
    expect((await merge("shard-0")).err).not.toContain("lacks");
  }, 60_000);

  test("in two folders are one where they are the same, and stop the merge where they differ", async () => {
    await shard(1, "one");
    await shard(1, "two");
    const same = await merge("one", "two");
    expect(same.out).toBe(
      `57 trials of 2 folders are in ${path("store")}, 57 of them in more than one folder, and the same\n`,
    );
    await otherTrial("two");
    const differing = await merge("one", "two");
    expect(differing.code).toBe(70);
    expect(differing.err).toContain(`error: two answers to one order: ${path("one")} and ${path("two")} differ: `);
    expect(differing.err).toMatch(/; seed \d+, theta \{/);
  }, 60_000);

  test("do not overwrite what the store has: where that differs the merge stops", async () => {
    await shard(1);
    await merge("shard-1");
    await otherTrial("shard-1");
    const differing = await merge("shard-1");
    expect(differing.code).toBe(70);
    expect(differing.err).toContain(`${path("shard-1")} and ${path("store")} differ`);
  }, 60_000);

  /** Another observation in a shard's first trial, with the checksum that it then has. */
  async function otherTrial(folder: string): Promise<void> {
    const { remembering } = await import("../../src/laboratory/remembering.ts");
    const { declarationsIn } = await import("../../src/laboratory/fingerprint.ts");
    const { ordersOf, readManifest, trialsIn } = await import("../../src/cli/shards.ts");
    const declarations = await declarationsIn(SMALL_STATEMENTS);
    const manifest = readManifest(path(folder))!;
    const [order, ...others] = ordersOf(declarations, manifest, manifest.index);
    const trials = trialsIn(path(folder), declarations);
    const record = (await trials.run(order!))!;
    const kept = await Promise.all(others.map((each) => trials.run(each)));
    for (const name of readdirSync(path(folder)))
      if (name !== "shard.json") rmSync(path(join(folder, name)), { recursive: true });
    const forged = [{ ...record, observed: { ...record.observed, [order!.wanted[0]!]: 7 } }, ...kept];
    let next = 0;
    const forger = remembering(
      { places: 1, run: async () => forged[next++], close: async () => {} },
      { folder: path(folder), closure: declarations.closure },
    );
    for (const each of [order!, ...others]) await forger.run(each);
    await forger.close();
  }
});

describe("a merge refuses by name", () => {
  const manifestOf = (folder: string, change: object) => {
    const file = path(join(folder, "shard.json"));
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), ...change }));
  };
  const small = ["--models", "6", "--of", "3", ...SMALL, "--theorem", "pairs"];

  test("a shard of another core, of other declarations, of another whole, of another form, and no shard", async () => {
    expect((await shard(0, "a", small)).code).toBe(0);
    expect((await shard(1, "b", small)).code).toBe(0);
    const { identity } = JSON.parse(readFileSync(path("b/shard.json"), "utf8"));
    const refused = async (change: object, ...messages: string[]) => {
      manifestOf("b", change);
      const { code, err } = await merge("a", "b");
      expect(code).toBe(2);
      for (const message of messages) expect(err).toContain(message);
    };
    await refused({ identity: { ...identity, core: "0".repeat(64) } }, path("b"), "its core is 000000000000 and not ");
    await refused({ identity: { ...identity, declarations: "0".repeat(64) } }, "its declarations' hash is 0000");
    await refused({ identity, models: 7 }, `${path("a")} with --models 6 and ${path("b")} with --models 7`);
    await refused({ models: 6, seed: 1 }, "--seed 240617167", "--seed 1");
    await refused({ seed: 240617167, index: 3 }, "merge requires shards from 0 to 2", "with 3");
    await refused({ index: 1, format: 0 }, `${path("b/shard.json")}: format: `);
    rmSync(path("b/shard.json"));
    expect((await merge("a", "b")).err).toContain(`got ${path("b")} without shard.json`);
  }, 60_000);

  test("by a command line: an index that there is not, another shard's folder, declarations of others", async () => {
    expect((await shard(3, "a", small)).err).toContain("--index must be below --of 3, got 3");
    await shard(0, "a", small);
    const taken = await shard(1, "a", small);
    expect(taken.code).toBe(2);
    expect(taken.err).toContain(`got ${path("a")}, which holds shard 0 of 3 with another index`);
    const others = await commandLine("merge", path("a"), "--store", path("store"), "--theorems", JOINT_STATEMENTS);
    expect(others.code).toBe(2);
    expect(others.err).toContain("its declarations' hash is ");
    expect(existsSync(path("store"))).toBe(false);
  }, 60_000);
});

test("of a law whose statements stop earlier no more models are trained than they count", async () => {
  const { out } = await shard(0, "capped", ["--models", "60", "--of", "2", ...SMALL, "--theorem", "capped"]);
  expect(out).toContain("shard 0 of 2: 20 trials in ");
}, 60_000);

describe("a disk that takes no more", () => {
  test("a folder that cannot be made is told of in a line, with the command that goes on", async () => {
    writeFileSync(path("file"), "no folder");
    const { code, err } = await shard(0, "file/in-it");
    expect(code).toBe(70);
    expect(err).toMatch(
      /^error: shard 0 of 3: .*file\/in-it takes no more: .*; with room, the same command goes on: npx theorycheck shard --index 0 /m,
    );
  });

  test("trials that were not kept are no shard, and the same command goes on", async () => {
    const words = ["shard", "--index", "0", ...WHOLE, "--workers", "1", "--out", path("full")];
    // no file may have more than 8 KiB: to write more is an error, as on a full disk
    const script = 'trap "" XFSZ; ulimit -f 8; exec "$@"';
    const program = ["-c", script, "bash", process.execPath, BIN, ...words];
    const { status, stderr, stdout } = spawnSync("bash", program, { encoding: "utf8" });
    expect([status, stdout]).toEqual([70, ""]);
    expect(stderr).toMatch(
      /^error: shard 0 of 3: .*full takes no more: \d+ of 57 trials are not in it; with room, the same /m,
    );
    expect(stderr).not.toContain("    at ");
    const run = (...args: string[]) => spawnSync(process.execPath, [BIN, ...args], { encoding: "utf8" });
    const merged = run("merge", path("full"), "--store", path("store"), ...SMALL);
    expect(merged.stderr).toMatch(/shard 0 of 3 lacks \d+ of 57 trials: npx theorycheck shard --index 0 /);
    const again = run(...words);
    expect([again.status, again.stdout]).toEqual([0, `shard 0 of 3: 57 trials in ${path("full")}\n`]);
  });
}, 60_000);

test("a shard that is told to end keeps what it has, and says so by its exit code", async () => {
  const lasting = SMALL_STATEMENTS.replace("verdict/fixtures/small-statements", "queue/lasting-statements");
  const words = ["shard", "--index", "0", "--of", "1", "--models", "40", "--theorems", lasting, "--workers", "1"];
  const child = spawn(process.execPath, [BIN, ...words, "--out", path("ended")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let err = "";
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
    // a tenth of it is trained by now
    if (err.includes("of 40 trials") && !child.killed) child.kill("SIGTERM");
  });
  const [code] = await once(child, "close");
  expect(code).toBe(143);
  expect(err).not.toContain("    at ");
  expect(linesIn("ended")).toBeGreaterThanOrEqual(4);
  expect(linesIn("ended")).toBeLessThan(40);
}, 60_000);
