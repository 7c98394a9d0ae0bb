import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
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
const linesOf = (key = KEY) =>
  textOf(key)
    .split("\n")
    .filter((line) => line !== "");

function kept(values: Readonly<Record<string, Value>>, key = KEY): void {
  const store = open(key);
  for (const [id, value] of Object.entries(values)) store.keep(id, value);
  store.close();
}

const THREE = { one: { number: 1 }, two: { number: 2, note: "two" }, three: { number: Number.NaN } };

describe("a store of lines", () => {
  test("finds what was kept, to the bit, also after it was written and read again", () => {
    const any = fc.double({ noDefaultInfinity: false, noNaN: false }).map((number) => (number === 0 ? 0 : number));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), any), (numbers) => {
        const values = Object.entries(numbers).map(([id, number]) => [id, { number }] as const);
        const store = open();
        for (const [id, value] of values) expect(store.keep(id, value)).toEqual(value);
        for (const opened of [store, open()]) for (const [id, value] of values) expect(opened.find(id)).toEqual(value);
        rmSync(fileOf(), { force: true });
        return warnings.length === 0;
      }),
    );
  });

  test("holds a line of JSON for each value, in the order in which they came, each as soon as it is kept", () => {
    const store = open();
    for (const [i, [id, value]] of Object.entries(THREE).entries()) {
      store.keep(id, value);
      expect(linesOf().length).toBe(i + 1);
    }
    expect(linesOf().map((line) => JSON.parse(line))).toMatchObject([
      { id: "one", value: { number: 1 } },
      { id: "two", value: { number: 2, note: "two" } },
      { id: "three", value: { number: "NaN" } },
    ]);
    const before = textOf();
    open();
    expect(textOf()).toBe(before);
  });

  test("gives what is kept as it will be read: −0 as 0, and nothing of what JSON leaves out", () => {
    const given = open().keep("one", { number: -0, note: undefined } as unknown as Value);
    expect(given).toStrictEqual({ number: 0 });
    expect(open().find("one")).toStrictEqual(given);
  });

  test("writes nothing where nothing was kept, and makes its folder where there is none", () => {
    open().close();
    expect(readdirSync(folder)).toEqual([]);
    const below = join(folder, "not", "yet");
    const store = new LineStore(below, "things", KEY, schema, () => {});
    store.keep("one", { number: 1 });
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
    // overwritten where it lay, so that it is told of once
    expect(linesOf().length).toBe(2);
    expect(open().find("two")).toEqual(THREE.two);
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
      { numRuns: 200 },
    );
  });
});

describe("lines about one id", () => {
  test("that are the same are one, and nobody is told: several processes may train the same", () => {
    kept({ one: { number: 1 }, two: { number: 2 } });
    appendFileSync(fileOf(), textOf());
    expect([open().find("one"), warnings]).toEqual([{ number: 1 }, []]);
  });

  test("that differ are dropped, all of them", () => {
    kept({ one: { number: 1 }, two: { number: 2 } });
    const first = textOf();
    rmSync(fileOf());
    kept({ one: { number: 7 } });
    const second = textOf();
    writeFileSync(fileOf(), first + second + second);
    const store = open();
    expect([store.find("one"), store.find("two")]).toEqual([undefined, { number: 2 }]);
    expect(warnings).toEqual([expect.stringContaining("has 3 lines that are torn, edited or foreign")]);
    store.keep("one", { number: 1 });
    expect([open().find("one"), linesOf().length, warnings.length]).toEqual([{ number: 1 }, 2, 1]);
  });
});

describe("several stores on one file", () => {
  test("lose nothing of each other, and find it at once", () => {
    const stores = Array.from({ length: 4 }, () => open());
    for (let i = 0; i < 40; i++) stores[i % 4]!.keep(`${i}`, { number: i });
    for (const store of [...stores, open()]) {
      expect(Array.from({ length: 40 }, (_, i) => store.find(`${i}`)?.number)).toEqual(Array.from(Array(40).keys()));
    }
    expect(warnings).toEqual([]);
  });

  test("a line that was torn takes none with it that was written after it", () => {
    kept(THREE);
    const store = open();
    writeFileSync(fileOf(), textOf().slice(0, -10));
    store.keep("four", { number: 4 });
    expect(open().find("four")).toEqual({ number: 4 });
    expect(warnings).toEqual([expect.stringContaining("has 1 line that is torn")]);
  });

  test("one that is removed meanwhile is begun anew, and the file of nobody else is mended by its places", () => {
    kept(THREE);
    const store = open();
    rmSync(fileOf());
    store.keep("four", { number: 4 });
    expect(linesOf().length).toBe(1);
    expect([open().find("four"), warnings]).toEqual([{ number: 4 }, []]);
  });
});

test("a file of more than 512 MB is read, piece by piece, and a line that is as long is none", () => {
  kept(THREE);
  const before = process.memoryUsage.rss();
  // zeros that take no room
  truncateSync(fileOf(), 600 * 2 ** 20);
  appendFileSync(fileOf(), "\n");
  kept({ four: { number: 4 } });
  const store = open();
  expect([store.find("one"), store.find("four")]).toEqual([THREE.one, { number: 4 }]);
  expect(warnings[0]).toContain("has 1 line that is torn");
  expect(process.memoryUsage.rss() - before).toBeLessThan(300 * 2 ** 20);
});

describe("what cannot be written or read ends nothing", () => {
  const told = (consequence: string) => expect.stringContaining(`store: ${consequence} `);

  test("a file in the place of the folder: told before anything is kept, once", () => {
    const file = join(folder, "file");
    writeFileSync(file, "mine");
    for (const place of [file, join(file, "below")]) {
      warnings = [];
      const store = new LineStore(place, "things", KEY, schema, (sentence) => warnings.push(sentence));
      expect(warnings).toEqual([told("nothing is kept in")]);
      for (const id of ["one", "two"]) expect(store.keep(id, { number: 1 })).toEqual({ number: 1 });
      expect([store.find("one"), warnings.length, readFileSync(file, "utf8")]).toEqual([undefined, 1, "mine"]);
      store.close();
    }
  });

  test.each<[string, () => void]>([
    ["a folder", () => mkdirSync(fileOf())],
    ["a link", () => symlinkSync(join(folder, "elsewhere"), fileOf())],
  ])("%s in the place of the file", (_, make) => {
    make();
    writeFileSync(join(folder, "elsewhere"), "mine");
    const store = open();
    expect(warnings).toEqual([told("nothing is read from")]);
    store.keep("one", { number: 1 });
    expect([store.find("one"), readFileSync(join(folder, "elsewhere"), "utf8")]).toEqual([undefined, "mine"]);
  });

  test("a link in the place of the folder: nothing is written where it leads", () => {
    const [link, elsewhere] = [join(folder, "link"), join(folder, "elsewhere")];
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, link);
    new LineStore(link, "things", KEY, schema, (sentence) => warnings.push(sentence)).keep("one", { number: 1 });
    expect([warnings, readdirSync(elsewhere)]).toEqual([[told("nothing is kept in")], []]);
  });

  test("a folder that goes away: told once, and what is kept is still given", () => {
    const below = join(folder, "below");
    const store = new LineStore(below, "things", KEY, schema, (sentence) => warnings.push(sentence));
    rmSync(below, { recursive: true });
    writeFileSync(below, "");
    for (const id of ["one", "two"]) expect(store.keep(id, { number: 1 })).toEqual({ number: 1 });
    expect(warnings).toEqual([told("nothing more is kept in")]);
  });

  test("a store that is only read writes nothing, not even over a torn line", () => {
    kept(THREE);
    appendFileSync(fileOf(), "torn");
    const text = textOf();
    const store = new LineStore(folder, "things", KEY, schema, (sentence) => warnings.push(sentence), { keeps: false });
    store.keep("four", { number: 4 });
    expect([store.find("one"), textOf(), warnings.length]).toEqual([THREE.one, text, 1]);
  });
});
