import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { commandLine } from "../cli/command-line.ts";
import { doubles, npy, npyOf, pickleOf, safetensors, safetensorsOf, torchFile, zip } from "./written-weights.ts";

const folder = mkdtempSync(join(tmpdir(), "theorycheck-weights-"));
afterAll(() => rmSync(folder, { recursive: true }));

const FIXTURES = fileURLToPath(new URL("fixtures/", import.meta.url));
const written = (name: string, bytes: Uint8Array) => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

const SQUARE = [
  [1, 2],
  [3, 4],
];
const good = safetensorsOf({ W: SQUARE });
const entry = (from: number, to: number, more = {}) => ({
  dtype: "F64",
  shape: [2, 2],
  data_offsets: [from, to],
  ...more,
});
const header = (text: Record<string, unknown>, bytes = doubles([1, 2, 3, 4])) => safetensors(text, bytes);
const member = { name: "W.npy", bytes: npyOf(SQUARE) };
const state = pickleOf([2, 2], [2, 1], 4);
const GIB = 2 ** 30;

/** A gibibyte of zeros in a megabyte. */
const bomb = () =>
  zip([
    {
      name: "W.npy",
      bytes: Buffer.concat([npyOf(SQUARE), Buffer.alloc(2 ** 24)]),
      deflated: true,
      says: { size: npyOf(SQUARE).length },
    },
  ]);

const HOSTILE: readonly (readonly [string, () => Uint8Array, RegExp])[] = [
  ["nothing", () => new Uint8Array(0), /must be safetensors, npz, npy, or of torch\.save/],
  ["other text", () => Buffer.from("hello, world, and more"), /must be safetensors, npz, npy, or of torch\.save/],
  ["a bare pickle", () => Buffer.from("\x80\x02}.", "latin1"), /must not be a bare pickle/],

  ["safetensors that are cut", () => good.slice(0, -8), /is cut, its tensors have 32 bytes, got 24/],
  [
    "safetensors with bytes behind",
    () => Buffer.concat([good, doubles([0])]),
    /must end with its last tensor, got 8 bytes more/,
  ],
  ["a header that is cut", () => good.slice(0, 20), /is cut, its header has \d+ bytes, got 12/],
  [
    "a header of gigabytes",
    () => {
      const file = new Uint8Array(good);
      new DataView(file.buffer).setBigUint64(0, BigInt(8 * GIB), true);
      return file;
    },
    /header must have at most 25000000 bytes, got 8589934592: it was not read/,
  ],
  ["a header that is no JSON", () => safetensors("{", doubles([])), /header: must be JSON/],
  ["a header that nests", () => safetensors(`{"W":${"[".repeat(99)}`, doubles([])), /nest no deeper than 4/],
  [
    "a header of other bytes",
    () => Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0x7b]).subarray(0, 8), Buffer.from([0xff])]),
    /must be safetensors/,
  ],
  [
    "offsets that overlap",
    () => header({ W: entry(0, 32), V: entry(16, 48) }, doubles([1, 2, 3, 4, 5, 6])),
    /"V": offsets must not overlap, got 16 after 32/,
  ],
  [
    "offsets with a gap",
    () => header({ W: entry(8, 40) }, doubles([1, 2, 3, 4, 5])),
    /"W": offsets must not leave a gap, got 8 after 0/,
  ],
  ["offsets that run backwards", () => header({ W: entry(32, 0) }), /has 32 bytes, got offsets 32 to 0/],
  [
    "a shape of other size",
    () => header({ W: entry(0, 32, { shape: [2, 3] }) }),
    /F64 of shape \[2,3\] has 48 bytes, got offsets 0 to 32/,
  ],
  ["a shape beyond counting", () => header({ W: entry(0, 32, { shape: [2 ** 40, 2 ** 40] }) }), /product below 2\^53/],
  ["a negative length", () => header({ W: entry(0, 32, { shape: [-2, -2] }) }), /"W": shape\.0/],
  [
    "a dtype that is none",
    () => header({ W: entry(0, 32, { dtype: "F99" }) }),
    /"W": dtype must be one of F64, .* got "F99"/,
  ],
  ["a dtype of objects", () => header({ W: entry(0, 32, { dtype: "__proto__" }) }), /dtype must be one of/],
  ["a field more", () => header({ W: entry(0, 32, { code: "x" }) }), /"W": .*code/],
  [
    "a tensor twice",
    () =>
      safetensors(
        '{"W":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"\\u0057":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}',
        doubles([1]),
      ),
    /key must stand once, got "W" twice/,
  ],
  [
    "not a number",
    () =>
      safetensorsOf({
        W: [
          [1, 2],
          [3, Number.NaN],
        ],
      }),
    /"W" must have finite numbers, got NaN in row 1, column 1/,
  ],
  [
    "infinity",
    () => safetensorsOf({ W: [[1, Number.NEGATIVE_INFINITY]] }),
    /finite numbers, got -Infinity in row 0, column 1/,
  ],

  ["an array that is cut", () => npyOf(SQUARE).slice(0, -1), /shape \(2,2\) of '<f8' has 32 bytes, got 31/],
  ["an array with bytes behind", () => Buffer.concat([npyOf(SQUARE), doubles([0])]), /has 32 bytes, got 40/],
  [
    "an array of objects",
    () => npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", doubles([1])),
    /pickles, which may run code/,
  ],
  [
    "an array of another type",
    () => npy("{'descr': '<q8', 'fortran_order': False, 'shape': (1,), }", doubles([1])),
    /descr must be of numbers/,
  ],
  [
    "an array of records",
    () => npy("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }", doubles([1])),
    /descr must be of numbers/,
  ],
  [
    "a header with code",
    () => npy("{'descr': '<f8', 'fortran_order': __import__('os'), 'shape': (1,), }", doubles([1])),
    /as NumPy writes it/,
  ],
  ["a header with a key twice", () => npy("{'shape': (1,), 'shape': (2,), }", doubles([1])), /must say shape once/],
  [
    "a header without a shape",
    () => npy("{'descr': '<f8', 'fortran_order': False, }", doubles([1])),
    /must say descr, fortran_order and shape/,
  ],
  [
    "a header of a gigabyte",
    () => Buffer.from([0x93, ...Buffer.from("NUMPY"), 2, 0, 0, 0, 0, 64]),
    /header must have at most 100000 bytes/,
  ],
  [
    "an npy of version 9",
    () => Buffer.from([0x93, ...Buffer.from("NUMPY"), 9, 0, 0, 0, 0, 0]),
    /version 1, 2 or 3, got 9/,
  ],

  ["an archive that is cut", () => zip([member]).slice(0, -30), /is cut/],
  ["an archive of nothing but its start", () => Buffer.from("PK\x03\x04"), /is cut: a zip archive has an end record/],
  ["an archive of other things", () => zip([{ name: "run.sh", bytes: Buffer.from("echo") }]), /got "run\.sh"/],
  ["a bomb", bomb, /must unpack to 208 bytes, got more|must unpack to \d+ bytes, got more/],
  [
    "members that share their bytes",
    () => zip([member, { ...member, name: "V.npy", says: { offset: 0 } }]),
    /must lie apart, got overlapping/,
  ],
  [
    "a member under two names",
    () => zip([member, { name: "W.npy", bytes: npyOf([[1]]) }]),
    /a name each, got "W\.npy" twice/,
  ],
  ["a member whose bytes were changed", () => zip([{ ...member, says: { crc: 1 } }]), /must have the checksum/],
  ["a deflated one of those", () => zip([{ ...member, deflated: true, says: { crc: 1 } }]), /must have the checksum/],
  [
    "a member that unpacks to less",
    () => zip([{ ...member, deflated: true, says: { size: 1000 } }]),
    /has 32 bytes, got|must unpack to 1000 bytes/,
  ],
  [
    "a member that is not packed as it says",
    () => zip([{ name: "W.npy", bytes: Buffer.alloc(300, 7), says: { method: 8 } }]),
    /must be packed as zip archives are/,
  ],
  ["a member of another method", () => zip([{ ...member, says: { method: 99 } }]), /stored or deflated, got method 99/],

  [
    "a state_dict without its storage",
    () => zip([{ name: "a/data.pkl", bytes: Buffer.from(state, "latin1") }]),
    /has no member "a\/data\/0"/,
  ],
  ["a storage that is too short", () => torchFile(state, doubles([1, 2, 3])), /storage "0" must have 32 bytes, got 24/],
  [
    "a tensor beyond its storage",
    () => torchFile(pickleOf([2, 2], [4, 1], 4), doubles([1, 2, 3, 4])),
    /within its storage of 4 numbers, got one at 5/,
  ],
  ["a pickle that is cut", () => torchFile(state.slice(0, -1), doubles([1, 2, 3, 4])), /is cut, its pickle ends/],
  [
    "a pickle that runs a command",
    () => torchFile("cos\nsystem\n(X\x0c\x00\x00\x00touch harmedtR.", doubles([])),
    /names "os\.system", .* refused/,
  ],
  [
    "a pickle that evaluates",
    () => torchFile("c__builtin__\neval\n(X\x01\x00\x00\x001tR.", doubles([])),
    /names "__builtin__\.eval"/,
  ],
  [
    "a name that is a property of every object",
    () => torchFile("cconstructor\nconstructor\n.", doubles([])),
    /names "constructor\.constructor"/,
  ],
  ["a pickle with INST", () => torchFile("(ios\nsystem\n.", doubles([])), /opcode 0x69/],
  ["a pickle with OBJ", () => torchFile("(cos\nsystem\no.", doubles([])), /names "os\.system"/],
  ["a pickle with EXT1", () => torchFile("\x82\x01.", doubles([])), /opcode 0x82/],
  [
    "a pickle that calls a type of storage",
    () => torchFile("ctorch\nFloatStorage\n)R.", doubles([])),
    /not made by a call/,
  ],
  ["a pickle that calls a dict", () => torchFile("})R.", doubles([])), /calls what cannot be called/],
  ["a pickle that takes from nothing", () => torchFile("0.", doubles([])), /empty stack/],
  ["a pickle that fills the memory", () => torchFile("}".repeat(2_100_000), doubles([])), /at most 2000000 dicts/],
  ["a dict within itself", () => torchFile("}q\x00X\x01\x00\x00\x00ah\x00s.", doubles([])), /32 deep/],
  [
    "numbers with the greater byte first",
    () =>
      zip([
        { name: "a/data.pkl", bytes: Buffer.from("}.") },
        { name: "a/byteorder", bytes: Buffer.from("big") },
      ]),
    /byteorder little/,
  ],
];

describe("inspect refuses", () => {
  test.each(HOSTILE)("%s", async (name, bytes, why) => {
    const file = written(`${name.replaceAll(/\W/g, "-")}.weights`, bytes());
    const { code, out, err } = await commandLine("inspect", file, "--json");
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(why);
    expect(err.trim().split("\n")).toHaveLength(1);
  });

  test("what PyTorch saved with a call in it, and calls nothing", async () => {
    const { code, err } = await commandLine("inspect", join(FIXTURES, "malicious.pt"), "--json");
    expect([code, err]).toEqual([2, expect.stringContaining('names "posix.system", which no state_dict needs')]);
    expect(existsSync("executed")).toBe(false);
  });

  test("what NumPy saved with objects in it", async () => {
    const { code, err } = await commandLine("inspect", join(FIXTURES, "objects.npz"), "--json");
    expect([code, err]).toEqual([2, expect.stringContaining("objects are pickles")]);
  });

  test("a pair of different shapes, and differences that are not finite", async () => {
    const one = written("one.safetensors", safetensorsOf({ W: [[1, 1e308]] }));
    const other = written("other.safetensors", safetensorsOf({ W: [[1], [2]] }));
    const far = written("far.safetensors", safetensorsOf({ W: [[1, -1e308]] }));
    expect(await commandLine("inspect", one, "--before", other, "--json")).toMatchObject({
      code: 2,
      err: expect.stringContaining('"W" must have the shape that it has in --before, [2,1], got [1,2]'),
    });
    expect(await commandLine("inspect", one, "--before", far, "--json")).toMatchObject({
      code: 2,
      err: expect.stringContaining("a finite difference, got Infinity in row 0, column 1"),
    });
  });

  test("what is no file, and a folder of nothing", async () => {
    mkdirSync(join(folder, "empty"));
    for (const [path, why] of [
      [join(folder, "nowhere"), /must be a readable file, got ENOENT/],
      [join(folder, "empty"), /must hold adapter_config\.json or files of safetensors, got neither/],
    ] as const) {
      expect(await commandLine("inspect", path, "--json")).toMatchObject({ code: 2, err: expect.stringMatching(why) });
    }
  });

  test("a terabyte of nothing, in a file that the disk does not hold, without reading it", async () => {
    const path = join(folder, "sparse.safetensors");
    const text = JSON.stringify({ W: { dtype: "F64", shape: [2 ** 19, 2 ** 18], data_offsets: [0, 2 ** 40] } });
    const descriptor = openSync(path, "w");
    writeSync(descriptor, safetensors(text, new Uint8Array(0)));
    closeSync(descriptor);
    truncateSync(path, 8 + text.length + 2 ** 40);
    const { code, out } = await commandLine("inspect", path, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      ...{ matrices: [], neurons: [] },
      skipped: [{ name: "W", why: "more than 134217728 entries" }],
    });
    rmSync(path);
  });
});

describe("an adapter is refused", () => {
  const adapter = (name: string, config: Record<string, unknown>, tensors: Parameters<typeof safetensorsOf>[0]) => {
    const path = join(folder, name);
    mkdirSync(path);
    writeFileSync(
      join(path, "adapter_config.json"),
      JSON.stringify({ peft_type: "LORA", r: 1, lora_alpha: 2, ...config }),
    );
    writeFileSync(join(path, "adapter_model.safetensors"), safetensorsOf(tensors));
    return path;
  };
  const factors = { "m.lora_A.weight": [[1, 2]], "m.lora_B.weight": [[1], [2]] };

  test.each([
    ["another method", { peft_type: "IA3" }, factors, /peft_type must be LORA, got "IA3"/],
    ["DoRA", { use_dora: true }, factors, /use_dora must be false/],
    ["another rank", { r: 2 }, factors, /with r = 2, got A \[1,2\] and B \[2,1\]/],
    ["one factor", {}, { "m.lora_A.weight": [[1, 2]] }, /m must have both factors, got no B/],
    ["no factors", {}, { W: SQUARE }, /must have factors lora_A and lora_B, got none/],
    ["patterns that are expressions", { alpha_pattern: { "m|n": 3 } }, factors, /names of modules, got "m\|n"/],
    [
      "NaN in a factor",
      {},
      { ...factors, "m.lora_B.weight": [[1], [Number.NaN]] },
      /lora_B\.weight" must have finite numbers/,
    ],
  ])("with %s", async (name, config, tensors, why) => {
    const path = adapter(name, config, tensors);
    expect(await commandLine("inspect", path, "--json")).toMatchObject({ code: 2, err: expect.stringMatching(why) });
  });

  test("with --before: it is an update already", async () => {
    const path = adapter("whole", {}, factors);
    const other = written("base.safetensors", good);
    for (const words of [
      [path, "--before", other],
      [other, "--before", path],
    ]) {
      expect(await commandLine("inspect", ...words, "--json")).toMatchObject({
        code: 2,
        err: expect.stringContaining("an adapter is ΔW already"),
      });
    }
  });
});
