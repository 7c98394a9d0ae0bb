/**
 * What a queue costs, and what limits it: trials that sleep in the place of training, answered by a real record of the
 * base law. Workers share a process of their own, the coordinator has this one, and redis-server a third.
 *
 *     npx tsx bench/farm.ts [WORKERS PLACES MS COUNT]...
 *
 * A COUNT of 0 is a farm that has nothing to do for 20 s.
 */
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { here } from "../src/experiment/laboratory.ts";
import type { Order, TrialRecord } from "../src/experiment/trial.ts";
import { addressOf } from "../src/laboratory/queue/address.ts";
import { queue } from "../src/laboratory/queue/coordinator.ts";
import { serve } from "../src/laboratory/queue/serve.ts";
import { trialOrder } from "../src/verdict/order.ts";
import { prepare } from "../src/verdict/prepare.ts";
import { statements } from "../theorems/index.ts";

const IDLE = 20_000;

const base = prepare({ statements, selects: () => true }).populations.find(({ law }) => law.id === "base");
if (base === undefined) throw new Error("there is no base law");
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** ms of a core that this process has used. */
const used = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const farmAt = (url: string) => ({
  address: addressOf(url, {}),
  prefix: "bench",
  identity: { core: "c", bundle: "none", declarations: "d", node: process.version, locale: "en" },
  version: "0",
  statements,
});

/** Workers that sleep, from half of so many ms to one and a half of them, until this process is told to end. */
async function work(url: string, workers: number, places: number, ms: number): Promise<void> {
  const sample = (await here(statements).run(trialOrder(base!, 5, 400))) as TrialRecord;
  const end = new AbortController();
  let trained = 0;
  const run = async (order: Order): Promise<TrialRecord> => {
    const part = (trained++ * 0.618034) % 1;
    if (ms > 0) await sleep(ms * (0.5 + part));
    const [{ theta, seed }] = order.models;
    return { ...sample, seed, models: sample.models.map((model) => ({ ...model, theta, seed })) };
  };
  process.on("message", (message) => {
    if (message === "used") process.send?.(used());
    else end.abort(new Error("enough"));
  });
  const laboratory = { places, run, close: async () => {} };
  const served = Array.from({ length: workers }, () =>
    serve({ ...farmAt(url), laboratory, tell: () => {}, signal: end.signal }),
  );
  process.send?.("ready");
  await Promise.all(served);
  process.exit(0);
}

async function measure(workers: number, places: number, ms: number, count: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "theorycheck-bench-"));
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port } = free.address() as { port: number };
  free.close();
  const words = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder];
  const server = spawn(process.env.REDIS_SERVER ?? "redis-server", words, { stdio: "ignore" });
  await sleep(1_000);
  const url = `redis://127.0.0.1:${port}`;
  const child = fork(fileURLToPath(import.meta.url), ["work", url, ...[workers, places, ms].map(String)]);
  await once(child, "message");
  const admin = new Redis(url);
  const cpuOf = async () => {
    const text = await admin.info("cpu");
    const of = (kind: string) => Number(new RegExp(`used_cpu_${kind}:([\\d.]+)`).exec(text)?.[1]);
    child.send("used");
    const [theirs] = (await once(child, "message")) as [number];
    return { coordinator: used(), workers: theirs, server: 1000 * (of("user") + of("sys")) };
  };
  const laboratory = await queue({ ...farmAt(url), now: () => performance.now(), tell: () => {} });
  // until all are known
  await sleep(8_000);
  const orders = Array.from({ length: count }, (_, i) => trialOrder(base!, 7, i));
  const [before, start] = [await cpuOf(), performance.now()];
  if (count === 0) await sleep(IDLE);
  let next = 0;
  const feed = async () => {
    while (next < count) await laboratory.run(orders[next++] as Order);
  };
  await Promise.all(Array.from({ length: 2 * laboratory.places }, feed));
  const seconds = (performance.now() - start) / 1000;
  const after = await cpuOf();
  const per = (part: keyof typeof after) => (after[part] - before[part]) / (count === 0 ? seconds : count);
  const [coordinator, theirs, redis] = [per("coordinator"), per("workers"), per("server")];
  const possible = ms > 0 ? (1000 * workers * places) / ms : Number.NaN;
  await laboratory.close();
  child.send("end");
  await once(child, "exit");
  admin.disconnect();
  server.kill();
  await once(server, "exit");
  rmSync(folder, { recursive: true });
  const shown = [coordinator, theirs, redis].map((value) => value.toFixed(2)).join(" | ");
  return `| ${workers} | ${places} | ${ms} | ${count} | ${(count / seconds).toFixed(1)} | ${possible.toFixed(0)} | ${shown} |`;
}

const [first, ...words] = process.argv.slice(2);
if (first === "work") {
  const [url, ...numbers] = words;
  await work(url as string, ...(numbers.map(Number) as [number, number, number]));
} else {
  const given = first === undefined ? [] : [first, ...words].map(Number);
  const cases = given.length > 0 ? given : [1, 2, 0, 1000, 1, 2, 1000, 0, 10, 1, 1000, 300, 100, 1, 1000, 2000];
  console.log(
    "| workers | places | ms a trial | trials | trials/s | possible | coordinator ms | workers ms | server ms |",
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
  for (let i = 0; i + 3 < cases.length; i += 4) {
    console.log(await measure(...(cases.slice(i, i + 4) as [number, number, number, number])));
  }
}
