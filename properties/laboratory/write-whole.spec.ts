import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { writeWhole } from "../../src/laboratory/write-whole.ts";

const folder = mkdtempSync(join(tmpdir(), "theorycheck-write-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a file that is written whole", () => {
  test("has the new content, in a folder that is made for it, and leaves nothing beside it", () => {
    const file = join(folder, "deep", "er", "results.json");
    writeWhole(file, "one");
    writeWhole(file, Uint8Array.of(116, 119, 111));
    expect(readFileSync(file, "utf8")).toBe("two");
    expect(readdirSync(join(folder, "deep", "er"))).toEqual(["results.json"]);
  });

  test("stays as it was where it cannot be written, and the attempt is taken away", () => {
    // a folder stands in its place, so that the last step fails
    const taken = join(folder, "taken", "results.json");
    mkdirSync(join(taken, "inside"), { recursive: true });
    expect(() => writeWhole(taken, "new")).toThrow();
    expect(readdirSync(join(folder, "taken"))).toEqual(["results.json"]);
    expect(readdirSync(taken)).toEqual(["inside"]);
  });
});
