import { parentPort, workerData } from "node:worker_threads";
import { forbidExit } from "../claim/exit.ts";
import { ExitWith } from "./exit.ts";
import { type Fault, faultOf } from "./fault.ts";
import { keepStreams, printed } from "./print.ts";

/** What this thread tells the one that supervises it: first that it is there, and what came of it in the end. */
export type Told = { readonly begun: true } | Answer;

export type Answer = { readonly code: number } | { readonly fault: Fault };

/** What it is told. */
export interface Stop {
  /** Exit code of the signal. */
  readonly stop: number;
}

/** Of a stream that leads to a terminal: a thread's own streams do not know. */
export interface Terminal {
  readonly isTTY: boolean;
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  readonly colorDepth: number;
}

export interface Terminals {
  readonly stdout: Terminal;
  readonly stderr: Terminal;
}

const port = parentPort!;
port.postMessage({ begun: true } satisfies Told);
const terminals = workerData as Terminals;
for (const name of ["stdout", "stderr"] as const) {
  const { isTTY, columns, rows, colorDepth } = terminals[name];
  if (isTTY) Object.assign(process[name], { isTTY, columns, rows, getColorDepth: () => colorDepth });
}

const interrupt = new AbortController();
port.on("message", ({ stop }: Stop) => interrupt.abort(new ExitWith(stop)));
// who waits for nothing else has no answer, and is told so
port.unref();

// also in what declarations leave behind: a timer
forbidExit();
keepStreams();

let answer: Answer;
try {
  const { main } = await import("./main.ts");
  answer = { code: await main(process.argv.slice(2), interrupt.signal) };
} catch (error) {
  answer = { fault: faultOf(error) };
}
// all that was said is said before the answer
await Promise.all([printed(), new Promise((told) => process.stderr.write("", told))]);
port.postMessage(answer);
