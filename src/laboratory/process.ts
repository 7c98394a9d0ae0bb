import { availableParallelism } from "node:os";
import pLimit from "p-limit";
import type { Statement } from "../claim/theorem.ts";
import { type Laboratory, ordersAbout } from "../experiment/laboratory.ts";
import { type Order, recordOf, type TrialRecord } from "../experiment/trial.ts";
import { InvalidInput } from "../invalid-input.ts";
import { encodeNumbers } from "../json-number.ts";
import type { Draw } from "../law/law.ts";
import type { SuiteRun } from "../suite/values.ts";
import { type Answer, Broken, type Command, CommandProcess } from "./command.ts";
import { LaboratoryFault } from "./laboratory-fault.ts";
import { watchGroups } from "./process-groups.ts";

/** What a first meeting with a command showed. */
export interface Met {
  /** The line of versions that its processes print first; undefined where they print none. */
  readonly versions: string | undefined;
  /** Whether the same order has the same answer, in one process and in another. */
  readonly repeats: boolean;
}

type Tell = (line: string) => void;

const onStderr: Tell = (line) => {
  process.stderr.write(`${line}\n`);
};

export interface ProcessesOptions {
  /** What orders are about: statements about one experiment. */
  readonly statements: readonly Statement[];
  readonly command: Command;
  readonly met: Met;
  /** How many processes; one a core unless given. */
  readonly workers?: number | undefined;
  /** Ends what is under way. */
  readonly signal?: AbortSignal | undefined;
  /** Is told what processes write to stderr; stderr unless given. */
  readonly tell?: Tell | undefined;
}

/**
 * The laboratory whose places are processes of a suite's command. A process that dies, hangs, or says what it must not
 * say is started again, and its order run again, once: a trial is a function of its order. Where the experiment does not
 * repeat itself it is not, and what survives a second run would be a selection: there is none.
 */
export function processes({
  statements,
  command,
  met,
  workers = availableParallelism(),
  signal,
  tell = onStderr,
}: ProcessesOptions): Laboratory {
  const asked = ordersAbout(statements);
  const watch = watchGroups();
  const limit = pLimit(workers);
  const places = Array.from({ length: workers }, (_, i) => {
    const start = () => new CommandProcess({ command, watch, tell: (line) => tell(`[${i + 1}] ${line}`) });
    return new Place(start, met.repeats ? 2 : 1, met.versions);
  });
  const free = [...places];
  const onAbort = () => {
    for (const place of places) void place.close();
  };
  signal?.addEventListener("abort", onAbort);

  const runOrder = async (order: Order, place: Place): Promise<TrialRecord> => {
    const { experiment, claims } = asked(order);
    const runs: SuiteRun[] = [];
    for (const draw of order.models) {
      // a process that was ended has no fault of its own
      const answer = await place.answer(draw).finally(() => signal?.throwIfAborted());
      if ("failed" in answer && !command.failureViolates) {
        const { theta, seed } = draw;
        const times = met.repeats ? "twice" : "once, since the experiment does not repeat itself";
        throw new LaboratoryFault(
          `experiment ${experiment.id} must measure every run, got none (it was run ${times}): ${answer.failed}; seed ${seed}, theta ${JSON.stringify(theta)}`,
        );
      }
      runs.push({ theta: draw.theta, ...answer });
    }
    return recordOf(experiment, order, claims, runs as [SuiteRun, ...SuiteRun[]]);
  };

  return {
    places: workers,
    run: (order, wanted = () => true) =>
      limit(async () => {
        signal?.throwIfAborted();
        if (!wanted()) return undefined;
        const place = free.pop() as Place;
        try {
          return await runOrder(order, place);
        } finally {
          free.push(place);
        }
      }),
    close: async () => {
      signal?.removeEventListener("abort", onAbort);
      await Promise.all(places.map((place) => place.close()));
      watch.close();
    },
  };
}

/** Where one process runs at a time. */
class Place {
  readonly #start: () => CommandProcess;
  readonly #attempts: number;
  readonly #versions: string | undefined;
  #process: CommandProcess | undefined;
  #spokeAgain = 0;
  #closed = false;

  constructor(start: () => CommandProcess, attempts: number, versions: string | undefined) {
    this.#start = start;
    this.#attempts = attempts;
    this.#versions = versions;
  }

  /**
   * What is measured, or why nothing is, after as many attempts as are allowed.
   *
   * @throws LaboratoryFault where the process speaks again of what it had answered before: which answer was true nobody knows
   */
  async answer(draw: Draw): Promise<Answer> {
    let answer: Answer = { failed: "" };
    for (let attempt = 0; attempt < this.#attempts; attempt++) {
      answer = await this.#attempt(draw);
      if ("measured" in answer) return answer;
      await this.end();
    }
    return answer;
  }

  async #attempt(draw: Draw): Promise<Answer> {
    // one that died, or was found out, before it got this order
    if (this.#process?.broken !== undefined) await this.#replace(this.#process.broken);
    if (this.#closed) throw new LaboratoryFault("the laboratory was closed before the trial had an answer");
    this.#process ??= this.#start();
    const running = this.#process;
    try {
      const answer = await running.ask(draw);
      if (running.versions === this.#versions) return answer;
      const [first, now] = [this.#versions, running.versions].map((line) => line ?? "no versions");
      return { failed: `its processes must print the same versions, got first ${first} and then ${now}` };
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      if (!error.ofEarlier) return { failed: error.message };
      await this.#replace(error);
      return this.#attempt(draw);
    }
  }

  async #replace(why: Error): Promise<void> {
    await this.end();
    if (!(why instanceof Broken && why.ofEarlier)) return;
    this.#spokeAgain++;
    if (this.#spokeAgain >= this.#attempts) throw new LaboratoryFault(why.message);
  }

  /** Starts nothing any more, and ends what is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.end();
  }

  async end(): Promise<void> {
    const ending = this.#process;
    this.#process = undefined;
    await ending?.end();
  }
}

/**
 * Starts a command twice and asks the same of both, of one of them twice: whether it repeats itself must be known before
 * anything is judged, since what survives a second run of an experiment that does not would be a selection.
 *
 * @throws InvalidInput where the program does not start, or says other versions each time
 */
export async function meet(command: Command, draw: Draw, tell: Tell = onStderr): Promise<Met> {
  const watch = watchGroups();
  const [one, other] = [1, 2].map(
    (which) => new CommandProcess({ command, watch, tell: (line) => tell(`[first run, ${which}] ${line}`) }),
  ) as [CommandProcess, CommandProcess];
  try {
    const twice = async () => [await saidBy(one, draw), await saidBy(one, draw)];
    const answers = (await Promise.all([twice(), saidBy(other, draw)])).flat().filter((said) => said !== undefined);
    const [versions, again] = [one.versions ?? other.versions, other.versions ?? one.versions];
    if (versions !== again) {
      const rule = "experiment.command must print the same versions whenever it is started";
      throw new InvalidInput(`${rule}, got ${versions} and ${again}`);
    }
    return { versions, repeats: new Set(answers).size <= 1 };
  } finally {
    await Promise.all([one.end(), other.end()]);
    watch.close();
  }
}

/** An answer as a text that is the same where the answer is; undefined where there is none. */
async function saidBy(running: CommandProcess, draw: Draw): Promise<string | undefined> {
  try {
    const answer = await running.ask(draw);
    return "failed" in answer ? "failed" : JSON.stringify(answer.measured, encodeNumbers);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return undefined;
  }
}
