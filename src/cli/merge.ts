import { resolve } from "node:path";
import { Command } from "commander";
import type { TrialRecord } from "../experiment/trial.ts";
import { InvalidInput } from "../invalid-input.ts";
import type { Declarations } from "../laboratory/fingerprint.ts";
import { LaboratoryFault } from "../laboratory/laboratory-fault.ts";
import { whyDifferent } from "../laboratory/queue/audit.ts";
import { identityOf, whyOther } from "../laboratory/queue/identity.ts";
import { describeOrder } from "../laboratory/queue/messages.ts";
import { remembering } from "../laboratory/remembering.ts";
import { toJson } from "../report/encode.ts";
import { type DeclaredIn, declarationsOf, SUITE_OPTION } from "./laboratory.ts";
import { place } from "./places.ts";
import { print, tell } from "./print.ts";
import { commandOf, type Manifest, ordersOf, readManifest, trialsIn, type Whole } from "./shards.ts";

interface MergeOptions extends DeclaredIn {
  readonly store: string;
  readonly json?: boolean;
}

/** `merge`: what shards trained becomes what was trained here. */
export function mergeCommand(): Command {
  return new Command("merge")
    .argument("<folders...>", "folders of shards")
    .option(
      "--store <folder>",
      "folder of models already trained, which verify and the tests read",
      place,
      ".theorycheck",
    )
    .option("--theorems <file>", "the module that declares the claims, if they are not the project's own", place)
    .option(...SUITE_OPTION)
    .option("--json", "print JSON")
    .action(async (folders: readonly string[], { store, theorems, suite, json }: MergeOptions) => {
      const declarations = await declarationsOf({ theorems, suite });
      const shards = shardsIn(folders, declarations);
      const { trials, twice, gaps } = await merge(shards, declarations, resolve(store), { theorems, suite });
      const overlap = twice === 0 ? "" : `, ${twice} of them in more than one folder, and the same`;
      if (json) print(toJson({ store, folders: shards.length, trials, twice, gaps }));
      else print(`${trials} trials of ${shards.length} folders are in ${store}${overlap}\n`);
      for (const gap of gaps) tell(gap);
      if (gaps.length > 0) {
        throw new InvalidInput(
          `merge requires every trial, got gaps in ${gaps.length} of ${shards[0]?.manifest.of} shards`,
        );
      }
    });
}

interface Shard {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** @throws InvalidInput where a folder is no shard, or one of another question, core or declarations */
function shardsIn(folders: readonly string[], { closure }: Declarations): readonly Shard[] {
  const identity = identityOf(closure, "merge");
  const shards = folders.map((folder) => {
    const manifest = readManifest(resolve(folder));
    if (manifest === undefined)
      throw new InvalidInput(`merge requires folders of shards, got ${folder} without shard.json`);
    const why = whyOther(manifest.identity, identity);
    if (why !== undefined)
      throw new InvalidInput(`merge requires shards of this core and these declarations, got ${folder}: ${why}`);
    if (manifest.index >= manifest.of) {
      throw new InvalidInput(
        `merge requires shards from 0 to ${manifest.of - 1}, got ${folder} with ${manifest.index}`,
      );
    }
    return { folder, manifest };
  });
  const [first, ...others] = shards as [Shard, ...Shard[]];
  for (const { folder, manifest } of others) {
    const fields = ["of", "models", "seed", "law", "theorem"] as const satisfies readonly (keyof Whole)[];
    const field = fields.find((each) => manifest[each] !== first.manifest[each]);
    if (field === undefined) continue;
    const shown = (of: Manifest) => `--${field} ${of[field] ?? "not given"}`;
    throw new InvalidInput(
      `merge requires shards of one whole, got ${first.folder} with ${shown(first.manifest)} and ${folder} with ${shown(manifest)}`,
    );
  }
  return shards;
}

/** Puts all that is there into the store. @throws LaboratoryFault where two answers to one order differ */
async function merge(
  shards: readonly Shard[],
  declarations: Declarations,
  store: string,
  declaredIn: DeclaredIn,
): Promise<{ readonly trials: number; readonly twice: number; readonly gaps: readonly string[] }> {
  const whole = shards[0]!.manifest;
  const gaps: string[] = [];
  let [trials, twice] = [0, 0];
  let next: TrialRecord | undefined;
  // the store takes what a laboratory runs, and this one runs what shards have run
  const source = { places: 1, run: async () => next, close: async () => {} };
  const target = remembering(source, { folder: store, closure: declarations.closure });
  try {
    for (let index = 0; index < whole.of; index++) {
      const own = shards.filter(({ manifest }) => manifest.index === index);
      const kept = own.map(({ folder }) => ({ folder, trials: trialsIn(resolve(folder), declarations) }));
      const orders = ordersOf(declarations, whole, index);
      let missing = 0;
      for (const order of orders) {
        const found: { folder: string; record: TrialRecord }[] = [];
        for (const { folder, trials } of kept) {
          const record = await trials.run(order);
          if (record !== undefined) found.push({ folder, record });
        }
        const [first, ...others] = found;
        if (first === undefined) {
          missing++;
          continue;
        }
        next = first.record;
        const stored = { folder: store, record: (await target.run(order)) as TrialRecord };
        for (const other of [...others, stored]) {
          const why = whyDifferent(first.record, other.record);
          if (why === undefined) continue;
          throw new LaboratoryFault(
            `two answers to one order: ${first.folder} and ${other.folder} differ: ${why}; ${describeOrder(order)}`,
          );
        }
        trials++;
        if (others.length > 0) twice++;
      }
      if (missing === 0) continue;
      const command = commandOf(whole, index, declaredIn, own[0]?.folder);
      gaps.push(
        own.length === 0
          ? `shard ${index} of ${whole.of} is not there: ${command}`
          : `shard ${index} of ${whole.of} lacks ${missing} of ${orders.length} trials: ${command}`,
      );
    }
  } finally {
    await target.close();
  }
  return { trials, twice, gaps };
}
