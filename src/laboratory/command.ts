import { type ChildProcess, spawn } from "node:child_process";
import { z } from "zod";
import { InvalidInput } from "../invalid-input.ts";
import { decodeNumber, type EncodedNumber } from "../json-number.ts";
import type { Draw } from "../law/law.ts";
import type { SuiteCommand } from "../suite/suite.ts";
import { endGroup, type Watch } from "./process-groups.ts";

/** A command, and where it runs. */
export interface Command extends SuiteCommand {
  /** Absolute path. */
  readonly folder: string;
}

/** What a process says to an order. */
export type Answer = { readonly measured: Readonly<Record<string, number>> } | { readonly failed: string };

/** Why a process is of no use any more: it died, hung, or said what it must not say. */
export class Broken extends Error {
  override readonly name = "Broken";
  /** Whether it was found out about an answer that was taken already. */
  readonly ofEarlier: boolean;

  constructor(why: string, ofEarlier = false) {
    super(why);
    this.ofEarlier = ofEarlier;
  }
}

export interface Started {
  readonly command: Command;
  readonly watch: Watch;
  /** Is told what the process writes to stderr, line by line. */
  readonly tell: (line: string) => void;
}

/** A line of stdout that is longer than this is no answer. */
const LONGEST_LINE = 1 << 20;

/** A line of stderr is passed on in pieces of at most so many characters. */
const LONGEST_PIECE = 1 << 12;

/** How long a process may take to end when nothing is asked of it any more. */
const LAST_SECONDS = 2;

const number = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);
const about = { id: z.number() };
const line = z.union([
  z.strictObject({ versions: z.record(z.string(), z.unknown()) }),
  z.strictObject({ ...about, measured: z.record(z.string(), number) }),
  z.strictObject({ ...about, failed: z.string() }),
  z.object({ ...about, progress: z.unknown() }),
]);

type Line = z.infer<typeof line>;

interface Pending {
  readonly id: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (why: Broken | InvalidInput) => void;
  readonly limit: NodeJS.Timeout;
  answer?: Answer;
}

/** One process of a suite's command: a line of JSON in for each order, a line of JSON out. One order at a time. */
export class CommandProcess {
  readonly #started: Started;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #asked = 0;
  #lines = 0;
  #versions: string | undefined;
  #pending: Pending | undefined;
  #broken: Broken | InvalidInput | undefined;
  #rest = "";
  #lastOfStderr = "";

  constructor(started: Started) {
    this.#started = started;
    const { command, watch } = started;
    const [program, ...args] = command.words as [string, ...string[]];
    // a group of its own: all that it starts ends with it, and Ctrl-C reaches this program first
    const child = spawn(program, args, { cwd: command.folder, detached: process.platform !== "win32" });
    this.#child = child;
    watch.begun(child);
    child.stdout.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    child.stderr.setEncoding("utf8");
    this.#passOn();
    // what is written to a process that died is lost: its end is told by itself
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on("error", () => {});
    child.on("error", (error) => {
      this.#break(new InvalidInput(`experiment.command must be a program that starts, got ${error.message}`));
    });
    this.#ended = new Promise((resolve) => {
      // what it left behind would hold its pipes open
      child.on("exit", () => endGroup(child));
      child.on("close", (code, signal) => {
        watch.ended(child);
        this.#break(new Broken(signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`));
        resolve();
      });
    });
  }

  /** The line of versions that it printed first, once it has answered; undefined where it printed none. */
  get versions(): string | undefined {
    return this.#versions;
  }

  /** Why it is of no use any more, if it is not. */
  get broken(): Broken | InvalidInput | undefined {
    return this.#broken;
  }

  /** @throws Broken where no answer comes, or more than one; InvalidInput where the program does not start */
  ask({ theta, seed }: Draw): Promise<Answer> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    const { seconds } = this.#started.command;
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        this.#break(new Broken(`it took longer than ${seconds} s, which experiment.seconds allows`));
      }, 1000 * seconds);
      this.#pending = { id, resolve, reject, limit };
      this.#child.stdin?.write(`${JSON.stringify({ id, seed, theta })}\n`);
    });
  }

  /** Ends it, at once where it is at work. */
  async end(): Promise<void> {
    if (this.#broken === undefined && this.#pending === undefined) {
      this.#child.stdin?.end();
      let limit: NodeJS.Timeout | undefined;
      await Promise.race([
        this.#ended,
        new Promise<void>((resolve) => {
          limit = setTimeout(resolve, 1000 * LAST_SECONDS);
        }),
      ]);
      clearTimeout(limit);
    }
    this.#break(new Broken("it was ended"));
    await this.#ended;
  }

  #read(text: string): void {
    if (this.#broken !== undefined) return;
    const [first, ...others] = text.split("\n");
    this.#rest += first;
    for (const next of others) {
      this.#say(this.#rest);
      this.#rest = next;
      if (this.#broken !== undefined) return;
    }
    if (this.#rest.length > LONGEST_LINE) {
      this.#break(new Broken(`it printed a line of more than ${LONGEST_LINE} characters`));
      return;
    }
    // all that came together was looked at: an answer that came twice is none
    const pending = this.#pending;
    if (pending?.answer === undefined) return;
    this.#pending = undefined;
    clearTimeout(pending.limit);
    pending.resolve(pending.answer);
  }

  #say(text: string): void {
    const isFirst = this.#lines++ === 0;
    const said = parsed(text);
    if (said !== undefined && "id" in said && this.#hasAnswered(said.id)) {
      this.#break(new Broken(`it spoke again of an order that it had answered`, said.id !== this.#pending?.id));
      return;
    }
    const wrong = said === undefined ? "is no answer" : this.#whyWrong(said, isFirst, text);
    if (wrong === undefined) return;
    const hint = /\b(NaN|Infinity)\b/.test(text) ? '; NaN and Infinity must be text: "NaN"' : "";
    this.#break(new Broken(`it printed ${JSON.stringify(text.slice(0, 200))}, which ${wrong}${hint}`));
  }

  #hasAnswered(id: number): boolean {
    const pending = this.#pending;
    const isOpen = pending?.id === id && pending.answer === undefined;
    return Number.isInteger(id) && id >= 1 && id <= this.#asked && !isOpen;
  }

  /** Takes what was said, unless something is wrong with it: what. */
  #whyWrong(said: Line, isFirst: boolean, text: string): string | undefined {
    if ("versions" in said) {
      this.#versions = text;
      return isFirst ? undefined : "must be the first line";
    }
    const pending = this.#pending;
    if (said.id !== pending?.id) return "answers no order that it was given";
    if ("progress" in said) return undefined;
    if ("failed" in said) {
      pending.answer = { failed: said.failed };
      return undefined;
    }
    const { measures } = this.#started.command;
    const measured = said.measured as Readonly<Record<string, EncodedNumber>>;
    const [lacking] = measures.filter((name) => !Object.hasOwn(measured, name));
    if (lacking !== undefined) return `lacks the measure ${lacking}`;
    const [unknown] = Object.keys(measured).filter((name) => !measures.includes(name));
    if (unknown !== undefined) return `has a measure ${unknown}, which the suite does not`;
    pending.answer = {
      measured: Object.fromEntries(measures.map((name) => [name, decodeNumber(measured[name] as EncodedNumber)])),
    };
    return undefined;
  }

  #passOn(): void {
    let rest = "";
    this.#child.stderr?.on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() as string;
      for (; rest.length > LONGEST_PIECE; rest = rest.slice(LONGEST_PIECE)) lines.push(rest.slice(0, LONGEST_PIECE));
      for (const each of lines) {
        if (each.trim() !== "") this.#lastOfStderr = each;
        this.#started.tell(each);
      }
    });
    this.#child.stderr?.on("end", () => {
      if (rest !== "") this.#started.tell(rest);
      if (rest.trim() !== "") this.#lastOfStderr = rest;
    });
  }

  /** Of no use any more, for the first reason that there was: whatever else it says is not read. */
  #break(why: Broken | InvalidInput): void {
    if (this.#broken !== undefined) return;
    const said = this.#lastOfStderr.slice(0, 200);
    this.#broken =
      why instanceof Broken && said !== "" ? new Broken(`${why.message}; its last words: ${said}`, why.ofEarlier) : why;
    endGroup(this.#child);
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending === undefined) return;
    clearTimeout(pending.limit);
    pending.reject(this.#broken);
  }
}

function parsed(text: string): Line | undefined {
  try {
    return line.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
