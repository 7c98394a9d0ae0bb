import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

/** What the search for a browser reads of a machine. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where Playwright keeps the Chromium that it downloads, whether or not it did; empty where it has none for a system. */
  readonly playwrights: () => string;
  readonly isProgram: (path: string) => boolean;
}

/** `left out` is no failure: the tests in a browser are then no part of the run. `missing` is one. */
export type BrowserSearch =
  | { readonly kind: "found"; readonly path: string }
  | { readonly kind: "left out" | "missing"; readonly why: string };

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const FOLDERS = ["/usr/bin", "/usr/local/bin", "/snap/bin"];

const APPLICATIONS = ["Google Chrome", "Chromium"].map((name) => `Applications/${name}.app/Contents/MacOS/${name}`);

const HOW =
  "npx playwright-core install chromium, Debian's apt-get install chromium, or CHROMIUM=/path/of/chromium gets them";

/** Chromium or Chrome: the one that `CHROMIUM` names, else Playwright's, else the first in `PATH` and the usual places. */
export function findChromium({ env, playwrights, isProgram }: Machine): BrowserSearch {
  const { CHROMIUM = "", PATH = "", HOME = "" } = env;
  if (CHROMIUM !== "") {
    if (isProgram(CHROMIUM)) return { kind: "found", path: CHROMIUM };
    return { kind: "missing", why: `CHROMIUM must be the path of Chromium or Chrome, got ${CHROMIUM}` };
  }
  const folders = [...PATH.split(delimiter), ...FOLDERS].filter((folder) => folder !== "");
  const path = [
    playwrights(),
    ...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))),
    ...["/", HOME].filter((root) => root !== "").flatMap((root) => APPLICATIONS.map((name) => join(root, name))),
  ].find(isProgram);
  if (path !== undefined) return { kind: "found", path };
  const demand = ["CI", "REQUIRE_BROWSER"].find((name) => !["", "0", "false"].includes(env[name] ?? ""));
  return demand === undefined
    ? { kind: "left out", why: `no Chromium or Chrome here: the tests in a browser are left out; ${HOW}` }
    : { kind: "missing", why: `the tests in a browser need Chromium or Chrome where ${demand} is set; ${HOW}` };
}

export const thisMachine: Machine = {
  env: process.env,
  playwrights: () => orElse("", () => chromium.executablePath()),
  isProgram: (path) =>
    orElse(false, () => {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    }),
};

function orElse<T>(otherwise: T, ask: () => T): T {
  try {
    return ask();
  } catch {
    return otherwise;
  }
}
