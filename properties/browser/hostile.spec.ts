import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportFiles } from "../../src/report/files.ts";
import { presentation } from "../../theorems/presentation.ts";
import { exampleResults } from "../report/example-results.ts";
import { hostileResults, MARKERS } from "../report/hostile.ts";
import { launchChromium } from "./chromium.ts";

let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "theorycheck-hostile-"));
  browser = await launchChromium();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a page did that it should not: scripts that ran, requests, what the browser refused. */
async function misdeedsOf(html: string): Promise<{ ran: unknown; asked: string[]; said: string[]; targets: string[] }> {
  const file = join(folder, "index.html");
  writeFileSync(file, html);
  const page = await browser.newPage();
  const asked: string[] = [];
  const said: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  page.on("dialog", (dialog) => said.push(dialog.message()));
  try {
    const address = pathToFileURL(file).href;
    await page.goto(address);
    const targets = await page
      .locator("a")
      .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).protocol));
    const ran = await page.evaluate(() => Reflect.get(window, "ran") ?? "nothing");
    return { ran, asked: asked.filter((url) => url !== address && !url.startsWith("data:")), said, targets };
  } finally {
    await page.close();
  }
}

describe.each(MARKERS)("a report of results with %s in each text field", (_, marker) => {
  let html: string;

  beforeAll(async () => {
    const { data } = hostileResults(exampleResults(), marker);
    html = (await reportFiles(data, presentation))["index.html"] as string;
  }, 120_000);

  test("runs nothing, asks for nothing, and has no link that runs", async () => {
    const { ran, asked, said, targets } = await misdeedsOf(html);
    expect({ ran, asked, said }).toEqual({ ran: "nothing", asked: [], said: [] });
    // the heading of the page links to the paper, worst cases to the explorer on this machine
    expect([...new Set(targets)].sort()).toEqual(["file:", "http:", "https:"]);
  });

  test("and does so without its Content-Security-Policy: all is escaped", async () => {
    const bare = html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");
    expect(bare).not.toBe(html);
    const { ran, asked, said } = await misdeedsOf(bare);
    expect({ ran, asked, said }).toEqual({ ran: "nothing", asked: [], said: [] });
  });
});

test("a script that slipped through would not run: the policy forbids it", async () => {
  const html = (await reportFiles(exampleResults(), presentation))["index.html"] as string;
  const slipped = html.replace("<main>", '<main><script>window.ran = 1</script><img src="x" onerror="window.ran = 1">');
  const { ran, said } = await misdeedsOf(slipped);
  expect(ran).toBe("nothing");
  expect(said.join()).toContain("Content Security Policy");
});
