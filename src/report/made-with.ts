import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Hashes } from "../experiment/hashes.ts";
import { jsonIn, ofForm } from "../json.ts";
import { readText } from "../laboratory/read-text.ts";
import { sha256 } from "../laboratory/sources.ts";
import { requireWritable, writeWhole } from "../laboratory/write-whole.ts";
import { toJson } from "./encode.ts";
import { KEPT_REPORTS, type KeptReport, type Standing } from "./standing.ts";

/** Of each kept report: what it was made with. */
const FILE = "made-with.json";

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const madeWithSchema = z.partialRecord(
  z.enum(KEPT_REPORTS),
  z.strictObject({
    file: hash.describe("SHA-256 of the report"),
    core: hash.describe("SHA-256 of everything that a trained model and its measurements depend on"),
    declarations: hash.optional().describe("SHA-256 of the theorems with all that they import; missing if not known"),
  }),
);

/** What a kept report is made with. */
export type MadeWith = Pick<Hashes, "core" | "declarations">;

/**
 * Writes a kept report, and beside it what it was made with.
 *
 * @param made undefined where only a part was made anew: then it stands as what it was made with before, if that is known
 */
export function writeKept(folder: string, name: KeptReport, text: string, made: MadeWith | undefined): void {
  requireWritable(folder, [name, FILE], "the folder of reports");
  const before = read(folder);
  const hashes =
    made === undefined
      ? before[name]
      : { core: made.core, ...(typeof made.declarations === "string" ? { declarations: made.declarations } : {}) };
  const all = { ...before, ...(hashes === undefined ? {} : { [name]: { ...hashes, file: sha256(text) } }) };
  const sorted = Object.fromEntries(Object.entries(all).sort(([one], [other]) => (one < other ? -1 : 1)));
  writeWhole(join(folder, name), text);
  writeWhole(join(folder, FILE), toJson(sorted));
}

/** Of each kept report that is there, whether it was made with these. */
export function standingsIn(folder: string, { core, declarations }: MadeWith): readonly Standing[] {
  const all = read(folder);
  return KEPT_REPORTS.filter((file) => existsSync(join(folder, file))).map((file): Standing => {
    const made = all[file];
    if (made === undefined) return { file, standing: "unknown", changed: [] };
    if (sha256(readFileSync(join(folder, file), "utf8")) !== made.file)
      return { file, standing: "edited", changed: [] };
    const changed = [
      ...(made.core === core ? [] : (["core"] as const)),
      ...(made.declarations === declarations ? [] : (["declarations"] as const)),
    ];
    return { file, standing: changed.length === 0 ? "current" : "stale", changed };
  });
}

function read(folder: string): z.infer<typeof madeWithSchema> {
  const path = join(folder, FILE);
  return existsSync(path) ? ofForm(madeWithSchema.parse, jsonIn(readText(path, 100_000), path), path) : {};
}
