import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { commandLine } from "../cli/command-line.ts";
import { npyOf, safetensors, safetensorsOf, zip } from "./written-weights.ts";

const folder = mkdtempSync(join(tmpdir(), "theorycheck-inspect-"));
afterAll(() => rmSync(folder, { recursive: true }));

const FIXTURES = fileURLToPath(new URL("fixtures/", import.meta.url));
const written = (name: string, bytes: Uint8Array) => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

/** What `--json` prints. */
async function inspected(...words: string[]) {
  const { code, out, err } = await commandLine("inspect", ...words, "--json");
  expect([code, err]).toEqual([0, ""]);
  return JSON.parse(out) as {
    matrices: { name: string; shape: number[]; singularValues: number[]; complete: boolean }[];
    neurons: { name: string; small: number; large: number; betweenShare: number }[];
    skipped: { name: string; why: string }[];
  };
}

const names = (each: readonly { readonly name: string }[]) => each.map(({ name }) => name);

describe("what PyTorch and NumPy wrote", () => {
  // entry (i, j) is 10 i + j; by NumPy
  const sigmas = [19.192998937344903, 1.2762412746332579];

  test("a state_dict, with every tensor of it", async () => {
    const { matrices, skipped } = await inspected(join(FIXTURES, "state-dict.pt"));
    expect(names(matrices)).toEqual(["0.weight"]);
    expect(skipped).toEqual([
      ...["0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var"].map((name) => ({
        ...{ name, why: "no matrix: 1 dimension" },
      })),
      { name: "1.num_batches_tracked", why: "its numbers are integers (LongStorage)" },
    ]);
  });

  test("a checkpoint with other things in it, in four types, turned and from the middle of a storage", async () => {
    const { matrices, skipped } = await inspected(join(FIXTURES, "checkpoint.pt"));
    const found = new Map(matrices.map(({ name, ...its }) => [name, its]));
    expect([...found.keys()]).toEqual(
      ["half", "brain", "turned", "rows from 1", "parameter"].map((name) => `model.${name}`),
    );
    for (const name of ["half", "brain", "parameter"]) expectSigmas(found.get(`model.${name}`)!, sigmas);
    // [[0, 10, 20], [1, 11, 21]] and [[10, 11, 12], [20, 21, 22]]
    expectSigmas(found.get("model.turned")!, [32.595018940121335, 0.7514920446228341]);
    expectSigmas(found.get("model.rows from 1")!, [41.10529036267001, 0.5959062011657005]);
    expect(skipped).toEqual([
      { name: "model.every second column", why: "its numbers do not lie side by side (strides 3, 2)" },
    ]);
  });

  test.each(["arrays.npz", "arrays-deflated.npz"])("%s, in four types and in both orders", async (file) => {
    const { matrices, skipped } = await inspected(join(FIXTURES, file));
    expect(names(matrices)).toEqual(["double", "single", "half", "big endian", "columns first"]);
    for (const matrix of matrices) expectSigmas(matrix, sigmas);
    expect(skipped).toEqual([
      { name: "integers", why: "its numbers are integers (<i8)" },
      { name: "vector", why: "no matrix: 1 dimension" },
      { name: "text", why: "its numbers are text (<U6)" },
    ]);
  });

  function expectSigmas(matrix: { readonly singularValues: readonly number[] }, expected: readonly number[]) {
    expect(matrix.singularValues).toHaveLength(expected.length);
    matrix.singularValues.forEach((sigma, i) => {
      expect(sigma / expected[i]!).toBeCloseTo(1, 12);
    });
  }
});

const before = {
  changed: [
    [1, 2],
    [3, 4],
  ],
  frozen: [[1, 2]],
  gone: [[1]],
};
const after = {
  changed: [
    [4, 2],
    [3, 8],
  ],
  frozen: [[1, 2]],
  new: [[1]],
};

test("a real Transformer block has the between-cluster shares that the docs say", async () => {
  const { neurons } = await inspected(join(FIXTURES, "ocr-block.npz"));
  const page = readFileSync(new URL("../../docs/inspect.md", import.meta.url), "utf8");
  expect(neurons).toHaveLength(4);
  for (const { name, small, large, betweenShare } of neurons) {
    const row = page.split("\n").find((line) => line.startsWith(`| ${name} `)) ?? "";
    expect(
      row
        .split("|")
        .slice(2, 4)
        .map((cell) => cell.trim()),
    ).toEqual([betweenShare.toFixed(3), `${small}, ${large}`]);
  }
});

describe("a pair", () => {
  test("is measured by its difference; every tensor is there, or why it is not", async () => {
    const [one, other] = [
      written("after.safetensors", safetensorsOf(after)),
      written(
        "before.npz",
        zip(Object.entries(before).map(([name, rows]) => ({ name: `${name}.npy`, bytes: npyOf(rows) }))),
      ),
    ];
    expect(await inspected(one, "--before", other)).toEqual({
      matrices: [
        {
          ...{ name: "changed", shape: [2, 2], singularValues: [4, 3], stableRank: 25 / 16, complete: true },
          ranks: { "0.9": 2, "0.99": 2, "0.999": 2 },
        },
      ],
      neurons: [{ name: "changed", small: 1, large: 1, betweenShare: 1 }],
      skipped: [
        { name: "new", why: "not in --before" },
        { name: "gone", why: "only in --before" },
        { name: "frozen", why: "unchanged: ΔW is 0" },
      ],
    });
  });

  test("of two arrays is one, whatever their files are called", async () => {
    const paths = [after, before].map(({ changed }, i) => written(`${i}.npy`, npyOf(changed))) as [string, string];
    const { matrices } = await inspected(paths[0], "--before", paths[1]);
    expect(matrices).toMatchObject([{ name: "0", singularValues: [4, 3] }]);
  });

  test("may be a model in parts", async () => {
    mkdirSync(join(folder, "parts"));
    written("parts/1.safetensors", safetensorsOf({ changed: after.changed }));
    written("parts/2.safetensors", safetensorsOf({ new: after.new }));
    expect(names((await inspected(join(folder, "parts"))).matrices)).toEqual(["changed", "new"]);
    written("parts/3.safetensors", safetensorsOf({ new: after.new }));
    const { code, err } = await commandLine("inspect", join(folder, "parts"), "--json");
    expect([code, err]).toEqual([2, expect.stringContaining('"new" must stand in one file')]);
  });
});

test("bfloat16 and half precision are read as they are, and integers are skipped by name", async () => {
  const bytes = new Uint8Array(24);
  const view = new DataView(bytes.buffer);
  // 1, -2; a half of 2^-24 and 65504; integers
  for (const [i, word] of [0x3f80, 0xc000, 0x0001, 0x7bff].entries()) view.setUint16(2 * i, word, true);
  const file = safetensors(
    {
      __metadata__: { format: "pt" },
      brain: { dtype: "BF16", shape: [1, 2], data_offsets: [0, 4] },
      half: { dtype: "F16", shape: [2, 1], data_offsets: [4, 8] },
      long: { dtype: "I64", shape: [1, 2], data_offsets: [8, 24] },
    },
    bytes,
  );
  const { matrices, skipped } = await inspected(written("types.safetensors", file));
  expect(matrices.map(({ singularValues }) => singularValues[0])).toEqual([
    expect.closeTo(Math.sqrt(5), 14),
    expect.closeTo(65504, 9),
  ]);
  expect(skipped).toEqual([{ name: "long", why: "its numbers are I64" }]);
});

test("an adapter is measured by its factors, with the scale of each module", async () => {
  const path = join(folder, "adapter");
  mkdirSync(path);
  const config = { peft_type: "LORA", r: 1, lora_alpha: 2, alpha_pattern: { v: 6 } };
  writeFileSync(join(path, "adapter_config.json"), JSON.stringify(config));
  const [A, B] = [[[3, 4]], [[1], [0], [0]]];
  const tensors = Object.fromEntries(
    ["q", "v"].flatMap((name) => [
      [`base_model.model.h.${name}.lora_A.weight`, A],
      [`base_model.model.h.${name}.lora_B.weight`, B],
    ]),
  );
  writeFileSync(join(path, "adapter_model.safetensors"), safetensorsOf({ ...tensors, "h.bias": [[1]] }));
  const { matrices, skipped } = await inspected(path);
  expect(matrices).toMatchObject([
    { name: "h.q.weight", shape: [3, 2], singularValues: [10, 0], complete: true },
    { name: "h.v.weight", shape: [3, 2], singularValues: [30, 0] },
  ]);
  expect(skipped).toEqual([{ name: "h.bias", why: "no factor of an update" }]);
});

describe("for people", () => {
  test("a table says what was measured, and certifies nothing", async () => {
    const file = written(
      "hostile-name.safetensors",
      safetensorsOf({ "<b>\u202eW</b>": after.changed, frozen: [[0, 0]] }),
    );
    const page = join(folder, "page.html");
    const { code, out, err } = await commandLine("inspect", file, "--html", page, "--rank", "1");
    expect([code, err]).toEqual([0, `Page written to ${page}.\n`]);
    expect(out).toContain("measured of W, 1 matrix:");
    expect(out).toContain("<b>\\u202eW</b>");
    expect(out).toContain("too few to say");
    expect(out).toContain("not measured, 1:\n  all 0: frozen");
    const html = readFileSync(page, "utf8");
    expect(html).toContain("Content-Security-Policy");
    expect(html).toContain("&lt;b&gt;\\u202eW&lt;/b&gt;");
    expect(html).not.toMatch(/<b>\\u202e|\u202e|<script/);
    expect(html).toContain("energy beyond rank 1");
    expect(html.match(/<svg/g)).toHaveLength(2);
    for (const text of [out, html]) expect(text).not.toMatch(/certif/i);
  });

  test("no page with --json, unless it is asked for", async () => {
    const file = written("small.npy", npyOf([[1, 2]]));
    const page = join(folder, "small.html");
    const { err } = await commandLine("inspect", file, "--json", "--html", page);
    expect(err).toBe(`Page written to ${page}.\n`);
  });
});
