import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseBoundary } from "../../src/explore/boundary.ts";
import { TINY_FILE } from "../explore/tiny-laboratory.ts";
import { commandLine, replayed } from "./command-line.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();
const tiny = ["--theorems", TINY_FILE, "--workers", "1"];

describe("theorycheck boundary THEOREM --vary", () => {
  test("prints a table, and writes CSV, JSON and SVG", async () => {
    const asked = ["attention-edge", "--vary", "delta=0.05..5", "--seeds", "3", "--cells", "7", ...tiny];
    const { code, out, err } = await commandLine("boundary", ...asked, "--out", folder.path("out"));
    expect(code).toBe(0);
    expect(out).toMatch(/^Violation rate of attention-edge against δ \(attention-scale\)/);
    expect(out).toMatch(/\n {2}0\.05 +0 of 3 +\[0, 0\.708\]\n/);
    expect(out).toMatch(/\n {2}5 +3 of 3 +\[0\.292, 1\]\n\n/);
    const violated = out.match(/^ .* [1-3] of 3 /gm)!;
    const shown = await replayed(out);
    expect(shown).toHaveLength(violated.length);
    expect(shown.at(-1)).toMatch(/VIOLATED +5 /);
    expect(out).toContain("the first violation at delta = 5\n  replay: npx theorycheck replay ");
    expect(err).toContain("attention-edge: 7 of at most 7 cells");
    const read = (kind: string) => readFileSync(folder.path(`out/attention-edge-delta.${kind}`), "utf8");
    expect(parseBoundary(read("json")).cells).toHaveLength(7);
    expect(read("csv").split("\n")).toHaveLength(9);
    expect(read("svg")).toMatch(/^<svg role="img" aria-label="Line chart/);
  });

  test("two fields, a setting, one claim; as JSON", async () => {
    const vary = ["--vary", "tau=0..0.3", "--vary", "L=4..8", "--set", "N=16", "--set", "readout=per-position"];
    const asked = ["noisy-tokens", ...vary, "--claim", "L·τ", "--seeds", "1", "--cells", "12", "--law", "tiny"];
    const { out } = await commandLine("boundary", ...asked, ...tiny, "--json");
    const boundary = parseBoundary(out);
    expect(boundary.set).toEqual([
      { field: "N", value: 16 },
      { field: "readout", value: "per-position" },
    ]);
    expect(boundary.axes.map(({ field }) => field)).toEqual(["tau", "L"]);
    expect(boundary.cells).toHaveLength(9);
  });

  test.each<[string, readonly string[], RegExp]>([
    ["no theorem", [], /THEOREM must be given, or --all, got neither/],
    ["nothing varied", ["rarely", ...tiny], /one varied field or two, got 0/],
    ["an unknown theorem", ["none", ...tiny, "--vary", "tau=0..1"], /THEOREM must be one of .*, got none/],
    [
      "an unknown law",
      ["rarely", ...tiny, "--law", "base", "--vary", "tau=0..1"],
      /--law must be one of tiny, those of rarely/,
    ],
    [
      "an unknown field",
      ["rarely", ...tiny, "--vary", "zeta=0..1"],
      /^error: --vary must be a field and two numbers, as in delta=0.01..3, with a field among M, .*, got "zeta=0..1"$/m,
    ],
    [
      "a choice to vary",
      ["rarely", ...tiny, "--vary", "readout=0..1"],
      /^error: --vary must be .*got "readout=0..1"$/m,
    ],
    ["ends in the wrong order", ["rarely", ...tiny, "--vary", "tau=1..0"], /^error: --vary must be .*got "tau=1..0"$/m],
    [
      "an end that is no number",
      ["rarely", ...tiny, "--vary", "tau=0..x"],
      /^error: --vary must be .*got "tau=0..x"$/m,
    ],
    [
      "a setting of an unknown field",
      ["rarely", ...tiny, "--vary", "tau=0..1", "--set", "zeta=1"],
      /^error: --set must be a field and a value, as in Tmax=1000, with a field among M, .*, got "zeta=1"$/m,
    ],
    [
      "a setting that is no number",
      ["rarely", ...tiny, "--vary", "L=4..8", "--set", "tau=x"],
      /^error: --set must be tau= a number, got "tau=x"$/m,
    ],
    [
      "a choice that there is not",
      ["rarely", ...tiny, "--vary", "tau=0..1", "--set", "labels=x"],
      /^error: --set must be labels= one of majority, drawn, random, got "labels=x"$/m,
    ],
    ["too few cells", ["rarely", ...tiny, "--vary", "tau=0..1", "--cells", "2"], /--cells.*whole number from 3/],
    ["no seeds", ["rarely", ...tiny, "--vary", "tau=0..1", "--seeds", "0"], /--seeds.*whole number from 1/],
    ["all and a theorem", ["rarely", "--all"], /--all takes no theorem/],
  ])("%s: exit 2, nothing written", async (_, args, message) => {
    const { code, out, err } = await commandLine("boundary", ...args, "--out", folder.path("out"));
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
    expect(folder.files()).toEqual([]);
  });
});
