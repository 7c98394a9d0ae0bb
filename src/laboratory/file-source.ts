import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { InvalidInput, isInvalidInput } from "../invalid-input.ts";
import type { ByteSource } from "./byte-source.ts";

/** Bytes read at a time. */
const PART = 2 ** 20;

/** A regular file, opened for reading in parts: memory does not grow with it. Close it. */
export interface OpenFile extends ByteSource {
  close(): void;
}

/** @throws InvalidInput where it cannot be read, or is no regular file */
export function openFile(path: string): OpenFile {
  let descriptor: number;
  try {
    // without waiting for somebody to write into it, where it is a pipe
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw new InvalidInput(`${path} must be a readable file, got ${(error as Error).message}`);
  }
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile()) {
      throw new InvalidInput(`${path} must be a regular file, got ${status.isDirectory() ? "a folder" : "none"}`);
    }
    return {
      ...{ name: path, size: status.size },
      bytes: (from, length) => partsOf(descriptor, path, from, length),
      close: () => closeSync(descriptor),
    };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

async function* partsOf(descriptor: number, path: string, from: number, length: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(Math.min(PART, length));
  for (let at = from; at < from + length; ) {
    const read = readPart(descriptor, path, buffer, Math.min(buffer.length, from + length - at), at);
    if (read === 0) throw new InvalidInput(`${path}: is cut, required ${from + length} bytes, got ${at}`);
    yield buffer.subarray(0, read);
    at += read;
  }
}

function readPart(descriptor: number, path: string, buffer: Uint8Array, length: number, at: number): number {
  try {
    let read = 0;
    // parts are full, so that numbers do not lie across two of them
    for (let more = -1; more !== 0 && read < length; read += more) {
      more = readSync(descriptor, buffer, read, length - read, at + read);
    }
    return read;
  } catch (error) {
    if (isInvalidInput(error)) throw error;
    throw new InvalidInput(`${path} must be a readable file, got ${(error as Error).message}`);
  }
}
