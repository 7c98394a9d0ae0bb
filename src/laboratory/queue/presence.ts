import type { Redis } from "ioredis";
import { z } from "zod";
import { type Identity, identitySchema } from "./identity.ts";
import { encodedText, nameOf, PROTOCOL, readAs, type Sender, senderSchema } from "./messages.ts";

/** How often a process says that it is there, ms. */
export const EVERY = 2_000;

/** After so much silence it is not there any more, ms. */
const EXPIRES = 10_000;

/** A worker as it announces itself. */
export interface Present extends Sender {
  readonly protocol: number;
  readonly theorycheck: string;
  readonly identity: Identity;
  /** How many trials it trains at a time; of a coordinator none. */
  readonly places: number;
  readonly trained: number;
}

const schema: z.ZodType<Present> = senderSchema.extend({
  protocol: z.literal(PROTOCOL),
  theorycheck: z.string().max(50),
  identity: identitySchema,
  places: z.int().min(0).max(4096),
  trained: z.int().min(0),
});

/** What was announced in another form: by another version, or by something else. */
const foreign = senderSchema.extend({ protocol: z.unknown() });

/** What was announced, or why it is of another form. */
export type Announced = Present | { readonly name: string; readonly foreign: string };

/** Who is there, by id. */
export type Roll = ReadonlyMap<string, Announced>;

/** Who is there, of one kind. Each says so again and again; who stops is forgotten. */
export class Presence {
  readonly #redis: Redis;
  readonly #key: string;

  constructor(redis: Redis, prefix: string, kind: "runs" | "workers") {
    this.#redis = redis;
    this.#key = `${prefix}:farm:${kind}`;
  }

  async announce(id: string, present: Omit<Present, "protocol">): Promise<void> {
    const text = encodedText({ protocol: PROTOCOL, ...present });
    await Promise.all([this.#redis.set(`${this.#key}:${id}`, text, "PX", EXPIRES), this.#redis.sadd(this.#key, id)]);
  }

  async withdraw(id: string): Promise<void> {
    await Promise.all([this.#redis.del(`${this.#key}:${id}`), this.#redis.srem(this.#key, id)]);
  }

  /** One of them; undefined where it is not there. */
  async find(id: string): Promise<Announced | undefined> {
    const text = await this.#redis.get(`${this.#key}:${id}`);
    return text === null ? undefined : read(text);
  }

  async roll(): Promise<Roll> {
    const ids = (await this.#redis.smembers(this.#key)).sort();
    if (ids.length === 0) return new Map();
    const texts = await this.#redis.mget(ids.map((id) => `${this.#key}:${id}`));
    const gone = ids.filter((_, i) => texts[i] === null);
    if (gone.length > 0) await this.#redis.srem(this.#key, ...gone);
    return new Map(ids.flatMap((id, i) => (texts[i] == null ? [] : [[id, read(texts[i] as string)] as const])));
  }
}

function read(text: string): Announced {
  const present = readAs(schema, text);
  if (present !== undefined) return present;
  const other = readAs(foreign, text);
  const name = other === undefined ? "somebody" : nameOf(other);
  const spoken = String(JSON.stringify(other?.protocol)).slice(0, 20);
  return other === undefined || other.protocol === PROTOCOL
    ? { name, foreign: "what it says of itself has another form" }
    : { name, foreign: `it speaks protocol ${spoken} and not ${PROTOCOL}: another version of theorycheck` };
}
