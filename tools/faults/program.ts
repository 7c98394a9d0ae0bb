import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";

/** No answer takes longer, ms, on a machine that does nothing else. */
const LONGEST = 10_000;

let patience = 1;

/** Says that this machine is so many times slower now than one that does nothing else. */
export function beMorePatient(factor: number): void {
  patience = factor;
}

/** How a program ended. */
export interface Ended {
  /** As a shell says it: 128 + the signal's number where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** From its start, or from the signal on that it was sent; as it would be without the need for patience. */
  readonly milliseconds: number;
  /** It had to be killed. */
  readonly hung: boolean;
}

export interface Start {
  readonly cwd: string;
  /** Added to the environment; taken out of it where undefined. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Words before the program's, which run the words after them. */
  readonly within?: readonly string[];
  /** Called when it runs. `sent` starts the time anew: what is asked is how soon it ends then. */
  readonly onStart?: (child: ChildProcess, sent: () => void) => void;
  /** Ends it, ms. */
  readonly longest?: number;
}

/** Runs a program in a group of its own, which is killed where it does not end. */
export function runProgram(
  words: readonly string[],
  { cwd, env, within = [], onStart, longest }: Start,
): Promise<Ended> {
  const [command, ...args] = [...within, ...words];
  const merged = { ...process.env, NODE_OPTIONS: undefined, ...env };
  const child = spawn(command as string, args, { cwd, env: merged, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      if (said[name].length < 5_000_000) said[name] += text;
    });
  }
  let since = performance.now();
  onStart?.(child, () => {
    since = performance.now();
  });
  return new Promise((resolve, reject) => {
    let hung = false;
    const timer = setTimeout(
      () => {
        hung = true;
        killGroup(child);
      },
      patience * (longest ?? LONGEST),
    );
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      const shells = code ?? 128 + constants.signals[signal as NodeJS.Signals];
      resolve({ code: shells, ...said, milliseconds: (performance.now() - since) / patience, hung });
    });
  });
}

/** At once, and all that it started. */
export function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Runs what comes after it in a shell that has done something before. `exec` leaves no shell between. */
export const after = (script: string): readonly string[] => ["bash", "-c", `${script}; exec "$@"`, "bash"];

/** Runs what comes after it with its streams elsewhere, for instance `>/dev/full`. */
export const redirected = (to: string): readonly string[] => ["bash", "-c", `exec "$@" ${to}`, "bash"];
