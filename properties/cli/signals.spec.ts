import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { BIN } from "../built-program.ts";
import { SLOW_STATEMENTS } from "./command-line.ts";
import { program, type Spawned } from "./spawned.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const COIN = fileURLToPath(new URL("../../examples/coin/coin.ts", import.meta.url));

const COUNTEREXAMPLE = new URL("../../reports/counterexamples/low-rank-update-attention-scale.json", import.meta.url);

/** Two seconds, and what a machine that does something else adds. */
const SOON = 5000;

const folder = temporaryFolder();

// processes start slowly where the machine does much else
vi.setConfig({ testTimeout: 180_000 });

/** Judges a module that does something while it is loaded; says when it begins. */
function loading(what: string, circumstances: Parameters<typeof program>[1] = {}): Spawned {
  const file = folder.path("module.ts");
  writeFileSync(
    file,
    `import { execFileSync } from "node:child_process";\nexport { headsNearBias } from ${JSON.stringify(COIN)};
process.stderr.write("loading\\n", () => { ${what} });\n`,
  );
  return program(["verify", "--theorems", file, "--no-store"], circumstances);
}

/** Sends signals as soon as something was said, and gives how it ended, and how long after. */
async function stopped({ said, kill, ended }: Spawned, text: string, ...signals: readonly NodeJS.Signals[]) {
  await said(text);
  const began = performance.now();
  for (const signal of signals) kill(signal);
  const { code, out, err } = await ended;
  const milliseconds = performance.now() - began;
  expect(err).not.toMatch(/^\s+at |^Node\.js v/m);
  return { code, out, err, milliseconds };
}

describe("a signal ends the program soon, with its exit code", () => {
  test.each([
    ["SIGINT", "130"],
    ["SIGTERM", "143"],
    ["SIGHUP", "129"],
  ] as const)("%s", async (signal, code) => {
    // a module that computes for ever
    const found = await stopped(loading("for (;;);"), "loading", signal);
    expect(found).toMatchObject({
      code,
      out: "",
      err: expect.stringContaining("Interrupted: what was under way was cut"),
    });
    expect(found.milliseconds).toBeLessThan(SOON);
  });

  test("a thread that waits in the kernel, too", async () => {
    const found = await stopped(loading('execFileSync("sleep", ["20"]);'), "loading", "SIGINT");
    expect(found).toMatchObject({ code: "130", out: "" });
    expect(found.milliseconds).toBeLessThan(SOON);
  });

  test("while models are trained: what was finished is kept", async () => {
    const store = folder.path("store");
    const asked = ["verify", "--theorems", SLOW_STATEMENTS, "--workers", "1", "--store", store];
    const found = await stopped(program(asked), "after 1 trials", "SIGTERM");
    expect(found).toMatchObject({ code: "143", out: "" });
    expect(found.err).toContain("Interrupted: nothing was judged, and the reports are as they were.\n");
    expect(found.milliseconds).toBeLessThan(SOON);
    const kept = readdirSync(store).map(
      (file) => readFileSync(`${store}/${file}`, "utf8").trimEnd().split("\n").length,
    );
    expect(kept.reduce((sum, lines) => sum + lines, 0)).toBeGreaterThanOrEqual(1);
  }, 120_000);

  test("while stored counterexamples are trained", async () => {
    const stored = folder.path("reports/counterexamples");
    mkdirSync(stored, { recursive: true });
    const counterexample = JSON.parse(readFileSync(COUNTEREXAMPLE, "utf8"));
    // minutes of training
    const slow = { M: 12, d: 40, ma: 40, mb: 40, L: 40, m: 400, N: 1000, B: 200, tau: 1.9, Tmax: 6000, eta: 0.001 };
    Object.assign(counterexample.models[0].theta, slow);
    writeFileSync(`${stored}/slow.json`, JSON.stringify(counterexample));
    const asked = ["verify", "--theorem", "low-rank-update", "--no-store"];
    const running = program(asked, { cwd: folder.path(".") });
    await running.said("declared in");
    // hashes are made by then, and nothing is told until the training ends
    await new Promise((passed) => setTimeout(passed, 5000));
    const found = await stopped(running, "declared in", "SIGINT");
    expect(found).toMatchObject({ code: "130", out: "" });
    expect(found.milliseconds).toBeLessThan(SOON);
  }, 120_000);

  test("while a counterexample is replayed", async () => {
    const counterexample = JSON.parse(readFileSync(COUNTEREXAMPLE, "utf8"));
    // just within the limit of work: minutes
    const slow = { M: 8, d: 64, ma: 64, mb: 64, L: 64, m: 1000, N: 1000, B: 500, Tmax: 518, eta: 1e-6 };
    Object.assign(counterexample.models[0].theta, slow);
    const file = folder.path("slow.json");
    writeFileSync(file, JSON.stringify(counterexample));
    const found = await stopped(program(["replay", file]), "multiply-adds", "SIGINT");
    expect(found).toMatchObject({ code: "130", out: "" });
    expect(found.err).toMatch(/^training takes up to 4\.6e\+12 multiply-adds, which is minutes$/m);
    expect(found.milliseconds).toBeLessThan(SOON);
  });

  test.each([
    // what a search has seen is printed all the same
    ["search", ["search", "heads-near-bias", "--budget-models", "100000"], /^(?:law independent.* budget\n)?$/s],
    ["boundary", ["boundary", "heads-near-bias", "--vary", "memory=0..0.9", "--cells", "64", "--seeds", "1500"], /^$/],
  ])(
    "%s",
    async (_, words, out) => {
      const found = await stopped(program([...words, "--theorems", COIN]), "of ", "SIGHUP");
      expect(found).toMatchObject({ code: "129", out: expect.stringMatching(out) });
      expect(found.milliseconds).toBeLessThan(SOON);
    },
    120_000,
  );

  test("a second one at once: before the command could end by itself", async () => {
    const [one, two] = [loading("for (;;);"), loading("for (;;);")];
    const ends: number[] = [];
    const note = async (running: Spawned, ...signals: readonly NodeJS.Signals[]) => {
      const { code, milliseconds } = await stopped(running, "loading", ...signals);
      ends.push(signals.length);
      expect(code).toBe("130");
      return milliseconds;
    };
    // from one moment on: how long each took to start says nothing
    await Promise.all([one.said("loading"), two.said("loading")]);
    await Promise.all([note(one, "SIGINT"), note(two, "SIGINT", "SIGTERM")]);
    expect(ends).toEqual([2, 1]);
  });

  test("Ctrl-C in a terminal: its cursor was never hidden, and the line of progress is ended", async () => {
    const words = [process.execPath, BIN, "verify", "--theorems", SLOW_STATEMENTS, "--no-store", "--workers", "1"];
    const command = words.map((word) => `'${word}'`).join(" ");
    const terminal = spawn("script", ["-qec", command, "/dev/null"], { env: { ...process.env, TERM: "xterm" } });
    let shown = "";
    let pressed = 0;
    terminal.stdout.on("data", (chunk: Buffer) => {
      shown += chunk.toString();
      if (pressed > 0 || !shown.includes("verdicts")) return;
      pressed = performance.now();
      // the terminal itself makes a signal of it, for all who run in it
      terminal.stdin.write("\u0003");
    });
    const code = await new Promise((ended) => terminal.once("close", ended));
    expect(performance.now() - pressed).toBeLessThan(SOON);
    expect(code).toBe(130);
    expect(shown).toMatch(/^Interrupted: nothing was judged/m);
    expect(shown).not.toContain("\u001b[?25l");
  });

  test("the terminal's cursor is shown again where a thread had to be ended", async () => {
    // a terminal, as far as the program can tell
    const terminal =
      "for (const each of [process.stderr]) Object.assign(each, { isTTY: true, getColorDepth: () => 1 });";
    const node = ["--import", `data:text/javascript,${encodeURIComponent(terminal)}`];
    const found = await stopped(
      loading('process.stderr.write("\\u001b[?25l"); for (;;);', { node }),
      "loading",
      "SIGINT",
    );
    expect(found.err.lastIndexOf("\u001b[?25h")).toBeGreaterThan(found.err.lastIndexOf("\u001b[?25l"));
  });
});
