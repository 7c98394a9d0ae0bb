import { z } from "zod";
import type { Order, TrialRecord } from "../../experiment/trial.ts";
import { InvalidInput } from "../../invalid-input.ts";
import { jsonIn, ofForm } from "../../json.ts";
import { decodeNumbers, encodeNumbers } from "../../json-number.ts";
import { visibleLines } from "../../visible-text.ts";
import { anyNumber } from "../line-store.ts";
import { type Identity, identitySchema } from "./identity.ts";

/** Of the form of all that coordinators and workers say to each other. */
export const PROTOCOL = 1;

/** Who says something: a process on a machine. */
export interface Sender {
  readonly host: string;
  readonly pid: number;
}

export const nameOf = ({ host, pid }: Sender): string => `${host}/${pid}`;

const short = z.string().min(1).max(200);

export const senderSchema = z.object({ host: short.regex(/^[^\p{C}]*$/u, "must be printable"), pid: z.int() });

/** An order as it waits in the queue: data, never a path or code. */
export interface OrderMessage {
  /** Names the coordinator: the answer goes to it. */
  readonly run: string;
  /** Names the order within the run. */
  readonly id: string;
  readonly identity: Identity;
  readonly order: Order;
}

const drawn = z.looseObject({ theta: z.record(z.string(), z.union([anyNumber, z.string()])), seed: anyNumber });

const orderMessage = z.object({
  run: z.string().regex(/^[0-9a-f]{16}$/),
  id: z.string().regex(/^\d{1,15}$/),
  identity: identitySchema,
  order: z.object({
    experiment: z.string(),
    models: z.array(drawn).min(1),
    wanted: z.array(z.string()),
    detail: z.enum(["none", "ended", "on the way"]),
  }),
});

/** What a worker says to an order. */
export interface Answer {
  readonly id: string;
  readonly worker: Sender;
  readonly said: Said;
}

export type Said =
  | { readonly record: TrialRecord }
  /** What every worker would say of the order, since a trial is a function of it. */
  | { readonly invalidInput: string }
  /** What happened here, and may not happen elsewhere. */
  | { readonly failed: string }
  | { readonly refused: string };

const recordSchema = z.object({
  seed: anyNumber,
  models: z
    .array(
      z.strictObject({
        theta: z.record(z.string(), z.union([anyNumber, z.string()])),
        seed: anyNumber,
        steps: anyNumber,
        outcome: z.string(),
        digest: z.string().max(200),
        measurements: z.looseObject({}),
      }),
    )
    .min(1),
  observed: z.record(z.string(), anyNumber),
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

/** @throws InvalidInput naming the first field that is wrong */
export function readOrder(data: unknown): OrderMessage {
  const message = decoded(data);
  // what lies in it is kept as it came, in the order in which it came
  ofForm((given) => orderMessage.parse(given), message, "order");
  return message as OrderMessage;
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
export function whyNotOrdered(record: TrialRecord, order: Order): string | undefined {
  const models = record.models.map(({ theta, seed }) => ({ theta, seed }));
  const ordered = order.models.map(({ theta, seed }) => ({ theta, seed }));
  if (encodedText(models) !== encodedText(ordered) || record.seed !== ordered[0]?.seed) return "other theta or seed";
  const wanted = order.wanted.filter((key) => typeof record.observed[key] !== "number");
  if (wanted.length > 0) return `nothing observed of ${wanted[0]}`;
  return Object.keys(record.observed).length === new Set(order.wanted).size ? undefined : "more than was wanted";
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
