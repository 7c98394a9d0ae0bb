import { defineConfig } from "vitest/config";
import { findChromium, thisMachine } from "./properties/find-chromium.ts";
import { findRedis } from "./properties/find-redis.ts";
import { requireSelection } from "./src/vitest/config.ts";

const BROWSER = "properties/browser/**/*.spec.ts";
const QUEUE = "properties/queue/**/*.spec.ts";
const STATEMENTS = "properties/statements.spec.ts";

const chromium = findChromium(thisMachine);
if (chromium.kind === "left out") console.error(chromium.why);

const redis = findRedis(thisMachine);
if (redis.kind === "left out") console.error(redis.why);

const plugins = [requireSelection()];

export default defineConfig({
  test: {
    projects: [
      {
        plugins,
        test: {
          name: "lemmas",
          include: ["properties/**/*.spec.ts"],
          exclude: [STATEMENTS, BROWSER, QUEUE],
          setupFiles: ["properties/fixed-seed.ts"],
          // files share what they import: loading it again for each would take longer than the tests
          isolate: false,
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        plugins,
        test: {
          name: "theorems",
          include: [STATEMENTS],
          sequence: { groupOrder: 1 },
        },
      },
      ...(chromium.kind === "left out"
        ? []
        : [
            {
              plugins,
              test: {
                name: "browser",
                include: [BROWSER],
                globalSetup: ["properties/browser/provide-chromium.ts"],
                testTimeout: 120_000,
                // pages are timed: nothing else runs beside them
                maxWorkers: 1,
                sequence: { groupOrder: 2 },
              },
            },
          ]),
      ...(redis.kind === "left out"
        ? []
        : [
            {
              test: {
                name: "queue",
                include: [QUEUE],
                globalSetup: ["properties/queue/provide-redis.ts"],
                testTimeout: 300_000,
                // each file has a server of its own, and mostly waits: for locks to run out, and for what is given up
                maxWorkers: 4,
                sequence: { groupOrder: 3 },
              },
            },
          ]),
    ],
    reporters: ["default", ["junit", { outputFile: "reports/junit.xml" }]],
    coverage: { provider: "v8", include: ["src/**/*.ts"], exclude: ["src/transformer/model/kernel/assembly/**"] },
  },
});
