import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

// the program runs from dist/: what is tested is what the sources are now
execFileSync(process.execPath, [fileURLToPath(new URL("../tools/build/build.js", import.meta.url))]);

/** Absolute path of the file that `npx theorycheck` starts. */
export const BIN = fileURLToPath(new URL("../bin/theorycheck.js", import.meta.url));
