import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { InvalidInput } from "../../src/invalid-input.ts";
import { standingsIn, writeKept } from "../../src/report/made-with.ts";
import { standingSentence } from "../../src/report/standing.ts";
import { temporaryFolder } from "../cli/temporary-folder.ts";

const now = { core: "c".repeat(64), declarations: "d".repeat(64) };
const other = "e".repeat(64);

const folder = temporaryFolder();

describe("a report that verify does not write again", () => {
  test("is current with the hashes that it was made with, and stale with others", () => {
    const reports = folder.path(".");
    expect(standingsIn(reports, now)).toEqual([]);
    writeKept(reports, "teeth.json", "[]\n", now);
    expect(readFileSync(join(reports, "teeth.json"), "utf8")).toBe("[]\n");
    expect(standingsIn(reports, now)).toEqual([{ file: "teeth.json", standing: "current", changed: [] }]);
    const stale = standingsIn(reports, { ...now, core: other });
    expect(stale).toEqual([{ file: "teeth.json", standing: "stale", changed: ["core"] }]);
    expect(standingSentence(stale[0]!)).toBe("Stale: made with another core than there are now.");
    const both = standingsIn(reports, { core: other, declarations: other });
    expect(both).toMatchObject([{ changed: ["core", "declarations"] }]);
    // where declarations read what is not known, nobody can say that they are the same
    expect(standingsIn(reports, { ...now, declarations: { unknown: "reads process" } })).toMatchObject([
      { changed: ["declarations"] },
    ]);
  });

  test("that was edited, or made before hashes were kept, says so", () => {
    const reports = folder.path(".");
    writeKept(reports, "search.json", "{}\n", now);
    writeFileSync(join(reports, "search.json"), "{ }\n");
    writeFileSync(join(reports, "pilot.json"), "{}\n");
    expect(standingsIn(reports, now).map(({ file, standing }) => [file, standing])).toEqual([
      ["search.json", "edited"],
      ["pilot.json", "unknown"],
    ]);
  });

  test("of which a part was made anew is as old as the rest", () => {
    const reports = folder.path(".");
    writeKept(reports, "teeth.json", "[]\n", { ...now, core: other });
    writeKept(reports, "teeth.json", "[1]\n", undefined);
    expect(standingsIn(reports, now)).toMatchObject([{ file: "teeth.json", standing: "stale", changed: ["core"] }]);
    writeKept(reports, "pilot.json", "{}\n", undefined);
    expect(standingsIn(reports, now)).toMatchObject([
      { file: "pilot.json", standing: "unknown" },
      { file: "teeth.json" },
    ]);
  });

  test("stands beside a file of hashes that must have its form", () => {
    const reports = folder.path(".");
    writeFileSync(join(reports, "made-with.json"), '{"teeth.json": {"file": "x"}}');
    expect(() => standingsIn(reports, now)).toThrow(InvalidInput);
    expect(() => writeKept(reports, "teeth.json", "[]", now)).toThrow(/made-with\.json/);
  });
});
