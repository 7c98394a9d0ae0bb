import { closeSync, constants, lstatSync, openSync, readdirSync, readSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sweep } from "./write-whole.ts";

/** Keys of which the trials are kept: those used last. An edit of the core or of declarations makes a new one. */
export const KEPT_FILES = 24;

/** Bytes that the files of other keys may have together: those used last stay. */
export const LARGEST_STORE = 512 * 2 ** 20;

/** A file that was used so short a time before the one used last may be another process's, and stays; in ms. */
export const IN_USE = 3_600_000;

/** Kind, core, key: the beginnings of their hashes. Before 0.2.0's last form there was no core in it. */
const NAME = /^(trials|night)-(?:([0-9a-f]{8})-)?([0-9a-f]{16})\.jsonl$/;

/** What begins the name of a store's file. */
export function storeKind(kind: "trials" | "night", core: string): string {
  return `${kind}-${core.slice(0, 8)}`;
}

/** A file of a store. */
export interface StoreFile {
  readonly name: string;
  readonly kind: string;
  /** Beginning of the core's hash; empty in the names that earlier versions gave. */
  readonly core: string;
  /** Beginning of the key. */
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  /** In ms. */
  readonly usedAt: number;
}

/** The files of a store, those used last first. Whatever else lies there is none of them, and links are not. */
export function storeFiles(folder: string): StoreFile[] {
  const status = lstatSync(folder, { throwIfNoEntry: false });
  if (!status?.isDirectory()) return [];
  return readdirSync(folder)
    .flatMap((name): StoreFile[] => {
      const [, kind, core = "", key] = NAME.exec(name) ?? [];
      const file = kind === undefined ? undefined : lstatSync(join(folder, name), { throwIfNoEntry: false });
      if (kind === undefined || key === undefined || !file?.isFile()) return [];
      return [{ name, kind, core, key, size: file.size, usedAt: file.mtimeMs }];
    })
    .sort((one, other) => other.usedAt - one.usedAt || (one.name < other.name ? -1 : 1));
}

/**
 * Removes files of keys that were not used for long, and what killed processes left: a run leaves some megabytes under
 * each key, and nothing would ever find those of a core that is gone. Never those of `key`, nor those used lately.
 * Nothing throws: what cannot be removed stays.
 */
export function pruneStore(folder: string, key: string): void {
  try {
    sweep(folder);
    const [newest, ...older] = storeFiles(folder);
    let kept = 1;
    let bytes = 0;
    for (const file of newest === undefined ? [] : [newest, ...older]) {
      if (key.startsWith(file.key)) continue;
      kept++;
      bytes += file.size;
      const lately = newest!.usedAt - file.usedAt < IN_USE;
      if ((kept > KEPT_FILES || bytes > LARGEST_STORE) && !lately) rmSync(join(folder, file.name), { force: true });
    }
  } catch {
    // not to be read, or not this user's: the store itself says so
  }
}

/** Removes all files of a store, or those of one kind and key. @returns what was removed */
export function clearStore(folder: string, { kind, key }: { kind?: string; key?: string } = {}): StoreFile[] {
  const files = storeFiles(folder).filter(
    (file) => (kind === undefined || file.kind === kind) && (key === undefined || key.startsWith(file.key)),
  );
  for (const { name } of files) rmSync(join(folder, name), { force: true });
  return files;
}

/** How many lines of a file are not empty, whatever they are worth. */
export function countLines(file: string): number {
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const chunk = Buffer.allocUnsafe(1 << 18);
    let lines = 0;
    let before = 0x0a;
    for (let length = readSync(descriptor, chunk); length > 0; length = readSync(descriptor, chunk)) {
      for (let i = 0; i < length; i++) {
        const byte = chunk[i] as number;
        if (before === 0x0a && byte !== 0x0a) lines++;
        before = byte;
      }
    }
    return lines;
  } finally {
    closeSync(descriptor);
  }
}
