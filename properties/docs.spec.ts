import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { loadStatements } from "../src/laboratory/statements.ts";
import { commandLinePage, PAGE } from "../tools/docs/command-line.ts";
import { commandNames, printed } from "../tools/docs/help.ts";

const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)));

/** What is installed, built or kept, and no part of the project. */
const FOREIGN = /^(node_modules|build|dist|coverage|\.git|\.theorycheck|\.stryker-tmp)$/;

/** Files with these endings below a folder, by their paths in the project, with `/` on every system. */
function filesBelow(folder: string, endings: RegExp): string[] {
  return readdirSync(join(PROJECT, folder), { withFileTypes: true })
    .filter(({ name }) => !FOREIGN.test(name))
    .flatMap((entry) => {
      const path = join(PROJECT, folder, entry.name);
      if (entry.isDirectory()) return filesBelow(relative(PROJECT, path), endings);
      return endings.test(entry.name) ? [relative(PROJECT, path).split(sep).join("/")] : [];
    })
    .sort();
}

const textOf = (path: string) => readFileSync(join(PROJECT, path), "utf8");

const pages = filesBelow("", /\.md$/);

/** Markdown without its blocks of code. */
const proseOf = (path: string) => textOf(path).replace(/^ *```[\s\S]*?^ *```$/gm, "");

/** The names that GitHub gives to the headings of a page. */
function anchorsOf(path: string): string[] {
  const given = new Map<string, number>();
  return [...proseOf(path).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => {
    const words = heading!.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const name = words.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "").replaceAll(" ", "-");
    const before = given.get(name) ?? 0;
    given.set(name, before + 1);
    return before === 0 ? name : `${name}-${before}`;
  });
}

/** Why a link of a page leads nowhere; undefined where it leads somewhere, or out of the project. */
function whyNowhere(page: string, link: string): string | undefined {
  if (/^[a-z]+:/.test(link)) return undefined;
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : posix.normalize(posix.join(posix.dirname(page), decodeURIComponent(path)));
  if (target.startsWith("..") || !existsSync(join(PROJECT, target))) return `${page}: ${link}: no such file`;
  if (anchor === undefined || (target.endsWith(".md") && anchorsOf(target).includes(anchor))) return undefined;
  return `${page}: ${link}: no such heading`;
}

describe("links in Markdown", () => {
  const links = pages.flatMap((page) =>
    [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => ({ page, link: link as string })),
  );

  test("lead to files and headings that are there", () => {
    expect(pages.length).toBeGreaterThan(20);
    expect(links.length).toBeGreaterThan(60);
    expect(links.flatMap(({ page, link }) => whyNowhere(page, link) ?? [])).toEqual([]);
  });

  test.each([
    ["a file that is not there", "no-such-file.md"],
    ["a heading that is not there", "docs/verdicts.md#no-such-heading"],
    ["out of the project", "../README.md"],
  ])("would be noticed: %s", (_, link) => {
    expect(whyNowhere("README.md", link)).toContain(link);
  });
});

describe("commands that are shown", () => {
  const places = [...pages, ...["src", "explorer", "examples"].flatMap((folder) => filesBelow(folder, /\.(ts|html)$/))];

  test("are ones that the command line has, options included", async () => {
    const helps = new Map<string, string>();
    for (const name of await commandNames()) helps.set(name, await printed(name, "--help"));
    const shown = places.flatMap((place) =>
      [...textOf(place).matchAll(/npx theorycheck ([a-z][\w-]*)([^\n`]*)/g)].map(([line, command, rest]) => ({
        place,
        line: line as string,
        command: command as string,
        // what follows # is a remark, and what stands in ${ } is put in
        options: rest!.replace(/ +# .*|\$\{[^}]*\}/g, "").match(/(?<= )--[a-z][\w-]*/g) ?? [],
      })),
    );
    expect(shown.length).toBeGreaterThan(30);
    const unknown = shown.filter(({ command, options }) => {
      const help = helps.get(command);
      return help === undefined || options.some((option) => !new RegExp(`^  .*${option}\\b`, "m").test(help));
    });
    expect(unknown.map(({ place, line }) => `${place}: ${line}`)).toEqual([]);
  });

  test("of npm are scripts of package.json", () => {
    const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
    const shown = pages.flatMap((page) =>
      [...textOf(page).matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)].map(([line, script]) => ({
        line: `${page}: ${line}`,
        known: Object.hasOwn(scripts, script as string),
      })),
    );
    expect(shown.length).toBeGreaterThan(20);
    expect(shown.filter(({ known }) => !known).map(({ line }) => line)).toEqual([]);
  });
});

test("the theorem and the control of CONTRIBUTING.md are declared as they stand there", async () => {
  const [theorem, control] = [...textOf("CONTRIBUTING.md").matchAll(/^ +```ts\n([\s\S]*?)^ +```$/gm)].map(
    ([, block]) => block as string,
  );
  const folder = join(PROJECT, ".theorycheck", "contributing");
  // as if it were the folder theorems: what lies elsewhere is one folder further up
  const moved = (text: string) =>
    text
      .replaceAll('"../', '"../../')
      .replace("../../few-steps", "../few-steps")
      .replace('"./', '"../../../theorems/controls/');
  mkdirSync(join(folder, "controls"), { recursive: true });
  try {
    writeFileSync(join(folder, "few-steps.ts"), moved(theorem!));
    writeFileSync(join(folder, "controls", "few-steps-no-majority.ts"), moved(control!));
    const declared = await loadStatements(join(folder, "controls", "few-steps-no-majority.ts"));
    expect(declared).toMatchObject([
      { kind: "control", id: "few-steps-no-majority", of: "few-steps", breaks: ["steps"] },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test(`${PAGE} is what npm run docs writes`, async () => {
  expect(textOf(PAGE)).toBe(await commandLinePage());
});

describe("numbers", () => {
  test("of docs/performance.md are those of reports/performance.md", () => {
    const numbers = /\d+(?:[.,]\d+)*/g;
    const measured = new Set(textOf("reports/performance.md").match(numbers));
    const said = proseOf("docs/performance.md").match(numbers) ?? [];
    expect(said.length).toBeGreaterThan(10);
    expect(said.filter((number) => !measured.has(number))).toEqual([]);
  });

  test.each([
    ["130 of 130 planted errors are caught", "reports/teeth.md", "CONTRIBUTING.md"],
    ["85.6 %", "reports/mutation.md", "CONTRIBUTING.md"],
  ])("%s, as %s says", (words, report, page) => {
    expect(textOf(report)).toContain(words);
    expect(textOf(page)).toContain(words);
  });

  test("of the version are the same wherever it stands", () => {
    const { version } = JSON.parse(textOf("package.json")) as { version: string };
    expect(textOf("CITATION.cff")).toMatch(new RegExp(`^version: ${version}$`, "m"));
    expect(textOf("CHANGELOG.md").match(/^## (\S+)/m)?.[1]).toBe(version);
  });
});
