import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { buildSync } from "esbuild";

/** Files of this package, with all that they import. */
export interface Sources {
  /** Absolute path -> SHA-256 of the content. Sources that a bundle was made from have a name in the place of a path. */
  readonly files: ReadonlyMap<string, string>;
  /** Folder of an installed package -> `name@version`, for all that the files import and what these depend on. */
  readonly packages: ReadonlyMap<string, string>;
}

/**
 * The import closure of files of this package: its own files by content, what is installed by its exact version. A
 * computed import is not followed, which is why this serves the project's own files only.
 *
 * @param root folder below which all files lie
 * @param entries absolute paths
 */
export function sourcesOf(root: string, entries: readonly string[]): Sources {
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [...entries],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    metafile: true,
    write: false,
    outdir: "nowhere",
    tsconfigRaw: "{}",
    logLevel: "silent",
  });
  const files = new Map<string, string>();
  const packages = new Map<string, string>();
  for (const [path, { imports }] of Object.entries(metafile.inputs)) {
    const file = join(root, path);
    files.set(file, contentHash(file));
    for (const { path: specifier, external } of imports) {
      if (external && !isBuiltin(specifier)) addInstalled(specifier, dirname(file), packages);
    }
  }
  return { files, packages };
}

/** SHA-256 of files by what they are called, and of package versions; the order they come in does not matter. */
export function hashOf({ files, packages }: Sources, nameOf: (file: string) => string): string {
  const lines = [...files].map(([file, content]) => `${nameOf(file)} ${content}`);
  return sha256(JSON.stringify([lines.sort(), [...new Set(packages.values())].sort()]));
}

/**
 * Whether files are what they were when they were hashed. Those of a bundle are: what it loads later has a hash of its
 * content in its name.
 */
export function areUnchanged({ files }: Sources): boolean {
  return [...files].every(
    ([file, content]) => !isAbsolute(file) || (existsSync(file) && contentHash(file) === content),
  );
}

/** Sources as a bundle carries them that was made from them. */
export interface CarriedSources {
  /** Name -> SHA-256 of the content. */
  readonly files: Readonly<Record<string, string>>;
  /** `name@version` of the packages that are in the bundle. */
  readonly bundled: readonly string[];
  /** Names of packages that are not: which versions are installed with the bundle, it finds out where it runs. */
  readonly outside: readonly string[];
}

/**
 * @param nameOf what a file is called wherever it lies
 * @param from a folder whose packages these are
 * @param outside names of packages that are not bundled
 */
export function carriedSources(
  { files, packages }: Sources,
  nameOf: (file: string) => string,
  from: string,
  outside: readonly string[],
): CarriedSources {
  const needed = outside.filter((name) => packages.has(installedFolder(name, from) ?? ""));
  const ids = new Set(installedPackages(needed, from).values());
  return {
    files: Object.fromEntries([...files].map(([file, content]): [string, string] => [nameOf(file), content]).sort()),
    bundled: [...new Set(packages.values())].filter((id) => !ids.has(id)).sort(),
    outside: needed.sort(),
  };
}

/** The same sources again. @param from the bundle's folder */
export function sourcesCarried({ files, bundled, outside }: CarriedSources, from: string): Sources {
  return {
    files: new Map(Object.entries(files)),
    packages: new Map([...bundled.map((id): [string, string] => [id, id]), ...installedPackages(outside, from)]),
  };
}

function installedPackages(names: readonly string[], from: string): ReadonlyMap<string, string> {
  const packages = new Map<string, string>();
  for (const name of names) addInstalled(name, from, packages);
  return packages;
}

/** A path relative to a folder, with `/` on every system. */
export function pathFrom(folder: string, file: string): string {
  return relative(folder, file).split(sep).join("/");
}

export function contentHash(file: string): string {
  return sha256(readFileSync(file));
}

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** The package that a file belongs to: the folder of the nearest package.json that has a name and a version. */
export function packageOf(file: string): { readonly folder: string; readonly id: string } | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const described = describePackage(folder);
    if (described !== undefined) return { folder, id: described.id };
    if (folder === dirname(folder)) return undefined;
  }
}

/** Adds the package that a bare specifier leads to from a folder, and what it depends on. */
function addInstalled(specifier: string, from: string, packages: Map<string, string>): void {
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  const folder = installedFolder(name, from);
  if (folder === undefined || packages.has(folder)) return;
  const described = describePackage(folder);
  if (described === undefined) return;
  packages.set(folder, described.id);
  // what is optional differs from system to system, and no result may
  for (const dependency of described.dependencies) addInstalled(dependency, folder, packages);
}

function installedFolder(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const installed = join(folder, "node_modules", name);
    if (existsSync(join(installed, "package.json"))) return realpathSync(installed);
    if (folder === dirname(folder)) return undefined;
  }
}

function describePackage(folder: string): { id: string; dependencies: readonly string[] } | undefined {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return undefined;
  const { name, version, dependencies = {} } = JSON.parse(readFileSync(path, "utf8"));
  return name === undefined || version === undefined
    ? undefined
    : { id: `${name}@${version}`, dependencies: Object.keys(dependencies) };
}
