import { defineConfig } from "vitest/config";

/**
 * What `npm run test:mutation` runs: the fast tests of the rooms that it mutates. Stryker's mutants live in the process
 * of the test, so that tests which start the command line, or train in worker threads only, could not see them.
 */
export default defineConfig({
  test: {
    include: ["random", "data", "model", "train", "prune", "measure", "claim", "verdict", "lemmas"].map(
      (room) => `properties/${room}/**/*.spec.ts`,
    ),
    exclude: ["properties/**/*-command.spec.ts"],
    setupFiles: ["properties/fixed-seed.ts"],
    testTimeout: 600_000,
  },
});
