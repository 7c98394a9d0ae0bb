import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { LadderStore } from "../../src/laboratory/ladder-store.ts";
import { subSeed } from "../../src/random/stream.ts";
import type { Measurements } from "../../src/transformer/measure/summary.ts";
import { fitSlope, LADDER_THETA, LADDERS, measureSlopes, SEEDS_PER_RUNG } from "../../src/verdict/slopes.ts";

const SEED = 2406_17167;

const folder = mkdtempSync(join(tmpdir(), "theorycheck-ladders-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the ladders", () => {
  test("take models from the store of this core and engine, each by its θ and seed, and fit what they measured", async () => {
    const store = new LadderStore(folder, "kernel", (sentence) => expect.unreachable(sentence));
    for (const { field, rungs, measured, expected } of LADDERS) {
      for (const x of rungs) {
        for (let i = 0; i < SEEDS_PER_RUNG; i++) {
          const values = { steps: 0, medianLargeNorm: 0, medianSmallNorm: 0, [measured]: (i + 1) * x ** expected };
          store.keep(
            { ...LADDER_THETA, [field]: x },
            subSeed(SEED, "ladder", field, i),
            values as unknown as Measurements,
          );
        }
      }
    }
    store.save();
    const [file] = readdirSync(folder);
    const text = readFileSync(join(folder, file!), "utf8");
    const ladders = await measureSlopes({ seed: SEED, workers: 1, storeFolder: folder });
    expect(ladders.length).toBe(LADDERS.length);
    ladders.forEach((ladder, which) => {
      const { field, rungs, expected, values, seeds } = ladder;
      expect(ladder).toMatchObject(LADDERS[which]!);
      expect(seeds).toEqual(Array.from({ length: SEEDS_PER_RUNG }, (_, i) => subSeed(SEED, "ladder", field, i)));
      expect(values).toEqual(rungs.map((x) => seeds.map((_, i) => (i + 1) * x ** expected)));
      expect(ladder).toMatchObject(fitSlope(rungs, values, subSeed(SEED, "bootstrap", field)));
      expect(ladder.slope).toBeCloseTo(expected, 12);
    });
    // nothing was trained, and nothing written
    expect(readdirSync(folder)).toEqual([file]);
    expect(readFileSync(join(folder, file!), "utf8")).toBe(text);
  });

  test("are trained under another core or engine", () => {
    const none = new LadderStore(folder, "reference", (sentence) => expect.unreachable(sentence));
    const [{ field }] = LADDERS as [(typeof LADDERS)[number]];
    expect(none.find({ ...LADDER_THETA, [field]: 0.1 }, subSeed(SEED, "ladder", field, 0))).toBeUndefined();
  });

  test("end with the reason of who aborts, and leave no store behind that was not begun", async () => {
    const empty = join(folder, "aborted");
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(measureSlopes({ seed: SEED, workers: 1, storeFolder: empty, signal })).rejects.toThrow("enough");
    expect(readdirSync(folder)).not.toContain("aborted");
  });
});
