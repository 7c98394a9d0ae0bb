import { spawn } from "node:child_process";
import { BIN } from "../built-program.ts";

export interface Ended {
  /** As a shell has it: 128 and its number where a signal ended it. */
  readonly code: string;
  readonly out: string;
  readonly err: string;
  readonly milliseconds: number;
}

/** A program in a process of its own. */
export interface Spawned {
  readonly ended: Promise<Ended>;
  /** Resolves as soon as stderr has had this text, or has ended. */
  readonly said: (text: string) => Promise<void>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

interface Circumstances {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of node. */
  readonly node?: readonly string[];
  /** The program's file, where it is not this project's. */
  readonly bin?: string;
  /** Shell text before the program, such as a limit, and after it, such as where stdout leads. */
  readonly before?: string;
  readonly after?: string;
}

/** Starts `theorycheck` with these words, as a shell does. */
export function program(words: readonly string[], circumstances: Circumstances = {}): Spawned {
  const { cwd, env = {}, node = [], bin = BIN, before = "", after = "" } = circumstances;
  // the shell is there for its view of the exit code; its child's number is the first line, for signals
  const script = `${before}\n"$@" ${after} &\np=$!; echo "$p" >&3; wait $p; echo "$?" >&3`;
  const began = performance.now();
  const child = spawn("bash", ["-c", script, "bash", process.execPath, ...node, bin, ...words], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const heard = { out: "", err: "", told: "" };
  const waiting = new Set<() => void>();
  let closed = false;
  for (const [i, name] of [
    [1, "out"],
    [2, "err"],
    [3, "told"],
  ] as const) {
    child.stdio[i]?.on("data", (chunk: Buffer) => {
      heard[name] += chunk.toString();
      for (const look of waiting) look();
    });
  }
  const until = (isTrue: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isTrue() && !closed) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  child.on("close", () => {
    closed = true;
    for (const look of waiting) look();
  });
  const numbers = () => heard.told.split("\n");
  return {
    ended: new Promise((resolve) => {
      child.on("close", () => {
        const [, code = ""] = numbers();
        resolve({ code, out: heard.out, err: heard.err, milliseconds: performance.now() - began });
      });
    }),
    said: (text) => until(() => heard.err.includes(text)),
    kill: (signal) => {
      if (!closed) process.kill(Number(numbers()[0]), signal);
    },
  };
}
