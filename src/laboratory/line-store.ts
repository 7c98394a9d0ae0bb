import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { decodeNumbers, encodeNumbers } from "../json-number.ts";
import { sha256 } from "./sources.ts";
import { writeWhole } from "./write-whole.ts";

/** Takes a sentence for whoever runs the program. */
export type Warn = (sentence: string) => void;

export const warnOnStderr: Warn = (sentence) => {
  process.stderr.write(`${sentence}\n`);
};

/** A number of any kind: NaN and the infinities too, which `z.number()` refuses. */
export const anyNumber = z.custom<number>((value) => typeof value === "number", "must be a number");

const LINE = /^\{"checksum":"([0-9a-f]{64})",("id":.*)\}$/;

/**
 * Values by id in a file, a line of JSON each. All of a file stand under one key, which says what they depend on besides
 * their id. A line carries the SHA-256 of its text and the key, so that one that is torn, edited, under another key or of
 * another form is dropped and told of, never believed. This catches accidents: it is no signature.
 */
export class LineStore<Value> {
  readonly #file: string;
  readonly #key: string;
  readonly #schema: z.ZodType<Value>;
  readonly #values = new Map<string, Value>();
  #changed = false;

  /**
   * @param folder where stores lie; made where there is none
   * @param kind begins the file's name
   * @param key a hash of all that the values depend on
   */
  constructor(folder: string, kind: string, key: string, schema: z.ZodType<Value>, warn: Warn) {
    this.#file = join(folder, `${kind}-${key.slice(0, 16)}.jsonl`);
    this.#key = key;
    this.#schema = schema;
    if (!existsSync(this.#file)) return;
    const dropped = readFileSync(this.#file, "utf8")
      .split("\n")
      .filter((line) => line !== "" && !this.#read(line)).length;
    if (dropped === 0) return;
    // written anew without them, or the next run would tell of them again
    this.#changed = true;
    const lines = dropped === 1 ? "1 line that is" : `${dropped} lines that are`;
    warn(`store: ${this.#file} has ${lines} torn, edited or foreign: dropped, and trained again where needed`);
  }

  find(id: string): Value | undefined {
    return this.#values.get(id);
  }

  /** Keeps a value, unless it has not the form in which it could be read again. */
  keep(id: string, value: Value): void {
    if (!this.#schema.safeParse(value).success) return;
    this.#values.set(id, value);
    this.#changed = true;
  }

  /** Writes what was kept, in the order of the ids. */
  save(): void {
    if (!this.#changed) return;
    const ascending = [...this.#values].sort(([x], [y]) => (x < y ? -1 : 1));
    writeWhole(this.#file, ascending.map(([id, value]) => `${this.#lineOf(id, value)}\n`).join(""));
    this.#changed = false;
  }

  #lineOf(id: string, value: Value): string {
    const held = JSON.stringify({ id, value }, encodeNumbers).slice(1, -1);
    return `{"checksum":"${this.#checksum(held)}",${held}}`;
  }

  #read(line: string): boolean {
    const [, checksum, held] = LINE.exec(line) ?? [];
    if (held === undefined || checksum !== this.#checksum(held)) return false;
    try {
      const { id, value } = JSON.parse(`{${held}}`, decodeNumbers);
      if (typeof id !== "string" || !this.#schema.safeParse(value).success) return false;
      this.#values.set(id, value);
      return true;
    } catch (error) {
      if (error instanceof SyntaxError) return false;
      throw error;
    }
  }

  #checksum(held: string): string {
    return sha256(`${this.#key}\n${held}`);
  }
}
