import { join, sep } from "node:path";
import { builtIn } from "./built.ts";
import { packageOf, pathFrom, type Sources, sourcesCarried, sourcesOf } from "./sources.ts";

/** A file of theorycheck, in the sources or of a bundle. */
export interface OwnFile {
  /** What its source is called, wherever it lies. */
  readonly name: string;
  /** The source with all that it imports. */
  readonly sources: () => Sources;
}

/**
 * A file of a copy of theorycheck: of the one that runs, or of another one that a module of declarations imports, which
 * then brings its own sources along. Undefined for any other file.
 */
export function ownFile(file: string): OwnFile | undefined {
  const folder = folderOf(file);
  if (folder === undefined) return undefined;
  const [source, dist] = [join(folder, "src"), join(folder, "dist")];
  if (file.startsWith(source + sep)) return { name: nameIn(source, file), sources: () => sourcesOf(source, [file]) };
  const entry = file.startsWith(dist + sep) ? builtIn(dist)?.entries[pathFrom(dist, file)] : undefined;
  return entry && { name: `${NAMED}${entry.source}`, sources: () => sourcesCarried(entry.sources, dist) };
}

/** What an own file is called in every copy: those of a bundle have no other name. */
export function ownName(file: string): string | undefined {
  return file.startsWith(NAMED) ? file : ownFile(file)?.name;
}

const NAMED = "theorycheck:";

export const nameIn = (source: string, file: string) => `${NAMED}${pathFrom(source, file)}`;

/** Folders of copies that were met. */
const copies = new Set<string>();

function folderOf(file: string): string | undefined {
  for (const folder of copies) {
    if (["src", "dist"].some((room) => file.startsWith(join(folder, room) + sep))) return folder;
  }
  const found = packageOf(file);
  if (!found?.id.startsWith("theorycheck@")) return undefined;
  copies.add(found.folder);
  return found.folder;
}
