import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";

/** A folder for each test of a file, and what lies in it. */
export function temporaryFolder() {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "theorycheck-cli-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  return {
    path: (name: string) => join(folder, name),
    files: () => readdirSync(folder).sort(),
  };
}
