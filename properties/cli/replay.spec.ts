import { closeSync, ftruncateSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { VERSION } from "../../src/cli/main.ts";
import { encodeCounterexample, parseCounterexample } from "../../src/explore/counterexample.ts";
import { drawTheta } from "../../src/law/law.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import { claimsOf, genuine, TINY_FILE } from "../explore/tiny-laboratory.ts";
import { tinyLaw } from "../explore/tiny-theorems.ts";
import { commandLine } from "./command-line.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();
const text = encodeCounterexample(transformer, genuine(claimsOf("hinge")[0]!));
const theta = drawTheta(tinyLaw, 7);
const tiny = ["--theorems", TINY_FILE];

function file(content: string): string {
  const path = folder.path("counterexample.json");
  writeFileSync(path, content);
  return path;
}

describe("theorycheck replay FILE", () => {
  test("prints each claim of the theorem, a second opinion and the grade", async () => {
    const { code, out } = await commandLine("replay", file(text), ...tiny);
    expect(code).toBe(0);
    expect(out).toMatch(/^within law tiny\ntheta \{"M":/);
    expect(out).toMatch(/seed 7: \w+ at step 10, digest [0-9a-f]{64}/);
    expect(out).toMatch(/VIOLATED +0\.9\d+ +≤ 0\.5 +−0\.\d+ +hinge: test hinge {2}<- the file's/);
    expect(out).toContain("takes the first 2 steps itself: agrees");
    expect(out).toMatch(/reproduced: digest and observed number are equal to the bit\n$/);
  });

  test("a pair is trained as a pair", async () => {
    const pair = encodeCounterexample(transformer, genuine(claimsOf("pairs")[0]!));
    const { code, out } = await commandLine("replay", file(pair), ...tiny, "--json");
    expect(code).toBe(0);
    const { grade, models, claims } = JSON.parse(out);
    expect([grade, models.length, claims[0].observed]).toEqual(["reproduced", 2, 2]);
  });

  test("a tampered digest: exit 1, with the reason", async () => {
    const tampered = text.replace(/"digest": "[0-9a-f]{64}"/, `"digest": "${"0".repeat(64)}"`);
    const { code, out } = await commandLine("replay", file(tampered), ...tiny);
    expect(code).toBe(1);
    expect(out).toMatch(
      /not reproduced: rounding explains .*\n {2}the numbers differ: the digest of the trained weights\n/,
    );
  });

  test("a tampered digest of another core: within rounding, and says that the core changed", async () => {
    const other = text
      .replace(/"digest": "[0-9a-f]{64}"/, `"digest": "${"0".repeat(64)}"`)
      .replace(/"core": "[0-9a-f]{64}"/, `"core": "${"0".repeat(64)}"`);
    const { code, out } = await commandLine("replay", file(other), ...tiny, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      grade: "reproduced up to rounding",
      reasons: ["the numbers differ: the digest of the trained weights", "the core changed: another hash"],
    });
  });

  test("--out writes it anew, with the present hashes and its note", async () => {
    const old = text.replace(/"core": "[0-9a-f]{64}"/, `"core": "${"0".repeat(64)}"`);
    const noted = old.replace(/\n}\n$/, ',\n  "note": "kept"\n}\n');
    const out = folder.path("new.json");
    expect((await commandLine("replay", file(noted), ...tiny, "--out", out)).code).toBe(0);
    const { note, ...renewed } = parseCounterexample(transformer, readFileSync(out, "utf8"));
    expect(note).toBe("kept");
    const before = parseCounterexample(transformer, text);
    expect(renewed).toEqual({ ...before, versions: { ...before.versions, theorycheck: VERSION } });
  });

  const withTheta = (field: string, value: string) => text.replace(new RegExp(`("${field}": )[^,\\n]+`), `$1${value}`);
  test.each<[string, string, RegExp]>([
    ["empty", "", /must be JSON/],
    ["truncated", text.slice(0, 700), /must be JSON/],
    ["of a foreign version", text.replace('"version": 1', '"version": 7'), /version must be 1.*got 7/],
    ["nested too deep", `{"format": ${"[".repeat(50_000)}`, /nest no deeper/],
    ["with __proto__", text.replace('"version": 1', '"version": 1, "__proto__": {"polluted": 1}'), /__proto__/],
    ["with NaN", withTheta("tau", "NaN"), /must be JSON/],
    ["with a negative size", withTheta("m", "-1"), /theta\.m: .*got -1/],
    ["with a size that would take all memory", withTheta("N", "1e6").replace('"L": 4', '"L": 1000'), /N|L/],
    ["with work for hours", withTheta("Tmax", "1000000").replace(/"m": \d/, '"m": 90000'), /multiply-adds/],
    ["of a theorem that there is not", text.replace('"hinge"', '"gone"'), /there is no theorem gone/],
  ])("a file %s: a clear error, exit 2, nothing written", async (_, content, message) => {
    const said = await commandLine("replay", file(content), ...tiny, "--out", folder.path("out.json"));
    expect([said.code, said.out]).toEqual([2, ""]);
    expect(said.err).toMatch(/^error: .*counterexample\.json/);
    expect(said.err).toMatch(message);
    expect(folder.files()).toEqual(["counterexample.json"]);
    expect({}).not.toHaveProperty("polluted");
  });

  test("a file of 100 MB is refused unread", async () => {
    const path = folder.path("huge.json");
    const descriptor = openSync(path, "w");
    ftruncateSync(descriptor, 100e6);
    closeSync(descriptor);
    const { code, err } = await commandLine("replay", path);
    expect(code).toBe(2);
    expect(err).toMatch(/at most 1000000 bytes, got 100000000: it was not read/);
  });
});

describe("theorycheck replay --theta --seed", () => {
  const asked = ["replay", "--theta", JSON.stringify(theta), "--seed", "7", "--law", "tiny", ...tiny];

  test("prints every claim on the law, graded by the reference engine; --out can be replayed", async () => {
    const out = folder.path("mine.json");
    const said = await commandLine(...asked, "--out", out);
    expect(said.code).toBe(0);
    expect(said.out).toContain("attention-edge: δ");
    expect(said.out).toContain("rarely: whether the seed is a multiple of five");
    expect(said.out).toMatch(/\nreproduced( up to rounding)? \(by the reference engine\)\n$/);
    const written = parseCounterexample(transformer, readFileSync(out, "utf8"));
    // of all claims the one with the least margin
    expect(written.claim.title).toBe("test hinge");
    expect((await commandLine("replay", out, ...tiny)).code).toBe(0);
  });

  test("--theorem and --claim leave some claims", async () => {
    const { out } = await commandLine(...asked, "--theorem", "attention-edge", "--claim", "nothing", "--json");
    expect(JSON.parse(out).claims.map(({ claim }: { claim: string }) => claim)).toEqual(["nothing at all"]);
  });

  test("an out-of-law theta is answered with the hypothesis that it breaks", async () => {
    const noisy = JSON.stringify({ ...theta, tau: 0.4 });
    const { out } = await commandLine("replay", "--theta", noisy, "--seed", "7", "--law", "tiny", ...tiny);
    expect(out).toMatch(/^outside law tiny: noise \(tau 0.4 > 0.1\)\n/);
  });

  test("a model that would take the reference engine minutes has no second opinion", async () => {
    const big = JSON.stringify({ ...theta, m: 4000, L: 100, testSamples: 1000, Tmax: 1 });
    const { code, out } = await commandLine("replay", "--theta", big, "--seed", "7", "--law", "tiny", ...tiny);
    expect(code).toBe(0);
    expect(out).toMatch(/second opinion: not asked.*\nno second opinion\n$/);
  });

  test.each<[string, readonly string[], RegExp]>([
    ["nothing", [], /a file, or --theta and --seed, got neither/],
    ["a seed alone", ["--seed", "1"], /got --seed alone/],
    ["a theta alone", ["--theta", "{}"], /got --theta alone/],
    ["theta of half its fields", ["--theta", '{"M": 3}', "--seed", "1"], /theta\.r: /],
    ["theta that is no JSON", ["--theta", "{", "--seed", "1"], /--theta: must be JSON/],
    ["theta nested deep", ["--theta", `{"M": ${"[".repeat(9000)}`, "--seed", "1"], /nest no deeper/],
    ["work for hours", ["--theta", JSON.stringify({ ...theta, Tmax: 1e6, m: 1e5 }), "--seed", "1"], /multiply-adds/],
    ["a bad seed", ["--theta", "{}", "--seed", "-1"], /whole number/],
    [
      "a file and a theta",
      ["x.json", "--theta", "{}"],
      /--theta belongs to a replay without a file, got it beside x.json/,
    ],
    ["a bad law", ["--theta", JSON.stringify(theta), "--seed", "1", "--law", "none"], /--law must be one of/],
    [
      "a bad theorem",
      ["--theta", JSON.stringify(theta), "--seed", "1", "--theorem", "none"],
      /--theorem must be one of .*, got none/,
    ],
    [
      "a bad claim",
      ["--theta", JSON.stringify(theta), "--seed", "1", "--theorem", "learnability", "--claim", "zzz"],
      /--claim must be part of one of the titles .* got "zzz"/,
    ],
  ])("%s: exit 2", async (_, args, message) => {
    const { code, out, err } = await commandLine("replay", ...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
  });
});
