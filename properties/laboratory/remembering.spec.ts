import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { populationsOf } from "../../src/claim/population.ts";
import type { Detail } from "../../src/experiment/experiment.ts";
import { here, type Laboratory } from "../../src/experiment/laboratory.ts";
import type { Order, TrialRecord } from "../../src/experiment/trial.ts";
import type { Closure } from "../../src/laboratory/closure.ts";
import { declarationsClosure } from "../../src/laboratory/fingerprint.ts";
import { remembering } from "../../src/laboratory/remembering.ts";
import { contentHash, sha256 } from "../../src/laboratory/sources.ts";
import { drawTrial } from "../../src/law/law.ts";
import { statements } from "../verdict/fixtures/small-statements.ts";

const closure = await declarationsClosure(
  fileURLToPath(new URL("../verdict/fixtures/small-statements.ts", import.meta.url)),
);

let folder: string;
let warnings: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "theorycheck-store-"));
  warnings = [];
});
afterEach(() => {
  vi.unstubAllGlobals();
  rmSync(folder, { recursive: true });
});

const populations = populationsOf(statements);

/** An order for the trial that a law gives to a seed, with everything that is claimed on the law. */
function orderOf(lawId: string, seed: number, detail: Detail = "none"): Order {
  const { law, claims } = populations.find((each) => each.law.id === lawId)!;
  return { experiment: "transformer", models: drawTrial(law, seed), wanted: claims.map(({ key }) => key), detail };
}

/** A laboratory that counts what it runs and how often it is closed. */
function counting(runs: Laboratory["run"] = here(statements).run) {
  const counts = { run: 0, closed: 0 };
  const laboratory: Laboratory = {
    places: 3,
    run: async (order, wanted = () => true) => {
      if (!wanted()) return undefined;
      counts.run++;
      return runs(order, wanted);
    },
    close: async () => {
      counts.closed++;
    },
  };
  return { laboratory, counts };
}

const warn = (sentence: string) => warnings.push(sentence);

/** Runs orders in a laboratory that remembers, then closes it: what came of each, and how many were run. */
async function runAll(orders: readonly Order[], of: Closure = closure, runs?: Laboratory["run"]) {
  const { laboratory, counts } = counting(runs);
  const remembers = remembering(laboratory, { folder, closure: of, warn });
  const records: (TrialRecord | undefined)[] = [];
  for (const order of orders) records.push(await remembers.run(order));
  await remembers.close();
  return { records, ran: counts.run };
}

const fileOfStore = () => join(folder, readdirSync(folder)[0]!);

/** Observes these numbers whatever is asked. */
const observing =
  (numbers: Readonly<Record<string, number>>): Laboratory["run"] =>
  async ({ models }) => ({
    seed: models[0].seed,
    models: models.map((draw) => ({ ...draw, steps: 1, outcome: "ended", digest: "d", measurements: {} })),
    observed: numbers,
  });

describe("a laboratory that remembers", () => {
  test("gives what the other gives, and runs an order once, in this process and in the next", async () => {
    const orders = [orderOf("small", 1), orderOf("small", 2), orderOf("small-pairs", 1), orderOf("small", 1)];
    const expected = await Promise.all(orders.map((order) => here(statements).run(order)));
    expect(await runAll(orders)).toEqual({ records: expected, ran: 3 });
    expect(await runAll(orders)).toEqual({ records: expected, ran: 0 });
    expect(warnings).toEqual([]);
  });

  test("finds numbers to the bit after they were written and read again", async () => {
    const awkward = [0.1 + 0.2, Number.MIN_VALUE, 1e300, Number.NaN, Number.POSITIVE_INFINITY, -1 / 3];
    for (const [seed, number] of awkward.entries()) {
      await runAll([orderOf("small", seed)], closure, observing({ a: number, b: -number }));
    }
    const { records, ran } = await runAll(awkward.map((_, seed) => orderOf("small", seed)));
    expect(ran).toBe(0);
    expect(records.map((record) => record?.observed)).toEqual(awkward.map((number) => ({ a: number, b: -number })));
  });

  test("keeps records of models that diverged, whose measurements are no numbers", async () => {
    const order = orderOf("diverging", 7);
    const { records } = await runAll([order]);
    expect(records[0]!.models[0]).toMatchObject({ outcome: "diverged", measurements: { trainHinge: Number.NaN } });
    expect(await runAll([order])).toEqual({ records, ran: 0 });
  });

  test("takes no trial for one that is portrayed in another way", async () => {
    const details = ["none", "ended", "on the way"] as const;
    const orders = details.map((detail) => orderOf("trained", 3, detail));
    for (const [i, order] of orders.entries()) {
      const { records, ran } = await runAll([order]);
      expect([records[0], ran]).toEqual([await here(statements).run(order), 1]);
      expect(records[0]!.portrait === undefined, details[i]).toBe(details[i] === "none");
    }
    const { records, ran } = await runAll(orders);
    expect(ran).toBe(0);
    expect(records[2]!.portrait).toHaveProperty("training");
    expect(records[1]!.portrait).not.toHaveProperty("training");
  });

  test.each<[string, (order: Order) => Order]>([
    [
      "another θ",
      ({ models: [{ theta, seed }], ...order }) => ({ ...order, models: [{ theta: { ...theta, tau: 0.1 }, seed }] }),
    ],
    ["another seed", ({ models: [{ theta }], ...order }) => ({ ...order, models: [{ theta, seed: 8 }] })],
    ["a claim fewer", ({ wanted, ...order }) => ({ ...order, wanted: wanted.slice(1) })],
    ["other claims", ({ wanted, ...order }) => ({ ...order, wanted: [...wanted.slice(1), "more: of it @ small"] })],
    ["another experiment", (order) => ({ ...order, experiment: "coin" })],
    ["a second model", ({ models: [model], ...order }) => ({ ...order, models: [model, model] })],
  ])("takes no trial for one with %s", async (_, other) => {
    const order = orderOf("small", 7);
    await runAll([order]);
    const { records, ran } = await runAll([other(order)], closure, observing({ anew: 1 }));
    expect([records[0]!.observed, ran]).toEqual([{ anew: 1 }, 1]);
    // neither is lost by the other
    expect((await runAll([order, other(order)])).ran).toBe(0);
  });

  test("keeps no trial on which something else than a number was observed", async () => {
    for (const observed of [{ a: "1" }, { a: undefined }]) {
      const run = observing(observed as unknown as Record<string, number>);
      expect((await runAll([orderOf("small", 1)], closure, run)).ran).toBe(1);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test("keeps nothing of a trial that failed, nor of one that was not wanted any more", async () => {
    const { laboratory, counts } = counting(() => Promise.reject(new Error("no")));
    const remembers = remembering(laboratory, { folder, closure, warn });
    await expect(remembers.run(orderOf("small", 1))).rejects.toThrow("no");
    expect(await remembers.run(orderOf("small", 2), () => false)).toBeUndefined();
    await remembers.close();
    expect([counts, readdirSync(folder)]).toEqual([{ run: 1, closed: 1 }, []]);
  });

  test("gives nothing that is not wanted any more, though it is known", async () => {
    await runAll([orderOf("small", 1)]);
    const remembers = remembering(counting().laboratory, { folder, closure, warn });
    expect(await remembers.run(orderOf("small", 1), () => false)).toBeUndefined();
    expect(await remembers.run(orderOf("small", 1), () => true)).toMatchObject({ seed: 1 });
    await remembers.close();
  });

  test("has the other's places, writes what it ran at once, and closes the other", async () => {
    const { laboratory, counts } = counting();
    const remembers = remembering(laboratory, { folder, closure, warn });
    expect(remembers.places).toBe(3);
    await remembers.run(orderOf("small", 1));
    expect([readdirSync(folder).length, counts.closed]).toEqual([1, 0]);
    await remembers.close();
    expect([readdirSync(folder).length, counts.closed]).toEqual([1, 1]);
  });

  test("runs as it would without it where nothing can be written, and says so before", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    const { laboratory, counts } = counting();
    const blocked = remembering(laboratory, { folder: file, closure, warn });
    expect(warnings).toEqual([expect.stringMatching(/^store: nothing is kept in .*, the run goes on without: /)]);
    expect(await blocked.run(orderOf("small", 1))).toEqual(await here(statements).run(orderOf("small", 1)));
    await blocked.close();
    expect([counts, warnings.length]).toEqual([{ run: 1, closed: 1 }, 1]);
  });

  test("gives the same whether it was kept or is found: −0, typed arrays, and what JSON leaves out", async () => {
    const odd: Laboratory["run"] = async ({ models }) => ({
      seed: models[0].seed,
      models: models.map((draw) => ({ ...draw, steps: 1, outcome: "ended", digest: "d", measurements: { a: -0 } })),
      observed: { a: -0, b: Number.NaN },
      portrait: { curve: Float64Array.of(-0, 1, Number.NaN), gone: undefined, list: [undefined, 2] },
    });
    const [kept, found] = [await runAll([orderOf("small", 1)], closure, odd), await runAll([orderOf("small", 1)])];
    expect([kept.ran, found.ran]).toEqual([1, 0]);
    expect(kept.records).toStrictEqual(found.records);
    expect(kept.records[0]!.portrait).toStrictEqual({ curve: [0, 1, Number.NaN], list: [null, 2] });
  });

  test("keeps a night's trials by themselves, and nothing where nobody will ask again", async () => {
    const run = async (keeps: "trials" | "night" | "nothing") => {
      const { laboratory, counts } = counting();
      const remembers = remembering(laboratory, { folder, closure, keeps, warn });
      await remembers.run(orderOf("small", 1));
      await remembers.close();
      return [counts.run, readdirSync(folder).map((name) => name.split("-")[0])];
    };
    expect(await run("nothing")).toEqual([1, []]);
    expect(await run("night")).toEqual([1, ["night"]]);
    expect(await run("night")).toEqual([0, ["night"]]);
    expect(await run("trials")).toEqual([1, ["night", "trials"]]);
    // what is there is found all the same
    expect(await run("nothing")).toEqual([0, ["night", "trials"]]);
  });
});

describe("a store is another one", () => {
  const order = orderOf("small", 1);

  test("under another closure", async () => {
    await runAll([order]);
    expect((await runAll([order], { ...closure, hash: sha256("another") })).ran).toBe(1);
    expect((await runAll([order])).ran).toBe(0);
    expect(readdirSync(folder).length).toBe(2);
    expect(warnings).toEqual([]);
  });

  // a process has one core and one locale: store-truth.spec.ts and locale.spec.ts start others
  test("under another version of Node", async () => {
    await runAll([order]);
    vi.stubGlobal("process", Object.create(process, { version: { value: "v0.0.0" } }));
    expect((await runAll([order])).ran).toBe(1);
    vi.unstubAllGlobals();
    expect((await runAll([order])).ran).toBe(0);
    expect(readdirSync(folder).length).toBe(2);
  });
});

describe("what is not as it was written, or may not be what would be computed, is not believed", () => {
  const orders = [orderOf("small", 1), orderOf("small", 2)];

  test.each<[string, (text: string) => string]>([
    ["cut off", (text) => text.slice(0, -100)],
    ["with another observation", (text) => text.replace(/"always: steps @ small":0/, '"always: steps @ small":1')],
    ["with the id of another order", (text) => text.replace(/"id":"[0-9a-f]{64}"/, `"id":"${sha256("another")}"`)],
  ])("a line %s: it is dropped with a warning, and run again", async (_, edit) => {
    const { records } = await runAll(orders);
    const text = readFileSync(fileOfStore(), "utf8");
    expect(edit(text)).not.toBe(text);
    writeFileSync(fileOfStore(), edit(text));
    expect(await runAll(orders)).toEqual({ records, ran: 1 });
    expect(warnings).toEqual([expect.stringContaining(`store: ${fileOfStore()} has 1 line that is torn`)]);
    const lines = (of: string) => of.split("\n").filter((line) => line !== "");
    expect(lines(readFileSync(fileOfStore(), "utf8")).sort()).toEqual(lines(text).sort());
  });

  test("a store is not used where it is not known what the declarations read, and the reasons are said", async () => {
    await runAll(orders);
    const before = readFileSync(fileOfStore(), "utf8");
    const { laboratory } = counting();
    for (const [unknown, said] of [
      [["mine.ts reads process"], "store not used: mine.ts reads process"],
      [["a", "b", "c"], "store not used: a, and 2 more such reasons"],
    ] as const) {
      warnings = [];
      // nothing stands between
      expect(remembering(laboratory, { folder, closure: { ...closure, unknown }, warn })).toBe(laboratory);
      expect(warnings).toEqual([said]);
    }
    expect(readFileSync(fileOfStore(), "utf8")).toBe(before);
  });

  test("nothing is written where a source changed since the closure was read", async () => {
    const source = join(folder, "mine.js");
    writeFileSync(source, "export const one = 1;");
    const files = new Map([...closure.sources.files, [source, contentHash(source)]]);
    const own = { ...closure, sources: { ...closure.sources, files } };
    expect((await runAll(orders, own)).ran).toBe(2);
    const written = readdirSync(folder);
    writeFileSync(source, "export const one = 2;");
    expect((await runAll([...orders, orderOf("small", 3)], own)).ran).toBe(1);
    expect(warnings).toEqual([
      "store not written any more: what the models depend on was changed while they were trained",
    ]);
    expect(readdirSync(folder)).toEqual(written);
    writeFileSync(source, "export const one = 1;");
    expect((await runAll([...orders, orderOf("small", 3)], own)).ran).toBe(1);
  });
});
