import { describe, expect, test } from "vitest";
import { claimsOn } from "../../explorer/input/comparison-laws.ts";
import { openCounterexample, readStored, saveCounterexample } from "../../explorer/input/counterexamples.ts";
import { readSmallFile } from "../../explorer/input/file-limits.ts";
import type { Fingerprint } from "../../explorer/input/fingerprint.ts";
import { centreOf } from "../../explorer/input/presets.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { baseLaw } from "../../src/transformer/laws.ts";

const fingerprint: Fingerprint = {
  theorycheck: "0.1.0",
  core: "c".repeat(64),
  statements: { "low-rank-update": "d".repeat(64) },
};
const claim = claimsOn("base").find(({ key }) => key.includes("energy of ΔW_Q beyond rank r"))!;
const snapshot = { theta: { ...centreOf(baseLaw), delta: 2 }, seed: 5, digest: "a".repeat(64) };
const observation = { kind: "observed", value: 0.11, violated: true, slack: -0.08 } as const;
const saved = saveCounterexample({ claim, snapshot, observation }, fingerprint);

describe("counterexample files", () => {
  test("what is saved can be opened, and is the same model", () => {
    const opened = openCounterexample(saved.text, "mine", fingerprint);
    expect(saved.name).toBe("low-rank-update-seed-5.json");
    expect(opened).toMatchObject({
      seed: 5,
      digest: snapshot.digest,
      preset: { theta: snapshot.theta, lawId: "base" },
    });
    expect(opened.note).toContain("low-rank-update: energy of ΔW_Q beyond rank r = 0.11, bound ≤ 0.03.");
    expect(opened.note).toContain("attention-scale");
    expect(opened.note).not.toContain("changed");
  });

  test("a file of another core, or of another declaration, says so", () => {
    const later = { ...fingerprint, core: "e".repeat(64), statements: { "low-rank-update": "f".repeat(64) } };
    const { note } = openCounterexample(saved.text, "mine", later);
    expect(note).toContain("declaration has changed");
    expect(note).toContain("core that trains and measures has changed");
  });

  test("those that came with the build and cannot be read are told apart", () => {
    const { opened, unreadable } = readStored({ "a/good.json": saved.text, "a/bad.json": "{}" }, fingerprint);
    expect(opened.map(({ preset }) => preset.id)).toEqual(["file-good"]);
    expect(unreadable.map(({ name }) => name)).toEqual(["bad"]);
  });

  test.each([
    ["nothing", ""],
    ["half a file", saved.text.slice(0, saved.text.length / 2)],
    ["another version", saved.text.replace('"version": 1', '"version": 2')],
    ["deep nesting", "[".repeat(100_000)],
    ["__proto__", saved.text.replace('"version": 1', '"version": 1, "__proto__": {"polluted": true}')],
    ["NaN", saved.text.replace('"tau": 0.125', '"tau": NaN')],
    ["a negative size", saved.text.replace('"m": 125', '"m": -125')],
    ["a size that would take all memory", saved.text.replace('"m": 125', '"m": 1e15')],
  ])("%s is refused", (_, text) => {
    expect(() => openCounterexample(text, "hostile", fingerprint)).toThrow(InvalidInput);
    expect({}).not.toHaveProperty("polluted");
  });
});

describe("files", () => {
  const file = (bytes: Uint8Array<ArrayBuffer>) => ({
    name: "a.json",
    size: bytes.length,
    arrayBuffer: async () => bytes.buffer,
  });

  test("more than a megabyte is not read", async () => {
    const huge = { name: "a.json", size: 1e8, arrayBuffer: () => Promise.reject(new Error("read")) };
    await expect(readSmallFile(huge)).rejects.toThrow(/100.0 MB.*was not read/);
  });

  test("an empty one, and one that is not text, are refused", async () => {
    await expect(readSmallFile(file(new Uint8Array()))).rejects.toThrow("it is empty");
    await expect(readSmallFile(file(new Uint8Array([0xff, 0xfe, 0x00])))).rejects.toThrow("not a text file");
  });
});
