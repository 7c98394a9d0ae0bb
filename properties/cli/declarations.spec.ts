import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { encodeCounterexample } from "../../src/explore/counterexample.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import { BIN } from "../built-program.ts";
import { claimsOf, genuine } from "../explore/tiny-laboratory.ts";
import { DECLARING } from "../laboratory/written-module.ts";
import { commandLine, type Said } from "./command-line.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();

/** The path of a module of declarations with this text. */
function moduleOf(text: string): string {
  const file = folder.path("mine.ts");
  writeFileSync(file, `${DECLARING}${text}\n`);
  return file;
}

const verify = (text: string, ...options: string[]): Promise<Said> =>
  commandLine("verify", "--theorems", moduleOf(text), "--no-store", "--workers", "1", ...options);

/** The verdict of each statement, by id. */
const verdictsOf = ({ out }: Said) =>
  Object.fromEntries(
    [...out.matchAll(/^(\w+) +(?:theorem|control|finding) +(\S+) /gm)].map(([, verdict, id]) => [id, verdict]),
  );

test("verify --theorems judges everything that a module declares, once, and says how much that is", async () => {
  const said = await verify(
    `export const holds = t("holds"), falseOne = t("false-one", -1);
    const more = { title: "x", provenance: observed(), law: small, claims: [atMost("steps", -1, (run) => run.steps)] };
    export const others = [falseOne, [control({ ...more, id: "c", of: "holds", leaves: { how: "it" } }), [holds]], t("false-two", -1)];
    export default finding({ ...more, id: "f", expects: "refuted" });
    export const laws = [small], bound = 3;`,
  );
  const refuted = { "false-one": "refuted", "false-two": "refuted", c: "refuted", f: "refuted" };
  expect(verdictsOf(said)).toEqual({ holds: "certified", ...refuted });
  expect(said.code).toBe(1);
  expect(said.err).toMatch(/^3 theorems, 1 control, 1 finding declared in .*mine\.ts\.$/m);
});

describe("verify --theorems refuses what it cannot judge, before anything is trained", () => {
  test.each<[string, string]>([
    ['export const all = [t("holds"), () => t("two")];', "export all[1] must be made with theorem({...})"],
    ['export const all = [t("holds"), [Promise.resolve(t("two"))]];', "export all[1][0] must be made with"],
    ["export const one = { kind: 'theorem' };", "export one must be made with theorem({...})"],
    ['export const one = t("one"), two = t("one", 3);', "must declare each id once, got one twice"],
    [
      "export const one = t('one', 0, { p0: '0.05' });",
      'theorem one: p0 must be a number above 0 and below 1, got "0.05"',
    ],
    ["export const one = t('one', 0, { deviates: 5 });", "theorem one: deviates must be text, got 5"],
    ["export const one = t('one', 0, { provenance: derived(5) });", 'got {"kind":"derived","note":5}'],
    [
      "export const one = t('constructor');",
      'theorem constructor: id must be no name that every object has, got "constructor"',
    ],
    ["export const one = t('x'.repeat(201));", "id must be at most 200 characters"],
    ["export const one = t('a\\nb', 0, { p0: 2 });", "id must be lower-case words joined by hyphens"],
    ["export const one = t('one', 0, { claim: [] });", "theorem one: claim is none of the fields"],
    [
      "export const one = t('one', 0, { formula: '\\\\frac{1' });",
      "theorem one: formula must be TeX that KaTeX can set",
    ],
    [
      "export const one = t('one', 0, { formula: String.raw`\\mathds{1}[\\lVert w_i\\rVert > t]` });",
      "theorem one: formula must be TeX that KaTeX can set (Undefined control sequence: \\mathds",
    ],
    ["process.exit(0);", "must be a module that loads, got Error: process.exit(0) was called"],
  ])("%s", async (text, message) => {
    const { code, out, err } = await verify(text, "--out", folder.path("reports"));
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^error: .*\n$/);
    expect(err).toContain(message);
    expect(folder.files()).toEqual(["mine.ts"]);
  });
});

test.each([
  [".", "must be a module that loads, got a folder"],
  ["/dev/null", "must be a module that loads, got no regular file"],
  ["", 'It must name a file or a folder, got ""'],
])("--theorems %j is refused in a line by every command that takes it", async (file, message) => {
  const commands = [["verify"], ["store"], ["search", "x"], ["boundary", "x"], ["train", "--law", "x", "--seed", "1"]];
  for (const words of commands) {
    const { code, out, err } = await commandLine(...words, "--theorems", file);
    expect([words, code, out]).toEqual([words, 2, ""]);
    expect(err.trimEnd().split("\n").at(-1)).toContain(message);
  }
});

test("what a module prints, while it is loaded and while it observes, is no part of the answer", () => {
  const text = `console.log("loaded"); process.stdout.write("written\\n");
    export const one = t("one", 1e9, { claims: [atMost("steps", 1e9, (run) => { console.log("observed"); return run.steps; })] });`;
  const theorems = ["--theorems", moduleOf(text)];
  for (const words of [
    ["verify", "--no-store", "--workers", "1"],
    ["train", "--law", "small", "--seed", "7"],
    ["search", "one", "--budget-models", "2", "--workers", "1"],
  ]) {
    const { stdout, stderr } = spawnSync(process.execPath, [BIN, ...words, ...theorems, "--json"], {
      encoding: "utf8",
    });
    expect(JSON.parse(stdout)).toBeTypeOf("object");
    for (const said of ["loaded", "written", "observed"])
      expect([words, stderr]).toEqual([words, expect.stringMatching(new RegExp(`^${said}$`, "m"))]);
  }
}, 240_000);

test("characters that steer a terminal or turn text around are shown in every command's answer", async () => {
  const title = "x\\u202e\\u001b[2Jy";
  const text = `const hostile = "${title}";
    const odd = law({ id: "odd", title: hostile, ranges: small.ranges });
    export const one = theorem({ id: "one", title: hostile, provenance: observed(), law: odd,
      claims: [atMost(hostile, -1, (run) => run.steps)], noControl: hostile });`;
  const theorems = ["--theorems", moduleOf(text)];
  const trained = await commandLine("train", "--law", "odd", "--seed", "7", ...theorems);
  const [, theta] = trained.out.match(/^theta (\{.*\})$/m) as RegExpMatchArray;
  const few = ["--workers", "1"];
  for (const words of [
    ["train", "--law", "odd", "--seed", "7"],
    ["verify", "--no-store", ...few],
    ["search", "one", "--budget-models", "4", ...few],
    ["boundary", "one", "--vary", "tau=0..1", "--seeds", "1", "--cells", "3", ...few],
    ["replay", "--theta", theta!, "--seed", "7", "--law", "odd"],
  ])
    for (const json of [[], ["--json"]]) {
      const { out, err } = await commandLine(...words, ...json, ...theorems);
      expect([words, out]).toEqual([words, expect.stringContaining("\\u202e\\u001b[2J")]);
      expect(`${out}${err}`).not.toMatch(/[^\P{Cc}\n\t]|\p{Bidi_Control}/u);
    }
}, 240_000);

/** A statement whose claim observes this on each of its models. */
const observing = (observe: string) =>
  `export const odd = t("odd", 0, { claims: [atMost("odd one", 1, ${observe})] });`;

describe("an observation that is no number ends the run with what replays it", () => {
  const where = (what: string) =>
    new RegExp(
      `^error: theorem odd: claim "odd one" on law small: observe must return a number, ${what}; seed \\d+, theta \\{"M":.*\\}$`,
      "m",
    );

  test.each([
    ["(run) => run.steps.toFixed(3)", 'got "0\\.000"'],
    ["async () => { throw new Error('later'); }", "got a promise"],
    ["() => { throw new Error('boom'); }", "it threw Error: boom at .*mine\\.ts.*"],
    ["() => undefined", "got nothing"],
    ["() => process.exit(3)", "it threw Error: process\\.exit\\(3\\) was called at .*mine\\.ts.*"],
  ])("verify, in a worker: %s", async (observe, what) => {
    const { code, out, err } = await verify(observing(observe));
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(where(what));
  });

  test("a second run with the store says it again: nothing of it was kept", async () => {
    const file = moduleOf(`${observing("(run) => run.steps.toFixed(3)")} export const holds = t("holds");`);
    const asked = ["verify", "--theorems", file, "--workers", "1", "--store", folder.path("store")];
    for (let run = 0; run < 2; run++) {
      const { code, err } = await commandLine(...asked);
      expect(code).toBe(2);
      expect(err).toMatch(where('got "0\\.000"'));
    }
  });

  test.each<[string, readonly string[]]>([
    ["train", ["train", "--law", "small", "--seed", "7"]],
    ["search", ["search", "odd", "--workers", "1", "--budget-models", "2"]],
    ["boundary", ["boundary", "odd", "--workers", "1", "--vary", "tau=0..1", "--seeds", "1", "--cells", "3"]],
    ["replay", ["replay", "--theta", "THETA", "--seed", "7", "--law", "small"]],
  ])("%s", async (_, asked) => {
    const theorems = ["--theorems", moduleOf(observing("(run) => run.steps.toFixed(3)"))];
    const trained = await commandLine("train", "--law", "small", "--seed", "7", ...theorems);
    const [, theta] = trained.err.match(/theta (\{.*\})$/m) as RegExpMatchArray;
    const said = await commandLine(...asked.map((each) => (each === "THETA" ? theta! : each)), ...theorems);
    expect([said.code, said.out]).toEqual([2, ""]);
    expect(said.err).toMatch(where('got "0\\.000"'));
  });

  test("the program itself, in one line and without a stack", () => {
    const asked = [
      "verify",
      "--theorems",
      moduleOf(observing("() => process.exit(0)")),
      "--no-store",
      "--workers",
      "1",
    ];
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...asked], { encoding: "utf8" });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(where("it threw Error: process\\.exit\\(0\\) was called at .*mine\\.ts.*"));
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

describe("a law that leaves nothing to draw is bad input in every command alike", () => {
  const commands: readonly (readonly string[])[] = [
    ["verify", "--no-store"],
    ["train", "--law", "none", "--seed", "7"],
    ["search", "one"],
    ["boundary", "one", "--vary", "tau=0..1"],
    ["replay", "FILE"],
    ["replay", "--theta", "{}", "--seed", "7", "--law", "none"],
  ];

  test.each([
    [
      "M: integer(9, 12), d: integer(4, 6)",
      "theta.M must be at most d (the patterns are orthonormal), got M = 9, d = 4",
    ],
    [
      "alphaSharp: real(0.9, 0.1)",
      'ranges.alphaSharp must not end below its start, got {"kind":"real","from":0.9,"to":0.1}',
    ],
    ["B: integer(600, times(0.5, 'N'))", "B ∈ 600..0.5·N runs from 600 to 64 where N = 128"],
    ["L: integer(1, 24)", 'theta.alphaStar must be such that n* > n# (labels: "majority"), got n* = 0, n# = 0, L = 1'],
  ])("%s", async (ranges, message) => {
    const file = moduleOf(
      `const none = law({ id: "none", title: "none", ranges: { ...baseLaw.ranges, ${ranges} } });
      export const one = t("one", 0, { law: none });`,
    );
    writeFileSync(
      folder.path("counterexample.json"),
      encodeCounterexample(transformer, genuine(claimsOf("hinge")[0]!)),
    );
    for (const asked of commands) {
      const args = asked.map((each) => (each === "FILE" ? folder.path("counterexample.json") : each));
      const { code, out, err } = await commandLine(...args, "--theorems", file);
      expect([asked, code, out]).toEqual([asked, 2, ""]);
      expect(err).toMatch(/^error: law none/);
      expect(err).toContain(message);
    }
  });

  test("a boundary none of whose cells has a model", async () => {
    const asked = ["boundary", "one", "--workers", "1", "--vary", "M=20..30", "--seeds", "2", "--cells", "3"];
    const { code, out, err } = await commandLine(...asked, "--theorems", moduleOf('export const one = t("one");'));
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(
      "error: boundary leaves nothing to draw from law small in any of its cells, with M from 20 to 30\n",
    );
  });
});
