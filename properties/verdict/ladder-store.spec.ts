import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { subSeed } from "../../src/random/stream.ts";
import { coreHash } from "../../src/verdict/fingerprint.ts";
import { fitSlope, LADDER_THETA, LADDERS, measureSlopes, SEEDS_PER_RUNG } from "../../src/verdict/slopes.ts";

const SEED = 2406_17167;

const folder = mkdtempSync(join(tmpdir(), "theorycheck-ladders-"));
afterAll(() => rmSync(folder, { recursive: true }));

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("the ladders", () => {
  test("take models from the store of this core and engine, each by its θ and seed, and fit what they measured", async () => {
    const file = join(folder, `ladders-${sha256(`${coreHash()}\nkernel`).slice(0, 16)}.jsonl`);
    const lines = LADDERS.flatMap(({ field, rungs, measured, expected }) =>
      rungs.flatMap((x) =>
        Array.from({ length: SEEDS_PER_RUNG }, (_, i) => {
          const seed = subSeed(SEED, "ladder", field, i);
          const model = sha256(JSON.stringify([{ ...LADDER_THETA, [field]: x }, seed]));
          return JSON.stringify({ model, measurements: { [measured]: (i + 1) * x ** expected } });
        }),
      ),
    );
    writeFileSync(file, `${lines.join("\n")}\n`);
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
    expect(readFileSync(file, "utf8")).toBe(`${lines.join("\n")}\n`);
  });

  test("end with the reason of who aborts, and leave no store behind that was not begun", async () => {
    const empty = join(folder, "aborted");
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(measureSlopes({ seed: SEED, workers: 1, storeFolder: empty, signal })).rejects.toThrow("enough");
    expect(readdirSync(folder)).not.toContain("aborted");
  });
});
