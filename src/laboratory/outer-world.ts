import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { type Loader, transform } from "esbuild";

/** Names that every engine gives the same meaning, and that lead to nothing outside of the program. */
const SELF_CONTAINED: readonly string[] = [
  ...["undefined", "NaN", "Infinity", "isFinite", "isNaN", "parseFloat", "parseInt"],
  ...["Object", "Boolean", "Symbol", "Number", "BigInt", "Math", "String", "RegExp", "JSON", "console"],
  ...["Array", "Map", "Set", "WeakMap", "WeakSet", "Iterator", "Promise", "Proxy", "Reflect", "structuredClone"],
  ...["ArrayBuffer", "DataView", "TextDecoder", "TextEncoder", "atob", "btoa", "escape", "unescape"],
  ...["Int8Array", "Int16Array", "Int32Array", "BigInt64Array", "Float16Array", "Float32Array", "Float64Array"],
  ...["Uint8Array", "Uint8ClampedArray", "Uint16Array", "Uint32Array", "BigUint64Array"],
  ...["decodeURI", "decodeURIComponent", "encodeURI", "encodeURIComponent"],
  ...["Error", "AggregateError", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError"],
];

/**
 * What a module may read without importing anything: every global but those above, `process`, `fetch`, `eval` and
 * `Function` among them, the clock and chance, and where the module lies.
 */
const OUTER_WORLD: readonly string[] = [
  ...Object.getOwnPropertyNames(globalThis).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name)),
  ...["Math.random", "import.meta", "__dirname", "__filename"],
].filter((name) => !SELF_CONTAINED.includes(name));

const MARK = "theorycheck_outer_world_";

/**
 * For esbuild's `define`, which knows scopes: it writes a mark in the place of such a name, only where it is the global
 * that is meant, and neither a variable, a property nor a text of that name.
 */
export const markOuterWorld: Readonly<Record<string, string>> = Object.fromEntries(
  OUTER_WORLD.map((name, number) => [name, `${MARK}${number}`]),
);

/** Which of these names are read in code that was compiled so. */
export function readIn(compiled: string): string[] {
  const numbers = [...compiled.matchAll(new RegExp(`\\b${MARK}(\\d+)\\b`, "g"))].map(([, number]) => Number(number));
  return [...new Set(numbers)].map((number) => OUTER_WORLD[number] as string);
}

const LOADERS: Readonly<Record<string, Loader>> = { ".ts": "ts", ".mts": "ts", ".cts": "ts", ".tsx": "tsx" };

/** The same for a file by itself. */
export async function readBy(file: string): Promise<string[]> {
  const loader = LOADERS[extname(file)] ?? "jsx";
  const { code } = await transform(readFileSync(file, "utf8"), { loader, define: { ...markOuterWorld } });
  return readIn(code);
}
