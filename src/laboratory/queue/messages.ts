import { z } from "zod";
import type { Ended } from "../../experiment/experiment.ts";
import type { Order, RunRecord, TrialRecord } from "../../experiment/trial.ts";
import { InvalidInput } from "../../invalid-input.ts";
import { jsonIn, ofForm } from "../../json.ts";
import { decodeNumbers, encodeNumbers } from "../../json-number.ts";
import { visibleLines } from "../../visible-text.ts";
import { anyNumber } from "../line-store.ts";
import type { ClaimNumbers, ClaimRanges } from "./claim-numbers.ts";

/** Of the form of all that coordinators and workers say to each other. */
export const PROTOCOL = 2;

/** Who says something: a process on a machine. */
export interface Sender {
  readonly host: string;
  readonly pid: number;
}

export const nameOf = ({ host, pid }: Sender): string => `${host}/${pid}`;

const short = z.string().min(1).max(200);

export const senderSchema = z.object({ host: short.regex(/^[^\p{C}]*$/u, "must be printable"), pid: z.int() });

/** An order, and what it needs beside. */
export interface OrderMessage {
  /** Names the coordinator: the answer goes to it. */
  readonly run: string;
  /** Names the order within the run. */
  readonly id: string;
  /** Of the coordinator's identity, which stands in full where it says that it is there. */
  readonly identity: string;
  readonly order: Order;
}

const drawn = z.looseObject({ theta: z.record(z.string(), z.union([anyNumber, z.string()])), seed: anyNumber });

/** As it waits in the queue: data, never a path or code. */
const orderMessage = z.object({
  run: z.string().regex(/^[0-9a-f]{16}$/),
  id: z.string().regex(/^\d{1,15}$/),
  identity: z.string().regex(/^[0-9a-f]{16}$/),
  experiment: z.string(),
  models: z.array(drawn).min(1),
  claims: z.array(z.tuple([z.int().min(0), z.int().min(1)])),
  detail: z.enum(["none", "ended", "on the way"]),
});

/** What a trial showed, without what its order says: θ, and which claims were observed. */
export interface ShortRecord {
  readonly models: readonly (Pick<RunRecord, "seed"> & Ended)[];
  /** Of each claim that was wanted, in that order. */
  readonly observed: readonly number[];
  readonly portrait?: unknown;
}

/** What a worker says to an order. */
export interface Answer {
  readonly id: string;
  readonly worker: Sender;
  readonly said: Said;
}

export type Said =
  | { readonly record: ShortRecord }
  /** What every worker would say of the order, since a trial is a function of it. */
  | { readonly invalidInput: string }
  /** What happened here, and may not happen elsewhere. */
  | { readonly failed: string }
  | { readonly refused: string };

const recordSchema = z.object({
  models: z
    .array(
      z.strictObject({
        seed: anyNumber,
        steps: anyNumber,
        outcome: z.string(),
        digest: z.string().max(200),
        measurements: z.looseObject({}),
      }),
    )
    .min(1),
  observed: z.array(anyNumber),
  portrait: z.unknown().optional(),
});

/** What a worker may say, by the one key that it has. */
const SAID: { readonly [K in "record" | "invalidInput" | "failed" | "refused"]: z.ZodType } = {
  record: recordSchema,
  invalidInput: z.string(),
  failed: z.string(),
  refused: z.string(),
};

const answerSchema = z.object({
  id: z.string().regex(/^\d{1,15}$/),
  worker: senderSchema,
  // an enumeration of keys in the place of a union, whose message would not say which field is wrong
  said: z.partialRecord(z.enum(["record", "invalidInput", "failed", "refused"]), z.unknown()),
});

/** Data as JSON has it: numbers that are not finite as text. */
export function encoded(message: unknown): unknown {
  return JSON.parse(encodedText(message));
}

export function encodedText(message: unknown): string {
  return JSON.stringify(message, encodeNumbers);
}

function decoded(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data), decodeNumbers);
}

/** @throws InvalidInput where the order wants claims that nobody declared */
export function writtenOrder({ order, ...message }: OrderMessage, numbers: ClaimNumbers): unknown {
  const { wanted, ...others } = order;
  return encoded({ ...message, ...others, claims: numbers.rangesOf(wanted) });
}

/** @throws InvalidInput naming the first field that is wrong */
export function readOrder(data: unknown, numbers: ClaimNumbers): OrderMessage {
  const message = decoded(data);
  ofForm((given) => orderMessage.parse(given), message, "order");
  // what lies in it is kept as it came, in the order in which it came
  const { run, id, identity, experiment, models, claims, detail } = message as Omit<OrderMessage, "order"> &
    Omit<Order, "wanted"> & { readonly claims: ClaimRanges };
  return { run, id, identity, order: { experiment, models, wanted: numbers.keysOf(claims), detail } };
}

/** A record as it is answered. */
export function shortened({ models, observed, seed: _, ...others }: TrialRecord, { wanted }: Order): ShortRecord {
  return {
    models: models.map(({ theta, ...model }) => model),
    observed: wanted.map((key) => observed[key] as number),
    ...others,
  };
}

/** The record that was shortened; of an answer that fits its order. */
export function inFull({ models, observed, ...others }: ShortRecord, order: Order): TrialRecord {
  return {
    seed: order.models[0].seed,
    models: models.map((model, i) => ({ ...(order.models[i] as Order["models"][0]), ...model })),
    observed: Object.fromEntries(order.wanted.map((key, i) => [key, observed[i] as number])),
    ...others,
  };
}

/** @throws InvalidInput naming the first field that is wrong */
export function readAnswer(data: unknown): Answer {
  const message = decoded(data);
  const { said } = ofForm((given) => answerSchema.parse(given), message, "answer");
  const [entry, ...others] = Object.entries(said);
  if (entry === undefined || others.length > 0) {
    throw new InvalidInput(`answer: said: must have one entry, got ${Object.keys(said).length}`);
  }
  const [key, value] = entry;
  ofForm((given) => SAID[key as keyof typeof SAID].parse(given), value, `answer: said: ${key}`);
  const answer = message as Answer;
  return typeof value === "string" ? { ...answer, said: { [key]: visibleLines(value) } as unknown as Said } : answer;
}

/** Why a record is none of what was ordered; undefined where it is. */
export function whyNotOrdered({ models, observed }: ShortRecord, order: Order): string | undefined {
  const [answered, ordered] = [models, order.models].map((each) => each.map(({ seed }) => seed).join(" and "));
  if (answered !== ordered) return `it must be of seed ${ordered}, got ${answered}`;
  const { length } = order.wanted;
  return observed.length === length ? undefined : `${length} claims must be observed, got ${observed.length}`;
}

/** "seed 7, theta {…}" */
export function describeOrder({ models: [{ seed, theta }] }: Order): string {
  return `seed ${seed}, theta ${JSON.stringify(theta)}`;
}

/** The data of a JSON text that a schema accepts; undefined for anything else. */
export function readAs<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(jsonIn(text, "text")).data;
  } catch {
    return undefined;
  }
}
