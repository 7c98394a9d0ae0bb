import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { BIN } from "../built-program.ts";
import { until } from "./until.ts";

/** A program under way, and what it has said. */
export interface Program {
  readonly child: ChildProcess;
  out: string;
  err: string;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Waits until it says something on stderr. @throws Error where it ends before, or says nothing of it for long */
  says(text: string | RegExp): Promise<void>;
}

const running = new Set<ChildProcess>();

/** Starts `theorycheck` with these words. */
export function program(words: readonly string[], env: Readonly<Record<string, string>> = {}, cwd?: string): Program {
  const child = spawn(process.execPath, [BIN, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  running.add(child);
  const ended = once(child, "close").then(([code, signal]) => {
    running.delete(child);
    return { code, signal } as { code: number | null; signal: NodeJS.Signals | null };
  });
  const started: Program = {
    child,
    out: "",
    err: "",
    ended,
    says: async (text) => {
      const isSaid = () => (typeof text === "string" ? started.err.includes(text) : text.test(started.err));
      let over = false;
      void ended.then(() => {
        over = true;
      });
      await until(isSaid, () => {
        if (over) throw new Error(`theorycheck ${words.join(" ")} ended without saying ${text}:\n${started.err}`);
        return `theorycheck ${words.join(" ")} does not say ${text}:\n${started.err}`;
      });
    },
  };
  child.stdout.on("data", (chunk: Buffer) => {
    started.out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    started.err += chunk.toString();
  });
  return started;
}

/** Ends what is still running. */
export function endPrograms(): void {
  for (const child of running) child.kill("SIGKILL");
}
