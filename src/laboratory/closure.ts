import { existsSync, realpathSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { build, type ImportKind, type Message, type Plugin } from "esbuild";
import { ImportGraph, isInstalled } from "./import-graph.ts";
import { ownFile, ownName } from "./library.ts";
import { markOuterWorld, readBy, readIn } from "./outer-world.ts";
import { contentHash, hashOf, packageOf, pathFrom, type Sources, sha256 } from "./sources.ts";
import { besideEachOther, tsconfigOf } from "./tsx-resolution.ts";

/** A module with all that it imports. */
export interface Closure {
  /** SHA-256 of every file, every package version, and of what the compiler makes of them under the tsconfig at work. */
  readonly hash: string;
  /** Why more may be read than what the hash covers, a sentence each; empty where the hash covers everything. */
  readonly unknown: readonly string[];
  /** The files and packages that it covers. */
  readonly sources: Sources;
  /** Modules that are imported where the first one is, by absolute path; those of installed packages are not among them. */
  readonly modules: readonly string[];
  /** SHA-256 of one of these modules with all that it imports itself, and how many files these are. */
  readonly hashFrom: (module?: string) => { readonly hash: string; readonly files: number };
}

/**
 * The import closure of a module outside of the core, as the loader resolves it: TypeScript, JavaScript, JSON, paths of
 * the tsconfig, packages. A module that reads anything else, or may do so, has no known closure. That errs on the safe
 * side, since it goes by the names that are read, never by the text: a title may hold any word. What sets out to hide
 * what it reads (`(() => {}).constructor("return process")()`) is not found: this guards against accidents.
 *
 * @param core what the core's hash covers: it is left out
 * @param workingFolder in or above it lies the tsconfig that the loader follows
 */
export async function closureOf(entry: string, core: Sources, workingFolder: string = process.cwd()): Promise<Closure> {
  const file = existsSync(entry) ? realpathSync(entry) : entry;
  const base = dirname(file);
  const nameOf = (path: string) => ownName(path) ?? pathFrom(base, path);
  const unknown = new Set<string>();
  const leftOut = new Map<string, string>();
  try {
    const { metafile, outputFiles, warnings } = await build({
      absWorkingDir: base,
      entryPoints: [file],
      bundle: true,
      platform: "node",
      format: "esm",
      // as Node resolves: no condition and no field of its own
      conditions: [],
      mainFields: ["main"],
      ...tsconfigOf(workingFolder),
      // nothing is left out: what no one calls still runs when it is loaded
      treeShaking: false,
      metafile: true,
      write: false,
      outdir: "nowhere",
      define: { ...markOuterWorld },
      plugins: [resolution(core, leftOut, unknown)],
      logLevel: "silent",
      logOverride: Object.fromEntries(NOT_FOLLOWED.map((id) => [id, "warning"])),
    });
    for (const warning of warnings) if (NOT_FOLLOWED.includes(warning.id)) unknown.add(described(warning, base));
    const graph = new ImportGraph(base, metafile, core, leftOut);
    for (const reason of graph.notFollowed()) unknown.add(reason);
    for (const reason of besideEachOther(graph.own)) unknown.add(reason);
    if (outputFiles.some(({ text }) => readIn(text).length > 0)) {
      // the whole says that somebody does: file by file, it shows who
      for (const path of graph.code) for (const name of await readBy(path)) unknown.add(`${path} reads ${name}`);
    }
    const reached = graph.from(file);
    return {
      hash: sha256(JSON.stringify([hashOf(reached, nameOf), outputFiles.map(({ text }) => text)])),
      unknown: [...unknown].sort(),
      sources: reached,
      modules: graph.loadedWith(file),
      hashFrom: (module = file) => {
        const sources = graph.from(module);
        return { hash: hashOf(sources, nameOf), files: sources.files.size };
      },
    };
  } catch (error) {
    const { errors } = error as { errors?: readonly Message[] };
    if (errors === undefined) throw error;
    const whole = { hash: existsSync(file) ? contentHash(file) : sha256(""), files: 0 };
    return {
      hash: whole.hash,
      unknown: [...unknown, ...errors.map((message) => described(message, base))].sort(),
      sources: { files: new Map(), packages: new Map() },
      modules: [],
      hashFrom: () => whole,
    };
  }
}

/** esbuild's messages about what it does not follow. */
const NOT_FOLLOWED = [
  "unsupported-dynamic-import",
  "unsupported-require-call",
  "indirect-require",
  "require-resolve-not-external",
  "direct-eval",
];

/** `import` as modules write it; anything else is CommonJS, or a style sheet's. */
const IMPORTS: readonly ImportKind[] = ["import-statement", "dynamic-import"];

/**
 * Resolves as esbuild does, notes what lies outside of any closure, and leaves out what is known otherwise.
 *
 * @param leftOut is given theorycheck's own files and the packages that its core needs: name in the bundle -> file
 * @param unknown is given what is not known
 */
function resolution(core: Sources, leftOut: Map<string, string>, unknown: Set<string>): Plugin {
  const asked = Symbol("asked by this plugin");
  const leaveOut = (name: string, file: string) => {
    const other = leftOut.get(name) ?? file;
    if (ownFile(file) !== undefined && other !== file) unknown.add(`${file} stands beside ${other}`);
    leftOut.set(name, file);
    return { path: name, external: true };
  };
  return {
    name: "resolution",
    setup: ({ onResolve, resolve }) => {
      onResolve({ filter: /.*/, namespace: "file" }, async ({ path, importer, kind, pluginData, ...from }) => {
        if (kind === "entry-point" || pluginData === asked) return undefined;
        // a package may be written in CommonJS: what it requires by name is followed
        if (!IMPORTS.includes(kind) && !isInstalled(importer)) unknown.add(`${importer} uses require`);
        const found = isBuiltin(path)
          ? { path, namespace: "node", errors: [] }
          : await resolve(path, { importer, kind, pluginData: asked, ...from });
        if (found.errors.length > 0) return undefined;
        if (found.namespace !== "file") {
          unknown.add(`${importer} imports ${path}`);
          return leaveOut(path, path);
        }
        const own = ownFile(found.path);
        if (own !== undefined) return leaveOut(own.name, found.path);
        const folder = isInstalled(found.path) ? packageOf(found.path)?.folder : undefined;
        return folder !== undefined && core.packages.has(folder) ? leaveOut(path, found.path) : undefined;
      });
    },
  };
}

function described({ id, text, location }: Message, base: string): string {
  const file = location === null ? base : join(base, location.file);
  if (id === "unsupported-dynamic-import") return `${file} imports what is no literal`;
  if (id === "direct-eval") return `${file} uses eval`;
  if (NOT_FOLLOWED.includes(id)) return `${file} uses require`;
  return `${file}: ${text}`;
}
