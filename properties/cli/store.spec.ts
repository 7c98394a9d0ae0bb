import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BIN } from "../built-program.ts";
import { commandLine, JOINT_STATEMENTS, SLOW_STATEMENTS, SMALL_STATEMENTS } from "./command-line.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();

const verify = (...options: string[]) =>
  commandLine("verify", "--theorems", SMALL_STATEMENTS, "--workers", "1", "--beta", "0.3", ...options);

/** The trials of a store, by id, whatever the order. */
function trialsIn(store: string, kind = "trials"): Map<string, string> {
  const lines = readdirSync(store)
    .filter((name) => name.startsWith(kind))
    .flatMap((name) => readFileSync(join(store, name), "utf8").split("\n"));
  return new Map(lines.filter((line) => line !== "").map((line) => [JSON.parse(line).id, line]));
}

/** The program, as another process; its exit code and what it said. */
function started(cwd: string, ...args: string[]) {
  const child = spawn(process.execPath, [BIN, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    said.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said.err += chunk;
  });
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, ...said }));
  });
}

describe("the store of verify", () => {
  test("reports and models.jsonl are the same to the byte without a store, with a cold one, a warm one, a partly warm one", async () => {
    const store = folder.path("store");
    const reportsWith = async (...options: string[]) => {
      const out = folder.path("reports");
      const { code } = await verify("--out", out, ...options);
      const names = readdirSync(out).filter((name) => name !== "figures");
      const files = names.map((name) => [name, readFileSync(join(out, name), "utf8")]);
      rmSync(out, { recursive: true });
      return { code, files: Object.fromEntries(files) };
    };
    const without = await reportsWith("--no-store");
    expect(without.files["models.jsonl"].split("\n").length).toBeGreaterThan(50);
    expect(await reportsWith("--store", store)).toEqual(without);
    expect(await reportsWith("--store", store)).toEqual(without);
    const file = join(store, readdirSync(store)[0] as string);
    truncateSync(file, Math.floor(readFileSync(file).length / 2));
    expect(await reportsWith("--store", store)).toEqual(without);
  }, 120_000);

  test("four runs at once in one folder write the same reports, and the store holds the trials of all", async () => {
    const run = (theorem: string) =>
      started(
        folder.path(""),
        ...["verify", "--theorems", SMALL_STATEMENTS, "--theorem", theorem, "--workers", "1", "--beta", "0.3"],
        ...["--out", `reports-${theorem}`],
      );
    const asked = ["rarely-violated", "rarely-violated", "pairs", "rarely-violated"];
    const codes = (await Promise.all(asked.map(run))).map(({ code, err }) => [code, /store|Error/.exec(err)?.[0]]);
    expect(codes).toEqual(asked.map(() => [0, undefined]));
    const reports = folder.path("reports-rarely-violated");
    const together = readdirSync(reports).map((name) => [
      name,
      name === "figures" || readFileSync(join(reports, name)),
    ]);
    expect((await commandLine("report", "--check", reports)).code).toBe(0);
    const store = trialsIn(folder.path(".theorycheck"));
    const laws = [...store.values()].map((line) => /@ ([\w-]+)"/.exec(line)?.[1]);
    expect(new Set(laws)).toEqual(new Set(["small", "small-pairs"]));

    // alone, and without a store
    rmSync(reports, { recursive: true });
    await verify("--no-store", "--theorem", "rarely-violated", "--out", reports);
    expect(readdirSync(reports).map((name) => [name, name === "figures" || readFileSync(join(reports, name))])).toEqual(
      together,
    );
    // all of it is there: nothing is trained again, and no line is torn
    const again = await run("rarely-violated");
    expect([again.code, trialsIn(folder.path(".theorycheck")).size, again.err.includes("store:")]).toEqual([
      0,
      store.size,
      false,
    ]);
  }, 120_000);

  test("a kill leaves the trials that had ended, and the next run goes on from them without a word", async () => {
    const args = ["verify", "--theorems", SLOW_STATEMENTS, "--workers", "1", "--max-models", "4", "--json"];
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd: folder.path(""),
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.stderr.on("data", (chunk) => {
      if (`${chunk}`.includes("after 1 trials")) child.kill("SIGKILL");
    });
    await new Promise((resolve) => child.on("close", resolve));
    const kept = trialsIn(folder.path(".theorycheck"));
    expect(kept.size).toBeGreaterThanOrEqual(1);
    const { code, out, err } = await started(folder.path(""), ...args);
    expect([code, err.includes("store:")]).toEqual([3, false]);
    expect(JSON.parse(out).run.models).toBe(4);
    const after = trialsIn(folder.path(".theorycheck"));
    for (const [id, line] of kept) expect(after.get(id)).toBe(line);
  }, 120_000);

  test("a folder that cannot be made is told of before anything is trained, and the verdict is the same", async () => {
    writeFileSync(folder.path("file"), "");
    const without = await verify("--no-store", "--theorem", "half");
    for (const store of ["file", "file/below"]) {
      const { code, out, err } = await verify("--theorem", "half", "--store", folder.path(store));
      expect([code, out]).toEqual([without.code, without.out]);
      expect(err.match(/^store: nothing is kept in .*, the run goes on without: E/gm)?.length).toBe(1);
      expect(err.indexOf("store: ")).toBeLessThan(err.indexOf("after 1 trials"));
    }
  });

  test("a fresh seed adds nothing, and a campaign's night is kept until its counts are known", async () => {
    const store = folder.path("store");
    await verify("--theorem", "half", "--store", store);
    const before = trialsIn(store).size;
    await verify("--theorem", "half", "--store", store, "--fresh");
    expect([trialsIn(store).size, readdirSync(store).length]).toEqual([before, 1]);
    await verify("--theorem", "half", "--store", store, "--campaign", folder.path("campaign.jsonl"));
    expect([trialsIn(store).size, readdirSync(store).length]).toEqual([before, 1]);
  });
});

describe("theorycheck store", () => {
  const store = () => folder.path("store");
  const shown = async (...options: string[]) => commandLine("store", "--store", store(), ...options);

  test("shows what is kept and what it belongs to; --clear removes it and nothing else", async () => {
    expect(await shown()).toEqual({ code: 0, out: `${store()}: nothing is kept.\n`, err: "" });
    await verify("--theorem", "half", "--store", store());
    await commandLine("verify", "--theorems", JOINT_STATEMENTS, "--max-models", "2", "--store", store());
    writeFileSync(join(store(), `trials-${"0".repeat(8)}-${"1".repeat(16)}.jsonl`), "{}\n{}\n");
    writeFileSync(join(store(), "mine.json"), "{}");
    const { out } = await shown("--theorems", SMALL_STATEMENTS, "--json");
    const { files } = JSON.parse(out);
    const byOwner = Object.fromEntries(files.map(({ of, trials }: { of: string; trials: number }) => [of, trials]));
    expect(byOwner).toEqual({
      "these declarations": trialsIn(store(), files.find(({ of }: { of: string }) => of.startsWith("these")).file).size,
      "the present core, other declarations": expect.any(Number),
      "another core": 2,
    });
    expect((await shown()).out).toMatch(
      /^ +file +trials +size +of\n(?: +trials-.*\n){3}\n3 files, \d+ trials, \d+\.\d MB\.\n$/,
    );
    expect((await shown("--clear")).out).toMatch(/\nRemoved: 3 files, \d+ trials, /);
    expect(readdirSync(store())).toEqual(["mine.json"]);
    expect((await shown()).out).toContain("nothing is kept");
  }, 60_000);

  test("refuses what is no folder, a link, and no name", async () => {
    writeFileSync(folder.path("file"), "");
    symlinkSync(folder.path(""), folder.path("link"));
    for (const [name, got] of [
      ["file", "none"],
      ["link", "a symbolic link"],
    ] as const) {
      const { code, err } = await commandLine("store", "--store", folder.path(name), "--clear");
      expect([code, err]).toEqual([2, `error: --store must be a folder, got ${got}: ${folder.path(name)}\n`]);
    }
    expect((await commandLine("store", "--store", "")).code).toBe(2);
  });
});
