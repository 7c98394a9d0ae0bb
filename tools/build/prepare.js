import { createRequire } from "node:module";

// What npm runs after an installation. Where it left out the development dependencies there is nothing to build with:
// `npm ci --omit=dev` succeeds, and the program of such a checkout says that it was not built.

try {
  createRequire(import.meta.url).resolve("rolldown");
} catch {
  process.stderr.write("theorycheck: not built, since the development dependencies are not installed\n");
  process.exit(0);
}
await import("./build.js");
