import { InvalidInput } from "../../invalid-input.ts";
import type { ByteSource } from "../../laboratory/byte-source.ts";

/** An array of numbers in a file. Nothing of it is read before somebody asks for its numbers. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Which of its indices runs fastest in the file: the last one, as in C, or the first. */
  readonly order: "rows" | "columns";
  readonly numbers: Numbers | { readonly unread: string };
}

/** Where its numbers stand. */
export interface Numbers {
  readonly source: ByteSource;
  readonly from: number;
  readonly type: NumberType;
  readonly bigEndian: boolean;
}

/** What is measured. */
export type NumberType = "F64" | "F32" | "F16" | "BF16";

export const BYTES_OF: Readonly<Record<NumberType, number>> = { F64: 8, F32: 4, F16: 2, BF16: 2 };

/** Most entries of an array whose numbers are read: 2^27 of them are a GiB of doubles. */
export const MOST_ENTRIES = 2 ** 27;

/** How many entries a shape has. @throws InvalidInput where these are no lengths, or too many entries to count */
export function entriesOf(shape: readonly number[], name: string): number {
  let entries = 1;
  for (const length of shape) {
    entries *= length;
    if (!Number.isSafeInteger(length) || length < 0 || !Number.isSafeInteger(entries)) {
      throw new InvalidInput(`${name}: shape must be of whole numbers with a product below 2^53, got [${shape}]`);
    }
  }
  return entries;
}

/** So many numbers, in the order of the file, in parts: a part is good until the next one is asked for. */
export async function* numbersIn(
  { source, from, type, bigEndian }: Numbers,
  count: number,
): AsyncGenerator<Float64Array> {
  const width = BYTES_OF[type];
  let rest = new Uint8Array(0);
  for await (const part of source.bytes(from, count * width)) {
    let bytes = part;
    if (rest.length > 0) {
      bytes = new Uint8Array(rest.length + part.length);
      bytes.set(rest);
      bytes.set(part, rest.length);
    }
    const whole = bytes.length - (bytes.length % width);
    rest = new Uint8Array(bytes.subarray(whole));
    if (whole > 0) yield decoded(bytes.subarray(0, whole), type, bigEndian);
  }
}

/** An index runs over bytes in the order of this machine: every machine that Node runs on has the lesser ones first. */
function decoded(given: Uint8Array, type: NumberType, bigEndian: boolean): Float64Array {
  const width = BYTES_OF[type];
  // a copy: `slice` of one of Node's own buffers is none
  const bytes = bigEndian || given.byteOffset % width !== 0 ? new Uint8Array(given) : given;
  if (bigEndian) for (let i = 0; i < bytes.length; i += width) bytes.subarray(i, i + width).reverse();
  const { buffer, byteOffset } = bytes;
  const count = bytes.length / width;
  if (type === "F64") return new Float64Array(buffer, byteOffset, count);
  if (type === "F32") return Float64Array.from(new Float32Array(buffer, byteOffset, count));
  const words = new Uint16Array(buffer, byteOffset, count);
  if (type === "F16") return Float64Array.from(words, halfOf);
  // bfloat16 is the upper half of a float
  return Float64Array.from(new Float32Array(Uint32Array.from(words, (word) => word << 16).buffer));
}

/** IEEE 754 half precision: 1 sign bit, 5 of the exponent, 10 of the fraction. */
function halfOf(word: number): number {
  const exponent = (word >> 10) & 31;
  const fraction = word & 1023;
  const size =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
        ? fraction === 0
          ? Number.POSITIVE_INFINITY
          : Number.NaN
        : (1024 + fraction) * 2 ** (exponent - 25);
  return word & 0x8000 ? -size : size;
}
