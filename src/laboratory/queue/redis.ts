import type { Queue, QueueOptions, Worker, WorkerOptions } from "bullmq";
import type { Redis } from "ioredis";
import { InvalidInput } from "../../invalid-input.ts";
import { LaboratoryFault } from "../laboratory-fault.ts";
import type { Address } from "./address.ts";
import type { Tell } from "./tell.ts";

type BullMQ = typeof import("bullmq");

/** A connection to Redis, and BullMQ over it. */
export interface Connection {
  readonly redis: Redis;
  readonly WaitingError: BullMQ["WaitingError"];
  queue(name: string): Queue;
  worker(name: string, process: (job: Job, token: string | undefined) => Promise<void>, options: Locks): Worker;
  /** Ends all of it, waiting for what is on the way as long as the server answers. */
  close(): Promise<void>;
}

export type Job = import("bullmq").Job;

/** When an order that nobody works at any more goes back to the others, ms. */
export interface Locks {
  readonly concurrency: number;
  /** How long a worker that says nothing keeps what it has. It renews twice as often. */
  readonly lockDuration: number;
  /** How often is looked for such. */
  readonly stalledInterval: number;
}

/**
 * A lock must outlast what keeps a process from renewing it (a busy machine, a network down for a while), and an order
 * whose worker died waits for it to run out. Renewals come every 15 s, from a process that does nothing else.
 */
export const LOCKS = { lockDuration: 30_000, stalledInterval: 5_000 };

/** Times that an order may lose its worker: what kills six workers is the order itself. */
export const STALLS_ALLOWED = 5;

/** How long is waited for a server that does not answer when all ends, ms. */
const LAST_WORDS = 3_000;

/** How long a connection may be silent before it is made anew, ms: what blocks asks again every 5 s. */
const SILENCE = 20_000;

/** BullMQ adds to a stream of events that nobody here reads. */
const NO_EVENTS = { streams: { events: { maxLen: 1 } } };

/**
 * Connects, and stays connected: what is sent while the server is away waits for it. That it is away, and is back, is
 * told once each time.
 *
 * @throws InvalidInput where the packages are not installed, no server answers, or it refuses the login
 */
export async function connect({ options, shown }: Address, prefix: string, tell: Tell): Promise<Connection> {
  const [bullmq, ioredis] = await packages();
  const redis = new ioredis.Redis({
    ...options,
    lazyConnect: true,
    // as BullMQ wants it: a command is sent again until it is answered
    maxRetriesPerRequest: null,
    connectTimeout: 10_000,
    socketTimeout: SILENCE,
    retryStrategy: (times) => Math.min(100 * 2 ** times, 2_000),
  });
  await firstAnswer(redis, shown);
  let [away, closed] = [false, false];
  redis.on("close", () => {
    if (!away && !closed) {
      tell(`${shown} does not answer: trying again until it does`, { event: "server-away", server: shown });
    }
    away = true;
  });
  redis.on("ready", () => {
    if (away) tell(`${shown} answers again`, { event: "server-back", server: shown });
    away = false;
  });
  const opened: { close(force?: boolean): Promise<unknown> }[] = [];
  const told = new Set<string>();
  const open = <T extends Queue | Worker>(made: T): T => {
    opened.push(made);
    // of the connection it is told above
    (made as Queue).on("error", ({ message }) => {
      const complaint = whatRedisSays(message);
      if (closed || complaint === undefined || told.has(complaint)) return;
      told.add(complaint);
      tell(`${shown}: ${complaint}`);
    });
    return made;
  };
  const queueOptions = { prefix, connection: redis, ...NO_EVENTS } satisfies QueueOptions;
  return {
    redis,
    WaitingError: bullmq.WaitingError,
    queue: (name) => open(new bullmq.Queue(name, queueOptions)),
    worker: (name, process, locks) => {
      const options = {
        ...{ prefix, connection: redis, ...locks, maxStalledCount: STALLS_ALLOWED },
        removeOnComplete: { count: 0 },
      } satisfies WorkerOptions;
      return open(new bullmq.Worker(name, process, options));
    },
    close: async () => {
      closed = true;
      await inTime(Promise.allSettled(opened.map((each) => each.close(true))));
      redis.disconnect();
    },
  };
}

/**
 * What is said first on a new connection.
 *
 * @throws InvalidInput where the server answers, and does not let it be said
 */
export async function firstWords(connection: Connection, { shown }: Address, say: () => Promise<void>): Promise<void> {
  try {
    await say();
  } catch (error) {
    await connection.close();
    throw letsIn(shown, (error as Error).message);
  }
}

const letsIn = (shown: string, got: string) =>
  new InvalidInput(`--queue must name a Redis or Valkey that lets this program in, got of ${shown}: ${got}`);

/** A job that is answered and gone is no trace in Redis; one that failed stays until somebody has looked at it. */
export const JOB = { removeOnComplete: true, removeOnFail: false, attempts: 1 };

/** Waits for a promise, but no longer than for last words. */
export async function inTime(promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LAST_WORDS);
  });
  await Promise.race([promise.catch(() => {}), late]);
  clearTimeout(timer);
}

/** What Redis itself complains of (no space, no right), in a line; undefined where it is about a connection or a lock. */
export function whatRedisSays(message: string): string | undefined {
  return /^(MISCONF|OOM|NOPERM|READONLY|NOAUTH|WRONGPASS|BUSY|LOADING|MASTERDOWN)\b/.test(message)
    ? message.split("\n")[0]
    : undefined;
}

async function firstAnswer(redis: Redis, shown: string): Promise<void> {
  let why = "nothing";
  redis.on("error", ({ message }: Error) => {
    why = message;
  });
  try {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      redis.connect().then(() => redis.ping()),
      new Promise((_, reject) => {
        timer = setTimeout(() => reject(new LaboratoryFault("no answer")), 10_000);
      }),
    ]).finally(() => clearTimeout(timer));
  } catch (error) {
    redis.disconnect();
    if (why === "nothing") why = (error as Error).message;
    throw letsIn(shown, why);
  }
}

/** Two packages that only queues need: whoever wants one installs them. */
async function packages(): Promise<[BullMQ, Pick<typeof import("ioredis"), "Redis">]> {
  try {
    return [await import("bullmq"), await import("ioredis")];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" || !/'(bullmq|ioredis)'/.test(message)) throw error;
    throw new InvalidInput(
      "--queue requires the packages bullmq and ioredis, got not both installed: `npm install bullmq ioredis`",
    );
  }
}
