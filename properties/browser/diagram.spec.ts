import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { claimsOf, type Diagram, settingsIn } from "../../explorer/input/diagram.ts";
import { here } from "../../src/experiment/laboratory.ts";
import { parseBoundary } from "../../src/explore/boundary.ts";
import { boundaryCells } from "../../src/explore/boundary-cells.ts";
import { probe } from "../../src/explore/probe.ts";
import { toJson } from "../../src/report/encode.ts";
import { statements } from "../../theorems/index.ts";
import { atRest, linkTo, open, page, server, useExplorer } from "./explorer-page.ts";

useExplorer();

const diagram: Diagram = {
  theorem: "learnability",
  lawId: "base",
  vary: [
    { field: "alphaStar", from: 0.05, to: 0.6 },
    { field: "N", from: 8, to: 160 },
  ],
  set: settingsIn("m=20, B=4, d=12, L=12, Tmax=40, testSamples=20"),
  seeds: 2,
  cells: 18,
  seed: 3,
};

const state = () => page.getAttribute("#phase-diagram", "data-state");
const ended = () =>
  page.waitForFunction(() => document.querySelector<HTMLElement>("#phase-diagram")?.dataset.state === "ended");
const saved = async () => {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#diagram-save")]);
  return parseBoundary(readFileSync(await download.path(), "utf8"));
};

test("a link measures its diagram in workers: the cells of the command on the same seeds", async () => {
  await page.goto(server.address + linkTo({ diagram }));
  await ended();
  const { law, claims } = { law: claimsOf(diagram)[0]!.law, claims: claimsOf(diagram) };
  const found = await boundaryCells({
    ...diagram,
    claims,
    probe: probe(here(statements), { law, claims, beside: [], traces: [] }),
  });
  const boundary = await saved();
  expect(boundary.cells).toEqual(JSON.parse(toJson(found.cells)));
  expect(boundary.edges).toEqual(found.edges);
  expect(await page.locator("#phase-diagram rect.cell").count()).toBe(found.cells.length);
  expect(await page.locator("#phase-diagram .edge-label").allTextContents()).toEqual(["sample-size", "majority"]);
  expect(await page.getAttribute("#phase-diagram svg", "aria-label")).toMatch(
    /^Violation rate of learnability against α\* and N, \d+ cells with models\. Lowest: α\* = .*Highest: /,
  );
  // the address is the link
  await atRest();
  expect(page.url()).toContain("&diagram=learnability&over=base&vary=alphaStar%3D0.05..0.6");
});

test("grows while one watches, is stopped, saved, and a cell opens its model", async () => {
  await open();
  await page.selectOption("#diagram-preset", { label: "low-rank-update over δ, in seconds" });
  await page.fill("#diagram-seeds", "3");
  await page.click("#diagram-toggle");
  await page.waitForFunction(() => document.querySelectorAll("#phase-diagram circle.cell-dot").length >= 3);
  expect(await state()).toBe("running");
  await page.click("#diagram-toggle");
  await ended();
  const { cells } = await saved();
  expect(cells.length).toBeLessThan(14);
  expect(await page.locator("#phase-diagram circle.cell-dot").count()).toBe(cells.length);
  expect(await page.locator("#phase-diagram line.limits").count()).toBe(cells.length);
  expect(await page.locator("#phase-diagram .law-box").count()).toBe(1);
  expect(await page.textContent("#phase-diagram .edge-label")).toBe("attention-scale");
  expect(await page.textContent("#phase-diagram .diagram-status")).toContain("stopped: the rest was not looked at");

  // by pointer: the right end of the chart
  const box = (await page.locator("#phase-diagram svg").boundingBox())!;
  await page.mouse.move(box.x + box.width - 14, box.y + 60);
  const last = cells.at(-1)!;
  expect(await page.textContent(".diagram-readout")).toContain(
    `: ${last.violations} of ${last.models} models violate it`,
  );
  await page.mouse.click(box.x + box.width - 14, box.y + 60);
  await page.waitForFunction(
    (delta) => document.querySelector<HTMLInputElement>("#theta-delta")?.value === delta,
    String(last.at[0]),
  );

  // by keyboard, from the table
  await page.focus(".diagram-cells summary");
  await page.keyboard.press("Enter");
  await page.locator(".diagram-cells button").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(
    (delta) => document.querySelector<HTMLInputElement>("#theta-delta")?.value === delta,
    String(cells[0]!.at[0]),
  );
});

test("what cannot be measured is said, and nothing is trained", async () => {
  await open();
  await page.fill("#diagram-x-to", "nothing");
  await page.click("#diagram-toggle");
  await page.waitForFunction(() => document.querySelector("#phase-diagram .problem")?.textContent !== "");
  expect(await page.textContent("#phase-diagram .problem")).toBe('δ, to must be a number, got "nothing"');
  await page.fill("#diagram-x-to", "0.001");
  await page.click("#diagram-toggle");
  await page.waitForFunction(() => document.querySelector("#phase-diagram .problem")?.textContent?.includes("larger"));
  expect(await state()).toBe("none");
});
