import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { encodeLink, type Shared } from "../../explorer/input/link.ts";
import { centreOf } from "../../explorer/input/presets.ts";
import { baseLaw } from "../../src/transformer/laws.ts";
import { kernelEngine } from "../../src/transformer/model/kernel/engine.ts";
import type { Theta } from "../../src/transformer/notation.ts";
import { train } from "../../src/transformer/train/sgd.ts";
import { launchChromium } from "./chromium.ts";
import { serveFolder } from "./serve-folder.ts";

export const project = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** A model of the base law, cut down so that it trains in some tenths of a second. */
export const small: Theta = { ...centreOf(baseLaw), N: 64, B: 32, m: 30, Tmax: 40, testSamples: 20 };
export const SEED = 12;
export const digestOf = (theta: Theta, seed: number) => train(theta, seed, { engine: kernelEngine }).digest;

export const linkTo = (change: Partial<Shared> = {}) =>
  `#${encodeLink({ theta: small, seed: SEED, lawId: "base", pruning: { order: "smallest", fraction: 0.3 }, ...change })}`;

export let browser: Browser;
export let server: Awaited<ReturnType<typeof serveFolder>>;
/** Opened for each test, and watched. */
export let page: Page;
let complaints: string[];

/** Builds the explorer for the tests of a file, serves it below a path, and opens a page for each test. */
export function useExplorer(): void {
  beforeAll(async () => {
    await build({ configFile: project("explorer/vite.config.ts"), logLevel: "silent" });
    server = await serveFolder(project("build/explorer"), "/somewhere/below");
    browser = await launchChromium();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  beforeEach(async () => {
    complaints = [];
    page = await pageWatched({ width: 1280, height: 900 });
  });

  afterEach(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });
}

/** A page whose console must stay silent and whose requests must stay at home. */
export async function pageWatched(viewport: { width: number; height: number }): Promise<Page> {
  const watched = await browser.newPage({ viewport });
  watched.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  watched.on("pageerror", (error) => complaints.push(`thrown: ${error.message}`));
  watched.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
  watched.on("request", (request) => {
    const { protocol } = new URL(request.url());
    if (!request.url().startsWith(server.address) && protocol !== "data:" && protocol !== "blob:") {
      complaints.push(`outside: ${request.url()}`);
    }
  });
  return watched;
}

/** Waits until the model of this seed is at rest and judged, with its digest in the address. */
export async function atRest(seed = SEED, of = page): Promise<string> {
  await of.waitForFunction(
    (wanted) =>
      document.body.dataset.judged === "true" &&
      location.hash.includes(`&seed=${wanted}&`) &&
      location.hash.endsWith(`&digest=${document.querySelector("#digest")?.textContent?.replace("@", "%40")}`),
    seed,
    { timeout: 60_000 },
  );
  return (await of.textContent("#digest")) ?? "";
}

export async function open(link = linkTo()): Promise<string> {
  await page.goto(server.address + link);
  return atRest();
}
