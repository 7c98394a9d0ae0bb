import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

// The last step of `npm run build:kernel`: the compiled kernel as a module, so that Node, a bundle and a page load it
// the same way, and an import leads to it.

const build = new URL("../../src/transformer/model/kernel/build/", import.meta.url);
const base64 = readFileSync(new URL("kernel.wasm", build)).toString("base64");

writeFileSync(fileURLToPath(new URL("bytes.js", build)), `export const base64 =\n  "${base64}";\n`);
writeFileSync(fileURLToPath(new URL("bytes.d.ts", build)), "export declare const base64: string;\n");
