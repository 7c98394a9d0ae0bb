import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder, with those above it. In the place of `mkdirSync(…, { recursive: true })`, which never returns where a
 * file system says of a folder that is there that it is not, as /proc does.
 *
 * @throws what the file system says: ENOTDIR, EACCES, ENOENT, …
 */
export function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // another process may have made it meanwhile
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}
