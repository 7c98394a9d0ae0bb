import { describe, expect, test } from "vitest";
import { atRest, digestOf, linkTo, open, page, SEED, server, small, useExplorer } from "./explorer-page.ts";

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
