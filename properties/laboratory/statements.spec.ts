import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { InvalidInput } from "../../src/invalid-input.ts";
import { loadStatements } from "../../src/laboratory/statements.ts";
import { statements as all, controls, findings, theorems } from "../../theorems/index.ts";
import { DECLARING } from "./written-module.ts";

const fixture = (name: string) => fileURLToPath(new URL(`../verdict/fixtures/${name}`, import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "theorycheck-statements-"));
afterAll(() => rmSync(folder, { recursive: true }));

const MIXED = `
  export const one = t("one");
  export const two = control({ id: "two", title: "x", provenance: observed(), law: small, of: "one", leaves: { how: "it" }, claims: one.claimsOn(small) });
  export const a = finding({ id: "three", title: "x", provenance: observed(), law: small, expects: "measured", claims: one.claimsOn(small) });
`;

let written = 0;

/** The path of a new module with this text. */
function moduleOf(text: string): string {
  const file = join(folder, `module-${written++}.ts`);
  writeFileSync(file, text);
  return file;
}

/** What a module with these exports declares, by id. */
async function declaredBy(text: string): Promise<readonly string[]> {
  return (await loadStatements(moduleOf(`${DECLARING}${text}`))).map(({ id }) => id);
}

describe("a module of declarations", () => {
  test("gives its export `statements` first, in that order, and what it exports beside them once", async () => {
    const loaded = await loadStatements(fixture("../../../theorems/index.ts"));
    expect(loaded.map(({ id }) => id)).toEqual([...theorems, ...controls, ...findings].map(({ id }) => id));
    expect(loaded).toEqual(all);
    const also = 'export const b = t("b"); export const a = t("a"); export const statements = [t("c"), b];';
    expect(await declaredBy(also)).toEqual(["c", "b", "a"]);
  });

  test.each<[string, string, readonly string[]]>([
    ["theorems, controls and findings", MIXED, ["three", "one", "two"]],
    ["the default export", 'export default t("one");', ["one"]],
    ["a default list", 'export default [t("one"), t("two")];', ["one", "two"]],
    ["a list", 'export const one = t("one"); export const others = [t("two"), t("three")];', ["one", "two", "three"]],
    ["lists in lists", 'export const all = [t("one"), [t("two"), [t("three")], []]];', ["one", "two", "three"]],
    ["a set and a map", 'export const a = new Set([t("one")]), b = new Map([[1, t("two")]]);', ["one", "two"]],
    ["records", 'export const all = { one: t("one"), more: { two: t("two"), small, three: 3 } };', ["one", "two"]],
    [
      "the same object twice",
      'export const one = t("one"); export { one as two }; export default [one, [one]];',
      ["one"],
    ],
    ["a list that holds itself", 'const all = [t("one")]; all.push(all); export { all };', ["one"]],
    [
      "among helpers",
      'export const one = t("one"); export const laws = [small, [baseLaw]], bounds = [1, 2], nothing = null, make = t, k = { kind: "x" };',
      ["one"],
    ],
  ])("gives what it declares: %s", async (_, text, ids) => {
    expect(await declaredBy(text)).toEqual(ids);
  });

  test.each<[string, string, string]>([
    [
      "a function in a list",
      'export const all = [t("one"), () => t("two")];',
      "export all[1] must be MADE, got a function",
    ],
    ["a list of functions", 'export const all = [() => t("one")];', "export all[0] must be MADE, got a function"],
    [
      "a promise in a list",
      'export const all = [[Promise.resolve(t("one"))]];',
      "export all[0][0] must be MADE, got a promise",
    ],
    ["a law in a list", 'export const all = [small, t("one")];', 'export all[0] must be MADE, got {"id":"small"'],
    ["a number in a list's list", 'export const all = [t("one"), [3]];', "export all[1][0] must be MADE, got 3"],
    ["a record in a list", 'export const all = [t("one"), { two: t("two") }];', "export all[1] must be MADE, got {"],
    ["nothing in a list", 'export const all = [t("one"), undefined];', "export all[1] must be MADE, got nothing"],
    [
      "a promise",
      'export const one = t("one"); export const two = Promise.resolve(t("two"));',
      "export two must be MADE, got a promise",
    ],
    [
      "a promise in a record",
      'export const all = { one: Promise.resolve(t("one")) };',
      "export all.one must be MADE, got a promise",
    ],
    ["a default promise", 'export default Promise.resolve(t("one"));', "export default must be MADE, got a promise"],
    ...["theorem", "control", "finding"].map((kind): [string, string, string] => [
      `what calls itself a ${kind}`,
      `export const one = { kind: "${kind}", id: "one" };`,
      `export one must be MADE, got an object that calls itself a ${kind} and was made without it`,
    ]),
    [
      "a theorem with a field changed",
      'export const one = { ...t("one"), p0: 0.5 };',
      "got an object that calls itself a theorem",
    ],
    ["a theorem's heir", 'export const one = Object.create(t("one"));', "got an object that calls itself a theorem"],
    ["a lemma", 'export const one = t("one"), two = { kind: "lemma" };', "got a lemma, which is about no law"],
  ])("refuses by its name what may be a declaration and would not be judged: %s", async (_, text, message) => {
    const loading = declaredBy(text);
    await expect(loading).rejects.toThrow(InvalidInput);
    const made = "made with theorem({...}), control({...}) or finding({...})";
    await expect(loading).rejects.toThrow(message.replace("MADE", made));
  });

  test.each([
    [
      "export const nothing = 1;",
      /^theorems: .*\.ts must export at least one declaration made with theorem\(\{\.\.\.\}\), got nothing$/,
    ],
    ["", /^theorems: .*\.ts must export at least one declaration made with theorem\(\{\.\.\.\}\), got no exports$/],
    [
      'export const a = t("x"); export const b = [t("y"), t("x", 3)];',
      /^theorems: .*\.ts must declare each id once, got x twice$/,
    ],
    [
      'throw { get message() { throw new Error("again"); }, get name() { throw new Error("again"); } };',
      /^theorems: .*\.ts must be a module that loads, got /,
    ],
    ['throw new Error("out of order");', /^theorems: .*\.ts must be a module that loads, got Error: out of order$/],
    ["process.exit(0);", /^theorems: .*\.ts must be a module that loads, got Error: process\.exit\(0\) was called$/],
    [
      'const error = new Error("theorem mine: p0 must be above 0 and below 1, got 2"); error.name = "InvalidInput"; throw error;',
      /^theorem mine: p0 must be above 0 and below 1, got 2$/,
    ],
  ])("that cannot be judged is refused with the reason: %s", async (text, message) => {
    const loading = declaredBy(text);
    await expect(loading).rejects.toThrow(InvalidInput);
    await expect(loading).rejects.toThrow(message);
  });

  test("that is not there is refused by its path", async () => {
    const missing = join(folder, "nowhere.ts");
    await expect(loadStatements(missing)).rejects.toThrow(`theorems: ${missing} must be a module that loads, got `);
  });

  test("throws once, and is not loaded again", async () => {
    const counted = globalThis as { timesLoaded?: number };
    counted.timesLoaded = 0;
    await expect(declaredBy('globalThis.timesLoaded++; throw new Error("once");')).rejects.toThrow("Error: once");
    expect(counted.timesLoaded).toBe(1);
  });

  test("may end the process again once it has loaded", async () => {
    const { exit } = process;
    await declaredBy('export const one = t("one");');
    expect(process.exit).toBe(exit);
  });
});
