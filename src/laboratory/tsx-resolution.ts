import { existsSync } from "node:fs";
import { dirname, join, parse } from "node:path";

/** Extensions of code, in any of which tsx may find what a module imports. */
const CODE = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"];

/** What esbuild must be told to take the same tsconfig as tsx: the next one above the working folder, for every file. */
export function tsconfigOf(workingFolder: string): { tsconfig: string } | { tsconfigRaw: string } {
  for (let folder = workingFolder; ; folder = dirname(folder)) {
    const tsconfig = join(folder, "tsconfig.json");
    if (existsSync(tsconfig)) return { tsconfig };
    if (folder === dirname(folder)) return { tsconfigRaw: "{}" };
  }
}

/** Whether there is such a tsconfig, which tsx follows and Node by itself does not. */
export function followsTsconfig(workingFolder: string = process.cwd()): boolean {
  return "tsconfig" in tsconfigOf(workingFolder);
}

/** tsx prefers `helper.ts` where `helper.js` is asked for, esbuild does not: where both are there, nobody knows. */
export function besideEachOther(files: readonly string[]): string[] {
  return files.flatMap((file) => {
    const { dir, name, ext } = parse(file);
    if (!CODE.includes(ext.slice(1))) return [];
    const others = CODE.map((extension) => join(dir, `${name}.${extension}`)).filter((path) => path !== file);
    return others.filter((path) => existsSync(path)).map((path) => `${path} stands beside ${file}`);
  });
}
