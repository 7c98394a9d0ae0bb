import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { threadId } from "node:worker_threads";
import { InvalidInput } from "../invalid-input.ts";
import { makeFolder } from "./make-folder.ts";

/** What is being written beside its place: the process, the thread, and a number of its own. Git ignores it. */
const BESIDE = /\.(\d+)-\d+-\d+\.theorycheck-part$/;

let count = 0;

/** A name beside a file's that nobody else writes under. */
export function besideName(path: string): string {
  return `${path}.${process.pid}-${threadId}-${count++}.theorycheck-part`;
}

/** Writes a file beside its place and renames it: a reader, or a kill, sees the old file or the new one. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  writeSet(dirname(path), { [path.slice(dirname(path).length).replace(/^[\\/]/, "")]: content });
}

/**
 * Writes files that belong together: all beside their places and onto the disk first, then all are renamed, in their
 * order. What fails before leaves every file as it was. A kill between the renames leaves new files beside old ones: the
 * last one should be able to tell. What killed processes left in these folders is removed. No symbolic link is followed
 * below the folder: one in a file's place is replaced.
 *
 * @param files by path within the folder
 */
export function writeSet(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  const written: { readonly beside: string; readonly path: string }[] = [];
  const folders = new Set<string>();
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name);
      makeFolders(folder, name);
      if (!folders.has(dirname(path))) sweep(dirname(path));
      folders.add(dirname(path));
      const beside = besideName(path);
      written.push({ beside, path });
      writeSynced(beside, content);
    }
    for (const { beside, path } of written) renameSync(beside, path);
    for (const each of folders) syncFolder(each);
  } catch (error) {
    for (const { beside } of written) remove(beside);
    throw error;
  }
}

/** Removes what killed processes left in a folder while they were writing. */
export function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, pid] = BESIDE.exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(folder, name), { force: true });
  }
}

/**
 * Asks, before anything is trained, whether files can be written: makes their folder where there is none, and writes
 * there, under another name, what is removed again.
 *
 * @param names of the files, by path within the folder
 * @param what it is called in the message
 * @throws InvalidInput where they cannot
 */
export function requireWritable(folder: string, names: readonly string[], what: string): void {
  const beside = besideName(join(folder, "asked"));
  try {
    makeFolder(folder);
    for (const name of names) {
      // folders within are made when there is something to put into them
      makeFolders(folder, name, existsSync);
      const status = lstatSync(join(folder, name), { throwIfNoEntry: false });
      if (status?.isDirectory()) throw new Error(`${join(folder, name)} is a folder`);
    }
    writeSynced(beside, "\n".repeat(4096));
  } catch (error) {
    throw new InvalidInput(`${what} must be a place that can be written to, got ${(error as Error).message}`);
  } finally {
    remove(beside);
  }
}

function remove(path: string): void {
  // also where what should be its folder is none
  if (existsSync(path)) rmSync(path, { force: true });
}

/** @throws InvalidInput where it is no folder, or a symbolic link to one */
export function requireFolder(folder: string, what: string): void {
  const status = lstatSync(folder);
  if (status.isDirectory()) return;
  const got = status.isSymbolicLink() ? "a symbolic link" : "none";
  throw new InvalidInput(`${what} must be a folder, got ${got}: ${folder}`);
}

/** The folder, which may be reached by links, and those within it, which may not. */
function makeFolders(folder: string, name: string, wanted = (_path: string) => true): void {
  makeFolder(folder);
  let path = folder;
  for (const part of name.split(/[\\/]/).slice(0, -1)) {
    path = join(path, part);
    if (!wanted(path)) return;
    makeFolder(path);
    if (!lstatSync(path).isDirectory()) throw new Error(`${path} must be a folder, got a symbolic link`);
  }
}

/** The file must not be there yet: then no link is followed, and nothing of another process is written over. */
function writeSynced(path: string, content: string | Uint8Array): void {
  const descriptor = openSync(path, "wx");
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** So that a rename outlives a power cut. Not every system can. */
function syncFolder(folder: string): void {
  if (process.platform === "win32" || !statSync(folder).isDirectory()) return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } catch {
    // a file system without it
  } finally {
    closeSync(descriptor);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
