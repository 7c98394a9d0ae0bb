import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { settingsIn } from "../../explorer/input/diagram.ts";
import { centreOf } from "../../explorer/input/presets.ts";
import { baseLaw } from "../../src/transformer/laws.ts";
import { atRest, browser, digestOf, linkTo, open, page, SEED, server, small, useExplorer } from "./explorer-page.ts";

useExplorer();

describe("looking back", () => {
  const lookTo = (moment: number) =>
    page.evaluate((value) => {
      const slider = document.querySelector<HTMLInputElement>("#look-back")!;
      slider.value = String(value);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }, moment);
  const said = (chart: string) => page.getAttribute(`svg[aria-label^="${chart}"]`, "aria-label");

  test("every chart of one moment shows the step that the slider stands on, and the end again", async () => {
    await open();
    const before = await said("Strength of the update of W_V");
    expect(before).toMatch(/After step \d+: relevant at least/);
    expect(await page.textContent(".scrubber output")).toMatch(/as it stands$/);
    await lookTo(0);
    await page.waitForFunction(() => document.querySelector(".scrubber output")?.textContent?.startsWith("step 0 of"));
    expect(await said("Strength of the update of W_V")).toBe(
      "Strength of the update of W_V on each pattern. After step 0: no update yet.",
    );
    expect(await said("Norms of the neurons")).toContain("After step 0, ");
    expect(await page.textContent(".tail")).toContain("no update yet");
    await lookTo(5);
    await page.waitForFunction(() => document.querySelector(".scrubber output")?.textContent?.startsWith("step 5 of"));
    expect(await page.textContent(".tail")).toContain("after step 5");
    expect(await page.locator(".figures .cursor").count()).toBe(5);
    await page.focus("#look-back");
    await page.keyboard.press("End");
    await page.waitForFunction(() => document.querySelector(".scrubber output")?.textContent?.endsWith("as it stands"));
    expect(await said("Strength of the update of W_V")).toBe(before);
  });
});

describe("undo", () => {
  const tau = () => page.inputValue("#theta-tau");

  test("the back button, Undo and Ctrl+Z go back to the model before, and Redo comes again", async () => {
    const first = await open();
    expect(await page.isDisabled("#undo")).toBe(true);
    await page.fill("#theta-tau", "0.2");
    await page.waitForFunction(() => location.hash.includes("&tau=0.2&"));
    const second = await atRest();
    expect(second).toBe(digestOf({ ...small, tau: 0.2 }, SEED));
    await page.fill("#seed", "13");
    await atRest(13);
    await page.goBack();
    expect(await atRest()).toBe(second);
    expect([await page.inputValue("#seed"), await tau()]).toEqual([String(SEED), "0.2"]);
    await page.click("#undo");
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>("#theta-tau")?.value === "0.125");
    expect(await atRest()).toBe(first);
    expect(await page.isDisabled("#undo")).toBe(true);
    await page.click("#redo");
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>("#theta-tau")?.value === "0.2");
    expect(await atRest()).toBe(second);
    await page.focus("#train");
    await page.keyboard.press("Control+z");
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>("#theta-tau")?.value === "0.125");
    // another change: what was undone is gone
    await page.fill("#theta-tau", "0.05");
    await page.waitForFunction(() => location.hash.includes("&tau=0.05&"));
    await atRest();
    expect([await page.isDisabled("#undo"), await page.isDisabled("#redo")]).toEqual([false, true]);
  });

  test("a law is gone back to as well", async () => {
    await page.goto(server.address + linkTo());
    await atRest();
    await page.selectOption("#law", "r4");
    await page.waitForFunction(() => location.hash.includes("law=r4"));
    await page.goBack();
    await page.waitForFunction(() => document.querySelector<HTMLSelectElement>("#law")?.value === "base");
  });
});

describe("the theory on the page", () => {
  test("formulas stand with their statements, and this model's numbers in them", async () => {
    await open(linkTo({ theta: { ...centreOf(baseLaw), N: 128, B: 64, m: 50, testSamples: 100 } }));
    const card = page.locator("#statement-iteration-complexity");
    expect(await card.locator(".formula math").count()).toBeGreaterThan(0);
    expect(await card.locator(".formula-numbers").textContent()).toMatch(
      /^here T = \d+, L = 17, n\* = 7, n# = 2, η = 0\.316$/,
    );
    const text = (await card.locator(".worked").textContent())!;
    const [, steps, product] = /^(\d+) · 0\.316 · \(7 − 2\) \/ 17 = ([\d.]+), to be in \[4, 30\]$/.exec(text) ?? [];
    expect([steps, product], text).not.toContain(undefined);
    // what is worked out is what is judged
    expect(await card.locator(".claim .numbers dd").first().textContent()).toBe(product);
    for (const statement of ["low-rank-update", "relevant-directions", "pruning-is-free"]) {
      const row = page.locator(`#statement-${statement} .claim`).first();
      const [, worked] = / = ([^,]+), to be /.exec((await row.locator(".worked").textContent())!)!;
      expect([statement, worked]).toEqual([statement, await row.locator(".numbers dd").first().textContent()]);
    }
    // axes have the units of their headings
    const ticks = await page.locator(".figures .panel:nth-child(2) svg .tick").allTextContents();
    expect(ticks.filter((tick) => tick.endsWith("%")).length).toBeGreaterThan(3);
  });

  test("the tour drives the controls, shows a violation at its end, and can be left by keyboard", async () => {
    await open();
    await page.click("#tour");
    expect(await page.textContent(".tour h2")).toBe("1 of 5: Learn");
    await page.waitForFunction(() => document.querySelector<HTMLSelectElement>("#preset")?.value === "centre-base");
    await atRest();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter"); // Next: Back is disabled
    expect(await page.textContent(".tour h2")).toBe("2 of 5: Low rank");
    await page.click("#tour-next");
    await page.waitForFunction(
      () => !document.querySelector<HTMLInputElement>("#pruned-fraction")!.value.match(/^0(\.0+)?$/),
    );
    const small = await page.textContent("#pruned-hinge");
    await page.click("#tour-next");
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>("#order-largest")!.checked);
    await page.waitForFunction((hinge) => document.querySelector("#pruned-hinge")?.textContent !== hinge, small);
    expect(Number(await page.textContent("#pruned-hinge"))).toBeGreaterThan(Number(small) + 0.1);
    await page.click("#tour-next");
    await page.waitForSelector('.lit[data-hypothesis="attention-scale"]');
    await page.waitForSelector('#statement-low-rank-update.looked-at[data-state="violated"]');
    await page.keyboard.press("Escape");
    expect(await page.isVisible(".tour")).toBe(false);
    expect(await page.locator(".looked-at").count()).toBe(0);
  });
});

test("nothing that axe-core finds and no chart without a text, with a diagram, its table and the tour open", async () => {
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const diagram = {
    ...{ theorem: "learnability", lawId: "base", seeds: 1, cells: 9, seed: 1 },
    vary: [
      { field: "alphaStar", from: 0.05, to: 0.6 },
      { field: "N", from: 8, to: 160 },
    ],
    set: settingsIn("m=20, B=4, d=12, L=12, Tmax=20, testSamples=20"),
  };
  await page.goto(server.address + linkTo({ diagram }));
  await atRest();
  await page.waitForFunction(() => document.querySelector<HTMLElement>("#phase-diagram")?.dataset.state === "ended");
  await page.click(".diagram-cells summary");
  await page.click("#tour");
  await page.evaluate(axe);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const faults = await page.evaluate(async () => {
      const { violations } = await (globalThis as unknown as { axe: typeof import("axe-core") }).axe.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
    });
    expect(faults).toEqual([]);
    const unsaid = await page.$$eval(
      "svg.chart",
      (charts) => charts.filter((chart) => !/^.{10,}\. ?.+/.test(chart.getAttribute("aria-label") ?? "")).length,
    );
    expect(unsaid).toBe(0);
  }
});

test("no task of the page takes 200 ms of its thread while it trains, measures a diagram and judges many seeds", async () => {
  const theta = { ...centreOf(baseLaw), labels: "random" as const, N: 512, B: 256 };
  await page.goto(server.address + linkTo({ theta }));
  await page.waitForFunction(() => document.body.dataset.training === "running");
  await browser.startTracing(page, { categories: ["toplevel", "disabled-by-default-devtools.timeline"] });
  await page.selectOption("#many-over", "law");
  await page.click("#many-toggle");
  await page.selectOption("#diagram-preset", "1");
  await page.fill("#diagram-seeds", "2");
  await page.click("#diagram-toggle");
  await page.fill("#theta-tau", "0.2");
  await page.waitForFunction(() => document.querySelectorAll("#phase-diagram rect.cell").length >= 2);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    readonly traceEvents: readonly { name: string; pid: number; tid: number; tdur?: number; args: { name?: string } }[];
  };
  const pageThreads = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(({ pid, tid, tdur }) => tdur !== undefined && pageThreads.has(`${pid} ${tid}`));
  expect(tasks.length).toBeGreaterThan(20);
  // time of the thread itself, so that what else the machine does is none of it
  expect(Math.max(...tasks.map(({ tdur }) => tdur!)) / 1000).toBeLessThan(200);
});
