import { describe, expect, test } from "vitest";
import { populationsOf } from "../../src/claim/population.ts";
import type { Order } from "../../src/experiment/trial.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { ordersQueue, queue } from "../../src/laboratory/queue/coordinator.ts";
import { identityKey } from "../../src/laboratory/queue/identity.ts";
import { type Said, type ShortRecord, writtenOrder } from "../../src/laboratory/queue/messages.ts";
import { Presence } from "../../src/laboratory/queue/presence.ts";
import { connect, JOB } from "../../src/laboratory/queue/redis.ts";
import { drawTrial } from "../../src/law/law.ts";
import { statements } from "../verdict/fixtures/small-statements.ts";
import { closing, coordinator, farmOf, home, identity, impostor, numbers, orderOf, worker } from "./farm-in-process.ts";

const forged = (record: ShortRecord): ShortRecord => ({
  ...record,
  models: record.models.map((model) => ({ ...model, digest: "0".repeat(64) })),
});

describe("a farm", () => {
  test("answers what this process answers, NaN and pairs included, and says who is there", async () => {
    const farm = farmOf();
    worker(farm);
    await farm.says(/^worker .* is connected to redis:\/\/127\.0\.0\.1:\d+, prefix test:0: 1 place, core cccccccccccc/);
    const laboratory = await coordinator(farm);
    const laws = ["small", "small-pairs", "diverging", "trained"];
    const orders = populationsOf(statements)
      .filter((each) => laws.includes(each.law.id))
      .flatMap(({ law, claims }) =>
        [3, 4].map((seed) => ({
          ...orderOf(seed),
          models: drawTrial(law, seed),
          wanted: claims.map(({ key }) => key),
        })),
      );
    const found = await Promise.all(orders.map((order) => laboratory.run(order)));
    for (const [i, order] of orders.entries()) expect(found[i]).toEqual(await home.run(order));
    expect(JSON.stringify(found)).toContain("null");
    expect(await laboratory.run(orderOf(9), () => false)).toBeUndefined();
    expect(farm.lines).toContainEqual(expect.stringMatching(/^worker .*\/\d+ takes orders: 1 place$/));
  });

  test("ends what is under way where it is aborted, with the reason of who aborted", async () => {
    const farm = farmOf();
    const abort = new AbortController();
    const laboratory = await queue({ ...farm.of, now: () => 0, signal: abort.signal });
    closing.push(() => laboratory.close());
    const asked = laboratory.run(orderOf(1));
    abort.abort(new Error("enough"));
    await expect(asked).rejects.toThrow("enough");
    await expect(laboratory.run(orderOf(2))).rejects.toThrow("enough");
  });

  test("brings bad input back as what it is, with its message", async () => {
    const farm = farmOf();
    worker(farm, { ...home, run: async () => Promise.reject(new InvalidInput("theorem odd: no number; seed 7")) });
    const laboratory = await coordinator(farm);
    const failed = laboratory.run(orderOf(7));
    await expect(failed).rejects.toThrow(InvalidInput);
    await expect(failed).rejects.toThrow(/^theorem odd: no number; seed 7$/);
  });

  test("runs a trial that failed once more, and then ends the run with seed and θ", async () => {
    const farm = farmOf();
    const failing = new Map<number, number>([
      [7, 1],
      [8, 2],
    ]);
    worker(farm, {
      ...home,
      run: async (order) => {
        const left = failing.get(order.models[0].seed) ?? 0;
        failing.set(order.models[0].seed, left - 1);
        if (left > 0) throw new Error(`no memory, ${left}`);
        return home.run(order);
      },
    });
    const laboratory = await coordinator(farm);
    expect(await laboratory.run(orderOf(7))).toEqual(await home.run(orderOf(7)));
    const twice = laboratory.run(orderOf(8));
    await expect(twice).rejects.toThrow(
      /^a trial came to nothing 2 times: .*the trial failed: no memory, 2; then .*: no memory, 1; seed 8, theta \{"M":/,
    );
  });

  test("shares a server by prefix: nobody takes another one's orders", async () => {
    const [mine, others] = [farmOf(), farmOf()];
    worker(others);
    const laboratory = await coordinator(mine);
    const asked = laboratory.run(orderOf(5));
    await mine.says("no worker is there: `theorycheck worker --queue redis://127.0.0.1:");
    expect(await Promise.race([asked, new Promise((resolve) => setTimeout(() => resolve("none"), 3_000))])).toBe(
      "none",
    );
    worker(mine);
    expect(await asked).toEqual(await home.run(orderOf(5)));
  });
});

describe("who does not belong to a run is refused by name", () => {
  test.each([
    ["another core", { core: "b".repeat(64) }, "its core is bbbbbbbbbbbb and not cccccccccccc"],
    [
      "other declarations",
      { declarations: "e".repeat(64) },
      "its declarations' hash is eeeeeeeeeeee and not dddddddddddd",
    ],
    ["another Node", { node: "v18.0.0" }, `its Node is v18.0.0 and not ${process.version}`],
    ["an edited bundle", { bundle: "f".repeat(64) }, "its bundle is ffffffffffff and not none"],
  ])("%s, on both sides", async (_, change, why) => {
    const [farm, other] = [farmOf(), farmOf()];
    const laboratory = await coordinator(farm);
    worker(farm, home, { identity: { ...identity, ...change }, tell: other.of.tell });
    await farm.says(new RegExp(`^worker .*/\\d+ does not take these orders: ${why}$`));
    await other.says(/^refuses the orders of .*\/\d+: its .* is .* and not /);
    // and it does no harm
    worker(farm);
    expect(await laboratory.run(orderOf(5))).toEqual(await home.run(orderOf(5)));
    expect(farm.lines.filter((line) => line.includes("does not take"))).toHaveLength(1);
  });

  test("another version, and what is none", async () => {
    const farm = farmOf();
    const { redis: client } = await impostor(farm, () => []);
    const announced = { host: "old", pid: 3, protocol: 0, places: 9 };
    await client.set(`${farm.of.prefix}:farm:workers:one`, JSON.stringify(announced));
    await client.set(`${farm.of.prefix}:farm:workers:two`, '{"host":"\u001b[2J"}');
    await client.sadd(`${farm.of.prefix}:farm:workers`, "one", "two");
    await coordinator(farm);
    await farm.says("worker old/3 is not taken: it speaks protocol 0 and not 2: another version of theorycheck");
    await farm.says("worker somebody is not taken: what it says of itself has another form");
    expect(farm.lines.join("")).not.toContain("\u001b");
  });

  test("an order in the wrong queue is refused by the worker, and the run goes on", async () => {
    const farm = farmOf();
    worker(farm, home, { identity: { ...identity } });
    const connection = await connect(farm.of.address, farm.of.prefix, () => {});
    closing.push(() => connection.close());
    const runs = new Presence(connection.redis, farm.of.prefix, "runs");
    const [run, theirs] = ["0".repeat(16), { ...identity, core: "b".repeat(64) }];
    await runs.announce(run, { host: "x", pid: 1, theorycheck: "0", identity: theirs, places: 0, trained: 0 });
    const data = writtenOrder({ run, id: "1", identity: identityKey(theirs), order: orderOf(1) }, numbers);
    await connection.queue(ordersQueue(identity)).add("trial", data, JOB);
    // said once, of the run or of its first order, whichever comes to the worker before the other
    await farm.says("its core is bbbbbbbbbbbb and not cccc");
    await connection.queue(ordersQueue(identity)).add("trial", { path: "/etc/passwd" }, JOB);
    await farm.says(/^dropped what is no order: order: run: /);
    expect(farm.lines.join("\n")).not.toContain("works for");
  });
});

describe("what is no answer", () => {
  const wrong: [string, (record: ShortRecord) => unknown, string][] = [
    [
      "no digest",
      ({ models, ...record }) => ({ record: { ...record, models: [{ ...models[0], digest: 7 }] } }),
      "models.0.digest",
    ],
    [
      "another seed",
      (record) => ({ record: { ...record, models: [{ ...record.models[0], seed: 1 }] } }),
      "it must be of seed 5, got 1",
    ],
    ["nothing observed", (record) => ({ record: { ...record, observed: [] } }), "8 claims must be observed, got 0"],
    ["two entries", (record) => ({ record, failed: "no" }), "must have one entry, got 2"],
    ["none of the entries", () => ({ eval: "1" }), "said"],
  ];

  test.each(wrong)("%s: it is dropped by name, and the order is run again", async (_, say, why) => {
    const farm = farmOf();
    await impostor(farm, (record, attempt) => [attempt === 0 ? say(record) : { record }]);
    const laboratory = await coordinator(farm);
    expect(await laboratory.run(orderOf(5))).toEqual(await home.run(orderOf(5)));
    expect(farm.lines).toContainEqual(expect.stringMatching(/^worker impostor\/1: (an answer|no answer)/));
    expect(farm.lines.join("\n")).toContain(why);
  });

  test("nothing that steers a terminal is printed of what others say", async () => {
    const farm = farmOf();
    const steering = "\u001b[2J\u009b2J";
    await impostor(farm, (record, attempt) => {
      if (attempt > 0) return [{ invalidInput: `two\nlines${steering}` }];
      const model = { ...record.models[0], [steering]: 1 };
      return [null, { [steering]: 1 }, { failed: steering }, { record: { ...record, models: [model] } }];
    });
    const laboratory = await coordinator(farm);
    const failed = await laboratory.run(orderOf(5)).catch(({ message }: Error) => message);
    expect(failed).toContain("\\u001b[2J\\u009b2J");
    for (const steers of ["\u001b", "\u009b"]) expect([failed, ...farm.lines].join("")).not.toContain(steers);
    expect(farm.lines.length).toBeGreaterThan(3);
  });

  test("twice: the run ends, with seed and θ", async () => {
    const farm = farmOf();
    await impostor(farm, () => [{ record: {} }]);
    const laboratory = await coordinator(farm);
    await expect(laboratory.run(orderOf(5))).rejects.toThrow(
      /^a trial came to nothing 2 times: .*impostor.*; then .*; seed 5, theta /,
    );
  });
});

describe("two answers to one order", () => {
  const twice = async (second: (record: ShortRecord) => Said) => {
    const farm = farmOf();
    await impostor(farm, (record) => [{ record }, second(record)]);
    const laboratory = await coordinator(farm);
    const first = await laboratory.run(orderOf(5));
    return { farm, laboratory, first };
  };

  test("are one where they are the same", async () => {
    const { laboratory, first } = await twice((record) => ({ record }));
    expect(first).toEqual(await home.run(orderOf(5)));
    expect(await laboratory.run(orderOf(6))).toEqual(await home.run(orderOf(6)));
  });

  test("end the run where their digests differ", async () => {
    const { laboratory } = await twice((record) => ({ record: forged(record) }));
    await expect(
      (async () => {
        for (let seed = 6; ; seed++) await laboratory.run(orderOf(seed));
      })(),
    ).rejects.toThrow(/^two answers to one order: impostor\/1 and impostor\/1 differ: digests [0-9a-z@]+ against 0000/);
  });
});

describe("a forged answer", () => {
  const forge = (record: ShortRecord) => [{ record: forged(record) }];

  test("in the audited share stops the run, and names the worker, seed and θ", async () => {
    const farm = farmOf();
    await impostor(farm, forge);
    const laboratory = await coordinator(farm, 1);
    const asked = laboratory.run(orderOf(5));
    await expect(asked).rejects.toThrow(
      /^audit: worker impostor\/1 answered other than this machine: digests 0{64} against [0-9a-z@]+; seed 5, theta /,
    );
    await expect(laboratory.run(orderOf(6))).rejects.toThrow("audit: worker impostor/1");
  });

  test("outside of it is believed", async () => {
    const farm = farmOf();
    await impostor(farm, forge);
    const laboratory = await coordinator(farm);
    expect(await laboratory.run(orderOf(5))).toMatchObject({ models: [{ digest: "0".repeat(64) }] });
  });

  test("that is trained again for long is not taken for lost meanwhile, and keeps no others waiting", async () => {
    const farm = farmOf();
    worker(farm, { ...home, places: 10 });
    let free = () => {};
    const freed = new Promise<void>((resolve) => {
      free = resolve;
    });
    const slow = { ...home, run: async (order: Order) => freed.then(() => home.run(order)) };
    const laboratory = await coordinator(farm, 1, slow);
    await farm.says("takes orders: 10 places");
    // more than are read at a time
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    const asked = seeds.map((seed) => laboratory.run(orderOf(seed)));
    await farm.says(/^20 trials trained, 0 under way$/);
    // orders are missed after two looks, three seconds apart
    await new Promise((resolve) => setTimeout(resolve, 7_000));
    free();
    for (const [seed, each] of asked.entries()) expect(await each).toEqual(await home.run(orderOf(seed)));
    expect(farm.lines.join("\n")).not.toContain("got lost");
  });

  test("of a trial that fails here is none", async () => {
    const farm = farmOf();
    await impostor(farm, (record) => [{ record }]);
    const failing = { ...home, run: async () => Promise.reject(new InvalidInput("no number")) };
    const laboratory = await coordinator(farm, 1, failing);
    await expect(laboratory.run(orderOf(5))).rejects.toThrow(
      "answered other than this machine: here it failed: no number",
    );
  });

  test("and honest ones are counted", async () => {
    const farm = farmOf();
    worker(farm);
    const laboratory = await coordinator(farm, 1);
    await laboratory.run(orderOf(5));
    await laboratory.run(orderOf(6));
    await laboratory.close();
    expect(farm.lines).toContain("audit: 2 answers were trained again here, and are the same");
  });
});
