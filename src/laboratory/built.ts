import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CarriedSources, contentHash, sha256 } from "./sources.ts";

/** What only the sources can tell: the build writes it beside the bundle, in which there are none. */
export interface Built {
  /** Of the bundle's own code, by `codeHash`. */
  readonly code: string;
  readonly core: CarriedSources;
  /** What others may import, by file of the bundle. */
  readonly entries: Readonly<Record<string, { readonly source: string; readonly sources: CarriedSources }>>;
  /** Modules of declarations, by file of the bundle. */
  readonly declarations: Readonly<Record<string, BuiltDeclarations>>;
}

export interface BuiltDeclarations {
  /** Hash of the closure that the module has in the sources. */
  readonly hash: string;
  /** By id, the hash of each statement. */
  readonly statements: Readonly<Record<string, string>>;
}

const FILE = "sources.json";

/** Where this runs: the bundle, or this room of the sources. */
const HERE = dirname(fileURLToPath(new URL("./sources.json", import.meta.url)));

/** What was built in a folder; undefined where it is no bundle of this package. */
export function builtIn(folder: string): Built | undefined {
  const file = join(folder, FILE);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** SHA-256 of the code that lies in the folder of a bundle. */
export function codeHash(folder: string): string {
  const files = readdirSync(folder).filter((name) => name.endsWith(".js"));
  return sha256(JSON.stringify(files.sort().map((name) => [name, contentHash(join(folder, name))])));
}

/**
 * SHA-256 of the code of this bundle where it is not what was built: nobody keeps an installed package from being edited,
 * and the store's key holds it beside the hashes that the bundle states. Undefined where it is what was built, which
 * trains the models that its sources do, and where this runs from the sources.
 */
export function bundleHash(): string | undefined {
  if (built === undefined) return undefined;
  const code = codeHash(HERE);
  return code === built.code ? undefined : code;
}

/** Undefined where this runs from the sources, which answer for themselves. */
export const built: Built | undefined = builtIn(HERE);

/** What the build found out about a module of this bundle; undefined for any other module. */
export function builtDeclarations(file: string): BuiltDeclarations | undefined {
  return dirname(file) === HERE ? built?.declarations[basename(file)] : undefined;
}
