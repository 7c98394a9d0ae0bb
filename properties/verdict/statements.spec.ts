import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import type { Statement } from "../../src/claim/theorem.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { coreHash, statementHash } from "../../src/verdict/fingerprint.ts";
import { loadStatements } from "../../src/verdict/statements.ts";
import { statements as all, controls, findings, theorems } from "../../theorems/index.ts";

const fixture = (name: string) => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "theorycheck-statements-"));
afterAll(() => rmSync(folder, { recursive: true }));

let written = 0;

/** The path of a new module with this text. */
function moduleOf(text: string): string {
  const file = join(folder, `module-${written++}.mjs`);
  writeFileSync(file, text);
  return file;
}

describe("a module of declarations", () => {
  test("gives its export `statements`, in that order", async () => {
    const loaded = await loadStatements(fixture("../../../theorems/index.ts"));
    expect(loaded.map(({ id }) => id)).toEqual([...theorems, ...controls, ...findings].map(({ id }) => id));
    expect(loaded).toEqual(all);
  });

  test("gives every theorem, control and finding that it exports where it has no such list, and nothing else", async () => {
    const loaded = await loadStatements(fixture("throwing-statements.ts"));
    expect(loaded.map(({ kind, id }) => `${kind} ${id}`)).toEqual(["theorem throwing"]);
    const mixed = `
      export const law = { id: "no statement" };
      export const nothing = null;
      export const one = { kind: "theorem", id: "one" };
      export const two = { kind: "control", id: "two" };
      export const three = { kind: "finding", id: "three" };
      export const four = { kind: "lemma", id: "four" };
    `;
    expect((await loadStatements(moduleOf(mixed))).map(({ id }) => id).sort()).toEqual(["one", "three", "two"]);
  });

  test.each([
    [
      "export const nothing = 1;",
      /^theorems: .*\.mjs must export at least one declaration made with theorem\(\{\.\.\.\}\), got nothing$/,
    ],
    ["", /^theorems: .*\.mjs must export at least one declaration made with theorem\(\{\.\.\.\}\), got no exports$/],
    [
      'export const a = { kind: "theorem", id: "x" }; export const b = { kind: "finding", id: "x" };',
      /^theorems: .*\.mjs must declare each id once, got x twice$/,
    ],
    ['throw new Error("out of order");', /^theorems: .*\.mjs must be a module that loads, got Error: out of order$/],
    [
      'const error = new Error("theorem mine: p0 must be above 0 and below 1, got 2"); error.name = "InvalidInput"; throw error;',
      /^theorem mine: p0 must be above 0 and below 1, got 2$/,
    ],
  ])("that cannot be judged is refused with the reason: %s", async (text, message) => {
    const loading = loadStatements(moduleOf(text));
    await expect(loading).rejects.toThrow(InvalidInput);
    await expect(loading).rejects.toThrow(message);
  });

  test("that is not there is refused by its path", async () => {
    const missing = join(folder, "nowhere.ts");
    await expect(loadStatements(missing)).rejects.toThrow(`theorems: ${missing} must be a module that loads, got `);
  });
});

describe("the hash of a declaration", () => {
  const index = join(folder, "index.ts");
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
  const hashOf = (statement: Partial<Statement>) => statementHash(statement as Statement, index);
  for (const room of ["controls", "findings"]) mkdirSync(join(folder, room));
  write("index.ts", "the module");
  write("learned.ts", "a theorem");
  write("controls/broken.ts", "a control of learned");
  write("findings/odd.ts", "a finding");

  /** Whether the hash changes when this file does. */
  function dependsOn(statement: Partial<Statement>, path: string, text: string): boolean {
    const before = hashOf(statement);
    write(path, `${text}, changed`);
    const after = hashOf(statement);
    write(path, text);
    expect(hashOf(statement)).toBe(before);
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    return after !== before;
  }

  test.each<[string, Partial<Statement>, readonly [string, string, boolean][]]>([
    [
      "theorem",
      { kind: "theorem", id: "learned" },
      [
        ["learned.ts", "a theorem", true],
        ["index.ts", "the module", false],
        ["controls/broken.ts", "a control of learned", false],
      ],
    ],
    [
      "control",
      { kind: "control", id: "broken", of: "learned" },
      [
        ["controls/broken.ts", "a control of learned", true],
        ["learned.ts", "a theorem", true],
        ["index.ts", "the module", false],
      ],
    ],
    [
      "finding",
      { kind: "finding", id: "odd" },
      [
        ["findings/odd.ts", "a finding", true],
        ["learned.ts", "a theorem", false],
      ],
    ],
    [
      "statement without a file of its own",
      { kind: "theorem", id: "elsewhere" },
      [
        ["index.ts", "the module", true],
        ["learned.ts", "a theorem", false],
      ],
    ],
  ])("of a %s is that of the file that declares it, and for a control of its theorem's", (_, statement, files) => {
    for (const [path, text, depends] of files)
      expect([path, dependsOn(statement, path, text)]).toEqual([path, depends]);
  });
});

test("the hash of the core is the same each time, and no declaration is part of it", () => {
  expect(coreHash()).toMatch(/^[0-9a-f]{64}$/);
  expect(coreHash()).toBe(coreHash());
});
