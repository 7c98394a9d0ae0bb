import type { Reporter, TestModule, Vitest } from "vitest/node";

/** What a configuration of vitest takes among its `plugins`. */
export interface SelectionPlugin {
  readonly name: string;
  configureVitest(context: { readonly vitest: Vitest }): void;
}

const required = new WeakSet<Vitest>();

/**
 * A plugin for the configuration of vitest: a run whose `-t` selects no test of any file fails. vitest itself passes, with
 * exit code 0, where a statement's name was misspelt and nothing was judged. Given to several projects it counts once.
 *
 * @example
 * // vitest.config.ts
 * import { requireSelection } from "theorycheck/vitest/config";
 * import { defineConfig } from "vitest/config";
 *
 * export default defineConfig({ plugins: [requireSelection()] });
 */
export function requireSelection(): SelectionPlugin {
  return {
    name: "theorycheck: -t must select a test",
    configureVitest({ vitest }) {
      if (required.has(vitest)) return;
      required.add(vitest);
      // also where the command line names other reporters
      vitest.config.reporters.push(selectionReporter(vitest));
    },
  };
}

function selectionReporter(vitest: Vitest): Reporter {
  return {
    onTestRunEnd(modules, errors) {
      const pattern = vitest.getGlobalTestNamePattern();
      if (pattern === undefined || errors.length > 0 || modules.some((each) => isTried(each))) return;
      process.stderr.write(
        `theorycheck: vitest -t must select a test, got ${pattern}, which selects none in ${modules.length} files\n`,
      );
      process.exitCode = 1;
    },
  };
}

/** Whether anything of a file was run; one that does not load fails by itself. */
function isTried(file: TestModule): boolean {
  if (file.state() === "failed") return true;
  for (const test of file.children.allTests()) if (test.result().state !== "skipped") return true;
  return false;
}
