import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { ExitWith, SIGNALS } from "../../src/cli/exit.ts";
import { parseCounterexample } from "../../src/explore/counterexample.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import { TINY_FILE } from "../explore/tiny-laboratory.ts";
import { commandLine, interruptedLine, replayed, type Said } from "./command-line.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();
const anywhere = ["--theorems", TINY_FILE, "--seed", "1"];
const tiny = [...anywhere, "--workers", "1"];

describe("theorycheck search THEOREM", () => {
  let said: Said;
  beforeAll(async () => {
    said = await commandLine("search", "attention-edge", "--release", "attention-scale", ...tiny);
  }, 60_000);

  test("finds, judges, shrinks and explains a planted violation", () => {
    expect(said.code).toBe(0);
    expect(said.out).toMatch(/^law tiny, released: attention-scale; seed 1\n\n/);
    expect(said.out).toMatch(/VIOLATED +\S+ +≤ 0.5 +−\S+ +attention-edge: δ\n/);
    expect(said.out).toMatch(/found: attention-edge: δ = .*\n {2}outside law tiny: attention-scale \(delta/);
    expect(said.out).toContain("by itself: violated on 8 of 8 fresh seeds, rate in [0.561, 1] at 95 %");
    expect(said.out).toMatch(/simplest that violates it on most seeds: 0\.51\n/);
    expect(said.out).toMatch(/varied from the simplest theta with delta = \S+\n/);
    expect(said.out.match(/gone for every value of law tiny/g)).toHaveLength(1);
    expect(said.out).toMatch(/delta +attention-scale .*yes: gone for every value of law tiny/);
    expect(said.out).toMatch(/\n\d+ models trained, \d+ % of the budget\n$/);
  });

  test("each line that names a violation is a command that shows it", async () => {
    const violations = await replayed(said.out);
    expect(violations).toHaveLength(said.out.match(/^(?:violated|found|simplest)/gm)!.length);
    expect(violations.at(-1)).toMatch(/VIOLATED +0\.51 /);
  });

  test("progress goes to stderr: what it does, and what is left", () => {
    expect(said.err).toMatch(
      /^tiny: biased search, \d+ % of the budget, at most .* left, \d+ models, .*\/s, 1 claims violated, least margin -\d+/,
    );
    expect(said.err).toContain("tiny: explaining the violation");
  });

  test("the same seed gives the same output, with two workers too, and a file that replays", async () => {
    const out = folder.path("found.json");
    const asked = ["search", "attention-edge", "--release", "attention-scale", ...anywhere, "--workers", "2"];
    expect((await commandLine(...asked, "--out", out)).out).toBe(said.out);
    const { models, note, law } = parseCounterexample(transformer, readFileSync(out, "utf8"));
    expect(models[0].theta.delta).toBe(0.51);
    expect(law.standing).toBe("outside");
    expect(note).toMatch(/^theorycheck search attention-edge --release attention-scale --seed 1: .*8 of 8 fresh seeds/);
    expect((await commandLine("replay", out, "--theorems", TINY_FILE)).code).toBe(0);
  });

  test("islands are asked for, and named", async () => {
    const asked = ["search", "attention-edge", "--release", "attention-scale", ...anywhere, "--islands", "3"];
    const [one, two] = [await commandLine(...asked, "--workers", "1"), await commandLine(...asked, "--workers", "2")];
    expect(one.out).toMatch(/^law tiny, released: attention-scale; seed 1, 3 islands\n/);
    expect(two.out).toBe(one.out);
    expect(one.out).not.toBe(said.out);
    expect((await replayed(one.out)).length).toBeGreaterThanOrEqual(2);
  });

  test("a budget ends all of it, and says what was left out", async () => {
    const asked = ["search", "attention-edge", "--release", "attention-scale", ...tiny, "--budget-models", "50"];
    const { code, out } = await commandLine(...asked);
    expect(code).toBe(0);
    expect(Number(/(\d+) models trained/.exec(out)![1])).toBeLessThanOrEqual(50);
    expect(out).toContain("simplest that violates it on most seeds (not minimal: the budget ran out)");
    expect(out).toContain("which hypothesis matters is not known: the budget ran out");
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
    expect(await replayed(printed, /holds /)).toHaveLength(1);
    expect(parseCounterexample(transformer, readFileSync(out, "utf8"))).toMatchObject({ law: { standing: "within" } });
  });

  test("all: a table of every theorem of every law, as JSON too", async () => {
    const { out } = await commandLine("search", "all", ...tiny, ...few);
    for (const id of ["attention-edge", "noisy-tokens", "rarely", "pairs"]) expect(out).toContain(` ${id}: `);
    expect(out).toContain("search each theorem by itself to have its violation shrunk and explained");
    expect(await replayed(out)).toHaveLength(out.match(/\nviolated: /g)!.length);
    const { out: json } = await commandLine("search", "all", ...tiny, "--budget-models", "2", "--json");
    const searches = JSON.parse(json);
    expect(searches.map(({ law }: { law: string }) => law)).toEqual(["tiny", "tiny-pairs"]);
    expect(searches[1].theorems[0].nearest[0]).toMatchObject({ observed: 2, violated: false });
  });

  test("a rare violation is shrunk with its seed, and a budget in seconds says what it costs", async () => {
    const asked = ["search", "rarely", ...tiny, "--budget-models", "60", "--budget-seconds", "600"];
    const { out } = await commandLine(...asked);
    expect(out).toContain("; ended by the clock: another run may find another result");
    expect(out).toContain("simplest that violates it on the seed that was found");
    const json = JSON.parse((await commandLine(...asked, "--json")).out);
    expect(json[0].theorems[0].found.onMostSeeds).toBe(false);
    expect(json[0].examination.foundRate.seeds).toBeGreaterThan(0);
    expect(json[0].examination.simplest.replay).toMatch(/^npx theorycheck replay --theta /);
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

describe("Ctrl-C ends a search with exit code 130, and what was found is the answer", () => {
  /** Ended as soon as there is something in its file. */
  const interrupted = async (out: string, ...asked: readonly string[]) => {
    const interrupt = new AbortController();
    const running = interruptedLine(interrupt.signal, ...asked, "--out", out);
    const looking = setInterval(() => existsSync(out) && interrupt.abort(new ExitWith(SIGNALS.SIGINT)), 50);
    const said = await running;
    clearInterval(looking);
    return said;
  };

  test("printed, and in the file", async () => {
    const out = folder.path("out.json");
    const asked = ["search", "rarely", ...tiny, "--budget-models", "1000000"];
    const said = await interrupted(out, ...asked);
    expect(said.code).toBe(130);
    expect(said.err).toContain(`Interrupted: what was found until then is in ${out}.`);
    expect(said.out).toContain("found: rarely: whether the seed is a multiple of five = 1");
    expect(await replayed(said.out)).toHaveLength(1);
    expect(parseCounterexample(transformer, readFileSync(out, "utf8")).observed).toBe(1);
    const json = await interrupted(folder.path("json.json"), ...asked, "--json");
    expect(JSON.parse(json.out)[0].theorems[0].found.observed).toBe(1);
  });

  test("before anything is found nothing is written", async () => {
    const out = folder.path("nothing.json");
    const interrupt = new AbortController();
    interrupt.abort(new ExitWith(SIGNALS.SIGINT));
    const said = await interruptedLine(interrupt.signal, "search", "rarely", ...tiny, "--out", out);
    expect(said).toMatchObject({ code: 130, out: "" });
    expect(said.err).toContain("Interrupted: nothing was written.");
    expect(folder.files()).not.toContain("nothing.json");
  });
});
