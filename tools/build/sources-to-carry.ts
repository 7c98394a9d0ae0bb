import { join } from "node:path";
import { type Built, codeHash } from "../../src/laboratory/built.ts";
import { coreSources, declarationsClosure, statementHashes } from "../../src/laboratory/fingerprint.ts";
import { ownName } from "../../src/laboratory/library.ts";
import { carriedSources, pathFrom, type Sources, sourcesOf } from "../../src/laboratory/sources.ts";
import type { Bundled } from "./bundle.ts";
import { DECLARATIONS, EXPORTED } from "./entries.ts";

/**
 * What the sources say of themselves, for a bundle that was made of them.
 *
 * @param made the folder in which the bundle's code lies
 * @param outside packages that are not in it
 */
export async function sourcesToCarry(
  project: string,
  made: string,
  { fileOf }: Bundled,
  outside: readonly string[],
): Promise<Built> {
  const source = join(project, "src");
  const carried = (sources: Sources) =>
    carriedSources(sources, (file) => ownName(file) as string, project, [...outside]);
  const declarations = join(project, DECLARATIONS);
  const closure = await declarationsClosure(declarations);
  if (closure.unknown.length > 0) throw new Error(`declarations must be known by a hash, got ${closure.unknown}`);
  return {
    code: codeHash(made),
    core: carried(coreSources()),
    entries: Object.fromEntries(
      Object.values(EXPORTED).map((path) => {
        const entry = join(project, path);
        const own = { source: pathFrom(source, entry), sources: carried(sourcesOf(source, [entry])) };
        return [fileOf.get(path), own];
      }),
    ),
    declarations: {
      [fileOf.get(DECLARATIONS) as string]: {
        hash: closure.hash,
        statements: await statementHashes(declarations, undefined, closure),
      },
    },
  };
}
