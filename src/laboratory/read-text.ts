import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { InvalidInput, isInvalidInput } from "../invalid-input.ts";

/**
 * The text of a file that somebody named: a regular file (or a link to one), of at most so many bytes, in UTF-8.
 *
 * @param name what messages call it
 * @throws InvalidInput where it is none
 */
export function readText(path: string, most: number, name = path): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytesOf(path, most, name));
  } catch (error) {
    if (isInvalidInput(error)) throw error;
    const reason = error instanceof TypeError ? "bytes that are not UTF-8" : (error as Error).message;
    throw new InvalidInput(`${name} must be a readable text file, got ${reason}`);
  }
}

function bytesOf(path: string, most: number, name: string): Uint8Array {
  // without waiting for somebody to write into it, where it is a pipe
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile()) {
      throw new InvalidInput(`${name} must be a regular file, got ${status.isDirectory() ? "a folder" : "none"}`);
    }
    // what grows while it is read is read to its limit and one byte
    const bytes = new Uint8Array(Math.min(status.size, most) + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(descriptor, bytes, length, bytes.length - length, null);
    }
    if (status.size > most || length > most) {
      throw new InvalidInput(
        `${name} must have at most ${most} bytes, got ${Math.max(status.size, length)}: it was not read`,
      );
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}
