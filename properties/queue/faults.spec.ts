import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Laboratory } from "../../src/experiment/laboratory.ts";
import { addressOf } from "../../src/laboratory/queue/address.ts";
import { answersQueue, ordersQueue } from "../../src/laboratory/queue/coordinator.ts";
import { identityKey } from "../../src/laboratory/queue/identity.ts";
import { writtenOrder } from "../../src/laboratory/queue/messages.ts";
import { Presence } from "../../src/laboratory/queue/presence.ts";
import { type Connection, connect, JOB, STALLS_ALLOWED } from "../../src/laboratory/queue/redis.ts";
import {
  closing,
  coordinator,
  type Farm,
  farmOf,
  home,
  identity,
  numbers,
  orderOf,
  worker,
} from "./farm-in-process.ts";
import { startRedis } from "./redis-server.ts";
import { until } from "./until.ts";

async function connectionTo({ of }: Farm): Promise<Connection> {
  const connection = await connect(of.address, of.prefix, () => {});
  closing.push(() => connection.close());
  return connection;
}

/** Trains as long as the test likes. */
function patient() {
  let free = () => {};
  const freed = new Promise<void>((resolve) => {
    free = resolve;
  });
  let started = 0;
  const laboratory: Laboratory = {
    ...home,
    run: async (order) => {
      started++;
      await freed;
      return home.run(order);
    },
  };
  return { laboratory, free, started: () => started };
}

describe("what is under way", () => {
  test("when a worker is told to end goes to the next at once, and not when its lock has run out", async () => {
    const farm = farmOf();
    let started = false;
    const first = worker(farm, {
      ...home,
      // as threads do: what is aborted rejects with the reason of who aborted
      run: () => {
        started = true;
        return new Promise((_, reject) => {
          first.end.signal.addEventListener("abort", () => reject(first.end.signal.reason));
        });
      },
    });
    const laboratory = await coordinator(farm);
    const asked = laboratory.run(orderOf(5));
    await until(() => started);
    first.end.abort(new Error("enough"));
    await first.ended;
    worker(farm);
    const before = performance.now();
    expect(await asked).toEqual(await home.run(orderOf(5)));
    expect(performance.now() - before).toBeLessThan(15_000);
    expect(farm.lines).toContain("ended: 0 trials trained");
  });

  test("is bounded by the places known: two orders for each", async () => {
    const farm = farmOf();
    const { laboratory: training, free, started } = patient();
    worker(farm, { ...training, places: 2 });
    await farm.says("is connected to");
    const laboratory = await coordinator(farm);
    const asked = Array.from({ length: 20 }, (_, seed) => laboratory.run(orderOf(seed)));
    const connection = await connectionTo(farm);
    const orders = connection.queue(ordersQueue(identity));
    await until(() => started() === 2);
    const counts = await orders.getJobCounts("active", "waiting");
    expect(counts).toEqual({ active: 2, waiting: 2 });
    free();
    const found = await Promise.all(asked);
    for (const [seed, record] of found.entries()) expect(record).toEqual(await home.run(orderOf(seed)));
  });

  test("is not waited for when nobody wants it any more: its worker may be slow, or dead", async () => {
    const farm = farmOf();
    const { laboratory: training, free, started } = patient();
    worker(farm, training);
    await farm.says("is connected to");
    const laboratory = await coordinator(farm);
    let wanted = true;
    const asked = [1, 2].map((seed) => laboratory.run(orderOf(seed), () => wanted));
    await until(() => started() === 1);
    wanted = false;
    expect(await Promise.all(asked)).toEqual([undefined, undefined]);
    const last = laboratory.run(orderOf(3));
    free();
    expect(await last).toEqual(await home.run(orderOf(3)));
    // the one that waited was taken back, and what was answered late is nothing that nobody asked
    expect(started()).toBe(2);
    expect(farm.lines.join("\n")).not.toContain("nobody asked");
  });

  test("when the server forgets everything is handed out again", async () => {
    const farm = farmOf();
    const { laboratory: training, free, started } = patient();
    worker(farm, training);
    await farm.says("is connected to");
    const laboratory = await coordinator(farm);
    const asked = [1, 2, 3].map((seed) => laboratory.run(orderOf(seed)));
    await until(() => started() === 1);
    const { redis } = await connectionTo(farm);
    await redis.flushall();
    free();
    const found = await Promise.all(asked);
    for (const [i, record] of found.entries()) expect(record).toEqual(await home.run(orderOf(i + 1)));
    expect(farm.lines).toContainEqual(expect.stringMatching(/^\d orders? got lost: handed out again$/));
  });

  test("of a run that was killed is dropped, and leaves nothing behind", async () => {
    const farm = farmOf();
    const connection = await connectionTo(farm);
    const data = { run: "0".repeat(16), id: "1", identity: identityKey(identity), order: orderOf(1) };
    const orders = connection.queue(ordersQueue(identity));
    await orders.add("trial", writtenOrder(data, numbers), JOB);
    let ran = false;
    worker(farm, {
      ...home,
      run: (order) => {
        ran = true;
        return home.run(order);
      },
    });
    await until(async () => (await orders.getJobCountByTypes("waiting", "active")) === 0);
    expect(ran).toBe(false);
    expect(await connection.redis.keys(`${farm.of.prefix}:${answersQueue("")}*`)).toEqual([]);
  });

  test("is refused where a user of the server may not say who it is", async () => {
    const farm = farmOf();
    const { redis } = await connectionTo(farm);
    await redis.acl("SETUSER", "guest", "on", "nopass", "+ping", "+info", "+client");
    const url = `redis://guest:any@127.0.0.1:${redis.options.port}`;
    const guest = { ...farm, of: { ...farm.of, address: addressOf(url, {}) } };
    await expect(coordinator(guest)).rejects.toThrow(
      /^--queue must name a Redis .* that lets this program in, got of .*NOPERM/,
    );
  });

  test("is nowhere any more when its run has ended", async () => {
    const farm = farmOf();
    worker(farm, { ...patient().laboratory });
    await farm.says("is connected to");
    const laboratory = await coordinator(farm);
    const asked = Promise.allSettled([1, 2].map((seed) => laboratory.run(orderOf(seed))));
    const connection = await connectionTo(farm);
    const orders = connection.queue(ordersQueue(identity));
    await until(async () => (await orders.getWaitingCount()) === 1);
    await laboratory.close();
    const closed = { status: "rejected", reason: expect.objectContaining({ message: "the laboratory was closed" }) };
    expect(await asked).toEqual([closed, closed]);
    expect(await orders.getWaitingCount()).toBe(0);
    expect(await connection.redis.keys(`${farm.of.prefix}:answers-*`)).toEqual([]);
  });
});

describe("an order that kills its workers", () => {
  /** Workers that lose what they have: each leaves the order when its lock has run out. */
  async function losing(farm: Farm, losses: number) {
    const connection = await connectionTo(farm);
    let lost = 0;
    const bullmq = await import("bullmq");
    const workers = new bullmq.Worker(
      ordersQueue(identity),
      async () => {
        if (++lost === losses) await workers.pause(true);
        return new Promise(() => {});
      },
      {
        ...{ connection: connection.redis, prefix: farm.of.prefix, concurrency: 20, maxStalledCount: STALLS_ALLOWED },
        ...{ lockDuration: 300, stalledInterval: 200, skipLockRenewal: true },
      },
    );
    workers.on("error", () => {});
    const presence = new Presence(connection.redis, farm.of.prefix, "workers");
    const me = { host: "losing", pid: 1, theorycheck: "0", identity, places: 1, trained: 0 };
    await presence.announce("losing", me);
    closing.push(() => workers.close(true));
    return () => lost;
  }

  test("is run a sixth time, by a worker that lives", async () => {
    const farm = farmOf();
    const lost = await losing(farm, 5);
    const laboratory = await coordinator(farm);
    const asked = laboratory.run(orderOf(5));
    await until(() => lost() === 5);
    worker(farm);
    expect(await asked).toEqual(await home.run(orderOf(5)));
  });

  test("and the sixth one too ends the run, with seed and θ", async () => {
    const farm = farmOf();
    await losing(farm, 7);
    const laboratory = await coordinator(farm);
    await expect(laboratory.run(orderOf(5))).rejects.toThrow(
      /^a trial lost its worker 6 times, each in the middle: seed 5, theta /,
    );
  });
});

describe("a server that takes nothing more", () => {
  const folder = mkdtempSync(join(tmpdir(), "theorycheck-full-"));

  test.each([
    ["without memory", [], ["maxmemory", "1"], ["maxmemory", "0"], /takes no orders: OOM command not allowed/],
    [
      "whose disk takes nothing",
      ["--save", "1 1"],
      undefined,
      ["stop-writes-on-bgsave-error", "no"],
      /takes no (orders|answer): MISCONF /,
    ],
  ] as const)(
    "%s: both sides say so, and go on when it does again; nothing is lost",
    async (_, options, full, free, line) => {
      const farm = farmOf();
      const at = mkdtempSync(join(folder, "server-"));
      const server = await startRedis(at, ...options);
      closing.push(() => server.kill());
      const there = { ...farm, of: { ...farm.of, address: addressOf(server.url, {}) } };
      const { laboratory: training, free: go, started } = patient();
      worker(there, training);
      await farm.says("is connected to");
      const laboratory = await coordinator(there);
      const asked = [1, 2, 3].map((seed) => laboratory.run(orderOf(seed)));
      await until(() => started() === 1);
      const { redis } = await connectionTo(there);
      if (full === undefined) {
        // no file can be made any more in a folder that is gone
        rmSync(at, { recursive: true });
        await until(async () => (await redis.info("persistence")).includes("rdb_last_bgsave_status:err"));
      } else await redis.config("SET", ...full);
      go();
      await farm.says(/ takes no answer: (OOM|MISCONF) /);
      const late = laboratory.run(orderOf(4));
      await redis.config("SET", ...free);
      const found = await Promise.all([...asked, late]);
      for (const [i, record] of found.entries()) expect(record).toEqual(await home.run(orderOf(i + 1)));
      expect(farm.lines.some((each) => line.test(each) || / takes no answer: /.test(each))).toBe(true);
      for (const each of farm.lines) expect(each).not.toContain("\n");
    },
  );
});
