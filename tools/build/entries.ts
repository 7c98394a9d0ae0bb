/** What `exports` in package.json names: name of the file in `dist/` without `.js` -> source. Declarations come with it. */
export const EXPORTED: Readonly<Record<string, string>> = {
  index: "src/index.ts",
  transformer: "src/transformer/index.ts",
  vitest: "src/vitest/index.ts",
  "vitest-config": "src/vitest/config.ts",
};

/** The same of all that is bundled by a name which somebody asks for. */
export const ENTRIES: Readonly<Record<string, string>> = {
  ...EXPORTED,
  cli: "src/cli/main.ts",
  supervise: "src/cli/supervise.ts",
};

/** The module of this project's own declarations. */
export const DECLARATIONS = "theorems/index.ts";

/** Modules that are found by their address: they are bundled too. Source -> name. */
export const MODULES_BY_ADDRESS: Readonly<Record<string, string>> = {
  "src/laboratory/start-worker.js": "start-worker",
  "src/cli/command-thread.ts": "command-thread",
  [DECLARATIONS]: "theorems",
};

/** What is beside the bundle: address in the sources -> address in `dist/`, where all modules lie in one folder. */
export const BESIDE: Readonly<Record<string, string>> = {
  "package.json": "../package.json",
  "src/laboratory/sources.json": "./sources.json",
  src: ".",
};
