import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const project = fileURLToPath(new URL("..", import.meta.url));

test("every package of the lockfile comes from a registry, with the hash of its content", () => {
  const { packages } = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8")) as {
    packages: Record<string, { integrity?: string; resolved?: string; link?: boolean }>;
  };
  const installed = Object.entries(packages).filter(([path]) => path !== "");
  expect(installed.length).toBeGreaterThan(400);
  for (const [path, { integrity, resolved, link }] of installed) {
    expect([path, link]).toEqual([path, undefined]);
    expect(integrity, path).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
    expect(resolved ?? "https://", path).toMatch(/^https:\/\//);
  }
});

test("actions are pinned by the hash of their commit, and may read the repository only", () => {
  const folder = join(project, ".github/workflows");
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), "utf8");
    for (const [, used] of text.matchAll(/uses:\s*(.*)/g)) expect(used).toMatch(/^[\w/-]+@[0-9a-f]{40} # v[\d.]+$/);
    expect(text).toMatch(/^permissions:\n {2}contents: read$/m);
    expect(text.match(/permissions:/g)).toHaveLength(1);
  }
});

test("nothing but prepare runs when somebody installs it, and the tarball has all that it needs", () => {
  const { scripts, files } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  const hooks = [
    "preinstall",
    "install",
    "postinstall",
    "prepublish",
    "preprepare",
    "postprepare",
    "prepack",
    "postpack",
  ];
  expect(hooks.filter((name) => name in scripts)).toEqual([]);
  expect(files).toContain("dist");
});

test("scripts compile TypeScript without the cache that lies in a folder for everybody's temporary files", () => {
  const { scripts } = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const compiling = Object.values(scripts).filter((script) => /\btsx\b/.test(script));
  expect(compiling.length).toBeGreaterThan(5);
  for (const script of compiling) expect(script).toMatch(/\btsx --no-cache /);
});

describe("a checkout without development dependencies", () => {
  let checkout: string;

  beforeAll(() => {
    checkout = mkdtempSync(join(tmpdir(), "theorycheck-checkout-"));
    for (const part of ["bin", "src", "theorems", "tools", "package.json", "package-lock.json", "tsconfig.json"]) {
      cpSync(join(project, part), join(checkout, part), { recursive: true });
    }
  });

  afterAll(() => rmSync(checkout, { recursive: true, force: true }));

  const run = (file: string) =>
    spawnSync(process.execPath, [join(checkout, file)], { encoding: "utf8", cwd: checkout });

  test("is installed, and nothing is built", () => {
    const { status, stderr } = run("tools/build/prepare.js");
    expect([status, stderr]).toEqual([
      0,
      "theorycheck: not built, since the development dependencies are not installed\n",
    ]);
    expect(existsSync(join(checkout, "dist"))).toBe(false);
  });

  test("has a program that says so in a line, with exit code 70", () => {
    const { status, stdout, stderr } = run("bin/theorycheck.js");
    expect([status, stdout]).toEqual([70, ""]);
    expect(stderr).toMatch(/^theorycheck: .*build.*\n$/);
  });
});
