import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { storeKey } from "../laboratory/remembering.ts";
import { clearStore, countLines, type StoreFile, storeFiles } from "../laboratory/store-folder.ts";
import { requireFolder } from "../laboratory/write-whole.ts";
import { toJson } from "../report/encode.ts";
import { declarationsOf, SUITE_OPTION } from "./laboratory.ts";
import { place } from "./places.ts";
import { print } from "./print.ts";
import { aligned } from "./table.ts";

interface StoreOptions {
  readonly store: string;
  readonly theorems?: string;
  readonly suite?: string;
  readonly clear?: boolean;
  readonly json?: boolean;
}

/** `store`: what is kept of models already trained. */
export function storeCommand(): Command {
  return new Command("store")
    .option("--store <folder>", "folder of models already trained", place, ".theorycheck")
    .option("--theorems <file>", "the module that declares the claims, if they are not the project's own", place)
    .option(...SUITE_OPTION)
    .option("--clear", "remove the store's files, and nothing else that lies there")
    .option("--json", "print JSON")
    .action(async ({ store, theorems, suite, clear, json }: StoreOptions) => {
      const folder = resolve(store);
      if (existsSync(folder)) requireFolder(folder, "--store");
      const { closure } = await declarationsOf({ theorems, suite });
      const present = storeKey(closure);
      const files = storeFiles(folder).map((file) => ({
        ...file,
        trials: countLines(join(folder, file.name)),
        of: ownerOf(file, present),
      }));
      if (clear) clearStore(folder);
      const shown = files.map(({ name, kind, core, key, trials, size, of }) => ({
        ...{ file: name, kind, core, key, trials, bytes: size, of },
      }));
      if (json) print(toJson({ store, cleared: clear ?? false, files: shown }));
      else print(describe(store, shown, clear ?? false));
    });
}

/** What a file belongs to, as far as its name says. */
function ownerOf({ core, key }: StoreFile, present: ReturnType<typeof storeKey>): string {
  if (present.key.startsWith(key)) return "these declarations";
  return core !== "" && present.core.startsWith(core) ? "the present core, other declarations" : "another core";
}

interface Shown {
  readonly file: string;
  readonly trials: number;
  readonly bytes: number;
  readonly of: string;
}

function describe(store: string, files: readonly Shown[], cleared: boolean): string {
  if (files.length === 0) return `${store}: nothing is kept.\n`;
  const total = (of: "trials" | "bytes") => files.reduce((sum, file) => sum + file[of], 0);
  const rows = files.map(({ file, trials, bytes, of }) => [file, `${trials}`, megabytes(bytes), of]);
  const sum = `${files.length} ${files.length === 1 ? "file" : "files"}, ${total("trials")} trials, ${megabytes(total("bytes"))}`;
  const lines = [...aligned([["file", "trials", "size", "of"], ...rows]), "", cleared ? `Removed: ${sum}.` : `${sum}.`];
  return `${lines.join("\n")}\n`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
