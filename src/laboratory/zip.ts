import { pipeline, Readable } from "node:stream";
import { crc32, createInflateRaw } from "node:zlib";
import { InvalidInput } from "../invalid-input.ts";
import { type ByteSource, wholeBytes } from "./byte-source.ts";

/**
 * The members of a zip archive, read in parts and never unpacked to disk. Strict: what the archive says twice must agree,
 * members lie apart from one another (one that shares its bytes with others is how a bomb of 42 kB becomes petabytes),
 * what is packed must unpack to exactly the size and the checksum that are declared. Stored and deflated members only.
 */

/** The end record has 22 bytes and a comment of at most 65,535. */
const END = { signature: 0x06054b50, size: 22, longestComment: 65_535 };
const END_64_LOCATOR = { signature: 0x07064b50, size: 20 };
const END_64 = { signature: 0x06064b50, size: 56 };
const ENTRY = { signature: 0x02014b50, size: 46 };
const LOCAL = { signature: 0x04034b50, size: 30 };

/** A directory of more is refused unread: that is a million members with short names. */
const LARGEST_DIRECTORY = 64 * 2 ** 20;

const STORED = 0;
const DEFLATED = 8;

interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** @throws InvalidInput where it is no such archive */
export async function zipMembers(file: ByteSource): Promise<ReadonlyMap<string, ByteSource>> {
  const directory = await directoryOf(file);
  const bytes = await wholeBytes(file, directory.offset, directory.size);
  const entries = entriesIn(bytes, directory.entries, file.name);
  const members = new Map<string, ByteSource>();
  let end = 0;
  for (const entry of [...entries].sort((one, other) => one.offset - other.offset)) {
    if (members.has(entry.name))
      refuse(file.name, `its members must have a name each, got ${quoted(entry.name)} twice`);
    if (entry.offset < end)
      refuse(file.name, `its members must lie apart, got overlapping ones at ${quoted(entry.name)}`);
    const start = await startOf(file, entry, directory.offset);
    end = start + entry.packed;
    if (end > directory.offset) refuse(file.name, `is cut, or member ${quoted(entry.name)} reaches into the directory`);
    members.set(entry.name, memberOf(file, entry, start));
  }
  return members;
}

async function directoryOf(file: ByteSource): Promise<{ entries: number; size: number; offset: number }> {
  const length = Math.min(file.size, END.size + END.longestComment);
  const tail = await wholeBytes(file, file.size - length, length);
  const view = viewOf(tail);
  let at = length - END.size;
  const isEnd = (i: number) =>
    view.getUint32(i, true) === END.signature && i + END.size + view.getUint16(i + 20, true) === length;
  while (at >= 0 && !isEnd(at)) at--;
  if (at < 0) refuse(file.name, "is cut: a zip archive has an end record, got none");
  const endOffset = file.size - length + at;
  if (view.getUint16(at + 4, true) !== view.getUint16(at + 6, true))
    refuse(file.name, "must be one volume, got several");
  const [entries, size, offset] = [
    view.getUint16(at + 10, true),
    view.getUint32(at + 12, true),
    view.getUint32(at + 16, true),
  ];
  const isLarge = entries === 0xffff || size === 0xffffffff || offset === 0xffffffff;
  const directory = isLarge ? await largeDirectory(file, endOffset) : { entries, size, offset };
  if (directory.size > LARGEST_DIRECTORY) {
    refuse(
      file.name,
      `its directory must have at most ${LARGEST_DIRECTORY} bytes, got ${directory.size}: it was not read`,
    );
  }
  if (directory.offset + directory.size > endOffset) refuse(file.name, "is cut: its directory lies beyond its end");
  return directory;
}

async function largeDirectory(file: ByteSource, endOffset: number) {
  if (endOffset < END_64_LOCATOR.size) refuse(file.name, "is cut: a large archive has a second end record, got none");
  const locator = viewOf(await wholeBytes(file, endOffset - END_64_LOCATOR.size, END_64_LOCATOR.size));
  const at = wordAt(locator, 8, file.name);
  if (locator.getUint32(0, true) !== END_64_LOCATOR.signature || at + END_64.size > endOffset) {
    refuse(file.name, "is cut: a large archive has a second end record, got none");
  }
  const record = viewOf(await wholeBytes(file, at, END_64.size));
  if (record.getUint32(0, true) !== END_64.signature) refuse(file.name, "must have a second end record, got none");
  return {
    entries: wordAt(record, 32, file.name),
    size: wordAt(record, 40, file.name),
    offset: wordAt(record, 48, file.name),
  };
}

function entriesIn(bytes: Uint8Array, count: number, archive: string): Entry[] {
  const view = viewOf(bytes);
  const entries: Entry[] = [];
  let at = 0;
  for (; at < bytes.length; ) {
    if (at + ENTRY.size > bytes.length || view.getUint32(at, true) !== ENTRY.signature) break;
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((i) => view.getUint16(at + i, true)) as [
      number,
      number,
      number,
    ];
    const end = at + ENTRY.size + nameLength + extraLength + commentLength;
    if (end > bytes.length) break;
    const name = textOf(bytes.subarray(at + ENTRY.size, at + ENTRY.size + nameLength), archive);
    const words = [24, 20, 42].map((i) => view.getUint32(at + i, true));
    const extra = bytes.subarray(at + ENTRY.size + nameLength, at + ENTRY.size + nameLength + extraLength);
    const [size, packed, offset] = withLarge(words, extra, archive) as [number, number, number];
    entries.push({
      ...{ name, size, packed, offset },
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
    });
    at = end;
  }
  if (at !== bytes.length || entries.length !== count) {
    refuse(archive, `must have the ${count} members that its directory promises, got ${entries.length}`);
  }
  return entries;
}

/** Sizes of 4 GiB and more stand in a field behind the name, in the order of those that say so. */
function withLarge(words: readonly number[], extra: Uint8Array, archive: string): number[] {
  if (!words.includes(0xffffffff)) return [...words];
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    const end = at + 4 + view.getUint16(at + 2, true);
    let next = at + 4;
    return words.map((word) => {
      if (word !== 0xffffffff) return word;
      if (next + 8 > Math.min(end, extra.length)) refuse(archive, "must say how large a large member is");
      next += 8;
      return wordAt(view, next - 8, archive);
    });
  }
  return refuse(archive, "must say how large a large member is");
}

/** Where a member's bytes begin, behind its own header. */
async function startOf(file: ByteSource, entry: Entry, directory: number): Promise<number> {
  const what = `member ${quoted(entry.name)}`;
  if (entry.offset + LOCAL.size > directory) refuse(file.name, `is cut: ${what} lies beyond its directory`);
  const header = await wholeBytes(file, entry.offset, LOCAL.size);
  const view = viewOf(header);
  if (view.getUint32(0, true) !== LOCAL.signature) refuse(file.name, `${what} must begin with a header, got none`);
  const nameLength = view.getUint16(26, true);
  const start = entry.offset + LOCAL.size + nameLength + view.getUint16(28, true);
  if (start > directory) refuse(file.name, `is cut: ${what} lies beyond its directory`);
  const name = textOf(await wholeBytes(file, entry.offset + LOCAL.size, nameLength), file.name);
  if (name !== entry.name) refuse(file.name, `${what} must have one name, got ${quoted(name)} too`);
  if ((entry.flags & 1) !== 0) refuse(file.name, `${what} must not be encrypted`);
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    refuse(file.name, `${what} must be stored or deflated, got method ${entry.method}`);
  }
  if (entry.method === STORED && entry.packed !== entry.size) {
    refuse(file.name, `${what} is stored: its two sizes must be one, got ${entry.packed} and ${entry.size}`);
  }
  return start;
}

function memberOf(file: ByteSource, entry: Entry, start: number): ByteSource {
  const name = `${file.name}, ${entry.name}`;
  const { size, crc } = entry;
  const whole = () =>
    entry.method === STORED
      ? file.bytes(start, size)
      : inflated(file.bytes(start, entry.packed), size, name, `${size} bytes`);
  return {
    name,
    size,
    bytes: (from, length) =>
      // what is read to its end has its checksum looked at; what is stored may be read from the middle
      from + length === size && (entry.method === DEFLATED || from <= LONGEST_HEADER)
        ? behind(checked(whole(), crc, name), from, length)
        : entry.method === STORED
          ? file.bytes(start + from, length)
          : behind(whole(), from, length),
  };
}

/** What stands before an array's numbers is read twice, so that its checksum is that of the whole. */
const LONGEST_HEADER = 2 ** 16;

async function* inflated(
  packed: AsyncIterable<Uint8Array>,
  size: number,
  name: string,
  declared: string,
): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw({ chunkSize: 2 ** 18 });
  // an error in the one ends the other, and then the loop below
  pipeline(Readable.from(copies(packed), { objectMode: false }), inflate, () => {});
  let length = 0;
  try {
    for await (const part of inflate as AsyncIterable<Uint8Array>) {
      length += part.length;
      if (length > size) refuse(name, `must unpack to ${declared}, got more`);
      yield part;
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (/^Z_|^ERR_STREAM_PREMATURE/.test(code)) refuse(name, `must be packed as zip archives are, got ${code}`);
    throw error;
  }
  if (length < size) refuse(name, `must unpack to ${declared}, got ${length}`);
}

/** Streams keep what they are given for a while. */
async function* copies(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const part of parts) yield new Uint8Array(part);
}

async function* checked(parts: AsyncIterable<Uint8Array>, crc: number, name: string): AsyncGenerator<Uint8Array> {
  let sum = 0;
  for await (const part of parts) {
    sum = crc32(part, sum);
    yield part;
  }
  if (sum !== crc) refuse(name, "must have the checksum that the archive states: its bytes were changed");
}

/** These of the bytes. */
async function* behind(parts: AsyncIterable<Uint8Array>, from: number, length: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const part of parts) {
    const [first, last] = [Math.max(from - at, 0), Math.min(from + length - at, part.length)];
    if (first < last) yield part.subarray(first, last);
    at += part.length;
    if (at >= from + length && last < part.length) return;
  }
}

function wordAt(view: DataView, at: number, archive: string): number {
  const word = Number(view.getBigUint64(at, true));
  return Number.isSafeInteger(word) ? word : refuse(archive, `its sizes must be below 2^53, got ${word}`);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function textOf(bytes: Uint8Array, archive: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return refuse(archive, "names of its members must be UTF-8, got other bytes");
  }
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}

function refuse(archive: string, what: string): never {
  throw new InvalidInput(`${archive}: ${what}`);
}
