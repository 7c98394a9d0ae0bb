import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { PARTS, partNamed } from "./parts.ts";

const { specs, slow = [] } = partNamed(process.env.MUTATION_PART ?? PARTS[0].name);

const FEWER_RUNS = fileURLToPath(new URL("fewer-runs.ts", import.meta.url));

/** Gives the tests `fewer-runs.ts` where they ask for fast-check. */
const fewerRuns: Plugin = {
  name: "fewer-runs",
  enforce: "pre",
  resolveId: (source, importer) =>
    source === "fast-check" && importer?.includes("/properties/") && importer !== FEWER_RUNS ? FEWER_RUNS : undefined,
};

/** Slow files last: a mutant that a fast one kills does not wait for them. */
class SlowFilesLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => slow.findIndex((name) => moduleId.endsWith(`/${name}`));
    return [...files].sort((one, other) => place(one) - place(other) || (one.moduleId < other.moduleId ? -1 : 1));
  }
}

/**
 * What the mutants of one part are tested with. They live in the process of the test, so that tests which start the
 * command line, or train in worker threads only, could not see them.
 */
export default defineConfig({
  plugins: [fewerRuns],
  test: {
    include: specs.map((spec) => `properties/${spec}`),
    exclude: ["properties/**/*-command.spec.ts"],
    setupFiles: ["properties/fixed-seed.ts"],
    // every mutant has a process of its own, in which its test files share what they import
    isolate: false,
    maxWorkers: 1,
    sequence: { sequencer: SlowFilesLast },
    testTimeout: 600_000,
    // bundled once: the packages' many files would be read again for every mutant
    deps: {
      optimizer: {
        ssr: {
          enabled: true,
          include: [
            "fast-check",
            "ml-matrix",
            "zod",
            "@noble/hashes/sha2.js",
            "@noble/hashes/utils.js",
            "@stdlib/math-base-special-betainc",
            "@stdlib/math-base-special-betaincinv",
            "@stdlib/math-base-special-betaln",
            "@stdlib/math-base-special-exp",
            "@stdlib/math-base-special-ln",
            "@stdlib/math-base-special-log1p",
            "@stdlib/random-base-improved-ziggurat",
          ],
        },
      },
    },
  },
});
