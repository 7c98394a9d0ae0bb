import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";

// root may read everything: the system's answer is that of anybody else
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const accessSync: typeof fs.accessSync = (path, mode) => {
    fs.accessSync(path, mode);
    if ((fs.statSync(path).mode & 0o444) !== 0) return;
    throw Object.assign(new Error(`EACCES: permission denied, access '${path}'`), { code: "EACCES" });
  };
  return { ...fs, accessSync };
});

const folder = mkdtempSync(join(tmpdir(), "theorycheck-unreadable-"));
afterAll(() => rmSync(folder, { recursive: true }));

// what was loaded before this file asks the system itself
vi.resetModules();
const { declarationsIn } = await import("../../src/laboratory/fingerprint.ts");

test("a module that may not be read is bad input, with what the system says", async () => {
  const module = join(folder, "mine.js");
  writeFileSync(module, "export const a = 1;");
  chmodSync(module, 0);
  await expect(declarationsIn(module)).rejects.toThrow(
    `theorems: ${module} must be a module that may be read, got EACCES: permission denied, access '${module}'`,
  );
  chmodSync(module, 0o600);
  await expect(declarationsIn(module)).rejects.toThrow("must export at least one declaration");
});
