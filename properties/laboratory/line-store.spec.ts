import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { anyNumber, LineStore } from "../../src/laboratory/line-store.ts";
import { sha256 } from "../../src/laboratory/sources.ts";

const KEY = sha256("the key");
const OTHER_KEY = sha256("another key");
const schema = z.object({ number: anyNumber, note: z.string().optional() });
type Value = z.infer<typeof schema>;

let folder: string;
let warnings: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "theorycheck-lines-"));
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (key = KEY, form: z.ZodType<Value> = schema) =>
  new LineStore(folder, "things", key, form, (sentence) => warnings.push(sentence));
const fileOf = (key = KEY) => join(folder, `things-${key.slice(0, 16)}.jsonl`);
const textOf = (key = KEY) => readFileSync(fileOf(key), "utf8");

function kept(values: Readonly<Record<string, Value>>, key = KEY): void {
  const store = open(key);
  for (const [id, value] of Object.entries(values)) store.keep(id, value);
  store.save();
}

const THREE = { one: { number: 1 }, two: { number: 2, note: "two" }, three: { number: Number.NaN } };

describe("a store of lines", () => {
  test("finds what was kept, to the bit, also after it was written and read again", () => {
    const any = fc.double({ noDefaultInfinity: false, noNaN: false }).map((number) => (number === 0 ? 0 : number));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), any), (numbers) => {
        const values = Object.entries(numbers).map(([id, number]) => [id, { number }] as const);
        const store = open();
        for (const [id, value] of values) store.keep(id, value);
        store.save();
        for (const opened of [store, open()]) for (const [id, value] of values) expect(opened.find(id)).toEqual(value);
        rmSync(fileOf(), { force: true });
        return warnings.length === 0;
      }),
    );
  });

  test("holds a line of JSON for each value, in the order of the ids, whatever order they came in", () => {
    kept(THREE);
    const text = textOf();
    const lines = text.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { id: "one", value: { number: 1 } },
      { id: "three", value: { number: "NaN" } },
      { id: "two", value: { number: 2, note: "two" } },
    ]);
    rmSync(fileOf());
    kept({ three: THREE.three, two: THREE.two, one: THREE.one });
    expect(textOf()).toBe(text);
  });

  test("writes nothing where nothing was kept, and makes its folder where there is none", () => {
    open().save();
    expect(readdirSync(folder)).toEqual([]);
    const below = join(folder, "not", "yet");
    const store = new LineStore(below, "things", KEY, schema, () => {});
    store.keep("one", { number: 1 });
    store.save();
    expect(existsSync(below)).toBe(true);
  });

  test("is another file under another key, and what was written before it stays", () => {
    kept({ one: { number: 1 } });
    kept({ one: { number: 10 } }, OTHER_KEY);
    expect([open().find("one"), open(OTHER_KEY).find("one")]).toEqual([{ number: 1 }, { number: 10 }]);
    kept({ two: { number: 2 } });
    expect([open().find("one"), open().find("two")]).toEqual([{ number: 1 }, { number: 2 }]);
  });

  test("keeps nothing that it could not read again", () => {
    const store = open();
    store.keep("one", { number: "1" } as unknown as Value);
    expect(store.find("one")).toBeUndefined();
    store.save();
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("a line that is not as it was written is dropped", () => {
  const lineOf = (key: string, held: string) => `{"checksum":"${sha256(`${key}\n${held}`)}",${held}}`;

  const linesUnder = (key: string) => {
    kept({ one: { number: 1 } }, key);
    return textOf(key).trimEnd().split("\n");
  };

  test.each<[string, (lines: string[]) => string[]]>([
    ["cut off", ([line, ...others]) => [...others, line!.slice(0, -10)]],
    ["with another number", ([line, ...others]) => [line!.replace('"number":1', '"number":7'), ...others]],
    ["with another id", ([line, ...others]) => [line!.replace('"id":"one"', '"id":"two"'), ...others]],
    ["with a space more", ([line, ...others]) => [line!.replace('"id":', '"id": '), ...others]],
    ["without a checksum", ([, ...others]) => ['{"id":"one","value":{"number":1}}', ...others]],
    ["with another checksum", ([line, ...others]) => [line!.replace(/[0-9a-f]{64}/, "0".repeat(64)), ...others]],
    ["of another key", ([, ...others]) => [...linesUnder(OTHER_KEY), ...others]],
    ["of another form", ([, ...others]) => [lineOf(KEY, '"id":"one","value":{"number":"one"}'), ...others]],
    ["with a number for an id", ([, ...others]) => [lineOf(KEY, '"id":1,"value":{"number":1}'), ...others]],
    ["that is no JSON, under its checksum", ([, ...others]) => [lineOf(KEY, '"id":"one","value":{'), ...others]],
    ["that is no text", ([, ...others]) => ["\u0000\ufffd", ...others]],
  ])("%s, with a warning, and the others are found", (_, edit) => {
    kept(THREE);
    writeFileSync(fileOf(), `${edit(textOf().trimEnd().split("\n")).join("\n")}\n`);
    const store = open();
    expect(store.find("one")).toBeUndefined();
    expect([store.find("two"), store.find("three")]).toEqual([THREE.two, THREE.three]);
    expect(warnings).toEqual([
      `store: ${fileOf()} has 1 line that is torn, edited or foreign: dropped, and trained again where needed`,
    ]);
    // written without it, so that it is told of once
    store.save();
    expect(textOf().trimEnd().split("\n").length).toBe(2);
    open();
    expect(warnings.length).toBe(1);
  });

  test("whatever is done to the file: what is found is what was kept, and nothing throws", () => {
    kept(Object.fromEntries(Array.from({ length: 6 }, (_, i) => [String(i), { number: i / 7, note: "n".repeat(i) }])));
    const text = textOf();
    const [at, length] = [fc.nat(text.length), fc.nat(40)];
    const edit = fc.oneof(
      at.map((start) => text.slice(0, start)),
      fc.tuple(at, length).map(([start, gone]) => text.slice(0, start) + text.slice(start + gone)),
      fc
        .tuple(at, fc.string({ unit: "binary" }))
        .map(([start, more]) => text.slice(0, start) + more + text.slice(start)),
      fc.tuple(at, fc.constantFrom(..."0123456789")).map(([i, digit]) => text.slice(0, i) + digit + text.slice(i + 1)),
      fc.shuffledSubarray(text.split("\n")).map((lines) => lines.join("\n")),
    );
    fc.assert(
      fc.property(edit, (edited) => {
        writeFileSync(fileOf(), edited);
        warnings = [];
        const store = open();
        const found = Array.from({ length: 6 }, (_, i) => store.find(String(i)));
        for (const [i, value] of found.entries()) {
          if (value !== undefined) expect(value).toEqual({ number: i / 7, note: "n".repeat(i) });
        }
        const whole = edited.split("\n").filter((line) => line !== "");
        const known = text.split("\n");
        expect(warnings.length).toBe(whole.every((line) => known.includes(line)) ? 0 : 1);
      }),
      { numRuns: 500 },
    );
  });
});
