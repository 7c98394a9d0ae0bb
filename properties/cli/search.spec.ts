import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { ExitWith, SIGNALS } from "../../src/cli/exit.ts";
import { showCells, showSearch } from "../../src/cli/progress.ts";
import { parseCounterexample } from "../../src/explore/counterexample.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import { TINY_FILE } from "../explore/tiny-laboratory.ts";
import { commandLine, interruptedLine, type Said } from "./command-line.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();
const anywhere = ["--theorems", TINY_FILE, "--seed", "1"];
const tiny = [...anywhere, "--workers", "1"];

describe("theorycheck search THEOREM", () => {
  let said: Said;
  beforeAll(async () => {
    said = await commandLine("search", "attention-edge", "--release", "attention-scale", ...tiny);
  });

  test("finds, judges, shrinks and explains a planted violation", () => {
    expect(said.code).toBe(0);
    expect(said.out).toMatch(/^law tiny, released: attention-scale; seed 1, \d+ models trained\n/);
    expect(said.out).toMatch(/VIOLATED +\S+ +≤ 0.5 +−\S+ +attention-edge: δ, seed \d+/);
    expect(said.out).toMatch(/found: δ = .*\n {2}outside law tiny: attention-scale \(delta/);
    expect(said.out).toContain("by itself: violated on 40 of 40 fresh seeds, rate in [0.912, 1] at 95 %");
    expect(said.out).toMatch(/simplest that violates it on four of five seeds: 0\.51, seed \d+/);
    expect(said.out).toMatch(/varied from the simplest theta with delta = \S+\n/);
    expect(said.out.match(/gone for every value of law tiny/g)).toHaveLength(1);
    expect(said.out).toMatch(/delta +attention-scale .*yes: gone for every value of law tiny/);
  });

  test("progress goes to stderr", () => {
    expect(said.err).toMatch(/^tiny: \d+ of 200 models, biased search, least margin .*, 1 claims violated\n/);
    expect(said.err).toContain("tiny: explaining the violation");
  });

  test("the same seed gives the same output, with two workers too, and a file that replays", async () => {
    const out = folder.path("found.json");
    const asked = ["search", "attention-edge", "--release", "attention-scale", ...anywhere, "--workers", "2"];
    expect((await commandLine(...asked, "--out", out)).out).toBe(said.out);
    const { models, note, law } = parseCounterexample(transformer, readFileSync(out, "utf8"));
    expect(models[0].theta.delta).toBe(0.51);
    expect(law.standing).toBe("outside");
    expect(note).toMatch(
      /^theorycheck search attention-edge --release attention-scale --seed 1: .*40 of 40 fresh seeds/,
    );
    expect((await commandLine("replay", out, "--theorems", TINY_FILE)).code).toBe(0);
  });
});

describe("within the law", () => {
  const few = ["--budget-models", "16"];

  test("the nearest miss is reported with its margin, and may be written", async () => {
    const out = folder.path("near.json");
    const { code, out: printed } = await commandLine(
      "search",
      "attention-edge",
      ...tiny,
      ...few,
      "--claim",
      "δ",
      "--out",
      out,
    );
    expect(code).toBe(0);
    expect(printed).toMatch(/holds +0\.\d+ +≤ 0.5 +0\.\d+ +attention-edge: δ/);
    expect(printed).toContain("no violation: these are the nearest misses");
    expect(parseCounterexample(transformer, readFileSync(out, "utf8"))).toMatchObject({ law: { standing: "within" } });
  });

  test("all: a table of every theorem of every law, as JSON too", async () => {
    const { out } = await commandLine("search", "all", ...tiny, ...few);
    for (const id of ["attention-edge", "noisy-tokens", "rarely", "pairs"]) expect(out).toContain(` ${id}: `);
    expect(out).toMatch(/violated: .*; search each by itself to have it shrunk and explained/);
    const { out: json } = await commandLine("search", "all", ...tiny, "--budget-models", "2", "--json");
    const searches = JSON.parse(json);
    expect(searches.map(({ law }: { law: string }) => law)).toEqual(["tiny", "tiny-pairs"]);
    expect(searches[1].theorems[0].nearest[0]).toMatchObject({ observed: 2, violated: false });
  });

  test("a rare violation is shrunk with its seed, and a budget in seconds says what it costs", async () => {
    const asked = ["search", "rarely", ...tiny, ...few, "--budget-seconds", "600"];
    const { out } = await commandLine(...asked);
    expect(out).toContain("ended by the clock where it did: another run may find another result");
    expect(out).toContain("simplest that violates it on the seed that was found");
    const json = JSON.parse((await commandLine(...asked, "--json")).out);
    expect(json[0].theorems[0].found.onMostSeeds).toBe(false);
    expect(json[0].examination.foundRate.seeds).toBe(40);
  });
});

test.each<[string, readonly string[], RegExp]>([
  ["no theorem", [], /missing required argument 'theorem'/],
  ["an unknown theorem", ["none", ...tiny], /THEOREM must be all or one of .*rarely.*, got none/],
  [
    "an unknown hypothesis",
    ["rarely", ...tiny, "--release", "noise,nonsense"],
    /^error: --release must be among .*attention-scale.*got "nonsense"$/m,
  ],
  ["no hypothesis", ["rarely", ...tiny, "--release", ""], /^error: --release must be among .*noise.*, got ""$/m],
  [
    "a field in the place of a hypothesis",
    ["all", ...tiny, "--release", "delta"],
    /^error: --release must be among .*attention-scale.*, got "delta"$/m,
  ],
  ["an unknown law", ["rarely", ...tiny, "--law", "none"], /--law must be one of tiny, tiny-pairs, got none/],
  ["a law that the theorem is not about", ["rarely", ...tiny, "--law", "tiny-pairs"], /must leave a claim of rarely/],
  ["an unknown claim", ["rarely", ...tiny, "--claim", "zzz"], /--claim must be part of one of the titles/],
  ["no models", ["rarely", "--budget-models", "0"], /--budget-models.*whole number from 1/],
  ["no seconds", ["rarely", "--budget-seconds", "x"], /--budget-seconds.*whole number from 1/],
  ["all into one file", ["all", ...tiny, "--out", "x.json"], /--out belongs to the search of one theorem/],
])("%s: exit 2", async (_, args, message) => {
  const { code, out, err } = await commandLine("search", ...args);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toMatch(message);
});

test("on a terminal progress is one line, written over", () => {
  let written = "";
  const stream = { isTTY: true, write: (text: string) => (written += text) } as unknown as NodeJS.WriteStream;
  const silent = showCells(stream, "rarely");
  silent.stop();
  expect(written).toBe("");
  const { search, examine, stop } = showSearch(stream, "tiny");
  search({ models: 8, budget: 16, phase: "biased", leastMargin: 0.25, violated: 0 });
  examine("shrinking", 30);
  stop();
  expect(written).toBe(
    "\r\u001b[Ktiny: 8 of 16 models, biased search, least margin 0.250" +
      "\r\u001b[Ktiny: shrinking the violation, 30 models\n",
  );
});

test("Ctrl-C ends a search with exit code 130, and nothing is written", async () => {
  const out = folder.path("out.json");
  const interrupt = new AbortController();
  const asked = ["search", "rarely", ...tiny, "--budget-models", "100000", "--out", out];
  const running = interruptedLine(interrupt.signal, ...asked);
  setTimeout(() => interrupt.abort(new ExitWith(SIGNALS.SIGINT)), 500);
  expect(await running).toMatchObject({ code: 130, out: "" });
  expect(folder.files()).toEqual([]);
});
