import { InvalidInput } from "../invalid-input.ts";

/** Bytes that are read in parts: a file, or what is packed in one. */
export interface ByteSource {
  /** What messages call it. */
  readonly name: string;
  readonly size: number;
  /**
   * So many bytes from here on, in parts; a part is good until the next one is asked for.
   *
   * @throws InvalidInput where they are not there, or are not what was packed
   */
  bytes(from: number, length: number): AsyncIterable<Uint8Array>;
}

/** All of these bytes at once: for headers, which are short. */
export async function wholeBytes(source: ByteSource, from: number, length: number): Promise<Uint8Array> {
  if (from + length > source.size) {
    throw new InvalidInput(`${source.name}: is cut, required ${from + length} bytes, got ${source.size}`);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for await (const part of source.bytes(from, length)) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Text of such bytes. @throws InvalidInput where they are not UTF-8 */
export async function wholeText(source: ByteSource, from: number, length: number): Promise<string> {
  const bytes = await wholeBytes(source, from, length);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InvalidInput(`${source.name}: must be UTF-8 from byte ${from} to ${from + length}, got other bytes`);
  }
}

/** Bytes as characters of the same numbers (ISO 8859-1; what TextDecoder takes for it is another encoding). */
export function charactersOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
