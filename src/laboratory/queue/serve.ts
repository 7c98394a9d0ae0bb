import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Statement } from "../../claim/theorem.ts";
import type { Laboratory } from "../../experiment/laboratory.ts";
import { isInvalidInput } from "../../invalid-input.ts";
import { visibleLines } from "../../visible-text.ts";
import type { Address } from "./address.ts";
import { ClaimNumbers } from "./claim-numbers.ts";
import { answersQueue, ordersQueue, repeat } from "./coordinator.ts";
import { counted } from "./farm.ts";
import { type Identity, identityKey, whyOther } from "./identity.ts";
import { type Answer, encoded, nameOf, type OrderMessage, readOrder, type Said, shortened } from "./messages.ts";
import { EVERY, Presence, type Roll } from "./presence.ts";
import { connect, firstWords, inTime, JOB, type Job, LOCKS, whatRedisSays } from "./redis.ts";
import type { Tell } from "./tell.ts";

export interface ServeOptions {
  readonly address: Address;
  readonly prefix: string;
  readonly identity: Identity;
  /** What orders may be about: the declarations of that identity. */
  readonly statements: readonly Statement[];
  /** Of theorycheck. */
  readonly version: string;
  /** Trains, elsewhere than in this thread: what keeps this one busy keeps it from renewing its locks. */
  readonly laboratory: Laboratory;
  readonly tell: Tell;
  /** Ends it; what it has goes back to the others. */
  readonly signal: AbortSignal;
}

/** How often a person is told how many trials were trained, ms. */
const SUMMARY = 5_000;

/** How long is waited before an answer is sent again that the server did not take, ms. */
const AGAIN = 2_000;

/**
 * A worker: trains orders of its own core and declarations until it is told to end, and refuses others by name.
 *
 * @throws InvalidInput as `connect` does
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { address, prefix, identity, version, laboratory, signal } = options;
  const tell: Tell = (line, happening) => options.tell(visibleLines(line), happening);
  const connection = await connect(address, prefix, tell);
  const numbers = new ClaimNumbers(options.statements);
  const key = identityKey(identity);
  const me = { host: hostname(), pid: process.pid };
  const id = randomBytes(8).toString("hex");
  const { places } = laboratory;
  const workers = new Presence(connection.redis, prefix, "workers");
  const runs = new Presence(connection.redis, prefix, "runs");
  const answers = new Map<string, ReturnType<typeof connection.queue>>();
  const refused = new Set<string>();
  /** Runs that were there at the last look, or at their first order since; and those that were told of. */
  let there = new Set<string>();
  const served = new Set<string>();
  let [trained, underWay, summary] = [0, 0, ""];

  /** @returns once the server has the answer: until then it is nowhere but here */
  const send = async (run: string, answer: Answer): Promise<void> => {
    const to = answers.get(run) ?? connection.queue(answersQueue(run));
    answers.set(run, to);
    for (let told = false; ; told = true) {
      try {
        await to.add("answer", encoded(answer), JOB);
        return;
      } catch (error) {
        signal.throwIfAborted();
        const { message } = error as Error;
        if (!told)
          tell(`${address.shown} takes no answer: ${whatRedisSays(message) ?? message}: trying again until it does`);
        await new Promise((resolve) => setTimeout(resolve, AGAIN));
      }
    }
  };
  const train = async ({ order, run, identity: theirs }: OrderMessage): Promise<Said> => {
    if (theirs !== key) return { refused: `of the order ${await whyOthers(run)}` };
    try {
      const record = await laboratory.run(order);
      signal.throwIfAborted();
      return record === undefined ? { failed: "no record" } : { record: shortened(record, order) };
    } catch (error) {
      signal.throwIfAborted();
      if (isInvalidInput(error)) return { invalidInput: error.message };
      return { failed: error instanceof Error ? error.message : String(error) };
    }
  };
  /** What differs from what a run says of itself. */
  const whyOthers = async (run: string): Promise<string> => {
    const present = await runs.find(run);
    if (present === undefined) return "the run is not there any more";
    return ("foreign" in present ? present.foreign : whyOther(present.identity, identity)) ?? "the identity is another";
  };
  const onOrder = async (job: Job, token: string | undefined): Promise<void> => {
    let order: OrderMessage;
    try {
      order = readOrder(job.data, numbers);
    } catch (error) {
      tell(`dropped what is no order: ${(error as Error).message}`);
      return;
    }
    underWay++;
    try {
      signal.throwIfAborted();
      // who ordered it may have been killed; who is only late orders it again
      if (!there.has(order.run) && !(await isNew(order.run))) return;
      const said = await train(order);
      if ("refused" in said && !refused.has(order.run)) {
        refused.add(order.run);
        tell(`refused an order of run ${order.run}: ${said.refused}`);
      }
      await send(order.run, { id: order.id, worker: me, said });
      if ("record" in said) trained++;
    } catch (error) {
      if (!signal.aborted) throw error;
      await job.moveToWait(token);
      throw new connection.WaitingError();
    } finally {
      underWay--;
    }
  };
  const isNew = async (run: string): Promise<boolean> => {
    const present = await runs.find(run);
    if (present === undefined) return false;
    there.add(run);
    // whose orders are refused nobody works for
    const belongs = !("foreign" in present) && whyOther(present.identity, identity) === undefined;
    if (belongs && !served.has(run)) {
      tell(`works for ${nameOf(present)}`, { event: "works-for", run: nameOf(present) });
    }
    served.add(run);
    return true;
  };
  const announce = () => workers.announce(id, { ...me, theorycheck: version, identity, places, trained });
  const meet = async () => {
    await announce();
    const roll = await runs.roll();
    there = new Set([...roll.keys()].filter((run) => served.has(run)));
    refuse(roll);
    for (const [run, queue] of answers) {
      if (roll.has(run)) continue;
      answers.delete(run);
      // of a run that was killed nobody else takes the answers away
      if ((await runs.find(run)) === undefined) await queue.obliterate({ force: true }).catch(() => {});
      await queue.close();
    }
  };
  const refuse = (roll: Roll) => {
    for (const [run, present] of roll) {
      const why = "foreign" in present ? present.foreign : whyOther(present.identity, identity);
      if (why === undefined || refused.has(run)) continue;
      refused.add(run);
      const name = "foreign" in present ? present.name : nameOf(present);
      tell(`refuses the orders of ${name}: ${why}`, { event: "note", run: name, why });
    }
  };
  const summarize = async () => {
    const now = `${counted(trained, "trial")} trained, ${underWay} under way`;
    if (now !== summary) tell(now, { event: "progress", trained, underWay });
    summary = now;
  };
  const complain = () => {};

  await firstWords(connection, address, meet);
  const worker = connection.worker(ordersQueue(identity), onOrder, { ...LOCKS, concurrency: places });
  tell(
    `worker ${nameOf(me)} is connected to ${address.shown}, prefix ${prefix}: ${counted(places, "place")}, core ${identity.core.slice(0, 12)}, declarations ${identity.declarations.slice(0, 12)}`,
    { event: "connected", worker: nameOf(me), server: address.shown, prefix, places, ...identity },
  );
  const timers = [repeat(meet, EVERY, complain), repeat(summarize, SUMMARY, complain)];
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  for (const stop of timers) stop();
  // those that are under way give back what they have, and then it is closed
  await inTime(Promise.allSettled([workers.withdraw(id), worker.close()]));
  await connection.close();
  tell(`ended: ${counted(trained, "trial")} trained`, { event: "ended", trained });
}
