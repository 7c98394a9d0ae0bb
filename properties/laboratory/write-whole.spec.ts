import { spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { InvalidInput } from "../../src/invalid-input.ts";
import { besideName, requireWritable, writeSet, writeWhole } from "../../src/laboratory/write-whole.ts";

const root = mkdtempSync(join(tmpdir(), "theorycheck-write-"));
afterAll(() => rmSync(root, { recursive: true }));

let count = 0;
const newFolder = () => {
  const folder = join(root, `${count++}`);
  mkdirSync(folder);
  return folder;
};

describe("a file that is written whole", () => {
  test("has the new content, in a folder that is made for it, and leaves nothing beside it", () => {
    const folder = join(newFolder(), "deep", "er");
    const file = join(folder, "results.json");
    writeWhole(file, "one");
    writeWhole(file, Uint8Array.of(116, 119, 111));
    expect(readFileSync(file, "utf8")).toBe("two");
    expect(readdirSync(folder)).toEqual(["results.json"]);
  });

  test("stays as it was where it cannot be written, and the attempt is taken away", () => {
    const folder = newFolder();
    // a folder stands in its place, so that the last step fails
    mkdirSync(join(folder, "results.json", "inside"), { recursive: true });
    expect(() => writeWhole(join(folder, "results.json"), "new")).toThrow();
    expect(readdirSync(folder)).toEqual(["results.json"]);
    expect(readdirSync(join(folder, "results.json"))).toEqual(["inside"]);
  });
});

describe("files that belong together", () => {
  test("none is new where one cannot be written beside its place", () => {
    const folder = newFolder();
    writeSet(folder, { "a.txt": "old", "b/c.txt": "old" });
    rmSync(join(folder, "b"), { recursive: true });
    writeFileSync(join(folder, "b"), "no folder");
    expect(() => writeSet(folder, { "a.txt": "new", "b/c.txt": "new" })).toThrow();
    expect([readFileSync(join(folder, "a.txt"), "utf8"), readdirSync(folder)]).toEqual(["old", ["a.txt", "b"]]);
  });

  test("a link in a file's place is replaced and not followed; one in a folder's place within is refused", () => {
    const [folder, elsewhere] = [newFolder(), newFolder()];
    writeFileSync(join(elsewhere, "mine"), "mine");
    symlinkSync(join(elsewhere, "mine"), join(folder, "a.txt"));
    writeSet(folder, { "a.txt": "new" });
    expect([readFileSync(join(elsewhere, "mine"), "utf8"), lstatSync(join(folder, "a.txt")).isFile()]).toEqual([
      "mine",
      true,
    ]);
    symlinkSync(elsewhere, join(folder, "figures"));
    expect(() => writeSet(folder, { "a.txt": "newer", "figures/mine": "new" })).toThrow(/must be a folder, got a/);
    expect(readFileSync(join(elsewhere, "mine"), "utf8")).toBe("mine");
    expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe("new");
    expect(readdirSync(folder)).toEqual(["a.txt", "figures"]);
  });

  test("what killed processes left beside is removed, and nothing that another process is writing", () => {
    const folder = newFolder();
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    const dead = `old.svg.${pid}-0-3.theorycheck-part`;
    const others = [`old.svg.${process.ppid}-0-3.theorycheck-part`, `old.svg.${pid}-0-3.part`, "theorycheck-part"];
    for (const name of [dead, ...others]) writeFileSync(join(folder, name), "");
    writeSet(folder, { "a.txt": "new" });
    expect(readdirSync(folder)).toEqual(["a.txt", ...others].sort());
  });

  test("names beside a file are nobody else's, and git ignores them", () => {
    const names = Array.from({ length: 3 }, () => besideName("reports/results.json"));
    expect(new Set(names).size).toBe(3);
    const { stdout } = spawnSync("git", ["check-ignore", ...names], { encoding: "utf8" });
    expect(stdout.trimEnd().split("\n")).toEqual(names);
  });
});

describe("whether files can be written is asked before", () => {
  const refused = (folder: string, ...names: string[]) => {
    let message = "";
    try {
      requireWritable(folder, names, "--out");
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidInput);
      message = (error as Error).message;
    }
    return message;
  };

  test("a folder is made, and nothing left in it", () => {
    const folder = join(newFolder(), "not", "yet");
    expect(refused(folder, "results.json", "figures/one.svg")).toBe("");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a file in a folder's place, a folder in a file's, a link within", () => {
    const folder = newFolder();
    writeFileSync(join(folder, "file"), "");
    mkdirSync(join(folder, "results.json"));
    symlinkSync(root, join(folder, "figures"));
    expect(refused(join(folder, "file"))).toMatch(/^--out must be a place that can be written to, got EEXIST/);
    expect(refused(join(folder, "file", "below"))).toMatch(/got (?:ENOTDIR|EEXIST)/);
    expect(refused(folder, "results.json")).toContain(`got ${join(folder, "results.json")} is a folder`);
    expect(refused(folder, "figures/one.svg")).toMatch(/figures must be a folder, got a symbolic link/);
    expect(existsSync(join(root, "one.svg"))).toBe(false);
    expect(readdirSync(folder)).toEqual(["figures", "file", "results.json"]);
  });
});
