import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A package of which something is in the bundle. */
interface Bundled {
  readonly id: string;
  /** SPDX. */
  readonly licence: string;
  /** Its licence and, where there is one, its notice. */
  readonly texts: readonly string[];
}

const LICENCE = /^(licen[cs]e|copying|notice)\b/i;

/**
 * The licences of all packages that files were bundled from; packages with the same texts share a section.
 *
 * @param files absolute paths
 * @throws Error where a package comes without a licence
 */
export function licencesOf(files: readonly string[]): string {
  const folders = new Set(files.flatMap((file) => packageFolderOf(file) ?? []));
  const packages = [...folders].map(describe).sort((one, other) => (one.id < other.id ? -1 : 1));
  const sections = new Map<string, Bundled[]>();
  for (const each of packages) {
    const text = each.texts.join("\n\n");
    sections.set(text, [...(sections.get(text) ?? []), each]);
  }
  return [
    "Parts of these packages are in the files beside this one. Each is under its own licence.\n",
    ...[...sections].map(
      ([text, of]) => `${RULE}\n${of.map(({ id, licence }) => `${id} (${licence})`).join("\n")}\n${RULE}\n\n${text}\n`,
    ),
  ].join("\n");
}

const RULE = "-".repeat(80);

/** The folder of the installed package that a file belongs to; undefined for the project's own. */
function packageFolderOf(file: string): string | undefined {
  const [, folder] = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(file) ?? [];
  return folder;
}

function describe(folder: string): Bundled {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const texts = readdirSync(folder)
    .filter((entry) => LICENCE.test(entry))
    .map((entry) => readFileSync(join(folder, entry), "utf8").trim());
  if (typeof license !== "string" || texts.length === 0)
    throw new Error(`${name}@${version} is bundled and has no licence`);
  return { id: `${name}@${version}`, licence: license, texts };
}
