import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Statement } from "../../claim/theorem.ts";
import type { Laboratory } from "../../experiment/laboratory.ts";
import type { TrialRecord } from "../../experiment/trial.ts";
import { visibleLines } from "../../visible-text.ts";
import { LaboratoryFault } from "../laboratory-fault.ts";
import type { Address } from "./address.ts";
import { type Audit, auditDraw, trainedAgain } from "./audit.ts";
import { ClaimNumbers } from "./claim-numbers.ts";
import { counted, Farm } from "./farm.ts";
import { type Identity, identityKey } from "./identity.ts";
import {
  type Answer,
  describeOrder,
  inFull,
  nameOf,
  readAnswer,
  senderSchema,
  whyNotOrdered,
  writtenOrder,
} from "./messages.ts";
import { Orders, type Waiting } from "./orders.ts";
import { EVERY, Presence } from "./presence.ts";
import { connect, firstWords, inTime, JOB, type Job, LOCKS, whatRedisSays } from "./redis.ts";
import type { Tell } from "./tell.ts";

export interface QueueOptions {
  readonly address: Address;
  readonly prefix: string;
  readonly identity: Identity;
  /** What orders are about: the declarations of that identity. */
  readonly statements: readonly Statement[];
  /** Of theorycheck. */
  readonly version: string;
  /** ms, of any clock: for rates that a person is told. */
  readonly now: () => number;
  readonly tell: Tell;
  readonly audit?: Audit | undefined;
  /** Ends what is under way. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * So many trials at a time are asked for: more places than that would stay idle. How many orders are handed out is
 * bounded by the places that are there.
 */
const PLACES = 256;

/** For each place there is an order that is trained, and one that waits, so that no place waits for this process. */
const ORDERS_A_PLACE = 2;

/** How often orders are looked for that got lost, ms. */
const RECONCILE = 3_000;

/** How often a person is told how it goes, ms. */
const SUMMARY = 10_000;

export const ordersQueue = (identity: Identity) => `orders-${identityKey(identity)}`;
export const answersQueue = (run: string) => `answers-${run}`;

/**
 * A laboratory whose places are workers on any machines, met on a Redis. Orders go out through one queue, which only
 * workers of the same core and declarations listen to, and answers come back through another. An order that got lost,
 * with a worker or with the server, is handed out again: a trial is a function of its order, and the first answer
 * counts. Two that differ end the run.
 *
 * @throws InvalidInput as `connect` does
 */
export async function queue(options: QueueOptions): Promise<Laboratory> {
  const { address, prefix, identity, version, now, audit, signal } = options;
  const tell: Tell = (line, happening) => options.tell(visibleLines(line), happening);
  const connection = await connect(address, prefix, tell);
  const numbers = new ClaimNumbers(options.statements);
  const key = identityKey(identity);
  const run = randomBytes(8).toString("hex");
  const me = { host: hostname(), pid: process.pid };
  const orders = new Orders(tell);
  const farm = new Farm(identity, now, tell);
  const workers = new Presence(connection.redis, prefix, "workers");
  const runs = new Presence(connection.redis, prefix, "runs");
  const out = connection.queue(ordersQueue(identity));
  const unreadAnswers = connection.queue(answersQueue(run));
  const drawn = audit === undefined ? () => false : auditDraw(audit.share);
  let [closed, audited] = [false, 0];
  const told = new Set<string>();
  /** Answered, and trained again here: neither in a queue nor lost. */
  const atHome = new Set<Waiting>();

  const jobId = ({ id, attempt }: Waiting) => `${run}-${id}-${attempt}`;
  const send = async (waiting: readonly Waiting[]): Promise<void> => {
    if (waiting.length === 0) return;
    const jobs = waiting.map((each) => {
      const data = writtenOrder({ run, id: each.id, identity: key, order: each.order }, numbers);
      return { name: "trial", data, opts: { ...JOB, jobId: jobId(each) } };
    });
    // what is not taken is missed, and sent again
    await out.addBulk(jobs).catch(complain);
  };
  const complain = ({ message }: Error): void => {
    const complaint = whatRedisSays(message) ?? message;
    if (closed || told.has(complaint)) return;
    told.add(complaint);
    tell(`${address.shown} takes no orders: ${complaint}: trying again until it does`);
  };
  const takeBack = (waiting: Waiting) => out.remove(jobId(waiting)).catch(() => {});
  const handOut = async (): Promise<void> => {
    // who has one that nobody wants any more may be slow, or dead: it is not waited for
    for (const each of orders.drop()) void takeBack(each);
    await send(orders.handOut(ORDERS_A_PLACE * farm.places));
  };

  const take = (answer: Answer): Promise<void> | undefined => {
    const { worker, said } = answer;
    const waiting = orders.waitingFor(answer);
    if (waiting === undefined) return undefined;
    const refuse = (why: string, once = false) => {
      const name = nameOf(worker);
      // of one that takes no order at all it is said once
      const unheard = !told.has(`${name} ${why}`);
      told.add(`${name} ${why}`);
      if (unheard || !once) {
        const line = `worker ${name}: ${why}; ${describeOrder(waiting.order)}`;
        tell(line, once ? { event: "worker-refused", worker: name, why } : { event: "note", worker: name });
      }
      return orders.again(waiting, `${nameOf(worker)}: ${why}`) ? send([waiting]) : undefined;
    };
    if ("invalidInput" in said) {
      orders.invalid(waiting, said.invalidInput);
      return undefined;
    }
    if ("failed" in said) return refuse(`the trial failed: ${said.failed}`);
    if ("refused" in said) return refuse(`refuses the order: ${said.refused}`, true);
    const whyNot = whyNotOrdered(said.record, waiting.order);
    if (whyNot !== undefined) return refuse(`no answer to its order: ${whyNot}`);
    const record = inFull(said.record, waiting.order);
    farm.answered(worker);
    // beside: further answers are read meanwhile
    if (drawn(waiting.id)) void trainHere(waiting, answer, record);
    else orders.settle(waiting, record, worker);
    return undefined;
  };
  const trainHere = async (waiting: Waiting, answer: Answer, record: TrialRecord): Promise<void> => {
    atHome.add(waiting);
    const { home } = audit as Audit;
    const why = await trainedAgain(home, waiting.order, record);
    atHome.delete(waiting);
    audited++;
    const { worker } = answer;
    if (why !== undefined) {
      orders.fail(
        new LaboratoryFault(
          `audit: worker ${nameOf(worker)} answered other than this machine: ${why}; ${describeOrder(waiting.order)}`,
        ),
      );
      return;
    }
    // meanwhile another answer may have been faster
    if (orders.waitingFor(answer) === waiting) orders.settle(waiting, record, worker);
    await handOut();
  };

  const onAnswer = async ({ data }: Job): Promise<void> => {
    let answer: Answer;
    try {
      answer = readAnswer(data);
    } catch (error) {
      await malformed(data, visibleLines((error as Error).message));
      return;
    }
    await take(answer);
    // who asked has seen by then what it was answered, and may want no more
    await new Promise((resolve) => setImmediate(resolve));
    await handOut();
  };
  /** An answer of no form: whose, and to what, it may still say. */
  const malformed = async (data: unknown, why: string): Promise<void> => {
    const { id, worker } = (data ?? {}) as Partial<Answer>;
    const named = senderSchema.safeParse(worker);
    const name = named.success ? nameOf(named.data) : "somebody";
    tell(`worker ${name}: an answer of another form is dropped: ${why}`);
    const waiting = orders.underWay.find((each) => each.id === id);
    if (waiting !== undefined && orders.again(waiting, `${name}: ${why}`)) await send([waiting]);
  };
  const answers = connection.worker(answersQueue(run), onAnswer, { ...LOCKS, concurrency: 16 });

  const meet = async () => {
    await runs.announce(run, { ...me, theorycheck: version, identity, places: 0, trained: 0 });
    farm.see(await workers.roll());
    await handOut();
  };
  const reconcile = async () => {
    const waiting = orders.underWay.filter((each) => !atHome.has(each));
    if (waiting.length === 0) return;
    const failed = new Set(await out.getRanges(["failed"], 0, -1));
    const there = new Set(await out.getRanges(["waiting", "active"], 0, -1));
    for (const each of waiting.filter((one) => failed.has(jobId(one)))) {
      orders.stalled(each);
      void takeBack(each);
    }
    const isGone = (each: Waiting) => !there.has(jobId(each)) && !failed.has(jobId(each));
    for (const each of waiting) if (!isGone(each)) each.missed = 0;
    const gone = waiting.filter((each) => orders.isUnderWay(each) && isGone(each));
    if (gone.length === 0) return;
    // answered before it was gone; who reads the answers may be late
    const unread = new Set((await unreadAnswers.getJobs(["waiting", "active"])).map(({ data }) => data?.id));
    const missing = gone.filter((each) => orders.isUnderWay(each) && !atHome.has(each) && !unread.has(each.id));
    const lost = missing.filter((each) => orders.missing(each));
    if (lost.length > 0) {
      const event = { event: "orders-lost", orders: lost.length } as const;
      tell(`${counted(lost.length, "order")} got lost: handed out again`, event);
    }
    await send(lost);
  };
  const summarize = async () => {
    if (farm.places > 0) return farm.summarize();
    const line = `no worker is there: \`theorycheck worker --queue ${address.shown}\` on any machine is one`;
    tell(line, { event: "no-worker" });
  };
  await firstWords(connection, address, meet);
  await summarize();
  const timers = [
    repeat(meet, EVERY, complain),
    repeat(reconcile, RECONCILE, complain),
    repeat(summarize, SUMMARY, complain),
  ];
  const onAbort = () => orders.fail(signal?.reason);
  signal?.addEventListener("abort", onAbort);

  return {
    places: PLACES,
    run: async (order, wanted = () => true) => {
      signal?.throwIfAborted();
      // what cannot be written is bad input of who asks, now
      numbers.rangesOf(order.wanted);
      const answer = orders.take(order, wanted);
      void handOut();
      return answer;
    },
    close: async () => {
      if (closed) return;
      closed = true;
      signal?.removeEventListener("abort", onAbort);
      for (const stop of timers) stop();
      const left = orders.underWay;
      orders.fail(new LaboratoryFault("the laboratory was closed"));
      if (audit !== undefined && audited > 0)
        tell(`audit: ${audited} answers were trained again here, and are the same`, {
          event: "audit",
          answers: audited,
        });
      await inTime(
        Promise.allSettled([
          runs.withdraw(run),
          // what a worker has at the moment stays with it, and is dropped there
          ...left.map(takeBack),
          answers.close(true).then(() => unreadAnswers.obliterate({ force: true })),
        ]),
      );
      await connection.close();
      await audit?.home.close();
    },
  };
}

/** Does something again and again, never two at a time. @returns what stops it */
export function repeat(act: () => Promise<void>, every: number, complain: (error: Error) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const next = () => {
    if (stopped) return;
    timer = setTimeout(() => void act().catch(complain).finally(next), every);
  };
  next();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
