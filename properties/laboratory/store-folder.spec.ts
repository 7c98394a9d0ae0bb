import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sha256 } from "../../src/laboratory/sources.ts";
import {
  clearStore,
  countLines,
  IN_USE,
  KEPT_FILES,
  LARGEST_STORE,
  pruneStore,
  storeFiles,
} from "../../src/laboratory/store-folder.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "theorycheck-folder-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const nameOf = (i: number, kind = "trials") => `${kind}-${"c".repeat(8)}-${sha256(`${i}`).slice(0, 16)}.jsonl`;

/** A file that was used so many ms after the first; of so many bytes, which take no room. */
function used(name: string, after: number, size = 10): void {
  writeFileSync(join(folder, name), "line\n");
  truncateSync(join(folder, name), size);
  const seconds = 1.7e9 + after / 1000;
  utimesSync(join(folder, name), seconds, seconds);
}

const names = () => storeFiles(folder).map(({ name }) => name);

test("the files of a store come in the order of their use; nothing else is one of them", () => {
  used(nameOf(1), 1000);
  used(nameOf(2), 3000);
  used("night-0123456789abcdef.jsonl", 2000);
  writeFileSync(join(folder, "tests.json"), "");
  mkdirSync(join(folder, nameOf(3)));
  symlinkSync(join(folder, "tests.json"), join(folder, nameOf(4)));
  expect(storeFiles(folder)).toMatchObject([
    { name: nameOf(2), kind: "trials", core: "cccccccc", size: 10 },
    { name: "night-0123456789abcdef.jsonl", kind: "night", core: "", key: "0123456789abcdef" },
    { name: nameOf(1) },
  ]);
  expect(storeFiles(join(folder, "nowhere"))).toEqual([]);
  expect(storeFiles(join(folder, "tests.json"))).toEqual([]);
});

test("of more files than are kept, those go that were not used for longest; never one's own, nor those used lately", () => {
  const many = KEPT_FILES + 4;
  for (let i = 0; i < many; i++) used(nameOf(i), i * IN_USE);
  // one's own is the oldest
  pruneStore(folder, sha256("0"));
  expect(names()).toEqual([...Array.from({ length: KEPT_FILES - 1 }, (_, i) => nameOf(many - 1 - i)), nameOf(0)]);
  for (let i = 0; i < many; i++) used(nameOf(i), 1e9 + i * 1000);
  pruneStore(folder, sha256("none of them"));
  expect(names().length).toBe(many);
});

test("of files that are too large together, those go that were not used for longest", () => {
  for (const [i, share] of [0.2, 0.9, 0.5, 0.4].entries())
    used(nameOf(i), i * IN_USE, Math.floor(share * LARGEST_STORE));
  pruneStore(folder, sha256("0"));
  expect(names()).toEqual([nameOf(3), nameOf(2), nameOf(0)]);
});

test("what killed processes left is removed, what others are writing is not", () => {
  const [dead, written] = [999_999_999, process.ppid].map((pid) => `${nameOf(1)}.${pid}-0-1.theorycheck-part`);
  for (const name of [dead, written]) writeFileSync(join(folder, name as string), "");
  pruneStore(folder, sha256("1"));
  expect(readdirSync(folder)).toEqual([written]);
  pruneStore(join(folder, "nowhere"), sha256("1"));
});

test("clearing removes the files of a store, or those of one kind and key, and says which", () => {
  for (const i of [1, 2]) used(nameOf(i), i);
  used(nameOf(1, "night"), 0);
  writeFileSync(join(folder, "tests.json"), "");
  expect(clearStore(folder, { kind: "night", key: sha256("1") }).map(({ name }) => name)).toEqual([nameOf(1, "night")]);
  expect(clearStore(folder).map(({ size }) => size)).toEqual([10, 10]);
  expect(readdirSync(folder)).toEqual(["tests.json"]);
  expect(existsSync(folder)).toBe(true);
});

test("lines are counted, empty ones are not", () => {
  writeFileSync(join(folder, "lines"), "one\n\n\ntwo\nthree");
  expect(countLines(join(folder, "lines"))).toBe(3);
  writeFileSync(join(folder, "lines"), "");
  expect(countLines(join(folder, "lines"))).toBe(0);
});
