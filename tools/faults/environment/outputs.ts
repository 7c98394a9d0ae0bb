import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Ended } from "../program.ts";
import { after } from "../program.ts";
import { AS_NOBODY, type Fault, REFUSED, type Stage, SURVIVES } from "./stage.ts";

const VERDICT = /^certified/m;

/** Refused before anything is trained; or, where nobody could know that, after the verdict was printed. */
const REFUSED_OR_FULL = { exits: [2, 70] };

/** A place for a store or for reports at which something is wrong: returns its path. */
interface Place {
  readonly name: string;
  readonly make: (stage: Stage) => string;
  readonly asNobody?: true;
  readonly needs?: "root";
}

const PLACES: readonly Place[] = [
  { name: "below a file", make: (stage) => join(stage.file("file", "text"), "below") },
  { name: "that is a file", make: (stage) => stage.file("file", "text") },
  { name: "that is a symbolic link to itself", make: (stage) => linked(stage, "loop", "loop") },
  { name: "with a name of 300 characters", make: (stage) => stage.path("x".repeat(300)) },
  { name: "below /proc", make: () => "/proc/theorycheck" },
  { name: "that is /dev/null", make: () => "/dev/null" },
  { name: "that may not be written", make: (stage) => stage.folder("shut", 0o555), asNobody: true, needs: "root" },
  { name: "that may not be read", make: (stage) => stage.folder("shut", 0), asNobody: true, needs: "root" },
  {
    name: "below one that may not be written",
    make: (stage) => join(stage.folder("shut", 0o555), "x"),
    asNobody: true,
    needs: "root",
  },
  { name: "on a file system that is read-only", make: (stage) => mounted(stage, "ro,size=64k"), needs: "root" },
  { name: "on a file system that is full", make: (stage) => filled(stage, 64), needs: "root" },
];

/** Whoever wants the results must hear before they are computed; for the store there is no such need. */
const places: readonly Fault[] = PLACES.flatMap(({ name, make, asNobody, needs }) => {
  const start = asNobody === undefined ? {} : { within: AS_NOBODY };
  const needed = needs === undefined ? {} : { needs };
  return [
    {
      name: `a store ${name}`,
      right: { ...SURVIVES, says: VERDICT },
      run: (stage: Stage) => stage.verify(["--store", make(stage)], start),
      ...needed,
    },
    {
      name: `a folder for reports ${name}`,
      right: name.includes("full") ? REFUSED_OR_FULL : REFUSED,
      run: async (stage: Stage) => {
        const out = make(stage);
        const ended = await stage.verify(["--no-store", "--out", out], start);
        return [ended, saysVerdictOr2(ended)] as const;
      },
      ...needed,
    },
  ];
});

/** Something that lies already where a report must be written. */
const inTheWay = (name: string, arrange: (stage: Stage) => void, exits: readonly number[], says?: RegExp): Fault => ({
  name,
  right: { exits, ...(says === undefined ? {} : { says }) },
  run: async (stage) => {
    const elsewhere = stage.file("elsewhere.txt", "untouched");
    arrange(stage);
    const ended = await stage.verify(["--no-store", "--out", "out"]);
    const untouched = readFileSync(elsewhere, "utf8") === "untouched";
    return [ended, untouched ? undefined : "it wrote through a link", saysVerdictOr2(ended)];
  },
});

const reports: readonly Fault[] = [
  inTheWay("results.json is a folder", (stage) => stage.folder("out/results.json/x"), [2]),
  inTheWay("index.html is a folder", (stage) => stage.folder("out/index.html/x"), [2, 70]),
  inTheWay("the folder of figures is a file", (stage) => stage.file("out/figures"), [2, 70]),
  inTheWay(
    "results.json is a link to another file",
    (stage) => {
      linked(stage, "out/results.json", "../elsewhere.txt");
    },
    [0, 2],
  ),
  inTheWay("index.html is a link to itself", (stage) => linked(stage, "out/index.html", "index.html"), [0, 2]),
  inTheWay(
    "the folder of figures is a link to nowhere",
    (stage) => linked(stage, "out/figures", "nowhere"),
    [0, 2, 70],
  ),
  inTheWay("the folder for reports is a link to nowhere", (stage) => linked(stage, "out", "nowhere"), [0, 2]),
  inTheWay(
    "an unfinished file of a killed run lies there",
    (stage) => stage.file("out/results.json.1.part"),
    [0],
    VERDICT,
  ),
  {
    name: "a folder for reports of the empty name",
    right: REFUSED,
    run: (stage) => stage.verify(["--no-store", "--out", ""]),
  },
  ...["deep/below/others", "with spaces and ü", "a#b%20c?d", "$(touch x) 'q' \"r\"", "日本語", "-"].map(
    (name): Fault => ({
      name: `a folder for reports called ${name}`,
      right: SURVIVES,
      run: async (stage) => {
        const ended = await stage.verify(["--no-store", `--out=${stage.path(name)}`]);
        return [ended, existsSync(stage.path(name, "results.json")) ? undefined : "no report lies there"];
      },
    }),
  ),
  ...[20, 60].map(
    (kilobytes): Fault => ({
      name: `a disk that is full after ${kilobytes} kB of reports`,
      right: { exits: [2, 70] },
      needs: "root",
      run: async (stage) => {
        const out = mounted(stage, `size=${kilobytes}k`);
        const ended = await stage.verify(["--no-store", "--out", out]);
        return [
          ended,
          saysVerdictOr2(ended),
          existsSync(join(out, "results.json")) ? "results.json lies there" : undefined,
        ];
      },
    }),
  ),
  ...[0, 8, 32].map(
    (blocks): Fault => ({
      name: `files of at most ${blocks} kB (ulimit -f)`,
      right: { exits: [2, 70] },
      run: async (stage) => {
        const ended = await stage.verify(["--no-store", "--out", "out"], { within: after(`ulimit -f ${blocks}`) });
        return [ended, saysVerdictOr2(ended)];
      },
    }),
  ),
  {
    name: "a store in files of at most 4 kB (ulimit -f)",
    right: SURVIVES,
    run: (stage) => stage.verify(["--store", "store"], { within: after("ulimit -f 4") }),
  },
  ...(["search small --budget-models 2", "boundary small --vary size=1..9 --cells 3 --seeds 1"] as const).map(
    (command): Fault => ({
      name: `${command.split(" ")[0]}: a result that cannot be written`,
      right: REFUSED,
      run: (stage) =>
        stage.run([
          ...command.split(" "),
          "--theorems",
          stage.workshop.module("sure.js"),
          "--out",
          join(stage.file("file"), "x"),
        ]),
    }),
  ),
  ...["file/below", "folder", ""].map(
    (name): Fault => ({
      name: `a campaign's log at ${name === "" ? "the empty name" : name}`,
      right: REFUSED,
      run: (stage) => {
        stage.file("file");
        stage.folder("folder");
        return stage.verify(["--no-store", `--campaign=${name}`]);
      },
    }),
  ),
];

export const outputs: readonly Fault[] = [...places, ...reports];

/** Nothing that was computed is lost: it was printed, unless it was refused before. */
function saysVerdictOr2({ code, stdout }: Ended): string | undefined {
  return code === 2 || VERDICT.test(stdout) ? undefined : "its verdict was not printed";
}

function linked(stage: Stage, name: string, to: string): string {
  const path = stage.path(name);
  mkdirSync(join(path, ".."), { recursive: true });
  symlinkSync(to, path);
  return path;
}

/** A file system in memory of its own. The run unmounts all below its folder at its end. */
function mounted(stage: Stage, options: string): string {
  const path = stage.folder("disk");
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path]);
  return path;
}

function filled(stage: Stage, kilobytes: number): string {
  const path = mounted(stage, `size=${kilobytes}k`);
  writeFileSync(join(path, "filling"), "x".repeat(1024 * kilobytes));
  return path;
}
