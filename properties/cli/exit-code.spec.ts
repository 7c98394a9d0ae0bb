import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { BIN } from "../built-program.ts";
import { program } from "./spawned.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const COIN = fileURLToPath(new URL("../../examples/coin/coin.ts", import.meta.url));

/** A theorem that is certified in a second. */
const JUDGES = ["verify", "--theorems", COIN, "--theorem", "heads-near-bias", "--no-store"];
const HOLDS = [...JUDGES, "--workers", "1"];

const folder = temporaryFolder();

// processes start slowly where the machine does much else
vi.setConfig({ testTimeout: 180_000 });

/** Judges the coin's theorem in a module that does something more. */
function judgeWith(more: string, circumstances: Parameters<typeof program>[1] = {}) {
  const file = folder.path("more.ts");
  writeFileSync(file, `export { headsNearBias } from ${JSON.stringify(COIN)};\n${more}\n`);
  const words = ["verify", "--theorems", file, "--theorem", "heads-near-bias", "--no-store", "--workers", "1"];
  return program(words, circumstances).ended;
}

/** The last line of all that was said, with no stack before it. */
function lastLine(err: string): string {
  expect(err).not.toMatch(/^\s+at |^Node\.js v/m);
  return err.trimEnd().split("\n").at(-1) as string;
}

describe("what ends the program before there is an answer is no pass", () => {
  test.each([
    ["process.exit while it is loaded", "process.exit(0);", 2, /^error: theorems: .* process\.exit\(0\) was called$/],
    [
      "process.exit in a timer",
      "setTimeout(() => process.exit(0), 1);",
      70,
      /^theorycheck: something would have ended the program .*process\.exit\(0\) was called\); look for/,
    ],
    [
      "what process.exit calls in the end",
      "(process as unknown as { reallyExit: (code: number) => never }).reallyExit(0);",
      70,
      /^theorycheck: something ended the program before there was an answer \(exit code 0\); look for process\.exit/,
    ],
    [
      "an error in a timer",
      'setTimeout(() => { throw new TypeError("late"); }, 1);',
      70,
      /^theorycheck: TypeError: late; /,
    ],
    ["a promise that nobody waits for", 'Promise.reject(new Error("nobody"));', 70, /^theorycheck: nobody; /],
    ["what is thrown and no error", 'setTimeout(() => { throw "text"; }, 1);', 70, /^theorycheck: .*text.*; /],
    ["an exit code that a module sets", "process.exitCode = 3;", 0, /^No reports written/],
    ["streams that a module closes", "process.stdout.end(); process.stderr.destroy();", 0, /^No reports written/],
    ["an error in a microtask", 'queueMicrotask(() => { throw new Error("soon"); });', 70, /^theorycheck: soon; /],
    [
      "an export that cannot be looked at",
      'export const odd = new Proxy({}, { get() { throw new Error("no"); } });',
      2,
      /^error: theorems: .*must export what can be looked at, got Error: no$/,
    ],
    [
      "what no text can be made of",
      "throw { toString() { throw 2; } };",
      2,
      /^error: theorems: .* got something that cannot be shown$/,
    ],
    ["an error of many lines", 'throw new Error("a\\nb\\nc");', 2, /^error: theorems: .* got Error: a\\nb\\nc$/],
  ])("%s", async (_, more, expected, line) => {
    const { code, out, err } = await judgeWith(more);
    expect([code, lastLine(err)]).toEqual([`${expected}`, expect.stringMatching(line)]);
    expect(out === "").toBe(expected !== 0);
  });

  test("what a module leaves running does not keep the program", async () => {
    const { code, out } = await judgeWith("setInterval(() => {}, 1000);");
    expect([code, out]).toEqual(["0", expect.stringContaining("certified")]);
  });

  test("where DEBUG asks for it, it is said where a fault comes from", async () => {
    const { code, err } = await judgeWith('setTimeout(() => { throw new TypeError("late"); }, 1);', {
      env: { DEBUG: "theorycheck" },
    });
    expect([code, err]).toEqual(["70", expect.stringMatching(/^TypeError: late\n +at /m)]);
  });

  test("memory that runs out", async () => {
    const more = "const held: unknown[] = []; for (;;) held.push(new Array(1000).fill(0).map(() => ({})));";
    const { code, err } = await judgeWith(more, { node: ["--max-old-space-size=60"] });
    expect([code, lastLine(err)]).toEqual([
      "70",
      expect.stringMatching(/^theorycheck: out of memory \(.*\); .*--max-old-space-size/),
    ]);
  });
});

describe("what is printed", () => {
  test.each([
    ["verdicts", HOLDS],
    ["JSON", [...HOLDS, "--json"]],
    ["a list", ["list", "--json"]],
    ["the help", ["--help"]],
    ["rows", ["query", "SELECT range FROM range(100000)", "--models", "EMPTY"]],
  ])("%s, to a reader who has gone: the exit code is the answer's, and nobody is told", async (_, asked) => {
    const empty = folder.path("models.jsonl");
    writeFileSync(empty, "");
    const words = asked.map((word) => (word === "EMPTY" ? empty : word));
    const { code, err } = await program(words, { after: "> >(exec 0<&-; sleep 0.1)" }).ended;
    expect(code).toBe("0");
    expect(err).not.toMatch(/EPIPE|theorycheck:/);
  });

  test("where it cannot be written, that is a fault and no pass", async () => {
    const { code, err } = await program(HOLDS, { after: "> /dev/full" }).ended;
    expect([code, lastLine(err)]).toEqual(["70", expect.stringMatching(/^theorycheck: .* lost: no space .*ENOSPC/)]);
  });

  test("where only what is told besides cannot be written, the exit code is the answer's", async () => {
    const { code, out } = await program(HOLDS, { after: "2> /dev/full" }).ended;
    expect([code, out]).toEqual(["0", expect.stringContaining("certified")]);
  });

  test("to a file that may not become large enough: no pass with half of an answer", async () => {
    const file = folder.path("list.json");
    const { code, err } = await program(["list", "--json"], { before: "ulimit -f 4", after: `> ${file}` }).ended;
    expect([code, lastLine(err)]).toEqual(["70", expect.stringMatching(/^theorycheck: .*EFBIG/)]);
    expect(readFileSync(file).length).toBe(4096);
  });

  test("all of it, to a reader who is slow", async () => {
    const file = folder.path("list.json");
    const { code } = await program(["list", "--json"], { after: `| (sleep 1; cat > ${file})` }).ended;
    expect(code).toBe("0");
    const { out } = await program(["list", "--json"]).ended;
    expect(readFileSync(file, "utf8")).toBe(out);
    expect(out.length).toBeGreaterThan(10_000);
  });
});

describe("a program that is not whole", () => {
  /** A copy of what is installed, whose files may be torn. */
  function installed(): string {
    const project = dirname(dirname(BIN));
    for (const room of ["bin", "dist", "package.json"]) {
      cpSync(join(project, room), folder.path(`installed/${room}`), { recursive: true });
    }
    symlinkSync(join(project, "node_modules"), folder.path("installed/node_modules"));
    return folder.path("installed/bin/theorycheck.js");
  }
  const fileOf = (name: RegExp) => fileWith(name, "");
  const fileWith = (name: RegExp, text: string) => {
    const dist = folder.path("installed/dist");
    const files = readdirSync(dist).filter((file) => name.test(file));
    return files.map((file) => join(dist, file)).find((file) => readFileSync(file, "utf8").includes(text)) as string;
  };
  // in base64 all of WebAssembly begins so
  const kernel = () => fileWith(/\.js$/, "AGFzbQ");
  const torn = (file: string) => writeFileSync(file, readFileSync(file, "utf8").slice(0, 300));
  const TOLD =
    /^theorycheck: .*(?:torn|cannot be loaded).*; npm run build in a checkout, or install theorycheck again$/;

  test.each([
    ["no dist/", () => rmSync(folder.path("installed/dist"), { recursive: true })],
    ["a torn beginning", () => torn(fileOf(/^supervise\.js$/))],
    ["no thread for commands", () => rmSync(fileOf(/^command-thread-/))],
    ["a torn thread for commands", () => torn(fileOf(/^command-thread-/))],
    ["a torn command", () => torn(fileWith(/^list-/, 'Command("list")'))],
    ["no kernel", () => rmSync(kernel())],
    ["a torn kernel", () => torn(kernel())],
  ])("%s is a fault, in one line that says what helps", async (_, tear) => {
    const bin = installed();
    expect((await program(["list"], { bin }).ended).code).toBe("0");
    tear();
    const { code, out, err } = await program(["list"], { bin }).ended;
    expect([code, out]).toEqual(["70", ""]);
    expect(err.trimEnd()).toMatch(TOLD);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
  });
});

describe("what the machine refuses", () => {
  test.each([
    ["files", "ulimit -n 32", /^theorycheck: too many files are open.*ulimit -n/],
    ["files for the program", "ulimit -n 20", /^theorycheck: (?:too many files|no further thread).*ulimit .*-n/],
    ["addresses for the command", "ulimit -v 1048576", /^theorycheck: too few addresses.*ulimit -v/],
    ["addresses for workers", "ulimit -v 2097152", /^theorycheck: too few addresses.*ulimit -v/],
  ])("%s: a fault, in one line", async (_, before, line) => {
    const { code, err } = await program([...JUDGES, "--workers", "4"], { before }).ended;
    expect([code, lastLine(err)]).toEqual(["70", expect.stringMatching(line)]);
  });

  test("a file in the place of a folder, and a folder in the place of a file", async () => {
    const file = folder.path("file");
    writeFileSync(file, "");
    mkdirSync(folder.path("folder"));
    for (const option of [
      ["--out", file],
      ["--campaign", folder.path("folder")],
    ]) {
      const { code, err } = await program([...HOLDS, ...option]).ended;
      expect(["2", "70"]).toContain(code);
      expect(lastLine(err)).toMatch(/^(?:theorycheck|error): .*(?:file|folder)/);
    }
  });
});
