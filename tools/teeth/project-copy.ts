import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Plant } from "./plants.ts";

/** Not copied: what is installed, built, cached or written. */
const NOT_COPIED = ["node_modules", ".git", ".theorycheck", "coverage", "dist", ".stryker-tmp"];

/**
 * Specs that are left out of the copy: that of the plants, since a file with a planted error no longer holds its snippet,
 * those of the lemmas, since these are examined by themselves, on the same instances, and the one that misses the latter.
 */
export function isLeftOut(project: string, file: string): boolean {
  if (["architecture.spec.ts", "teeth.spec.ts"].includes(basename(file))) return true;
  const [, room, name] = /properties\/(\w+)\/([^/]+)\.spec\.ts$/.exec(file.replaceAll("\\", "/")) ?? [];
  return room === "lemmas" && existsSync(join(project, "theorems", "lemmas", `${name}.ts`));
}

const KERNEL_SOURCE = "src/transformer/model/kernel/assembly/";
const KERNEL_BUILD = "src/transformer/model/kernel/build";

/**
 * A copy of the project outside of its folder; node_modules is a link to the project's own. It comes without dist/: the
 * tests that need one build it from what the copy holds, and the program refuses any other.
 */
export class ProjectCopy {
  readonly root: string;
  /** What files were before something was planted in them. */
  readonly #originals = new Map<string, string>();

  /** Copies the project to a folder that does not exist yet, and builds its kernel. */
  constructor(project: string, root: string) {
    this.root = root;
    cpSync(project, root, {
      recursive: true,
      filter: (source) => !NOT_COPIED.includes(basename(source)) && !isLeftOut(project, source),
    });
    symlinkSync(join(project, "node_modules"), join(root, "node_modules"), "dir");
    this.#buildKernel();
  }

  /** Plants the error. The copy has one at a time: `restore` takes it out again. */
  plant(plant: Plant): void {
    this.#change([plant.file], (text) => planted(text, plant));
  }

  /** Plants what is no error: a comment at the end of each of these files, and a blank line at its beginning. */
  plantHarmless(files: readonly string[]): void {
    this.#change(files, (text) => `\n${text}// harmless\n`);
  }

  /** Takes out what was planted. */
  restore(): void {
    this.#write(this.#originals);
    this.#originals.clear();
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #change(files: readonly string[], change: (text: string) => string): void {
    const changed = new Map<string, string>();
    for (const file of files) {
      const text = readFileSync(join(this.root, file), "utf8");
      changed.set(file, change(text));
      this.#originals.set(file, text);
    }
    this.#write(changed);
  }

  #write(texts: ReadonlyMap<string, string>): void {
    for (const [file, text] of texts) writeFileSync(join(this.root, file), text);
    if ([...texts.keys()].some((file) => file.startsWith(KERNEL_SOURCE))) this.#buildKernel();
  }

  #buildKernel(): void {
    rmSync(join(this.root, KERNEL_BUILD), { recursive: true, force: true });
    execFileSync("npm", ["run", "--silent", "build:kernel"], { cwd: this.root, stdio: ["ignore", "ignore", "pipe"] });
  }
}

/**
 * The file's text with the error in it.
 *
 * @throws Error unless the snippet stands in the text exactly once: so that no plant rots
 */
export function planted(text: string, { id, file, find, replace }: Plant): string {
  const found = text.split(find).length - 1;
  if (found !== 1) throw new Error(`plant ${id}: ${file} must hold the snippet exactly once, got ${found} times`);
  return text.replace(find, () => replace);
}

/** The project's files that this one imports, directly or not, itself included; relative to the project. */
export function importsOf(project: string, entry: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file) || !existsSync(join(project, file))) return;
    seen.add(file);
    for (const [, path] of readFileSync(join(project, file), "utf8").matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)) {
      visit(resolve("/", dirname(file), path as string).slice(1));
    }
  };
  visit(entry);
  return seen;
}

/** Whether a module that imports these files runs the plant: the kernel's source runs wherever its build is loaded. */
export function reaches(imports: ReadonlySet<string>, { file }: Plant): boolean {
  return imports.has(file.startsWith(KERNEL_SOURCE) ? `${KERNEL_BUILD}/kernel.js` : file);
}
