import { execFileSync, type SpawnSyncReturns, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { type Built, builtIn } from "../../src/laboratory/built.ts";
import { sourcesCarried } from "../../src/laboratory/sources.ts";

type Said = Pick<SpawnSyncReturns<string>, "status" | "stdout" | "stderr">;

/** Modules of declarations, by what their package says of itself. */
const PACKAGES = { module: { type: "module" }, commonjs: { type: "commonjs" }, silent: {} } as const;

/** A project of somebody who installed the package from its tarball, in a folder outside of the checkout. */
export class Consumer {
  /** The checkout that was packed. */
  readonly project: string;
  readonly folder: string;
  /** Where the package is installed. */
  readonly installed: string;
  /** Names of all packages that are installed with this one, itself included. */
  readonly packages: readonly string[];

  constructor(project: string, folder: string) {
    this.project = project;
    this.folder = folder;
    this.installed = join(folder, "node_modules", "theorycheck");
    const [{ filename }] = JSON.parse(npm(project, "pack", "--json", "--pack-destination", folder));
    cpSync(join(project, "tools", "tarball", "consumer"), folder, { recursive: true });
    this.write("package.json", JSON.stringify({ private: true, type: "module", overrides: versionsIn(project) }));
    npm(folder, "install", "--omit=dev", "--prefer-offline", "--no-audit", "--no-fund", `./${filename}`);

    const listed = npm(folder, "ls", "--omit=dev", "--all", "--parseable").trim().split("\n");
    this.packages = listed
      .slice(1)
      .map((path) => path.slice(path.lastIndexOf("node_modules") + "node_modules/".length));
    // a peer that is there for whoever has it: the checkout's, since it is large
    symlinkSync(join(project, "node_modules", "vitest"), join(folder, "node_modules", "vitest"), "dir");

    const declarations = readFileSync(join(folder, "mine.ts"), "utf8");
    const compiled = (module: ts.ModuleKind) =>
      ts.transpileModule(declarations, { compilerOptions: { module, target: ts.ScriptTarget.ES2022 } }).outputText;
    const texts = {
      "typed.ts": declarations,
      "typed-commonjs.cts": declarations,
      "module.mjs": compiled(ts.ModuleKind.ESNext),
      "commonjs.cjs": compiled(ts.ModuleKind.CommonJS),
    };
    for (const [name, described] of Object.entries(PACKAGES)) {
      this.write(`${name}/package.json`, JSON.stringify(described));
      for (const [file, text] of Object.entries(texts)) this.write(`${name}/${file}`, text);
    }
    this.write("module/plain.js", texts["module.mjs"]);
  }

  write(file: string, text: string): void {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** Runs node in the consumer's folder. */
  run(node: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Said {
    return spawnSync(node, args, {
      cwd: this.folder,
      encoding: "utf8",
      env: { ...process.env, ...env },
      timeout: 300_000,
      maxBuffer: 2 ** 28,
    });
  }

  /** Runs `theorycheck` with these words. */
  program(node: string, words: readonly string[]): Said {
    return this.run(node, [join(this.installed, "bin", "theorycheck.js"), ...words]);
  }

  /** What is loaded when node runs with these arguments: packages by name, files of this package by path. */
  loadedBy(node: string, args: readonly string[]): Set<string> {
    const file = join(this.folder, "loaded.txt");
    rmSync(file, { force: true });
    this.run(node, ["--import", "./loaded.js", ...args], { LOADED: file });
    const urls = readFileSync(file, "utf8").trim().split("\n");
    return new Set(
      urls.flatMap((url) => {
        const [, name, path] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\/([^?]*)/.exec(url) ?? [];
        if (name === undefined) return [];
        return name === "theorycheck" ? [(path as string).replace(/-[\w-]{8}\.js$/, ".js")] : [name];
      }),
    );
  }

  /** Installs a Node of the registry, and gives its path. */
  installNode(version: string): string {
    const folder = join(this.folder, `node-${version}`);
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), "{}");
    npm(folder, "install", "--prefer-offline", "--no-audit", "--no-fund", `node@${version}`);
    const node = join(folder, "node_modules", "node", "bin", "node");
    if (!existsSync(node))
      throw new Error(`node@${version} must bring a program for this machine, got none at ${node}`);
    return node;
  }
}

/** Versions of what the core needs beside its bundle, as the checkout has them: with others it is another core. */
function versionsIn(project: string): Readonly<Record<string, string>> {
  const { core } = builtIn(join(project, "dist")) as Built;
  const { dependencies } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  const ids = [...sourcesCarried({ ...core, bundled: [] }, project).packages.values()];
  const versions = ids.map((id) => [id.slice(0, id.lastIndexOf("@")), id.slice(id.lastIndexOf("@") + 1)] as const);
  return Object.fromEntries(versions.filter(([name]) => !(name in dependencies)));
}

function npm(folder: string, ...args: readonly string[]): string {
  return execFileSync("npm", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
