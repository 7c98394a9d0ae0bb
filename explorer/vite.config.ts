import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { tsImport } from "tsx/esm/api";
import { defineConfig, type Plugin } from "vite";
import packageDescription from "../package.json" with { type: "json" };
import { licencesOf } from "../tools/build/licences.ts";
import type { Fingerprint } from "./input/fingerprint.ts";

const project = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

// loaded as `verify` loads it, file by file: Vite makes one module of this one and all that it imports
const { coreHash, statementHashes }: typeof import("../src/laboratory/fingerprint.ts") = await tsImport(
  "../src/laboratory/fingerprint.ts",
  import.meta.url,
);

const fingerprint: Fingerprint = {
  theorycheck: packageDescription.version,
  core: coreHash(),
  statements: await statementHashes(project("theorems/index.ts")),
};

const { parseResults }: typeof import("../src/report/results.ts") = await tsImport(
  "../src/report/results.ts",
  import.meta.url,
);
const { decisiveIn }: typeof import("./input/presets.ts") = await tsImport("./input/presets.ts", import.meta.url);

const { formulaHtml }: typeof import("../src/claim/formula.ts") = await tsImport(
  "../src/claim/formula.ts",
  import.meta.url,
);
const { statements }: typeof import("../theorems/index.ts") = await tsImport("../theorems/index.ts", import.meta.url);
const formulas = Object.fromEntries(
  statements.flatMap(({ id, formula }) => (formula === undefined ? [] : [[id, formulaHtml(formula)]])),
);

const judged = project("reports/results.json");
const decisive = existsSync(judged)
  ? decisiveIn(parseResults(readFileSync(judged, "utf8"), judged), fingerprint.statements)
  : {};
/** Files of packages that the page and its worker are made of. */
const made = new Set<string>();

/** Ships the licences of all of them, as the bundle of the program does. The worker is bundled before the page is written. */
function licences(writes: boolean): Plugin {
  return {
    name: "licences",
    apply: "build",
    generateBundle(_options, bundle) {
      for (const output of Object.values(bundle)) {
        if (output.type === "chunk") for (const id of output.moduleIds) made.add(id.replace(/^\0|\?.*$/g, ""));
      }
      if (writes) this.emitFile({ type: "asset", fileName: "THIRD-PARTY-LICENSES.txt", source: licencesOf([...made]) });
    },
  };
}

/** The explorer: `npm run explore` serves it, `npm run build:explorer` makes a folder that any web server can host. */
export default defineConfig({
  root: project("explorer"),
  // addresses relative to the page, so that the folder works below any path
  base: "./",
  resolve: { alias: { katex: project("explorer/page/no-katex.ts") } },
  define: { EXPLORER_FINGERPRINT: fingerprint, EXPLORER_DECISIVE: decisive, EXPLORER_FORMULAS: formulas },
  server: { fs: { allow: [project("")] } },
  build: {
    target: "es2022",
    outDir: project("build/explorer"),
    emptyOutDir: true,
    chunkSizeWarningLimit: 1200,
  },
  plugins: [licences(true)],
  worker: { format: "es", plugins: () => [licences(false)] },
});
