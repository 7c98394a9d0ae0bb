import { describe, expect, test } from "vitest";
import type { Order, TrialRecord } from "../../src/experiment/trial.ts";
import { auditDraw } from "../../src/laboratory/queue/audit.ts";
import { Farm } from "../../src/laboratory/queue/farm.ts";
import type { Identity } from "../../src/laboratory/queue/identity.ts";
import { Orders } from "../../src/laboratory/queue/orders.ts";
import type { Announced, Roll } from "../../src/laboratory/queue/presence.ts";
import { jsonLine } from "../../src/laboratory/queue/tell.ts";

const identity: Identity = { core: "c", bundle: "none", declarations: "d", node: "v20", locale: "en" };

const present = (host: string, pid: number, places: number) => ({
  ...{ host, pid, places, identity, protocol: 1, theorycheck: "0.0.0", trained: 0 },
});

describe("what a program is told of a farm", () => {
  test("is a line of JSON for each that a person is told: what happened, the same words, and what is known of it", () => {
    const lines: string[] = [];
    let now = 0;
    const farm = new Farm(
      identity,
      () => now,
      (line, happening) => lines.push(jsonLine(line, happening)),
    );
    const told = () => lines.splice(0).map((line) => JSON.parse(line));
    farm.see(
      new Map<string, Announced>([
        ["x", present("a", 1, 4)],
        ["y", { name: "b/2", foreign: "another version" }],
      ]),
    );
    const worker = "a/1";
    expect(told()).toEqual([
      { event: "worker-there", text: "worker a/1 takes orders: 4 places", worker, places: 4 },
      { event: "worker-refused", text: expect.any(String), worker: "b/2", why: "another version" },
    ]);
    now = 2_000;
    farm.answered({ host: "a", pid: 1 });
    now = 4_000;
    farm.summarize();
    expect(told()).toEqual([
      {
        event: "summary",
        text: expect.stringMatching(/^1 worker on 1 machine, 4 places; 0.25 trials/),
        ...{ workers: 1, machines: 1, places: 4, trialsPerSecond: 0.25, answered: 1 },
        each: [{ worker, places: 4, answered: 1, silentSeconds: 2 }],
      },
    ]);
    for (let i = 0; i < 3; i++) farm.see(new Map());
    expect(told()).toEqual([{ event: "worker-lost", text: expect.any(String), worker }]);
    farm.see(new Map([["x", present("a", 1, 4)]]));
    expect(told()).toMatchObject([{ event: "worker-back", worker }]);
  });

  test("steers no terminal, and is a note where nothing more is known", () => {
    expect(jsonLine("two\u009b2J")).toBe('{"event":"note","text":"two\\\\u009b2J"}');
  });
});

describe("what a person is told of a farm", () => {
  test("workers, machines and places; trials a second and the last answer of each; who is lost, once, and who is back", () => {
    const lines: string[] = [];
    let now = 0;
    const farm = new Farm(
      identity,
      () => now,
      (line) => lines.push(line),
    );
    expect(farm.summary()).toBe("0 workers on 0 machines, 0 places; 0.0 trials/s, 0 answered");
    const two: Roll = new Map([
      ["x", present("a", 1, 4)],
      ["y", present("b", 2, 1)],
      ["z", present("b", 3, 1)],
    ]);
    farm.see(two);
    expect(lines.splice(0)).toEqual([
      "worker a/1 takes orders: 4 places",
      "worker b/2 takes orders: 1 place",
      "worker b/3 takes orders: 1 place",
    ]);
    expect(farm.places).toBe(6);
    now = 1000;
    for (let i = 0; i < 30; i++) farm.answered({ host: "a", pid: 1 });
    now = 2000;
    farm.answered({ host: "b", pid: 2 });
    now = 4000;
    expect(farm.summary()).toBe(
      "3 workers on 2 machines, 6 places; 7.8 trials/s, 31 answered; a/1: 30, last 3.0 s ago; b/2: 1, last 2.0 s ago; b/3: nothing yet",
    );
    now = 5000;
    expect(farm.summary()).toContain("; 0.0 trials/s, 31 answered;");
    const without: Roll = new Map([["y", present("b", 2, 1)]]);
    farm.see(without);
    expect([lines, farm.places]).toEqual([[], 6]);
    farm.see(without);
    farm.see(without);
    expect(lines.splice(0)).toEqual([
      "worker a/1 is lost or has ended: others get what it had",
      "worker b/3 is lost or has ended: others get what it had",
    ]);
    expect(farm.places).toBe(1);
    farm.see(two);
    expect(lines).toEqual(["worker a/1 is back", "worker b/3 is back"]);
  });

  test("of many workers the first six", () => {
    const farm = new Farm(
      identity,
      () => 0,
      () => {},
    );
    farm.see(new Map(Array.from({ length: 9 }, (_, i) => [`w${i}`, present(`h${i}`, i, 1)] as const)));
    expect(farm.summary()).toMatch(/^9 workers on 9 machines, 9 places; .*; h5\/5: nothing yet; and 3 more$/);
  });
});

const order = (seed: number): Order => ({
  experiment: "x",
  models: [{ theta: { p: 1 }, seed }],
  wanted: [],
  detail: "none",
});
const record = (seed: number): TrialRecord => ({ seed, models: [], observed: {} });

describe("orders", () => {
  test("are handed out in their order, no more at a time than may be, and those not wanted any more not at all", async () => {
    const orders = new Orders(() => {});
    let wanted = true;
    const asked = [1, 2, 3, 4].map((seed) => orders.take(order(seed), () => seed !== 2 || wanted));
    const seeds = (most: number) => orders.handOut(most).map(({ order: { models } }) => models[0].seed);
    expect(seeds(0)).toEqual([]);
    expect(seeds(1)).toEqual([1]);
    expect(seeds(1)).toEqual([]);
    wanted = false;
    expect(seeds(2)).toEqual([3]);
    expect(await asked[1]).toBeUndefined();
    orders.settle(orders.underWay[0]!, record(1), { host: "a", pid: 1 });
    expect(await asked[0]).toEqual(record(1));
    expect(seeds(2)).toEqual([4]);
  });

  test("that are gone are handed out again when they are gone twice, and not for ever", async () => {
    const orders = new Orders(() => {});
    const asked = orders.take(order(1), () => true);
    const [waiting] = orders.handOut(1);
    let times = 0;
    for (; orders.underWay.length > 0; times++) expect(orders.missing(waiting!)).toBe(times % 2 === 1 && times < 40);
    expect(times).toBe(42);
    await expect(asked).rejects.toThrow(
      /^a trial was handed out 21 times and is not answered: seed 1, theta \{"p":1\}$/,
    );
  });

  test("that killed every worker end the run, with seed and θ", async () => {
    const orders = new Orders(() => {});
    const asked = orders.take(order(7), () => true);
    orders.stalled(orders.handOut(1)[0]!);
    await expect(asked).rejects.toThrow(
      /^a trial lost its worker 6 times, each in the middle: seed 7, theta \{"p":1\}$/,
    );
  });
});

describe("an audit", () => {
  test("draws its share, the same for the same secret and another for another", () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => String(i));
    const by = (secret: number) => ids.filter(auditDraw(0.02, new Uint8Array([secret])));
    // 200 ± 5 standard deviations
    expect(by(1).length).toBeGreaterThan(130);
    expect(by(1).length).toBeLessThan(270);
    expect(by(1)).toEqual(by(1));
    expect(by(1)).not.toEqual(by(2));
    expect(ids.filter(auditDraw(1))).toHaveLength(ids.length);
    expect(ids.filter(auditDraw(0.02))).not.toEqual(ids.filter(auditDraw(0.02)));
  });
});
