import { fileURLToPath } from "node:url";
import { builtDeclarations } from "./built.ts";
import { isCommonJs } from "./common-js.ts";
import { followsTsconfig } from "./tsx-resolution.ts";

/** Whoever runs this file as TypeScript loads TypeScript already; in `dist/` it is JavaScript. */
const LOADS_TYPESCRIPT = import.meta.url.endsWith(".ts");

const mayNeedTsx = (file: string) =>
  /\.[cm]?tsx?$/.test(file) || (builtDeclarations(file) === undefined && followsTsconfig());

/**
 * Imports a module of declarations, in TypeScript or JavaScript. tsx is loaded where there is TypeScript, or where a
 * tsconfig says how imports are resolved: whether it is must not depend on what the module imports, since the closure of
 * the module is known by the same rules.
 *
 * @param url of a file
 */
export async function importModule(url: string): Promise<Record<string, unknown>> {
  const file = fileURLToPath(url);
  if (!LOADS_TYPESCRIPT && mayNeedTsx(file)) await loadTypeScript();
  try {
    return await import(url);
  } catch (error) {
    // CommonJS that requires this package, which is of ES modules: not every Node can, beside tsx
    if (!isCommonJs(file) || !isOfLoading(error)) throw error;
    const { tsImport } = await tsx();
    return await tsImport(url, import.meta.url);
  }
}

/** Whether Node could not require or link, where what a module itself throws is no reason to load it again. */
function isOfLoading(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "string" && /^ERR_(REQUIRE|VM_MODULE)_/.test(code);
}

let loads: Promise<unknown> | undefined;

function loadTypeScript(): Promise<unknown> {
  loads ??= tsx().then(({ register }) => register());
  return loads;
}

/** Without its cache, which lies in a folder for temporary files: what somebody else wrote there would run as this user. */
function tsx(): Promise<typeof import("tsx/esm/api")> {
  process.env.TSX_DISABLE_CACHE = "1";
  return import("tsx/esm/api");
}
