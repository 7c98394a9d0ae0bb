import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, redirected } from "../program.ts";
import { AS_NOBODY, type Fault, NAMED, type Stage, SURVIVES } from "./stage.ts";

/** Variables of the environment under which everything is as ever. */
const HARMLESS: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  "no HOME": { HOME: undefined },
  "a HOME that is not there": { HOME: "/nonexistent" },
  "a TMPDIR that is not there": { TMPDIR: "/nonexistent" },
  "a TMPDIR that is a file": { TMPDIR: "/etc/passwd" },
  "an empty TMPDIR": { TMPDIR: "" },
  "no PATH": { PATH: "/nonexistent" },
  "the locale of Turkey": { LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" },
  "a locale that is none": { LANG: "xx_YY.nothing", LC_ALL: "xx_YY.nothing" },
  "the locale C": { LANG: "C", LC_ALL: "C" },
  "a time zone half an hour off": { TZ: "Australia/Lord_Howe" },
  "a time zone that is none": { TZ: "Nowhere/At_All" },
  "colours forced": { FORCE_COLOR: "3" },
  "no colours and a dumb terminal": { NO_COLOR: "1", TERM: "dumb", COLUMNS: "1" },
  "a terminal without a width": { COLUMNS: "0", LINES: "-1" },
  "CI=1": { CI: "1" },
  "NODE_ENV=production": { NODE_ENV: "production" },
  "one thread for files": { UV_THREADPOOL_SIZE: "1" },
  "NODE_OPTIONS=--stack-trace-limit=0": { NODE_OPTIONS: "--stack-trace-limit=0" },
  "NODE_OPTIONS=--enable-source-maps": { NODE_OPTIONS: "--enable-source-maps" },
  "NODE_OPTIONS=--throw-deprecation": { NODE_OPTIONS: "--throw-deprecation" },
  "NODE_OPTIONS=--unhandled-rejections=none": { NODE_OPTIONS: "--unhandled-rejections=none" },
  "NODE_OPTIONS=--disable-proto=delete": { NODE_OPTIONS: "--disable-proto=delete" },
  "NODE_OPTIONS=--max-old-space-size=64": { NODE_OPTIONS: "--max-old-space-size=64" },
};

const variables: readonly Fault[] = Object.entries(HARMLESS).map(([name, env]) => ({
  name,
  right: SURVIVES,
  run: (stage: Stage) => stage.verify(["--no-store"], { env, ...(name === "no PATH" ? nodeByPath(stage) : {}) }),
}));

/** bash and node are found by their paths then. */
const nodeByPath = (stage: Stage) => ({ within: stage.ground.program[0] === "node" ? ["/usr/bin/env"] : [] });

/** A file that Node loads first. */
const preloaded = (name: string, text: string): Fault => ({
  name,
  right: SURVIVES,
  run: async (stage) => {
    const plainly = await stage.verify();
    const env = { NODE_OPTIONS: `--require ${stage.file("first.cjs", text)}` };
    const ended = await stage.verify(["--no-store"], { env });
    return [ended, ended.stdout === plainly.stdout ? undefined : "other verdicts than without"];
  },
});

const clocks: readonly Fault[] = [
  preloaded("a clock that stands still", "Date.now = () => 0; performance.now = () => 0;"),
  preloaded("a clock that runs backwards", "let t = 2e12; Date.now = () => (t -= 1e6);"),
  preloaded("a clock of the year 9999", "const now = Date.now; Date.now = () => now() + 2.5e14;"),
];

const limits: readonly Fault[] = [
  // with 16 Node itself does not start
  ...[20, 24, 32, 64, 256].map(
    (files): Fault => ({
      name: `${files} open files (ulimit -n)`,
      right: files < 256 ? NAMED : SURVIVES,
      run: (stage) => stage.verify(["--store", "store"], { within: after(`ulimit -n ${files}`) }),
    }),
  ),
  ...[1, 2, 4, 8].map(
    (gigabytes): Fault => ({
      name: `${gigabytes} GB of addresses (ulimit -v), the kernel's model`,
      right: { exits: [3, 70] },
      run: (stage) => stage.train({ within: after(`ulimit -v ${gigabytes * 2 ** 20}`) }),
    }),
  ),
  ...[2, 8].map(
    (gigabytes): Fault => ({
      name: `${gigabytes} GB of addresses (ulimit -v), a model in JavaScript`,
      right: NAMED,
      run: (stage) => stage.verify(["--no-store"], { within: after(`ulimit -v ${gigabytes * 2 ** 20}`) }),
    }),
  ),
  ...[24, 40].map(
    (threads): Fault => ({
      name: `${threads} threads (ulimit -u)`,
      right: NAMED,
      needs: "root",
      run: (stage) =>
        // the limit counts all that a user runs: a user of its own has nothing else
        stage.verify(["--no-store", "--workers", "16"], {
          within: [
            "setpriv",
            `--reuid=${61_000 + threads}`,
            "--regid=65534",
            "--clear-groups",
            ...after(`ulimit -u ${threads}`),
          ],
        }),
    }),
  ),
  {
    name: "a stack of 256 kB (ulimit -s)",
    right: NAMED,
    run: (stage) => stage.verify(["--no-store"], { within: after("ulimit -s 256") }),
  },
  {
    name: "a trial that takes all memory",
    right: { exits: [2, 70], says: /size/ },
    run: (stage) =>
      stage.run(["verify", "--theorems", stage.workshop.module("eats-memory.js"), "--no-store"], {
        env: { NODE_OPTIONS: "--max-old-space-size=128" },
      }),
  },
  {
    name: "code from text forbidden (--disallow-code-generation-from-strings)",
    right: { exits: [70], says: /leave out --disallow/ },
    run: (stage) => stage.verify(["--no-store"], { env: { NODE_OPTIONS: "--disallow-code-generation-from-strings" } }),
  },
  {
    name: "WebAssembly switched off (--jitless)",
    right: { exits: [3, 70] },
    run: (stage) => stage.train({ env: { NODE_OPTIONS: "--jitless" } }),
  },
];

/** Streams that are closed or full. What cannot be written cannot be read either, so that nothing is asked of it. */
const streams: readonly Fault[] = [
  ...["verify", "list", "help", "query"].map(
    (command): Fault => ({
      name: `${command}: stdout is full`,
      right: { exits: [70] },
      run: (stage) => stage.run(saying(command, stage), { within: redirected(">/dev/full") }),
    }),
  ),
  ...["verify", "list", "help"].map(
    (command): Fault => ({
      name: `${command}: stdout is closed`,
      right: { exits: [0, 70] },
      run: (stage) => stage.run(saying(command, stage), { within: redirected(">&-") }),
    }),
  ),
  {
    name: "stderr is full",
    right: SURVIVES,
    run: (stage) => stage.verify(["--no-store"], { within: redirected("2>/dev/full") }),
  },
  {
    name: "stderr is closed",
    right: SURVIVES,
    run: (stage) => stage.verify(["--no-store"], { within: redirected("2>&-") }),
  },
  {
    name: "stdin is closed",
    right: SURVIVES,
    run: (stage) => stage.verify(["--no-store"], { within: redirected("<&-") }),
  },
  {
    name: "all three streams are closed",
    right: { exits: [0, 70], mute: true },
    run: (stage) => stage.verify(["--no-store"], { within: redirected("<&- >&- 2>&-") }),
  },
  ...["verify", "json", "list", "help", "query", "evaluate"].flatMap((command) =>
    ["true", "head -c 1"].map(
      (reader): Fault => ({
        name: `${command}: a pipe that \`${reader}\` reads`,
        right: { exits: [0] },
        run: (stage) =>
          stage.run(saying(command, stage), {
            within: ["bash", "-c", `set -o pipefail; trap "" PIPE; "$@" | ${reader}; exit \${PIPESTATUS[0]}`, "bash"],
          }),
      }),
    ),
  ),
  {
    name: "stderr is a pipe that nobody reads",
    right: SURVIVES,
    run: (stage) => stage.verify(["--no-store"], { within: redirected("2> >(exec true)") }),
  },
];

function saying(command: string, stage: Stage): readonly string[] {
  const golden = join(stage.ground.project, "golden", "one-layer-transformer.json");
  const commands: Readonly<Record<string, readonly string[]>> = {
    verify: ["verify", "--theorems", stage.workshop.module("sure.js"), "--no-store"],
    json: ["verify", "--theorems", stage.workshop.module("sure.js"), "--no-store", "--json"],
    list: ["list"],
    help: ["--help"],
    query: ["query", "--models", stage.file("models.jsonl", ONE_MODEL), "SELECT range FROM range(100000)"],
    evaluate: ["evaluate", golden],
  };
  return commands[command] as readonly string[];
}

const ONE_MODEL = `${JSON.stringify({ law: "l", trial: 0, member: 0, seed: 7, theta: { size: 1 }, outcome: "ended", digest: "a", measurements: { drawn: 0.5 }, observed: {} })}\n`;

const folders: readonly Fault[] = [
  {
    name: "the folder that it is started in is removed",
    right: { exits: [0, 2, 70] },
    run: (stage) => {
      const gone = stage.folder("gone");
      return stage.verify(["--no-store"], { cwd: gone, within: after(`rmdir ${JSON.stringify(gone)}`) });
    },
  },
  {
    name: "the folder that it is started in is removed while it runs, with a store and reports in it",
    right: { exits: [0, 2, 70] },
    run: (stage) => {
      const gone = stage.folder("gone");
      return stage.verify(["--store", "store", "--out", "out"], {
        cwd: gone,
        onStart: (child) =>
          child.stderr?.once("data", () => rmSync(gone, { recursive: true, force: true, maxRetries: 20 })),
      });
    },
  },
  {
    name: "as nobody, in a folder that may not be written",
    right: SURVIVES,
    needs: "root",
    run: (stage) =>
      stage.verify([], { cwd: stage.folder("shut", 0o555), within: AS_NOBODY, env: { HOME: "/nonexistent" } }),
  },
  {
    name: "as nobody, in a folder that may not be read",
    right: { exits: [0, 2, 70] },
    needs: "root",
    run: (stage) =>
      stage.verify([], { cwd: stage.folder("shut", 0o711), within: AS_NOBODY, env: { HOME: "/nonexistent" } }),
  },
  {
    name: "declarations that may not be read",
    right: { exits: [2], within: 5000 },
    needs: "root",
    run: (stage) => {
      const module = stage.file("mine.js", "export const a = 1;");
      return stage.run(["verify", "--theorems", module, "--no-store"], {
        within: ["bash", "-c", `chmod 0 "$0"; exec "$@"`, module, ...AS_NOBODY],
      });
    },
  },
];

export const surroundings: readonly Fault[] = [...variables, ...clocks, ...limits, ...streams, ...folders];
