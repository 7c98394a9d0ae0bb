import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll } from "vitest";
import { populationsOf } from "../../src/claim/population.ts";
import { here, type Laboratory } from "../../src/experiment/laboratory.ts";
import type { Order, TrialRecord } from "../../src/experiment/trial.ts";
import { addressOf } from "../../src/laboratory/queue/address.ts";
import { ClaimNumbers } from "../../src/laboratory/queue/claim-numbers.ts";
import { answersQueue, ordersQueue, queue } from "../../src/laboratory/queue/coordinator.ts";
import type { Identity } from "../../src/laboratory/queue/identity.ts";
import { encoded, readOrder, type ShortRecord, shortened } from "../../src/laboratory/queue/messages.ts";
import { Presence } from "../../src/laboratory/queue/presence.ts";
import { type Connection, connect, JOB, LOCKS } from "../../src/laboratory/queue/redis.ts";
import { serve } from "../../src/laboratory/queue/serve.ts";
import { drawTrial } from "../../src/law/law.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import { statements } from "../verdict/fixtures/small-statements.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";
import { until } from "./until.ts";

const folder = mkdtempSync(join(tmpdir(), "theorycheck-queue-"));

/** The server of a file of tests. */
export let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis(folder);
});

/** What is closed after each test, last first. */
export const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(async () => {
  await redis.kill();
  rmSync(folder, { recursive: true });
});

export const identity: Identity = {
  core: "c".repeat(64),
  bundle: "none",
  declarations: "d".repeat(64),
  node: process.version,
  locale: "en",
};

/** How orders name claims. */
export const numbers = new ClaimNumbers(statements);

/** What is right. */
export const home = here(statements);
const { law, claims } = populationsOf(statements).find((each) => each.law.id === "small")!;
export const orderOf = (seed: number): Order => {
  const wanted = claims.map(({ key }) => key);
  return { experiment: transformer.id, models: drawTrial(law, seed), wanted, detail: "none" };
};

/** A prefix for each test, so that none sees what another one left. */
let tests = 0;
export const farmOf = () => {
  const [prefix, lines] = [`test:${tests++}`, [] as string[]];
  const address = addressOf(redis.url, {});
  const tell = (line: string) => {
    lines.push(line);
  };
  const of = { address, prefix, identity, statements, version: "0.0.0", tell };
  const says = async (text: string | RegExp) => {
    const found = () => lines.some((line) => (typeof text === "string" ? line.includes(text) : text.test(line)));
    await until(found, () => `nobody says ${text}:\n${lines.join("\n")}`);
  };
  return { of, lines, says };
};

export type Farm = ReturnType<typeof farmOf>;

export async function coordinator({ of }: Farm, audit?: number, trusted = home): Promise<Laboratory> {
  const clock = { now: () => performance.now() };
  const laboratory = await queue({
    ...of,
    ...clock,
    audit: audit === undefined ? undefined : { share: audit, home: trusted },
  });
  closing.push(() => laboratory.close());
  return laboratory;
}

/** A worker of theorycheck. */
export function worker({ of }: Farm, laboratory: Laboratory = home, of2: Partial<typeof of> = {}) {
  const end = new AbortController();
  const ended = serve({ ...of, ...of2, laboratory, signal: end.signal });
  closing.push(() => {
    end.abort(new Error("enough"));
    return ended;
  });
  return { end, ended };
}

/** Who answers what it likes: to the attempt-th order that comes, what `says` gives. */
export async function impostor(
  { of }: Farm,
  says: (record: ShortRecord, attempt: number) => readonly unknown[],
  name = "impostor",
): Promise<Connection> {
  const connection = await connect(of.address, of.prefix, () => {});
  const workers = new Presence(connection.redis, of.prefix, "workers");
  await workers.announce(name, { host: name, pid: 1, theorycheck: "0", identity, places: 1, trained: 0 });
  let attempt = 0;
  connection.worker(
    ordersQueue(identity),
    async ({ data }) => {
      const { id, run, order } = readOrder(data, numbers);
      const record = shortened((await home.run(order)) as TrialRecord, order);
      for (const said of says(record, attempt++)) {
        const answer = { id, worker: { host: name, pid: 1 }, said };
        await connection.queue(answersQueue(run)).add("answer", encoded(answer), JOB);
      }
    },
    { ...LOCKS, concurrency: 1 },
  );
  closing.push(() => connection.close());
  return connection;
}
