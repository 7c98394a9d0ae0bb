import { z } from "zod";
import { InvalidInput } from "../../invalid-input.ts";
import { bundleHash } from "../built.ts";
import type { Closure } from "../closure.ts";
import { coreHash } from "../fingerprint.ts";
import { sha256 } from "../sources.ts";

/**
 * What a trial depends on beside its order, as the store's key has it: two machines run the same trials if and only if
 * these are equal.
 */
export interface Identity {
  readonly core: string;
  /** Of the bundle that runs; "none" where the sources do. */
  readonly bundle: string;
  readonly declarations: string;
  /** Version of Node: `Math.exp` and its like differ by a bit from one to the next, and a claim may use them. */
  readonly node: string;
  readonly locale: string;
}

const NAMES: { readonly [K in keyof Identity]: string } = {
  core: "core",
  bundle: "bundle",
  declarations: "declarations' hash",
  node: "Node",
  locale: "locale",
};

const text = z.string().max(100);

export const identitySchema = z.object({ core: text, bundle: text, declarations: text, node: text, locale: text });

/** @param use what it is asked for. @throws InvalidInput where it is not known what the declarations read */
export function identityOf({ hash, unknown }: Closure, use: string): Identity {
  if (unknown.length > 0)
    throw new InvalidInput(`${use} requires declarations whose hash says all, got: ${unknown[0]}`);
  return {
    core: coreHash(),
    bundle: bundleHash() ?? "none",
    declarations: hash,
    node: process.version,
    locale: new Intl.NumberFormat().resolvedOptions().locale,
  };
}

/** In a few characters: names queues, and stands in each order. */
export function identityKey(identity: Identity): string {
  return sha256(JSON.stringify(Object.keys(NAMES).map((field) => identity[field as keyof Identity]))).slice(0, 16);
}

/** "its core is 0123456789ab and not ba9876543210, …"; undefined where two are equal. */
export function whyOther(theirs: Identity, ours: Identity): string | undefined {
  const differing = (Object.keys(NAMES) as (keyof Identity)[]).filter((field) => theirs[field] !== ours[field]);
  if (differing.length === 0) return undefined;
  const shown = (value: string) => JSON.stringify(value.slice(0, 12)).slice(1, -1);
  return differing
    .map((field) => `its ${NAMES[field]} is ${shown(theirs[field])} and not ${shown(ours[field])}`)
    .join(", ");
}
