import { fileURLToPath } from "node:url";
import { main } from "../../src/cli/main.ts";

/** Statements of known violation rates, over models that take a millisecond. */
export const SMALL_STATEMENTS = fileURLToPath(new URL("../verdict/fixtures/small-statements.ts", import.meta.url));

/** Statements whose claims are violated by other models each, or by few. */
export const JOINT_STATEMENTS = SMALL_STATEMENTS.replace("small-statements", "joint-statements");

/** Statements over models that take a second. */
export const SLOW_STATEMENTS = fileURLToPath(new URL("../verdict/fixtures/slow-statements.ts", import.meta.url));

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a command line says on stdout and stderr, and its exit code; in this process. */
export function commandLine(...args: readonly string[]): Promise<Said> {
  return interruptedLine(new AbortController().signal, ...args);
}

/** The same, of one that a signal may end. */
export async function interruptedLine(signal: AbortSignal, ...args: readonly string[]): Promise<Said> {
  const said = { out: "", err: "" };
  const streams = [
    [process.stdout, "out"],
    [process.stderr, "err"],
  ] as const;
  const writes = streams.map(([stream]) => stream.write);
  for (const [stream, name] of streams) {
    stream.write = (chunk: string | Uint8Array) => {
      said[name] += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
      return true;
    };
  }
  try {
    return { code: await main(args, signal), ...said };
  } finally {
    for (const [i, [stream]] of streams.entries()) stream.write = writes[i] as typeof stream.write;
  }
}

/** The words that a shell makes of a command: single quotes keep what is in them together. */
export function shellWords(command: string): string[] {
  return [...command.matchAll(/(?:'[^']*'|\\'|[^\s'])+/g)].map(([word]) => word.replace(/'([^']*)'|\\(')/g, "$1$2"));
}

/** What each printed command says of the violation that it is about: the rows of its theorem that have this text. */
export async function replayed(printed: string, text = /VIOLATED /): Promise<string[]> {
  const commands = [...printed.matchAll(/^ *replay: npx theorycheck (.*)$/gm)].map(([, command]) => command!);
  const rows: string[] = [];
  for (const command of commands) {
    const { code, out } = await commandLine(...shellWords(command));
    const row = out.split("\n").find((line) => text.test(line));
    if (code !== 0 || row === undefined) throw new Error(`${command}: exit code ${code}, printed ${out}`);
    rows.push(row);
  }
  return rows;
}
