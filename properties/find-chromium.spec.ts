import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type BrowserSearch, findChromium, thisMachine } from "./find-chromium.ts";

const PLAYWRIGHTS = "/cache/chromium-1255/chrome";

/** What is found on a machine with these programs and this environment. */
function found(programs: readonly string[], env: Readonly<Record<string, string>> = {}): BrowserSearch {
  return findChromium({ env, playwrights: () => PLAYWRIGHTS, isProgram: (path) => programs.includes(path) });
}

describe("a browser is looked for", () => {
  const everywhere = [
    "/own/chrome",
    PLAYWRIGHTS,
    "/opt/browsers/google-chrome",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/usr/local/bin/chromium",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/home/someone/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ];
  const env = { PATH: ["", "/bin", "/opt/browsers"].join(delimiter), HOME: "/home/someone", CI: "true" };

  test.each(everywhere.map((path, i) => [path, i] as const))("at %s, where none of those before it is", (path, i) => {
    const named = i === 0 ? { CHROMIUM: path } : { CHROMIUM: "" };
    expect(found(everywhere.slice(i), { ...env, ...named })).toEqual({ kind: "found", path });
  });

  test("where CHROMIUM says and nowhere else: a path without a program is a mistake, and named", () => {
    const why = "CHROMIUM must be the path of Chromium or Chrome, got /own/chrom";
    expect(found(everywhere, { ...env, CHROMIUM: "/own/chrom" })).toEqual({ kind: "missing", why });
  });

  test("without PATH and HOME too, and in no folder below the working one", () => {
    expect(found(["/usr/bin/chromium"])).toEqual({ kind: "found", path: "/usr/bin/chromium" });
    expect(found(["chromium", "Applications/Chromium.app/Contents/MacOS/Chromium"]).kind).toBe("left out");
  });
});

describe("where there is none", () => {
  test.each([
    [{}],
    [{ CI: "", REQUIRE_BROWSER: "" }],
    [{ CI: "0", REQUIRE_BROWSER: "false" }],
    [{ CI: "false", REQUIRE_BROWSER: "0" }],
  ])("the tests in one are left out, with one line that says how to get it: %o", (env) => {
    const search = found(["/usr/bin/firefox"], { PATH: "/usr/bin", ...env });
    expect(search).toEqual({ kind: "left out", why: expect.stringMatching(/^.*left out.*playwright.*CHROMIUM=.*$/) });
  });

  test.each([
    [{ CI: "true" }, "CI"],
    [{ CI: "1", REQUIRE_BROWSER: "0" }, "CI"],
    [{ CI: "false", REQUIRE_BROWSER: "1" }, "REQUIRE_BROWSER"],
    [{ REQUIRE_BROWSER: "yes" }, "REQUIRE_BROWSER"],
  ])("they fail where one is required: %o", (env, name) => {
    const why = new RegExp(`^.*need Chromium or Chrome where ${name} is set.*playwright.*CHROMIUM=.*$`);
    expect(found([], env)).toEqual({ kind: "missing", why: expect.stringMatching(why) });
  });
});

describe("this machine", () => {
  const folder = mkdtempSync(join(tmpdir(), "theorycheck-chromium-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("takes a file that may be run for a program, and neither another file, a folder nor nothing", () => {
    const at = (name: string) => join(folder, name);
    for (const [name, mode] of [
      ["program", 0o755],
      ["text", 0o644],
    ] as const) {
      writeFileSync(at(name), "");
      chmodSync(at(name), mode);
    }
    mkdirSync(at("folder"));
    expect(["program", "text", "folder", "nothing"].map((name) => thisMachine.isProgram(at(name)))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(thisMachine.isProgram("")).toBe(false);
  });

  test("asks Playwright for its own", () => {
    expect(thisMachine.playwrights()).toMatch(/chrom/i);
  });
});
