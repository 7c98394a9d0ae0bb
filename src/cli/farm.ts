import { InvalidArgumentError, Option } from "commander";
import type { Laboratory } from "../experiment/laboratory.ts";
import type { Declarations } from "../laboratory/fingerprint.ts";
import { addressOf, PREFIX, requirePrefix } from "../laboratory/queue/address.ts";
import { identityOf } from "../laboratory/queue/identity.ts";
import { thisMachine } from "../laboratory/this-machine.ts";
import { UsageError } from "./errors.ts";

/** Options of commands whose trials others may run. */
export interface FarmOptions {
  readonly queue?: string;
  readonly prefix?: string;
  readonly audit?: number;
  /** Lines of the queue are JSON, for programs. */
  readonly json?: boolean;
}

/** The same, with what a command adds. */
export interface OpenedFarm extends FarmOptions {
  /** Of theorycheck. */
  readonly version: string;
  /** Takes a line for a person; stderr unless given. */
  readonly say?: ((line: string) => void) | undefined;
}

const sayOnStderr = (line: string): void => {
  // over a line of progress, which is drawn again
  process.stderr.write(`${process.stderr.isTTY ? "\r\u001b[K" : ""}${line}\n`);
};

/** "2%" or "0.02": a share above 0. */
export function share(text: string): number {
  const [, number, percent] = /^(\d+(?:\.\d+)?|\.\d+)(%?)$/.exec(text.trim()) ?? [];
  const value = Number(number) / (percent === "%" ? 100 : 1);
  if (number === undefined || !(value > 0 && value <= 1)) {
    throw new InvalidArgumentError(`It must be a share above 0 and at most 100%, got ${JSON.stringify(text)}.`);
  }
  return value;
}

/** The options of a farm. */
export const FARM = {
  queue: new Option("--queue <url>", "workers run the trials that meet on this Redis: redis://HOST, rediss:// for TLS"),
  prefix: new Option("--prefix <name>", `what the queue's keys begin with; ${PREFIX} unless given`),
  audit: new Option("--audit <share>", "train 2% or so of the answers again here; stop where one differs").argParser(
    share,
  ),
} as const;

/** The laboratory of the workers on a queue; undefined where none is asked for. */
export async function openFarm(
  declarations: Declarations,
  { queue: url, prefix, audit, version, json, say = sayOnStderr }: OpenedFarm,
  { workers, signal }: { readonly workers?: number | undefined; readonly signal?: AbortSignal | undefined },
): Promise<Laboratory | undefined> {
  if (url === undefined) {
    const [given] =
      Object.entries({ "--prefix": prefix, "--audit": audit }).find(([, value]) => value !== undefined) ?? [];
    if (given !== undefined) throw new UsageError(`${given} belongs to --queue, got it without`);
    return undefined;
  }
  const { statements, closure } = declarations;
  const address = addressOf(url, process.env);
  const of = { address, prefix: requirePrefix(prefix ?? PREFIX), identity: identityOf(closure, "--queue"), version };
  // loaded by those who ask for it
  const { queue } = await import("../laboratory/queue/coordinator.ts");
  const { jsonLine } = await import("../laboratory/queue/tell.ts");
  const home = audit === undefined ? undefined : thisMachine(declarations, { workers, signal });
  try {
    return await queue({
      ...of,
      statements,
      now: () => performance.now(),
      tell: (line, happening) => say(json === true ? jsonLine(line, happening) : `queue: ${line}`),
      audit: audit === undefined || home === undefined ? undefined : { share: audit, home },
      signal,
    });
  } catch (error) {
    await home?.close();
    throw error;
  }
}
