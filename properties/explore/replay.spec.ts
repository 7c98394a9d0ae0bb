import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Counterexample, encodeCounterexample, trialOf } from "../../src/explore/counterexample.ts";
import { claimOf, compare, type Present, type Retrained } from "../../src/explore/replay.ts";
import { declarationsIn, hashesOf } from "../../src/laboratory/fingerprint.ts";
import { readCounterexample, readStored, replayStored } from "../../src/report/stored.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import type { Theta } from "../../src/transformer/notation.ts";
import { roundoffOfTraining } from "../../src/transformer/train/roundoff.ts";
import { claimsOf, genuine, TINY_FILE, tinyLaboratory, tinyPopulations } from "./tiny-laboratory.ts";

const judged = claimsOf("hinge")[0]!;
const stored = genuine(judged);
const hashes = await hashesOf(await declarationsIn(TINY_FILE));
const now: Present = { judged, core: hashes.core, statementHash: hashes.statements[judged.statement.id]! };
const again: Retrained = { digests: [stored.models[0].digest], steps: [10], observed: stored.observed };
const otherCore = { ...now, core: "0".repeat(64) };
const tolerance = roundoffOfTraining(stored.models[0].theta as Theta, 10);

function withDigest(digest: string): Counterexample {
  return { ...stored, models: [{ ...stored.models[0], digest }] };
}

describe("grades", () => {
  test("equal to the bit: reproduced, whatever hash has changed since", () => {
    expect(compare(stored, again, now)).toEqual({ grade: "reproduced", reasons: [], tolerance });
    expect(compare(stored, again, otherCore).grade).toBe("reproduced");
    expect(compare(stored, again, { ...now, statementHash: "0".repeat(64) }).grade).toBe("reproduced");
  });

  test("a tampered digest under the same core: not reproduced", () => {
    const { grade, reasons } = compare(withDigest("0".repeat(64)), again, now);
    expect(grade).toBe("not reproduced");
    expect(reasons).toEqual(["the numbers differ: the digest of the trained weights", "the core is the same"]);
  });

  test("another core within rounding: reproduced up to rounding, and says why", () => {
    const { grade, reasons } = compare(
      withDigest("0".repeat(64)),
      { ...again, observed: again.observed * (1 + tolerance / 2) },
      otherCore,
    );
    expect(grade).toBe("reproduced up to rounding");
    expect(reasons[0]).toBe("the numbers differ: the digest of the trained weights");
    expect(reasons[1]).toMatch(/^the numbers differ: observed .* then, .* now$/);
    expect(reasons[2]).toBe("the core changed: another hash");
  });

  test("another core beyond rounding, or on the other side of the bound: not reproduced", () => {
    for (const observed of [again.observed * (1 + 10 * tolerance), Number.NaN, 0.1]) {
      const { grade, reasons } = compare(stored, { ...again, observed }, otherCore);
      expect(grade).toBe("not reproduced");
      expect(reasons).toContain("the core changed: another hash");
    }
  });

  test("another bound, or other broken hypotheses: not reproduced, though the numbers are equal", () => {
    const otherBound = { ...stored, claim: { ...stored.claim, relation: { kind: "at most", bound: 0.4 } as const } };
    expect(compare(otherBound, again, now)).toMatchObject({
      grade: "not reproduced",
      reasons: ["the claim changed: ≤ 0.4 then, ≤ 0.5 now"],
    });
    const otherStanding = {
      ...stored,
      law: { ...stored.law, broken: [{ hypothesis: "noise", why: "so it says" } as const] },
    };
    expect(compare(otherStanding, again, now).reasons).toEqual([
      "the hypotheses that the file calls broken are not those that theta breaks",
    ]);
    const otherLaw = { ...otherStanding, law: { ...otherStanding.law, hash: "0".repeat(64) } };
    expect(compare(otherLaw, again, now).reasons).toEqual(["the law changed: tiny has another hash"]);
  });

  test("two numbers that are not finite are as good as equal, across cores", () => {
    const diverged = { ...stored, observed: Number.POSITIVE_INFINITY };
    const comparison = compare(diverged, { ...again, observed: Number.NaN }, otherCore);
    expect(comparison.grade).toBe("reproduced up to rounding");
  });
});

describe("the claim of a file", () => {
  const pair = [stored.models[0], stored.models[0]] as const;
  test.each<[string, Partial<Counterexample>, string]>([
    ["law", { law: { ...stored.law, id: "gone" } }, "the claim changed: there is no law gone any more"],
    ["theorem", { theorem: "gone" }, "the claim changed: there is no theorem gone on law tiny any more"],
    ["title", { claim: { ...stored.claim, title: "gone" } }, 'the claim changed: hinge does not claim "gone" any more'],
    ["pair", { models: pair }, "law tiny has 1 model(s) a trial, and the file has 2"],
  ])("another %s: none", (_, changed, why) => {
    expect(claimOf({ ...stored, ...changed }, tinyPopulations)).toBe(why);
  });

  test("is found by theorem, title and law", () => {
    expect(claimOf(stored, tinyPopulations)).toMatchObject({ judged: { key: judged.key } });
  });
});

describe("stored counterexamples", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "theorycheck-stored-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const store = (name: string, counterexample: Counterexample) =>
    writeFileSync(join(folder, name), encodeCounterexample(transformer, counterexample));
  const replayAll = (from = folder, theorem?: string) =>
    replayStored(
      readStored(from, transformer, theorem === undefined ? undefined : [theorem]),
      tinyPopulations,
      hashes,
      tinyLaboratory,
    );

  test("are trained again in the order of their names; a pair is two models", async () => {
    store("b.json", stored);
    store("a.json", genuine(claimsOf("pairs")[0]!));
    expect(await replayAll()).toMatchObject([
      { file: "a.json", grade: "reproduced", reasons: [] },
      { file: "b.json", grade: "reproduced", reasons: [] },
    ]);
    expect(await replayAll(folder, stored.theorem)).toMatchObject([{ file: "b.json", grade: "reproduced" }]);
    expect(trialOf(readCounterexample(transformer, join(folder, "a.json")))).toHaveLength(2);
  });

  test("that no longer reproduce, cannot be read or have no claim any more say why, and nothing throws", async () => {
    store("tampered.json", withDigest("0".repeat(64)));
    store("unknown.json", { ...stored, theorem: "gone" });
    writeFileSync(join(folder, "truncated.json"), encodeCounterexample(transformer, stored).slice(0, 300));
    writeFileSync(join(folder, "binary.json"), new Uint8Array([0xff, 0xfe, 0]));
    mkdirSync(join(folder, "folder.json"));
    const huge = openSync(join(folder, "huge.json"), "w");
    ftruncateSync(huge, 100e6);
    closeSync(huge);
    writeFileSync(join(folder, "README.md"), "not one of them");
    const replays = await replayAll();
    expect(replays.map(({ file, grade }) => [file, grade])).toEqual(
      ["binary", "folder", "huge", "tampered", "truncated", "unknown"].map((name) => [
        `${name}.json`,
        "not reproduced",
      ]),
    );
    // what cannot be read belongs to every theorem
    expect((await replayAll(folder, stored.theorem)).map(({ file }) => file)).not.toContain("unknown.json");
    expect((await replayAll(folder, "another")).map(({ file }) => file)).toEqual(
      ["binary", "folder", "huge", "truncated"].map((name) => `${name}.json`),
    );
    const reasons = replays.map((each) => each.reasons.join("; "));
    for (const [i, reason] of [
      /bytes that are not UTF-8/,
      /must be a regular file, got a folder/,
      /at most 1000000 bytes, got 100000000: it was not read/,
      /the digest of the trained weights; the core is the same/,
      /must be JSON/,
      /there is no theorem gone/,
    ].entries()) {
      expect(reasons[i]).toMatch(reason);
    }
  });

  test("no folder: none", async () => {
    expect(await replayAll(join(folder, "nowhere"))).toEqual([]);
    expect(() => readCounterexample(transformer, join(folder, "nowhere"))).toThrow(/readable text file.*ENOENT/);
  });
});
