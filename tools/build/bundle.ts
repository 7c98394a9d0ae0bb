import { dirname, relative, resolve, sep } from "node:path";
import { type Plugin, rolldown } from "rolldown";
import { BESIDE, ENTRIES, MODULES_BY_ADDRESS } from "./entries.ts";

/** Packages that stay packages: ARCHITECTURE.md says why. All others are bundled, so that their versions are fixed. */
function staysOutside(dependencies: readonly string[], specifier: string): boolean {
  return dependencies.some((name) => specifier === name || specifier.startsWith(`${name}/`));
}

export interface Bundled {
  readonly from: readonly string[];
  /** Path of the source in the project -> file of the bundle. */
  readonly fileOf: ReadonlyMap<string, string>;
}

/**
 * Bundles the project's entries.
 *
 * @param folder where to, all files beside each other
 * @returns absolute paths of the files that were bundled, and in which file of the bundle each module of `entries.ts` is
 */
export async function bundle(project: string, folder: string, external: readonly string[]): Promise<Bundled> {
  const build = await rolldown({
    cwd: project,
    input: ENTRIES,
    platform: "node",
    external: (specifier, importer) => staysOutside(external, specifier) && !startsWorker(importer),
    plugins: [addresses(project), withoutLoader],
    onLog: (level, log, handler) => {
      if (level === "warn") throw new Error(log.message);
      handler(level, log);
    },
  });
  try {
    const { output } = await build.write({
      dir: folder,
      format: "esm",
      entryFileNames: "[name].js",
      chunkFileNames: "[name]-[hash].js",
    });
    const chunks = output.filter((file) => file.type === "chunk");
    return {
      from: [...new Set(chunks.flatMap(({ modules }) => Object.keys(modules)))],
      fileOf: new Map(
        chunks.flatMap(({ facadeModuleId, fileName }) =>
          facadeModuleId === null ? [] : [[pathFrom(project, facadeModuleId), fileName]],
        ),
      ),
    };
  } finally {
    await build.close();
  }
}

const startsWorker = (importer: string | undefined) => importer?.endsWith("start-worker.js") ?? false;

const NO_LOADER = "\0no loader";

/** A worker of the sources registers tsx, to load them; one of `dist/` has JavaScript to load. */
const withoutLoader: Plugin = {
  name: "without loader",
  resolveId: (specifier, importer) => (specifier === "tsx/esm/api" && startsWorker(importer) ? NO_LOADER : null),
  load: (id) => (id === NO_LOADER ? "export function register() {}" : null),
};

/**
 * `new URL("./beside.js", import.meta.url)` leads to where the file lies in `dist/`. Its name there has a hash of its
 * content: a process that is still running when `dist/` is made anew does not find it, and cannot mix old code with new.
 *
 * @throws Error where nobody said where that is
 */
function addresses(project: string): Plugin {
  return {
    name: "addresses",
    transform: {
      filter: { code: "import.meta.url", id: { exclude: /node_modules/ } },
      handler(code, id) {
        return code.replace(/new URL\(("[^"]+"), import\.meta\.url\)/g, (_, literal: string) => {
          const file = resolve(dirname(id), JSON.parse(literal));
          const source = pathFrom(project, file);
          const module = MODULES_BY_ADDRESS[source];
          if (module !== undefined) return emitted(this.emitFile({ type: "chunk", id: file, name: module }));
          const address = BESIDE[source];
          if (address !== undefined) return `new URL(${JSON.stringify(address)}, import.meta.url)`;
          throw new Error(`tools/build/entries.ts must say where ${source} is in dist/, which ${id} looks for`);
        });
      },
    },
  };
}

const emitted = (reference: string) => `new URL(import.meta.ROLLUP_FILE_URL_${reference})`;

/** A path relative to a folder, with `/` on every system. */
function pathFrom(folder: string, file: string): string {
  return relative(folder, file).split(sep).join("/");
}
