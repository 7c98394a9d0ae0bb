import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import type { Ended } from "../program.ts";
import { type Fault, REFUSED, type Stage, SURVIVES } from "./stage.ts";

/** A file of a former run's store, after something has happened to it. */
const damaged = (what: string, damage: (file: string) => void, told: boolean): Fault => ({
  name: `a store whose file ${what}`,
  right: SURVIVES,
  run: async (stage) => {
    const command = ["--store", stage.path("store")];
    const first = await stage.verify(command);
    for (const file of readdirSync(stage.path("store"))) damage(stage.path("store", file));
    const second = await stage.verify(command);
    const third = await stage.verify(command);
    return [
      second,
      second.stdout === first.stdout ? undefined : "other verdicts than with a sound one",
      third.stdout === first.stdout && third.code === 0 ? undefined : "the run after it says something else",
      told && !/store/.test(second.stderr) ? "nobody is told" : undefined,
    ];
  },
});

const rewritten = (change: (text: string) => string | Uint8Array) => (file: string) =>
  writeFileSync(file, change(readFileSync(file, "utf8")));

export const stores: readonly Fault[] = [
  damaged(
    "ends in the middle of a line",
    rewritten((text) => text.slice(0, -100)),
    true,
  ),
  damaged(
    "begins in the middle of a line",
    rewritten((text) => text.slice(50)),
    true,
  ),
  damaged(
    "is empty",
    rewritten(() => ""),
    false,
  ),
  damaged(
    "has empty lines only",
    rewritten(() => "\n".repeat(1000)),
    false,
  ),
  damaged(
    "has bytes that are no text",
    rewritten((text) => Buffer.concat([Buffer.from(text), Buffer.alloc(999, 0xff)])),
    true,
  ),
  damaged(
    "has zeros at its end, as after a power failure",
    rewritten((text) => `${text}${"\0".repeat(4096)}`),
    true,
  ),
  damaged(
    "was edited in a line",
    rewritten((text) => text.replace(/"drawn":\d/, '"drawn":9')),
    false,
  ),
  damaged(
    "has a line of 20 MB",
    rewritten((text) => `${text}${"x".repeat(20e6)}\n`),
    true,
  ),
  damaged(
    "has lines of JSON that mean nothing",
    rewritten((text) => `${text}null\n[]\n{"__proto__":1}\n`),
    true,
  ),
  damaged(
    "has line ends of Windows",
    rewritten((text) => text.replaceAll("\n", "\r\n")),
    false,
  ),
  damaged(
    "lost its order and has lines twice",
    rewritten((text) => `${text}${text}`),
    false,
  ),
  damaged(
    "became a folder",
    (file) => {
      execFileSync("rm", [file]);
      mkdirSync(file);
    },
    true,
  ),
  damaged(
    "became a pipe that nobody writes into",
    (file) => {
      execFileSync("rm", [file]);
      execFileSync("mkfifo", [file]);
    },
    true,
  ),
  damaged(
    "became a link to /dev/zero",
    (file) => {
      execFileSync("rm", [file]);
      symlinkSync("/dev/zero", file);
    },
    true,
  ),
  {
    name: "a store of the empty name",
    right: REFUSED,
    run: (stage) => stage.verify(["--store", ""]),
  },
  {
    name: "a store whose folder has foreign files",
    right: SURVIVES,
    run: (stage) => {
      stage.file("store/notes.txt", "mine");
      stage.file("store/trials-0000.jsonl.77.part", "torn");
      return stage.verify(["--store", stage.path("store")]);
    },
  },
  {
    name: "four runs at once with one store",
    right: { exits: [0] },
    run: async (stage) => {
      const runs = await Promise.all(
        ["a", "b", "c", "d"].map((out) =>
          stage.verify(["--store", stage.path("store"), "--out", out], { longest: 30_000 }),
        ),
      );
      const results = ["a", "b", "c", "d"].map((out) => textIn(stage, out, "results.json"));
      const kept = readdirSync(stage.path("store"))
        .map((file) => textIn(stage, "store", file))
        .join("");
      const lines = kept.split("\n").filter((line) => line !== "");
      return [
        runs.find(({ code }) => code !== 0) ?? (runs[0] as Ended),
        new Set(results).size === 1 ? undefined : "their results differ",
        lines.length >= 158 ? undefined : `the store holds ${lines.length} lines, where 158 models were trained`,
      ];
    },
  },
];

function textIn(stage: Stage, ...path: readonly string[]): string {
  return existsSync(stage.path(...path)) ? readFileSync(stage.path(...path), "utf8") : "";
}
