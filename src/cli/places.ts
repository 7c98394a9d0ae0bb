import { basename, dirname, resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import { requireWritable } from "../laboratory/write-whole.ts";

/** The name of a file or a folder: an empty one would be the folder in which one stands. */
export function place(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError(`It must name a file or a folder, got "${text}".`);
  return text;
}

/** Asks, before anything is trained, whether a file can be written there. @throws InvalidInput where it cannot */
export function requireWritableFile(path: string, option: string): void {
  requireWritable(dirname(resolve(path)), [basename(path)], option);
}
