import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeFolder } from "../../src/laboratory/make-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "theorycheck-folder-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a folder is made with those above it, or is there already", () => {
  const deep = join(folder, "a/b/c");
  makeFolder(deep);
  makeFolder(deep);
  expect(statSync(deep).isDirectory()).toBe(true);
});

test("a file in its place, or above it, is an error that says so", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  expect(() => makeFolder(file)).toThrow("EEXIST");
  expect(() => makeFolder(join(file, "below"))).toThrow(/ENOTDIR|EEXIST/);
});

test("where no folder can be made, it does not try for ever", () => {
  expect(() => makeFolder("/proc/x/y")).toThrow();
});
