import { join } from "node:path";
import type { Command, Option } from "commander";
import { COMMANDS } from "../../src/cli/commands.ts";
import { type Stream, stream } from "../../src/random/stream.ts";
import type { Checks, Ground, Part } from "./check.ts";
import { runProgram } from "./program.ts";
import { withoutSteering, wrongsOf } from "./right.ts";
import { Workshop } from "./workshop.ts";

/** Command lines in all; every one starts a program. */
const LINES = { whole: 600, quick: 12 };

const NUMBERS = [
  "-1",
  "-0",
  "0",
  "1",
  "2",
  "7",
  "0.05",
  "1e-400",
  "1e309",
  "NaN",
  "Infinity",
  "0x10",
  "1e3",
  "1_000",
  "+5",
  "00012",
  "9007199254740992",
  "9007199254740993",
  "1.5",
  "٣",
  "4294967296",
];
const TEXTS = [
  "",
  " ",
  "\t",
  "\n",
  "-",
  "--",
  "null",
  "[]",
  "{}",
  '{"__proto__":1}',
  "constructor",
  "toString",
  "__proto__",
  "small",
  "sizes",
  "some-sizes",
  "all",
  "Ω\u0301",
  "\u202egnp.exe",
  "\u0007\u001b[2J",
  "<script>",
  "$(id)",
  "x".repeat(5000),
  "a,b,,c",
  "size=1..9",
  "size=9..1",
  "size=1e309..2",
  "size=5",
  "=",
  "a=b=c",
];
const PATHS = [
  "nowhere/at/all.json",
  ".",
  "..",
  "/",
  "/dev/null",
  "a\nb",
  "package.json",
  "~",
  "file:///etc/passwd",
  "https://localhost/x",
];
const UNKNOWN = [
  "--unknown",
  "--unknown=1",
  "-x",
  "---",
  "--no-seed",
  "--json=1",
  "--Seed",
  "--__proto__",
  "--help",
  "--version",
  "-V",
];

/** Before a command's generated options: what keeps them small, where nothing generated says otherwise. */
const FIRST: Readonly<Record<string, (module: string) => readonly string[]>> = {
  verify: (module) => ["--theorems", module, "--no-store"],
  train: (module) => ["--theorems", module, "--law", "some-sizes"],
  replay: (module) => ["--theorems", module],
  search: (module) => ["--theorems", module],
  boundary: (module) => ["--theorems", module],
};

/** After them: of an option that is given twice the last counts. */
const LAST: Readonly<Record<string, readonly string[]>> = {
  verify: ["--max-models", "1", "--workers", "1"],
  search: ["--budget-models", "2", "--workers", "1"],
  boundary: ["--cells", "3", "--seeds", "1", "--workers", "1"],
};

/** Options that would leave the tiny module, or do more than a moment's work, whatever comes after them. */
const LEFT_ALONE = ["--theorems", "--all", "--law"];

export const commandLines: Part = {
  name: "command-lines",
  title:
    "command lines drawn from the program's own options, with values at the edge of what they take: exit code 0 to 3",
  checks: async ({ program, project, folder, seed, quick }: Ground): Promise<Checks> => {
    const workshop = new Workshop(join(folder, "command-lines"), project);
    const commands = await Promise.all(
      Object.values(COMMANDS).map(({ load }) => load("0.0.0", new AbortController().signal)),
    );
    const random = stream(seed, "command lines");
    const lines = Array.from({ length: quick ? LINES.quick : LINES.whole }, () => drawLine(random, commands, workshop));
    return {
      checks: lines.map((line) => ({
        name: nameOf(line, workshop.folder),
        run: async () =>
          wrongsOf(await runProgram([...program, ...line], { cwd: workshop.scene() }), { exits: [0, 1, 2, 3] }),
      })),
    };
  },
};

/** A command with up to four options and what arguments it may take, in a random order. */
function drawLine(random: Stream, commands: readonly Command[], workshop: Workshop): readonly string[] {
  const command = oneOf(random, commands);
  const options = command.options.filter(({ long }) => !LEFT_ALONE.includes(long ?? ""));
  const generated = Array.from({ length: random.integer(0, 4) }, () => {
    if (random.uniform() < 0.1 || options.length === 0) return [oneOf(random, UNKNOWN)];
    return drawOption(random, oneOf(random, options));
  });
  const args = command.registeredArguments.map((argument) => {
    const left = random.uniform() < (argument.required ? 0.1 : 0.5);
    return left
      ? []
      : [
          drawText(
            random,
            argument.name() === "theorem" ? ["small"] : argument.name() === "sql" ? ["SELECT 1"] : PATHS,
          ),
        ];
  });
  if (random.uniform() < 0.05) args.push(["superfluous"]);
  const name = command.name();
  const first = FIRST[name]?.(workshop.module("sure.js")) ?? [];
  return [name, ...first, ...random.shuffle([...generated, ...args]).flat(), ...(LAST[name] ?? [])];
}

function drawOption(random: Stream, option: Option): readonly string[] {
  const flag = option.long ?? option.short ?? "";
  if (!option.required && !option.optional) return [flag];
  const likely =
    option.argChoices ??
    (/file|folder/.test(option.flags) ? PATHS : /<(?:n|p|s|a|b|c|r)>/.test(option.flags) ? NUMBERS : TEXTS);
  const value = drawText(random, likely);
  return random.uniform() < 0.2 ? [`${flag}=${value}`] : [flag, value];
}

/** Mostly of the likely ones. */
function drawText(random: Stream, likely: readonly string[]): string {
  return oneOf(random, random.uniform() < 0.7 ? likely : [...NUMBERS, ...TEXTS, ...PATHS]);
}

function oneOf<T>(random: Stream, all: readonly T[]): T {
  return all[random.integer(0, all.length - 1)] as T;
}

function nameOf(line: readonly string[], folder: string): string {
  const words = line.map((word) => (word.length > 60 ? `${word.slice(0, 20)}…` : word.replace(`${folder}/`, "")));
  return withoutSteering(words.map((word) => JSON.stringify(word)).join(" "));
}
