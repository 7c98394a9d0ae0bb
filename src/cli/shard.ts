import { resolve } from "node:path";
import { Command } from "commander";
import { LaboratoryFault } from "../laboratory/laboratory-fault.ts";
import { identityOf } from "../laboratory/queue/identity.ts";
import { remembering } from "../laboratory/remembering.ts";
import { thisMachine } from "../laboratory/this-machine.ts";
import { toJson } from "../report/encode.ts";
import { GATE_SEED } from "../verdict/judge.ts";
import { UsageError } from "./errors.ts";
import { stoppable } from "./interrupt.ts";
import { declarationsOf, SUITE_OPTION } from "./laboratory.ts";
import { wholeNumber } from "./options.ts";
import { place } from "./places.ts";
import { print, tell } from "./print.ts";
import { claimFolder, commandOf, FORMAT, ordersOf, trialsIn, type Whole } from "./shards.ts";

interface ShardOptions extends Whole {
  readonly index: number;
  readonly out: string;
  readonly theorems?: string;
  readonly suite?: string;
  readonly workers?: number;
  readonly json?: boolean;
}

/** `shard`: trains a part of what `verify` would, on a machine that knows nothing of the others. */
export function shardCommand(version: string, signal: AbortSignal): Command {
  return new Command("shard")
    .requiredOption("--index <i>", "which shard: from 0 to one less than there are", wholeNumber(0, 999_999))
    .requiredOption("--of <n>", "how many shards there are", wholeNumber(1, 1_000_000))
    .requiredOption("--models <k>", "models of each law, of all shards together", wholeNumber(1, 10_000_000))
    .requiredOption("--out <folder>", "folder of this shard alone; what lies there already is not trained again", place)
    .option("--law <id>", "one law, or all; all unless given")
    .option("--theorem <id>", "one theorem with its controls, or one other statement")
    .option("--theorems <file>", "the module that declares them, if they are not the project's own", place)
    .option(...SUITE_OPTION)
    .option("--seed <n>", "seed of the run", wholeNumber(0), GATE_SEED)
    .option("--workers <n>", "models trained at a time; one a core unless given", wholeNumber(1, 256))
    .option("--json", "print JSON")
    .action(async ({ index, out, theorems, suite, workers, of, models, seed, law, theorem, json }: ShardOptions) => {
      if (index >= of) throw new UsageError(`--index must be below --of ${of}, got ${index}`);
      const declarations = await declarationsOf({ theorems, suite });
      const identity = identityOf(declarations.closure, "shard");
      const whole = { of, models, seed, law, theorem };
      const orders = ordersOf(declarations, whole, index);
      const folder = resolve(out);
      const named = `shard ${index} of ${of}`;
      const again = `the same command goes on: ${commandOf(whole, index, { theorems, suite }, out)}`;
      const full = (error: unknown) =>
        new LaboratoryFault(`${named}: ${out} takes no more: ${(error as Error).message}; with room, ${again}`);
      try {
        claimFolder(folder, { format: FORMAT, theorycheck: version, identity, index, ...whole });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === undefined) throw error;
        throw full(error);
      }
      const say = (line: string) => tell(`${named}: ${line}`);
      await stoppable(signal, "what was trained is kept", async () => {
        const training = thisMachine(declarations, { workers, signal });
        const laboratory = remembering(training, { folder, closure: declarations.closure, warn: say });
        let [done, tenths] = [0, 0];
        try {
          await Promise.all(
            orders.map(async (order) => {
              await laboratory.run(order);
              const now = Math.floor((10 * ++done) / orders.length);
              if (now > tenths) say(`${done} of ${orders.length} trials`);
              tenths = now;
            }),
          );
        } finally {
          await laboratory.close().catch((error: unknown) => say(`cannot be kept: ${(error as Error).message}`));
        }
      });
      // what was trained is worth nothing where it was not kept: it is read as merge will read it
      const kept = trialsIn(folder, declarations);
      const found = await Promise.all(orders.map((order) => kept.run(order)));
      const missing = found.filter((record) => record === undefined).length;
      if (missing > 0) throw full(new Error(`${missing} of ${orders.length} trials are not in it`));
      print(json ? toJson({ index, of, out, trials: orders.length }) : `${named}: ${orders.length} trials in ${out}\n`);
    });
}
