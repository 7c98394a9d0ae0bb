import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  futimesSync,
  lstatSync,
  openSync,
  readSync,
  rmSync,
  type Stats,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { decodeNumbers, encodeNumbers } from "../json-number.ts";
import { makeFolder } from "./make-folder.ts";
import { sha256 } from "./sources.ts";
import { besideName } from "./write-whole.ts";

/** Takes a sentence for whoever runs the program. */
export type Warn = (sentence: string) => void;

export const warnOnStderr: Warn = (sentence) => {
  process.stderr.write(`${sentence}\n`);
};

/** A number of any kind: NaN and the infinities too, which `z.number()` refuses. */
export const anyNumber = z.custom<number>((value) => typeof value === "number", "must be a number");

const LINE = /^\{"checksum":"([0-9a-f]{64})",("id":("(?:[^"\\]|\\.)*"),"value":.*)\}$/;

/** Bytes that are read at a time: a file of any size is never in memory as a whole. */
const CHUNK = 1 << 18;

/** A longer line is no line of a store: a trial has some kilobytes, one with the portrait of its training some hundred. */
const LONGEST_LINE = 1 << 26;

/** What is written and removed again to find out whether there is room for some lines: a page of the disk. */
const SOME_LINES = "\n".repeat(4096);

/** How long another process may take to finish the line that it is writing, in ms. */
const PATIENCE = 20;

const NEWLINE = 0x0a;

// a link is never followed: what is written lies where it seems to lie. Windows has no such flag
const NO_LINK = constants.O_NOFOLLOW ?? 0;

/** A line in the file: offset and length, in bytes. */
interface Place {
  readonly start: number;
  readonly length: number;
}

/**
 * Values by id in a file, a line of JSON each. All of a file stand under one key, which says what they depend on besides
 * their id. A line carries the SHA-256 of its text and the key, so that one that is torn, edited, under another key or of
 * another form is dropped and told of, never believed; and so are two that say different things of one id. This catches
 * accidents: it is no signature.
 *
 * Lines are only ever added, each with one write to the end of the file, so that several processes may write at once and
 * a kill tears the last line at most. A dropped line is overwritten with empty ones where it lies: no other moves.
 * Nothing here throws: a store that cannot be read or written is told of, and is empty or keeps nothing.
 */
export class LineStore<Value> {
  readonly #file: string;
  readonly #key: string;
  readonly #schema: z.ZodType<Value>;
  readonly #warn: Warn;
  readonly #places = new Map<string, Place>();
  #reading: number | undefined;
  /** Where the first line begins that was not read yet. */
  #end = 0;
  #writable: boolean;
  #told = false;

  /**
   * @param folder where stores lie; made where there is none, unless nothing is to be kept
   * @param kind begins the file's name
   * @param key a hash of all that the values depend on
   * @param keeps whether anything is to be written
   */
  constructor(
    folder: string,
    kind: string,
    key: string,
    schema: z.ZodType<Value>,
    warn: Warn,
    { keeps = true }: { readonly keeps?: boolean } = {},
  ) {
    this.#file = join(folder, `${kind}-${key.slice(0, 16)}.jsonl`);
    this.#key = key;
    this.#schema = schema;
    this.#warn = warn;
    this.#writable = keeps;
    // before anything is trained: whoever wants to keep it learns in time that it cannot be kept
    if (keeps) this.#attempt("nothing is kept in", () => this.#probe(folder));
    if (existsSync(this.#file)) this.#attempt("nothing is read from", () => this.#readAll());
  }

  find(id: string): Value | undefined {
    return this.#attempt("not all is read from", () => {
      // another process may have written it since
      if (!this.#places.has(id)) this.#readOn();
      const place = this.#places.get(id);
      if (place === undefined) return undefined;
      const value = this.#valueIn(this.#textAt(place));
      if (value !== undefined) return value;
      // its checksum is right and its form is not: nobody wrote it who had this schema
      this.#places.delete(id);
      this.#drop([place]);
      return undefined;
    });
  }

  /**
   * Keeps a value, unless it has not the form in which it could be read again.
   *
   * @param writes false where it may not be written: it is only given as it would be read
   * @returns the value as it will be read, so that nobody can tell what was found from what was kept
   */
  keep(id: string, value: Value, writes = true): Value {
    if (!this.#schema.safeParse(value).success) return value;
    const line = this.#attempt("a value is not kept in", () => this.#lineOf(id, value), false);
    const again = line === undefined ? undefined : this.#valueIn(line);
    if (line === undefined || again === undefined) return value;
    if (writes && this.#writable) this.#attempt("nothing more is kept in", () => this.#append(line));
    return again;
  }

  /** Nothing is found or kept any more. */
  close(): void {
    if (this.#reading !== undefined) closeSync(this.#reading);
    this.#reading = undefined;
    this.#places.clear();
    this.#writable = false;
  }

  /** Does what may fail: then nothing is written any more, and it is told once why. */
  #attempt<T>(consequence: string, act: () => T, ends = true): T | undefined {
    try {
      return act();
    } catch (error) {
      if (ends) this.#writable = false;
      const why = (error as Error).message;
      if (!this.#told) this.#warn(`store: ${consequence} ${this.#file}, the run goes on without: ${why}`);
      this.#told = true;
      return undefined;
    }
  }

  /**
   * Looks whether there is room for some lines, and marks the file as used.
   *
   * @throws where the folder cannot be made, is a link or no folder, or is full, or the file cannot be written
   */
  #probe(folder: string): void {
    makeFolder(folder);
    if (!lstatSync(folder).isDirectory()) throw new Error(`${folder} must be a folder, got a symbolic link`);
    const beside = besideName(this.#file);
    const descriptor = openSync(beside, "wx");
    try {
      writeAll(descriptor, Buffer.from(SOME_LINES));
      if (lstatSync(this.#file, { throwIfNoEntry: false })?.isFile()) this.#touch(fstatSync(descriptor).mtime);
    } finally {
      closeSync(descriptor);
      rmSync(beside, { force: true });
    }
  }

  /** The files of a store are removed in the order in which they were used last. @throws where it cannot be written */
  #touch(now: Stats["mtime"]): void {
    const descriptor = openSync(this.#file, constants.O_WRONLY | NO_LINK);
    try {
      futimesSync(descriptor, now, now);
    } catch {
      // another user's, who lets this one write: it counts as used when it was written last
    } finally {
      closeSync(descriptor);
    }
  }

  #readAll(): void {
    if (!lstatSync(this.#file).isFile()) throw new Error("it must be a regular file");
    const dropped: Place[] = [];
    const torn = this.#readOn(dropped);
    if (torn > 0) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE);
      const still = this.#readOn(dropped);
      const place = { start: this.#end, length: still };
      // only its end may be missing
      this.#place(place, this.#textAt(place), dropped, new Set());
      this.#end += still;
    }
    this.#drop(dropped);
  }

  /**
   * Reads the lines that were added since.
   *
   * @param dropped is given what is no line of this store, and all lines of an id that they disagree about
   * @returns how many bytes follow the last line that is whole
   */
  #readOn(dropped: Place[] = []): number {
    this.#reading ??= openedToRead(this.#file);
    if (this.#reading === undefined) return 0;
    const disputed = new Set<string>();
    const chunk = Buffer.allocUnsafe(CHUNK);
    let position = this.#end;
    for (;;) {
      const length = readSync(this.#reading, chunk, 0, chunk.length, position);
      if (length === 0) break;
      const bytes = chunk.subarray(0, length);
      for (let newline = bytes.indexOf(NEWLINE); newline >= 0; newline = bytes.indexOf(NEWLINE, newline + 1)) {
        const place = { start: this.#end, length: position + newline - this.#end };
        this.#end = position + newline + 1;
        // the whole line is in this chunk, or it is read by itself
        const whole = place.start >= position ? bytes.subarray(place.start - position, newline) : undefined;
        this.#place(place, whole?.toString() ?? this.#textAt(place), dropped, disputed);
      }
      position += length;
    }
    return position - this.#end;
  }

  #place(place: Place, line: string, dropped: Place[], disputed: Set<string>): void {
    if (place.length === 0) return;
    const id = this.#idIn(line);
    const before = id === undefined ? undefined : this.#places.get(id);
    if (id === undefined || disputed.has(id)) dropped.push(place);
    else if (before === undefined) this.#places.set(id, place);
    else if (this.#textAt(before) !== line) {
      // a value is a function of its id: one of the two is wrong, and nobody knows which
      dropped.push(before, place);
      disputed.add(id);
      this.#places.delete(id);
    }
  }

  /** Tells of lines that are not believed, and overwrites them, or the next run would tell of them again. */
  #drop(places: readonly Place[]): void {
    if (places.length === 0) return;
    const lines = places.length === 1 ? "1 line that is" : `${places.length} lines that are`;
    this.#warn(`store: ${this.#file} has ${lines} torn, edited or foreign: dropped, and trained again where needed`);
    if (!this.#writable) return;
    const descriptor = openSync(this.#file, constants.O_RDWR | NO_LINK);
    try {
      const { ino, size } = fstatSync(descriptor);
      // somebody removed the store, and somebody else began a new one
      if (ino !== fstatSync(this.#reading as number).ino) return;
      const empty = Buffer.alloc(CHUNK, NEWLINE);
      for (const { start, length } of places) {
        // to write over so much could fill the disk: it is told of again
        if (length > LONGEST_LINE) continue;
        const end = Math.min(start + length, size);
        for (let at = start; at < end; ) at += writeSync(descriptor, empty, 0, Math.min(CHUNK, end - at), at);
      }
    } finally {
      closeSync(descriptor);
    }
  }

  #append(line: string): void {
    makeFolder(dirname(this.#file));
    const { O_APPEND, O_CREAT, O_RDWR } = constants;
    const descriptor = openSync(this.#file, O_APPEND | O_CREAT | O_RDWR | NO_LINK, 0o666);
    try {
      const { size } = fstatSync(descriptor);
      const last = Buffer.alloc(1, NEWLINE);
      if (size > 0) readSync(descriptor, last, 0, 1, size - 1);
      // what was torn before it does not take this line with it
      const begin = last[0] === NEWLINE ? "" : "\n";
      writeAll(descriptor, Buffer.from(`${begin}${line}\n`));
    } finally {
      closeSync(descriptor);
    }
  }

  /** Empty where there is none: a line that is too long is not read, and is no line of a store. */
  #textAt({ start, length }: Place): string {
    if (length > LONGEST_LINE) return "";
    const bytes = Buffer.allocUnsafe(length);
    for (let done = 0; done < length; ) {
      const read = readSync(this.#reading as number, bytes, done, length - done, start + done);
      if (read === 0) return "";
      done += read;
    }
    return bytes.toString();
  }

  #lineOf(id: string, value: Value): string {
    const held = JSON.stringify({ id, value }, encodeNumbers).slice(1, -1);
    return `{"checksum":"${this.#checksum(held)}",${held}}`;
  }

  /** Undefined where it is no line of this store. */
  #idIn(line: string): string | undefined {
    const [, checksum, held, id] = LINE.exec(line) ?? [];
    if (held === undefined || checksum !== this.#checksum(held)) return undefined;
    return JSON.parse(id as string);
  }

  /** Undefined where it is no line of this store, or its value has not the form that it should have. */
  #valueIn(line: string): Value | undefined {
    if (this.#idIn(line) === undefined) return undefined;
    const { value } = parsed(line) ?? {};
    return this.#schema.safeParse(value).success ? (value as Value) : undefined;
  }

  #checksum(held: string): string {
    return sha256(`${this.#key}\n${held}`);
  }
}

/** Undefined where it is no JSON. */
function parsed(text: string): { readonly value?: unknown } | undefined {
  try {
    return JSON.parse(text, decodeNumbers);
  } catch {
    return undefined;
  }
}

/** Undefined where there is no such file. */
function openedToRead(file: string): number | undefined {
  try {
    return openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | NO_LINK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** @throws where less than all was written: a full disk takes what it can */
function writeAll(descriptor: number, bytes: Buffer): void {
  const written = writeSync(descriptor, bytes);
  if (written < bytes.length) throw new Error(`${written} of ${bytes.length} bytes were written: is the disk full?`);
}
