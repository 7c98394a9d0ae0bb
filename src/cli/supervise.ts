import { fstatSync, writeSync } from "node:fs";
import type { Readable } from "node:stream";
import { Worker } from "node:worker_threads";
import { requireAddresses } from "../laboratory/address-space.ts";
import type { Stop, Terminal, Terminals, Told } from "./command-thread.ts";
import { FAULT, SIGNALS } from "./exit.ts";
import { type Fault, faultOf } from "./fault.ts";

/** Milliseconds that a command has to end after a signal: then its thread is ended, whatever it does. */
const GRACE = 800;

/** Milliseconds that the end of a thread may take: one that waits in the kernel cannot be ended. */
const TERMINATION = 400;

const SHOW_CURSOR = "\u001b[?25h";

/**
 * Runs a command line in a thread of its own, and gives the process the exit code of its answer. This thread does nothing
 * else, so that it hears signals while the other one computes, and outlives whatever ends that one: an error nobody
 * caught, `process.exit`, memory that runs out. Without an answer the exit code is 70.
 */
export function supervise(args: readonly string[]): void {
  process.exitCode = FAULT;
  let stopping: number | undefined;
  let answered = false;
  let failed = false;
  let thread: Worker | undefined;

  const fault = (error: unknown) => fail(faultOf(error));
  const fail = ({ line, stack }: Fault) => {
    if (answered) return;
    answered = true;
    failed = true;
    if (stopping === undefined) tell(line, stack);
    end(stopping ?? FAULT);
  };
  process.on("uncaughtException", fault);

  const out = relayTo(process.stdout, 1);
  const err = relayTo(process.stderr, 2);

  const end = (code: number) => {
    // what cannot be ended would keep the process: a signal of its own ends it with the same exit code in a shell
    const [signal] = Object.entries(SIGNALS).find(([, each]) => each === code) ?? [];
    const stuck = setTimeout(() => {
      if (signal === undefined) process.exit(code);
      process.removeAllListeners(signal);
      process.kill(process.pid, signal as NodeJS.Signals);
    }, TERMINATION);
    const leave = () => process.exit(code);
    const ended = () => {
      clearTimeout(stuck);
      // once a signal came, nobody waits for a reader who does not read
      if (stopping !== undefined) leave();
      else out.flush(() => err.flush(leave));
    };
    if (thread === undefined) ended();
    else thread.terminate().then(ended, ended);
  };

  const force = (code: number) => {
    if (answered) return;
    answered = true;
    if (process.stderr.isTTY) err.write(SHOW_CURSOR);
    err.write("Interrupted: what was under way was cut off.\n");
    end(code);
  };
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      if (answered) process.exit(code);
      if (stopping !== undefined) return force(stopping);
      stopping = code;
      thread?.postMessage({ stop: code } satisfies Stop);
      setTimeout(force, GRACE, code);
    });
  }

  try {
    // for the command, for what compiles its declarations, and for one worker
    requireAddresses(3);
    thread = new Worker(new URL("./command-thread.ts", import.meta.url), {
      argv: [...args],
      stdout: true,
      stderr: true,
      workerData: { stdout: terminalOf(process.stdout), stderr: terminalOf(process.stderr) } satisfies Terminals,
    });
  } catch (error) {
    fault(error);
    return;
  }
  // after a fault was told, the thread has nothing more to say
  const heard = () => !failed;
  out.from(thread.stdout, heard);
  err.from(thread.stderr, heard);
  thread.on("error", fault);
  // a module of which a part is lost may be one that does nothing
  let begun = false;
  thread.on("exit", (code) => fail({ line: begun ? endedWithout(code) : NOT_BEGUN, stack: "" }));
  thread.on("message", (answer: Told) => {
    if ("begun" in answer) {
      begun = true;
      return;
    }
    if (answered) return;
    answered = true;
    if (stopping !== undefined) return end(stopping);
    if ("fault" in answer) {
      tell(answer.fault.line, answer.fault.stack);
      return end(FAULT);
    }
    out.flush(() => {
      const lost = out.failure();
      if (lost === undefined) return end(answer.code);
      tell(`what was to be printed is lost: ${faultOf(lost).line}`, "");
      end(FAULT);
    });
  });

  function tell(line: string, stack: string): void {
    if (process.stderr.isTTY) err.write(SHOW_CURSOR);
    err.write(`theorycheck: ${line}\n`);
    if (/\btheorycheck\b|\*/.test(process.env.DEBUG ?? "") && stack !== "") err.write(`${stack}\n`);
  }
}

const NOT_BEGUN =
  "theorycheck's own files are torn (the thread for commands did nothing); npm run build in a checkout, or install theorycheck again";

/** A thread that ended by itself: Node gives 13 where a module waits for what never comes. */
function endedWithout(code: number): string {
  return code === 13
    ? "a module waits for what never comes; look for an await at the top level of the declarations and what they import"
    : `something ended the program before there was an answer (exit code ${code}); look for process.exit in the declarations and what they import`;
}

function terminalOf(stream: NodeJS.WriteStream): Terminal {
  const { isTTY = false, columns, rows } = stream;
  return { isTTY, columns, rows, colorDepth: isTTY ? stream.getColorDepth() : 1 };
}

/** Hands on to a stream of this process what the other thread says. */
function relayTo(stream: NodeJS.WriteStream, descriptor: number) {
  let failure: NodeJS.ErrnoException | undefined;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    failure ??= error;
  });
  // Node takes a file that is full for written where a part of the chunk was
  const isFile = isRegular(descriptor);
  const write = (chunk: string | Uint8Array, done: () => void = () => {}): void => {
    if (failure === undefined && !isFile) {
      stream.write(chunk, () => done());
      return;
    }
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    try {
      for (let at = 0; failure === undefined && at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    } catch (error) {
      failure = error as NodeJS.ErrnoException;
    }
    done();
  };
  return {
    write,
    from: (said: Readable, heard: () => boolean) => {
      // never paused: the other thread has said all as soon as it has written it
      said.on("data", (chunk: Uint8Array) => {
        if (heard()) write(chunk);
      });
    },
    /** Calls back as soon as all that was handed over is written, or lost. */
    flush: (done: () => void) => write("", done),
    /** Why something was not written. A reader that has gone is none: it had what it wanted. */
    failure: () => (failure?.code === "EPIPE" ? undefined : failure),
  };
}

function isRegular(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false;
  }
}
