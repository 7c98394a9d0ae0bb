import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportFiles } from "../../src/report/files.ts";
import { presentation } from "../../theorems/presentation.ts";
import { resultsToReport } from "../report/example-results.ts";
import { launchChromium } from "./chromium.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "theorycheck-browser-"));
  browser = await launchChromium();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(resultsToReport())("index.html of %s in Chromium", (name, results) => {
  let address: string;

  beforeAll(async () => {
    const file = join(folder, `${name.replaceAll(" ", "-")}.html`);
    writeFileSync(file, (await reportFiles(results, presentation))["index.html"] as string);
    address = pathToFileURL(file).href;
  }, 120_000);

  describe.each([
    [1280, "light"],
    [1280, "dark"],
    [390, "light"],
    [390, "dark"],
  ] as const)("%d pixels, %s", (width, colorScheme) => {
    let page: Page;
    const said: string[] = [];
    const asked: string[] = [];

    beforeAll(async () => {
      page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme });
      page.on("console", (message) => said.push(message.text()));
      page.on("pageerror", (error) => said.push(error.message));
      page.on("request", (request) => asked.push(request.url()));
      await page.goto(address);
    }, 120_000);

    afterAll(() => page?.close());

    test("no console message, no request but for the page itself", () => {
      expect(said).toEqual([]);
      expect(asked.filter((url) => !url.startsWith("data:"))).toEqual([address]);
    });

    test("the page does not scroll sideways", async () => {
      const [content, window] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect(content).toBeLessThanOrEqual(window as number);
    });

    test("one drawing of each figure is seen, and has a text alternative", async () => {
      const figures = await page.locator("figure").evaluateAll((all) =>
        all.map((figure) => ({
          drawings: [...figure.querySelectorAll("svg")].filter((svg) => svg.checkVisibility()).length,
          alternative: figure.querySelector('[role="img"]')?.getAttribute("aria-label") ?? "",
        })),
      );
      expect(figures.length).toBeGreaterThan(8);
      for (const { drawings, alternative } of figures) {
        expect(drawings).toBe(1);
        expect(alternative.length).toBeGreaterThan(40);
      }
    });

    test("letters in figures are large enough to read", async () => {
      const smallest = await page
        .locator("figure svg")
        .evaluateAll((all) =>
          Math.min(
            ...all
              .filter((svg) => svg.checkVisibility())
              .map((svg) => 10.5 * (svg.getBoundingClientRect().width / Number(svg.getAttribute("width")))),
          ),
        );
      expect(smallest).toBeGreaterThan(9.5);
    });

    test("axe-core finds nothing serious", async () => {
      await page.evaluate(AXE);
      const violations = await page.evaluate(async () => {
        // @ts-expect-error axe is what the line above defines
        const { violations } = (await axe.run()) as {
          violations: { id: string; impact: string; nodes: { html: string }[] }[];
        };
        return violations
          .filter(({ impact }) => impact === "serious" || impact === "critical")
          .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`);
      });
      expect(violations).toEqual([]);
    }, 120_000);
  });

  test("printed, it has nothing of the phone's layout, shows every law, and has fewer than 25 pages", async () => {
    // narrower than a phone's layout begins: only a screen has that
    const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    await page.goto(address);
    await page.emulateMedia({ media: "print" });
    const hidden = await page
      .locator("table.summary th, table.summary td, details.printed dl")
      .evaluateAll((all) => all.filter((each) => !each.checkVisibility()).map((each) => each.outerHTML.slice(0, 80)));
    expect(hidden).toEqual([]);
    expect(await page.locator("details.printed dl").count()).toBe(results.laws.length);
    const marks = await page
      .locator(".verdict")
      .evaluateAll((all) => [...new Set(all.map((each) => getComputedStyle(each, "::before").printColorAdjust))]);
    expect(marks).toEqual(["exact"]);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)?.length).toBeLessThan(25);
    await page.close();
  }, 300_000);

  test("by keyboard: the first Tab shows the link that skips to the theorems", async () => {
    const page = await browser.newPage();
    await page.goto(address);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the theorems");
    await page.keyboard.press("Enter");
    expect(page.url()).toMatch(/#theorems$/);
    await page.close();
  });
});
