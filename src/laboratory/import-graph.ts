import { join, sep } from "node:path";
import type { Metafile } from "esbuild";
import { ownFile, ownName } from "./library.ts";
import { contentHash, packageOf, type Sources } from "./sources.ts";

/** Which file imports which. */
export class ImportGraph {
  readonly #base: string;
  readonly #inputs: ReadonlyMap<string, Metafile["inputs"][string] & { readonly content: string }>;
  readonly #core: Sources;
  /** By name. */
  readonly #contents: ReadonlyMap<string, string>;
  readonly #leftOut: ReadonlyMap<string, string>;
  readonly #sourcesOf = new Map<string, Sources>();

  /** @param core what the core's hash covers, which is left out of what others import */
  constructor(base: string, { inputs }: Metafile, core: Sources, leftOut: ReadonlyMap<string, string>) {
    this.#base = base;
    this.#core = core;
    this.#contents = new Map([...core.files].map(([file, content]) => [ownName(file) as string, content]));
    this.#leftOut = leftOut;
    this.#inputs = new Map(
      Object.entries(inputs).map(([path, input]) => [
        this.#absolute(path),
        { ...input, content: contentHash(this.#absolute(path)) },
      ]),
    );
  }

  /** Files that no package manager installed. */
  get own(): string[] {
    return [...this.#inputs.keys()].filter((file) => !isInstalled(file));
  }

  /** Modules that are loaded before the first line of this one runs, itself included: packages and data left out. */
  loadedWith(file: string, loaded: string[] = []): string[] {
    if (loaded.includes(file) || isInstalled(file) || file.endsWith(".json")) return loaded;
    loaded.push(file);
    for (const { path, external, kind } of this.#inputs.get(file)?.imports ?? []) {
      if (!external && kind === "import-statement") this.loadedWith(this.#absolute(path), loaded);
    }
    return loaded;
  }

  /** Files that hold code. */
  get code(): string[] {
    return [...this.#inputs.keys()].filter((file) => !file.endsWith(".json"));
  }

  /** A file and all that it imports. */
  from(file: string, reached: Sources = { files: new Map(), packages: new Map() }): Sources {
    const { files, packages } = reached as { files: Map<string, string>; packages: Map<string, string> };
    const input = this.#inputs.get(file);
    if (input === undefined || files.has(file)) return reached;
    files.set(file, input.content);
    const installed = isInstalled(file) ? packageOf(file) : undefined;
    if (installed !== undefined) packages.set(installed.folder, installed.id);
    for (const { path, external } of input.imports) {
      if (!external) this.from(this.#absolute(path), reached);
      else this.#addLibrary(this.#leftOut.get(path), files, packages);
    }
    return reached;
  }

  /** theorycheck's own files that the core's hash does not cover: `theorycheck` itself leads to the judge. */
  #addLibrary(file: string | undefined, files: Map<string, string>, packages: Map<string, string>): void {
    if (file === undefined || this.#core.files.has(file) || files.has(file)) return;
    const own = ownFile(file);
    if (own === undefined) return;
    const more = this.#sourcesOf.get(file) ?? own.sources();
    this.#sourcesOf.set(file, more);
    const beyond = [...more.files].filter(([each, content]) => this.#contents.get(ownName(each) as string) !== content);
    if (beyond.length === 0) return;
    for (const [each, content] of beyond) files.set(each, content);
    for (const [folder, id] of more.packages) packages.set(folder, id);
  }

  /** Imports that are neither bundled nor left out on purpose. */
  notFollowed(): string[] {
    return [...this.#inputs].flatMap(([file, { imports, format }]) => [
      ...(format === "cjs" && !isInstalled(file) ? [`${file} is CommonJS`] : []),
      ...imports
        .filter(({ external, path }) => external && !this.#isAccountedFor(path))
        .map(({ path }) => `${file} imports ${path.includes("*") ? "what is no literal: " : ""}${path}`),
    ]);
  }

  #isAccountedFor(external: string): boolean {
    return this.#leftOut.has(external) || external === "<runtime>";
  }

  #absolute(path: string): string {
    return join(this.#base, path.replace(/ with \{[^}]*\}$/, ""));
  }
}

export function isInstalled(file: string): boolean {
  return file.includes(`${sep}node_modules${sep}`);
}
