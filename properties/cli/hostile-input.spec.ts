import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { typedNumber } from "../../src/json-number.ts";
import { readText } from "../../src/laboratory/read-text.ts";
import { BIN } from "../built-program.ts";
import { commandLine, SMALL_STATEMENTS } from "./command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "theorycheck-hostile-"));
afterAll(() => rmSync(folder, { recursive: true }));

const written = (name: string, text: string | Uint8Array) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const golden = JSON.parse(
  readFileSync(new URL("../../golden/one-layer-transformer.json", import.meta.url), "utf8"),
) as { cases: Record<string, unknown>[] };
const [first] = golden.cases;

describe("evaluate", () => {
  test.each([
    [
      "a billion steps",
      JSON.stringify({ cases: [{ ...first, expected: undefined, sgd: { stepSize: 1, steps: 1e9 } }] }),
      /at most 1e\+11/,
    ],
    ["brackets in brackets", "[".repeat(20_000) + "]".repeat(20_000), /nest no deeper than 32/],
    [
      "text that runs backwards",
      JSON.stringify({ cases: [{ ...first, name: 5, "a\u202eb": 1, readout: "a\u202eb" }] }),
      /cases\[0\]/,
    ],
    [
      "what turns text around in the place of a weight",
      JSON.stringify({
        cases: [{ ...first, weights: { ...(first!.weights as object), WQ: [["\u202e\u0000x", 0, 0, 0]] } }],
      }),
      /cases\[0\]\.weights\.WQ\[0\]\[0\]: .*got "\\u202e\\u0000x"$/m,
    ],
    ["10,001 cases that are none", JSON.stringify({ cases: Array(10_001).fill({}) }), /cases: must be at most 10000/],
    ["bytes that are no text", new Uint8Array([0x22, 0xff, 0x22]), /not UTF-8/],
  ])("refuses %s", async (_, text, why) => {
    const { code, out, err } = await commandLine("evaluate", written("cases.json", text));
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(why);
    expect(err).not.toContain("\u202e");
  });

  test("prints what is no number as text that it reads again", async () => {
    const file = fileURLToPath(new URL("./fixtures/overflowing-case.json", import.meta.url));
    const { code, out } = await commandLine("evaluate", file);
    expect(code).toBe(0);
    expect(out).toContain('"scores":["NaN"]');
    expect(out).not.toContain("null");
  });
});

test("a file that is a folder, a pipe, missing, or too large is refused", () => {
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  expect(() => readText(folder, 10)).toThrow(/must be a regular file, got a folder/);
  expect(() => readText(pipe, 10)).toThrow(/must be a regular file, got none/);
  expect(() => readText(join(folder, "none"), 10)).toThrow(/ENOENT/);
  expect(() => readText(written("large", "x".repeat(11)), 10)).toThrow(/at most 10 bytes, got 11/);
  expect(readText(written("fits", "x".repeat(10)), 10)).toBe("x".repeat(10));
});

test.each([
  ["0.05", 0.05],
  ["1e-3", 0.001],
  [".5", 0.5],
  ["-0", 0],
  ...["0x1", "1e999", "NaN", "Infinity", " 1", "1 ", "", "1_000", "1,5", "--1", "1e", "٣"].map((text) => [
    text,
    undefined,
  ]),
] as [string, number | undefined][])("typedNumber(%j) = %s", (text, value) => {
  expect(typedNumber(text)).toBe(value);
});

test("an option of one value that is given twice is refused; --theorem twice judges both", async () => {
  const small = ["verify", "--theorems", SMALL_STATEMENTS, "--no-store", "--max-models", "5", "--json"];
  const twice = await commandLine(...small, "--seed", "1", "--seed", "2");
  expect([twice.code, twice.err]).toEqual([2, expect.stringContaining("must be given once")]);
  const ids = async (...asked: readonly string[]) => {
    const { out } = await commandLine(...small, ...asked.flatMap((id) => ["--theorem", id]));
    return (JSON.parse(out) as { statements: { id: string }[] }).statements.map(({ id }) => id);
  };
  const all = await ids();
  const [one, other] = [all[0]!, all.at(-1)!];
  expect(await ids(one, other)).toEqual(expect.arrayContaining([one, other]));
  expect(await ids(one)).not.toContain(other);
  expect((await commandLine(...small, "--theorem", one, "--theorem", "none\u202e")).err).toMatch(/got none\\u202e/);
}, 120_000);

test("TypeScript is compiled without a cache in the folder for temporary files", () => {
  const temporary = join(folder, "temporary");
  mkdirSync(temporary);
  const coin = fileURLToPath(new URL("../../examples/coin/coin.ts", import.meta.url));
  const asked = [
    "boundary",
    "heads-near-bias",
    "--theorems",
    coin,
    "--vary",
    "bias=0.2..0.4",
    "--cells",
    "3",
    "--seeds",
    "1",
  ];
  const { status } = spawnSync(process.execPath, [BIN, ...asked], {
    env: { ...process.env, TMPDIR: temporary, TSX_DISABLE_CACHE: undefined },
  });
  expect(status).toBe(0);
  expect(readdirSync(temporary)).toEqual([]);
});
