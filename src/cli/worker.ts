import { Command } from "commander";
import { addressOf, PREFIX, requirePrefix } from "../laboratory/queue/address.ts";
import { identityOf } from "../laboratory/queue/identity.ts";
import type { Tell } from "../laboratory/queue/tell.ts";
import { thisMachine } from "../laboratory/this-machine.ts";
import { declarationsOf, SUITE_OPTION } from "./laboratory.ts";
import { wholeNumber } from "./options.ts";
import { place } from "./places.ts";
import { tell } from "./print.ts";

interface WorkerOptions {
  readonly queue: string;
  readonly places?: number;
  readonly theorems?: string;
  readonly suite?: string;
  readonly prefix: string;
  readonly json?: boolean;
}

/** `worker`: trains what runs with `--queue` order, until it is told to end. */
export function workerCommand(version: string, signal: AbortSignal): Command {
  return new Command("worker")
    .requiredOption("--queue <url>", "the Redis that runs meet their workers on: redis://HOST, or rediss:// for TLS")
    .option("--places <n>", "models trained at a time; one a core unless given", wholeNumber(1, 256))
    .option("--theorems <file>", "the declarations that orders may be about, if they are not the project's own", place)
    .option(...SUITE_OPTION)
    .option("--prefix <name>", "what the queue's keys begin with", PREFIX)
    .option("--json", "say what happens in lines of JSON, for programs: docs/scale.md")
    .action(async ({ queue, places, theorems, suite, prefix, json }: WorkerOptions) => {
      const address = addressOf(queue, process.env);
      requirePrefix(prefix);
      const declarations = await declarationsOf({ theorems, suite });
      const { statements } = declarations;
      const identity = identityOf(declarations.closure, "worker");
      const { serve } = await import("../laboratory/queue/serve.ts");
      const { jsonLine } = await import("../laboratory/queue/tell.ts");
      const say: Tell = (line, happening) => tell(json ? jsonLine(line, happening) : line);
      const laboratory = thisMachine(declarations, { workers: places, signal });
      try {
        await serve({ address, prefix, identity, statements, version, laboratory, tell: say, signal });
        throw signal.reason;
      } finally {
        await laboratory.close();
      }
    });
}
