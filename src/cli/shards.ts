import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Laboratory } from "../experiment/laboratory.ts";
import type { Order } from "../experiment/trial.ts";
import { InvalidInput } from "../invalid-input.ts";
import { jsonIn, ofForm } from "../json.ts";
import type { Declarations } from "../laboratory/fingerprint.ts";
import { type Identity, identitySchema } from "../laboratory/queue/identity.ts";
import { readText } from "../laboratory/read-text.ts";
import { remembering } from "../laboratory/remembering.ts";
import { writeWhole } from "../laboratory/write-whole.ts";
import { trialOrder } from "../verdict/order.ts";
import { prepare } from "../verdict/prepare.ts";
import type { DeclaredIn } from "./laboratory.ts";
import { lawSelection, statementSelection } from "./registry.ts";

/** What shards are shards of: the first trials that `verify` would ask for, of each law. */
export interface Whole {
  /** Into how many shards it is cut. */
  readonly of: number;
  /** Trials of each law; fewer where no statement on a law may have so many. */
  readonly models: number;
  readonly seed: number;
  readonly law?: string | undefined;
  readonly theorem?: string | undefined;
}

/** What lies beside a shard's trials, and says what they are. */
export interface Manifest extends Whole {
  readonly format: typeof FORMAT;
  readonly theorycheck: string;
  readonly identity: Identity;
  /** Which shard; from 0. */
  readonly index: number;
}

export const FORMAT = 1;

const schema = z.strictObject({
  format: z.literal(FORMAT),
  theorycheck: z.string(),
  identity: identitySchema,
  index: z.int().min(0),
  of: z.int().min(1),
  models: z.int().min(1),
  seed: z.int().min(0),
  law: z.string().optional(),
  theorem: z.string().optional(),
});

const FILE = "shard.json";

/** The orders of a shard: of all, law by law and index by index, each n-th. */
export function ordersOf({ statements }: Declarations, whole: Whole, index: number): readonly Order[] {
  const selectsLaw = lawSelection(whole.law ?? "all", statements);
  const selectsStatement = statementSelection(whole.theorem === undefined ? undefined : [whole.theorem], statements);
  const selects: Parameters<typeof prepare>[0]["selects"] = (statement, law) =>
    selectsStatement(statement) && selectsLaw(law);
  return prepare({ statements, selects })
    .populations.flatMap((population) => {
      // more of them nobody would count
      const cap = Math.max(...population.claims.map(({ statement }) => statement.maxModels));
      return Array.from({ length: Math.min(whole.models, cap) }, (_, i) => ({ population, i }));
    })
    .filter((_, place) => place % whole.of === index)
    .map(({ population, i }) => trialOrder(population, whole.seed, i));
}

/** The trials that lie in a shard's folder: a laboratory that runs none. */
export function trialsIn(folder: string, { closure }: Declarations): Laboratory {
  const nowhere = { places: 1, run: async () => undefined, close: async () => {} };
  return remembering(nowhere, { folder, closure });
}

/** Undefined where there is none. @throws InvalidInput where it has another form */
export function readManifest(folder: string): Manifest | undefined {
  const file = join(folder, FILE);
  if (!existsSync(file)) return undefined;
  return ofForm((data) => schema.parse(data) as Manifest, jsonIn(readText(file, 10_000), file), file);
}

/** @throws InvalidInput where another shard lies there already */
export function claimFolder(folder: string, manifest: Manifest): void {
  const there = readManifest(folder);
  if (there === undefined) {
    writeWhole(join(folder, FILE), `${JSON.stringify(manifest, undefined, 2)}\n`);
    return;
  }
  const differing = (Object.keys(manifest) as (keyof Manifest)[]).find(
    (field) => JSON.stringify(there[field]) !== JSON.stringify(manifest[field]),
  );
  if (differing === undefined) return;
  throw new InvalidInput(
    `--out must be a folder of this shard or a new one, got ${folder}, which holds shard ${there.index} of ${there.of} with another ${differing}`,
  );
}

/** The command that runs a shard, or runs what is missing of it. */
export function commandOf(
  { models, seed, law, theorem, of }: Whole,
  index: number,
  { theorems, suite }: DeclaredIn,
  out = "DIR",
): string {
  const options = { index, of, models, seed, law, theorem, theorems, suite, out };
  const words = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, quoted(String(value))],
  );
  return ["npx theorycheck shard", ...words].join(" ");
}

const quoted = (word: string) => (/^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
