import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

/** Inside of the project, so that what is written there can import it as `theorycheck`; ignored by git. */
const PLACE = fileURLToPath(new URL("../../.theorycheck/", import.meta.url));

/** Folders of modules that tests write, each a new one, since a process loads a path once. Removed in the end. */
export function writtenModules() {
  mkdirSync(PLACE, { recursive: true });
  const root = mkdtempSync(join(PLACE, "written-"));
  afterAll(() => rmSync(root, { recursive: true }));
  let folders = 0;
  return {
    root,
    /** A new folder with these files: path -> text. */
    write: (files: Readonly<Record<string, string>>): string => {
      const folder = join(root, String(folders++));
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      return folder;
    },
  };
}
