import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { prunedCount } from "../../explorer/charts/pruning.ts";
import { centreOf, controlPresets, decisiveIn } from "../../explorer/input/presets.ts";
import { type Counterexample, encodeCounterexample, parseCounterexample } from "../../src/explore/counterexample.ts";
import { drawTheta } from "../../src/law/law.ts";
import { shortNumber } from "../../src/report/encode.ts";
import { parseResults } from "../../src/report/results.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import { baseLaw } from "../../src/transformer/laws.ts";
import { runModel } from "../../src/transformer/measure/run.ts";
import { kernelEngine } from "../../src/transformer/model/kernel/engine.ts";
import { parseTheta } from "../../src/transformer/theta.ts";
import { BIN } from "../built-program.ts";
import {
  atRest,
  digestOf,
  linkTo,
  open,
  page,
  pageWatched,
  project,
  SEED,
  server,
  small,
  useExplorer,
} from "./explorer-page.ts";

useExplorer();

const stateOf = (theorem: string) => page.getAttribute(`.pill:text-is("${theorem}")`, "data-state");
const notice = () => page.textContent(".notice");

test("the built page comes with the licences of what it contains", () => {
  const licences = readFileSync(project("build/explorer/THIRD-PARTY-LICENSES.txt"), "utf8");
  for (const name of ["zod", "pure-rand", "ml-matrix"]) {
    expect(licences).toMatch(new RegExp(`^${name}@\\d`, "m"));
  }
});

describe("training", () => {
  test("opens with the centre of the base law, trained and judged", async () => {
    await page.goto(server.address);
    expect(await atRest(1)).toBe(digestOf(centreOf(baseLaw), 1));
    expect(await page.textContent(".status")).toMatch(/^converged/);
    expect(await stateOf("low-rank-update")).toBe("holds");
    expect(await page.textContent(".hypotheses")).toBe("θ keeps every hypothesis of the base law.");
  });

  test("pauses, steps and goes on, and ends with the same model", async () => {
    await page.goto(server.address + linkTo({ at: 0 }));
    await page.waitForFunction(() => document.querySelector(".status")?.textContent === "not trained yet");
    await page.click("#step");
    await page.waitForFunction(() => document.querySelector(".steps")?.textContent?.startsWith("step 1 "));
    await page.selectOption("#pace", { label: "10 steps a second" });
    await page.click("#train");
    await page.waitForFunction(() => Number(/\d+/.exec(document.querySelector(".steps")?.textContent ?? "")?.[0]) >= 4);
    expect(await page.textContent("#train")).toBe("Pause");
    await page.click("#train");
    await page.waitForFunction(() => document.body.dataset.training === "under way");
    const pausedAt = Number(/\d+/.exec((await page.textContent(".steps")) ?? "")?.[0]);
    expect(pausedAt).toBeLessThan(40);
    await page.click("#step-ten");
    await page.waitForFunction(
      (step) => document.querySelector(".steps")?.textContent?.startsWith(`step ${Math.min(step, 40)} `),
      pausedAt + 10,
    );
    await page.selectOption("#pace", { label: "full speed" });
    if ((await page.textContent("#train")) !== "Train again") await page.click("#train");
    await page.waitForFunction(() => ["converged", "exhausted"].includes(document.body.dataset.training ?? ""));
    expect(await atRest()).toBe(digestOf(small, SEED));
  });

  test("a training that is paused is not judged: chips say so far, and nothing can be saved", async () => {
    await page.goto(server.address + linkTo({ theta: { ...small, Tmax: 20 }, at: 10 }));
    await page.waitForFunction(() => document.querySelector(".status")?.textContent?.startsWith("paused"));
    // the numbers are there, and the hinge is beyond its bound
    await page.waitForFunction(() =>
      document.querySelector("#statement-learnability .numbers dd")?.textContent?.startsWith("0."),
    );
    const states = () =>
      page.$$eval(".pill, .claim > .chip", (all) => [...new Set(all.map(({ dataset }) => dataset.state))]);
    expect(await states()).toEqual(["so far"]);
    expect(await page.locator(".save:visible").count()).toBe(0);
    await page.click("#train");
    await atRest();
    expect(await states()).toContain("violated");
    expect(await states()).not.toContain("so far");
    expect(await page.locator(".save:visible").count()).toBeGreaterThan(0);
  });

  test("a judgement of what was paused never stands beside what is trained on", async () => {
    await page.goto(server.address + linkTo({ theta: { ...small, Tmax: 400, eta: 1e-4 }, at: 0 }));
    await page.waitForFunction(() => document.querySelector(".status")?.textContent === "not trained yet");
    await page.selectOption("#pace", { label: "60 steps a second" });
    const seen = await page.evaluate(async () => {
      const wrong: string[] = [];
      const look = () => {
        const { training, judged } = document.body.dataset;
        if (training === "running" && judged === "true") wrong.push("judged while it is trained");
        const states = [...document.querySelectorAll<HTMLElement>(".claim > .chip")].map(
          ({ dataset }) => dataset.state,
        );
        if (training === "running") wrong.push(...states.filter((state) => state !== "so far").map(String));
      };
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
      const train = document.querySelector<HTMLButtonElement>("#train")!;
      const wait = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));
      // paused for about as long as passes before a model at rest is judged
      for (let rest = 0; rest < 160; rest += 10) {
        train.click();
        await wait(120);
        train.click();
        await wait(rest);
      }
      return wrong;
    });
    expect(seen).toEqual([]);
  });

  test("another seed is another model", async () => {
    const before = await open();
    await page.fill("#seed", "13");
    expect(await atRest(13)).toBe(digestOf(small, 13));
    expect(digestOf(small, 13)).not.toBe(before);
    await page.fill("#seed", "-5");
    await page.waitForFunction(() => document.querySelector("#seed-problem")?.textContent !== "");
    expect(await page.textContent("#seed-problem")).toContain("whole number");
    await page.fill("#seed", String(SEED));
    expect(await atRest()).toBe(before);
  });

  test("stays responsive while it trains", async () => {
    await page.goto(server.address + linkTo({ theta: { ...centreOf(baseLaw), labels: "random", N: 512, B: 256 } }));
    await page.waitForFunction(() => document.body.dataset.training === "running");
    await page.fill("#seed", "-5");
    // the page answers before the training that it is in the middle of is over
    await page.waitForFunction(
      () => document.querySelector("#seed-problem")?.textContent !== "" && document.body.dataset.training === "running",
    );
    expect(await page.textContent("#seed-problem")).toContain("whole number");
    await page.fill("#seed", String(SEED));
    await page.waitForFunction(() => document.querySelector("#seed-problem")?.textContent === "");
  });
});

describe("pruning", () => {
  test("test hinge and error follow the slider and the order at once", async () => {
    await open();
    const run = runModel(small, SEED, { engine: kernelEngine });
    for (const [order, fraction] of [
      ["smallest", 0.5],
      ["largest", 0.5],
    ] as const) {
      await page.check(`#order-${order}`);
      await page.locator("#pruned-fraction").fill(String(fraction));
      const count = prunedCount(fraction, small.m);
      const neurons = order === "smallest" ? run.neuronsBySize : [...run.neuronsBySize].reverse();
      const { hinge } = run.withoutNeurons(neurons.slice(0, count));
      await page.waitForFunction(
        (text) => document.querySelector("#pruned-hinge")?.textContent === text,
        shortNumber(hinge),
        { timeout: 2000 },
      );
    }
  });
});

describe("hypotheses", () => {
  test("a broken one lights up by name, at its field and at the theorems that need it", async () => {
    await open();
    await page.fill("#theta-tau", "0.4");
    await page.waitForSelector('.lit[data-hypothesis="noise"]');
    expect(await page.textContent('.lit[data-hypothesis="noise"]')).toBe("noise tau 0.4 > 0.25");
    expect(await page.getAttribute('[data-field="tau"]', "class")).toContain("broken");
    expect(await page.getAttribute('.pill:text-is("learnability")', "class")).toContain("leaves");
    expect(await atRest()).toBe(digestOf({ ...small, tau: 0.4 }, SEED));
    await page.fill("#theta-tau", "0.1");
    await page.waitForSelector('.lit[data-hypothesis="noise"]', { state: "detached" });
  });

  test("what is no model is said beside its field, and the model stays until it is one again", async () => {
    const digest = await open();
    await page.fill("#theta-M", "13");
    await page.waitForSelector('[data-field="M"].invalid');
    expect(await page.textContent("#theta-M-note")).toMatch(/^must be at most d/);
    expect(await page.isDisabled("#train")).toBe(true);
    await page.fill("#theta-m", "many");
    await page.waitForFunction(() => document.querySelector("#theta-m-note")?.textContent === "must be a number");
    expect(await page.textContent("#digest")).toBe(digest);
    await page.fill("#theta-M", String(small.M));
    await page.fill("#theta-m", String(small.m));
    expect(await atRest()).toBe(digest);
  });

  test("each control is there to start from, and shows the violation that it promises", async () => {
    await open();
    expect(await page.locator("#preset optgroup").count()).toBeGreaterThanOrEqual(2);
    const { statements } = parseResults(readFileSync(project("reports/results.json"), "utf8"));
    const hashes = Object.fromEntries(statements.map(({ id, hash }) => [id, hash]));
    for (const { id, seed, remark } of controlPresets(decisiveIn({ statements }, hashes))) {
      if (seed === undefined) continue;
      await page.selectOption("#preset", id);
      await page.waitForFunction((wanted) => document.querySelector(".remark")?.textContent === wanted, remark);
      await atRest(seed);
      const looked = / Look at (\S+)\.$/.exec(remark)![1];
      expect([id, await page.getAttribute(`#statement-${looked}`, "data-state")]).toEqual([id, "violated"]);
    }
    await page.selectOption("#preset", "large-attention");
    await page.waitForSelector('.lit[data-hypothesis="attention-scale"]');
  });
});

describe("files", () => {
  const counterexample = (): Counterexample => ({
    format: "theorycheck counterexample",
    version: 1,
    theorem: "learnability",
    claim: {
      title: "training hinge where SGD ends",
      relation: { kind: "at most", bound: 0.001 },
      hash: "a".repeat(64),
    },
    law: {
      id: "base",
      hash: baseLaw.hash,
      standing: "outside",
      broken: [{ hypothesis: "width", why: "m 30 < 50" }],
    },
    models: [{ theta: small, seed: 99, digest: digestOf(small, 99) }],
    observed: 0.5,
    slack: 0.001 - 0.5,
    margin: (0.001 - 0.5) / 0.001,
    versions: { theorycheck: "0.1.0", core: "b".repeat(64) },
  });
  const chosen = (name: string, text: string) => ({ name, mimeType: "application/json", buffer: Buffer.from(text) });

  test("a good one opens, trains and is compared to the bit", async () => {
    await open();
    await page.setInputFiles("#file", chosen("found.json", encodeCounterexample(transformer, counterexample())));
    expect(await atRest(99)).toBe(digestOf(small, 99));
    expect(await page.textContent(".comparison")).toBe("The same model as the file’s, to the bit.");
    expect(await notice()).toContain("learnability: training hinge where SGD ends = 0.5");
    expect(await page.locator("#preset option:checked").textContent()).toBe("Counterexample found.json");
  });

  test("a digest that is not this model's is said so", async () => {
    await open();
    const other = { ...counterexample(), models: [{ theta: small, seed: 99, digest: "0".repeat(64) }] as const };
    await page.setInputFiles("#file", chosen("other.json", encodeCounterexample(transformer, other)));
    await atRest(99);
    expect(await page.textContent(".comparison")).toContain("Not the file’s model");
    expect(await page.textContent(".comparison")).toContain("core has changed since");
  });

  test("a digest that is not this model's although the core is this page's was changed", async () => {
    await page.goto(server.address + linkTo({ theta: { ...small, Tmax: 10 } }));
    const digest = await atRest();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.click("#statement-learnability .save >> nth=0"),
    ]);
    const saved = readFileSync(await download.path(), "utf8");
    await page.setInputFiles("#file", chosen("edited.json", saved.replace(digest, "0".repeat(64))));
    await page.waitForFunction(() =>
      document.querySelector(".comparison")?.textContent?.includes("The core is the same"),
    );
    expect(await page.textContent(".comparison")).not.toContain("core has changed");
  });

  test("one that is dropped opens too", async () => {
    await open();
    const transfer = await page.evaluateHandle(
      (text) => {
        const data = new DataTransfer();
        data.items.add(new File([text], "dropped.json", { type: "application/json" }));
        return data;
      },
      encodeCounterexample(transformer, counterexample()),
    );
    await page.dispatchEvent("body", "dragover", { dataTransfer: transfer });
    expect(await page.getAttribute("body", "class")).toContain("is-dropping");
    await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
    await atRest(99);
    expect(await page.getAttribute("body", "class")).not.toContain("is-dropping");
  });

  test("a violated claim is saved as a file that can be read", async () => {
    await page.goto(server.address + linkTo({ theta: { ...small, Tmax: 10 } }));
    await atRest();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.click("#statement-learnability .save >> nth=0"),
    ]);
    const saved = parseCounterexample(transformer, readFileSync(await download.path(), "utf8"));
    expect(saved.models[0]).toEqual({
      theta: { ...small, Tmax: 10 },
      seed: SEED,
      digest: await page.textContent("#digest"),
    });
    expect(saved).toMatchObject({ theorem: "learnability", law: { standing: "outside" } });
    await page.setInputFiles("#file", await download.path());
    await page.waitForFunction(() => document.querySelector(".comparison")?.textContent?.startsWith("The same model"));
    expect(await notice()).not.toContain("changed");
  });

  test("hostile and broken ones are refused with the reason, and nothing changes", async () => {
    const digest = await open();
    const good = encodeCounterexample(transformer, counterexample());
    const hostile: readonly (readonly [name: string, text: string, reason: RegExp])[] = [
      ["huge", "x".repeat(1_000_001), /1\.0 MB.*not read/],
      ["empty", "", /empty/],
      ["truncated", good.slice(0, good.length / 2), /JSON/],
      ["foreign", good.replace('"version": 1', '"version": 7'), /version must be 1.*got 7/],
      ["no-counterexample", '{"hello": 1}', /format must be/],
      ["deep", "[".repeat(50_000), /nest/],
      ["proto", good.replace('"version": 1', '"version": 1, "__proto__": {"x": 1}'), /__proto__/],
      ["nan", good.replace('"tau": 0.125', '"tau": NaN'), /JSON/],
      ["negative", good.replace('"m": 30', '"m": -30'), /models\.0\.theta\.m/],
      ["memory", good.replace('"m": 30', '"m": 1000000').replace('"L": 17', '"L": 1000000'), /L/],
    ];
    for (const [name, text, reason] of hostile) {
      await page.setInputFiles("#file", chosen(`${name}.json`, text));
      await page.waitForFunction(
        (heading) => document.querySelector(".notice.problem strong")?.textContent === heading,
        `${name}.json cannot be used`,
      );
      expect(await notice()).toMatch(reason);
      expect(await page.textContent("#digest")).toBe(digest);
    }
    expect(await page.evaluate(() => "x" in {})).toBe(false);
  });
});

describe("links", () => {
  test("the address of a page is a link to the same state", async () => {
    await open(linkTo({ lawId: "base", pruning: { order: "largest", fraction: 0.45 } }));
    const address = page.url();
    const other = await pageWatched({ width: 1280, height: 900 });
    await other.goto(address);
    await atRest(SEED, other);
    expect(other.url()).toBe(address);
    expect(await other.textContent(".comparison")).toBe("The same model as the link’s, to the bit.");
    expect(await other.isChecked("#order-largest")).toBe(true);
    await other.close();
  });

  test("a link to a model half way trains just so far", async () => {
    await page.goto(server.address + linkTo({ at: 17 }));
    await page.waitForFunction(() => document.querySelector(".steps")?.textContent?.startsWith("step 17 "));
    await page.waitForFunction(() => document.body.dataset.training === "under way");
    expect(await page.textContent("#train")).toBe("Go on");
  });

  test("following one in the same page loads it", async () => {
    await open();
    await page.evaluate(
      (hash) => {
        location.hash = hash;
      },
      linkTo({ seed: 77 }),
    );
    expect(await atRest(77)).toBe(digestOf(small, 77));
  });

  test("the copy button gives the link", async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await open();
    await page.click("#copy-link");
    await page.waitForSelector(".notice");
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
  });

  test.each([
    [
      "a size that would take all memory",
      linkTo().replace("&m=30", "&m=1000000").replace("&L=17", "&L=1000000"),
      /at most/,
    ],
    ["a negative size", linkTo().replace("&m=30", "&m=-1"), /m: /],
    ["NaN", linkTo().replace(/&tau=[^&]*/, "&tau=NaN"), /tau must be a number/],
    ["__proto__", `${linkTo()}&__proto__=1`, /not a field/],
    ["markup", linkTo().replace("law=base", "law=%3Cimg src=x onerror=alert(1)%3E"), /law must be one of/],
    ["a cut", linkTo().slice(0, 80), /cut off/],
  ])("one with %s is refused with the reason, and the page works all the same", async (_, link, reason) => {
    await page.goto(server.address + link);
    await page.waitForSelector(".notice.problem");
    expect(await notice()).toMatch(reason);
    await atRest(1);
    expect(await page.locator("img").count()).toBe(0);
  });
});

describe("many seeds", () => {
  test("gather evidence for this θ with progress, and can be stopped", async () => {
    await open();
    await page.selectOption("#many-over", "theta");
    await page.click("#many-toggle");
    await page.waitForFunction(() =>
      /^([3-9]|\d\d+) models/.test(document.querySelector(".many-progress")?.textContent ?? ""),
    );
    expect(await page.textContent("#many-toggle")).toBe("Stop");
    const theorem = page.locator("#statement-low-rank-update");
    expect(await theorem.locator("header .many-text").textContent()).toMatch(/^\d+ of \d+ violate the theorem/);
    // its claims are counted, and have no verdict of their own
    expect(await theorem.locator(".claim .many-text:visible").allTextContents()).toEqual(
      Array(3).fill(expect.stringMatching(/^\d+ of \d+ violate it$/)),
    );
    expect(await theorem.locator(".claim .many .chip:visible").count()).toBe(0);
    await page.click(".others summary");
    const control = page.locator("#statement-rank-one");
    expect(await control.locator("header .many").isVisible()).toBe(false);
    expect(await control.locator(".claim .many-text:visible").textContent()).toMatch(/^\d+ of \d+ violate it · /);
    expect(await control.locator(".claim .many .chip:visible").count()).toBe(1);
    await page.click("#many-toggle");
    await page.waitForFunction(() => document.querySelector(".many-progress")?.textContent?.includes("stopped"));
    const seen = await page.textContent(".many-progress");
    await page.waitForTimeout(300);
    expect(await page.textContent(".many-progress")).toBe(seen);
    await page.click(".many button >> nth=0");
    await page.waitForFunction((seed) => !location.hash.includes(`&seed=${seed}&`), SEED);
  });
});

describe("for everybody", () => {
  test("works by keyboard alone", async () => {
    await open();
    const focused = () => page.evaluate(() => document.activeElement?.id ?? "");
    const tabTo = async (id: string) => {
      for (let i = 0; i < 90 && (await focused()) !== id; i++) await page.keyboard.press("Tab");
      expect(await focused()).toBe(id);
    };
    await tabTo("train");
    expect(await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)).toBe("solid");
    await page.keyboard.press("Enter");
    await atRest();
    await tabTo("theta-tau");
    await page.keyboard.press("Shift+Tab"); // the slider before it
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>("#theta-tau")?.value === "0.13");
    const tau = () => page.inputValue("#theta-tau");
    for (let presses = 0; presses < 10 && Number(await tau()) <= 0.25; presses++) {
      const before = await tau();
      await page.keyboard.press("PageUp");
      await page.waitForFunction(
        (value) => document.querySelector<HTMLInputElement>("#theta-tau")?.value !== value,
        before,
      );
    }
    await page.waitForSelector('.lit[data-hypothesis="noise"]');
    await tabTo("pruned-fraction");
    const before = await page.textContent(".prune-slider output");
    await page.keyboard.press("End");
    await page.waitForFunction((text) => document.querySelector(".prune-slider output")?.textContent !== text, before);
    await tabTo("many-toggle");
  });

  test("has no accessibility fault that axe-core finds, light or dark", async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await open(linkTo({ theta: { ...small, tau: 0.4 } }));
      await page.evaluate(axe);
      const faults = await page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: typeof import("axe-core") }).axe.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
      });
      expect(faults).toEqual([]);
    }
  });

  test.each([390, 760, 1024, 1280])("nothing is wider than the page at %i pixels", async (width) => {
    await page.setViewportSize({ width, height: 844 });
    await open(linkTo({ theta: { ...small, tau: 0.4, delta: 2 } }));
    const wide = await page.evaluate(() => ({
      page: document.documentElement.scrollWidth - innerWidth,
      clipped: [...document.querySelectorAll("button, label, h3, figcaption, .chip, .note, dd")]
        .filter(
          (each) =>
            each.scrollWidth > each.clientWidth + 1 &&
            each.clientWidth > 0 &&
            getComputedStyle(each).display !== "inline",
        )
        .map((each) => each.textContent),
    }));
    expect(wide).toEqual({ page: 0, clipped: [] });
  });
});

describe("the same model as in a terminal", () => {
  const folder = project("reports/counterexamples");
  const stored = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];

  test("ten random θ have the digests that they have in Node", async () => {
    await open();
    for (let seed = 1000; seed < 1010; seed++) {
      const drawn = drawTheta(baseLaw, seed);
      const theta = parseTheta({ ...drawn, N: 128, B: 32, m: 40 + (seed % 7), Tmax: 30, testSamples: 20 });
      await page.evaluate((hash) => {
        location.hash = hash;
      }, linkTo({ theta, seed }));
      expect(await atRest(seed), `theta ${JSON.stringify(theta)}, seed ${seed}`).toBe(digestOf(theta, seed));
    }
  });

  test("the command that the page shows prints the page's digest", async () => {
    await open();
    await page.fill("#seed", "7");
    await page.click("#draw");
    const digest = await atRest(7);
    const command = (await page.textContent(".command")) ?? "";
    expect(command).toBe("npx theorycheck train --law base --seed 7");
    const [, , ...words] = command.split(" ");
    const printed = execFileSync(process.execPath, [BIN, ...words, "--json"], {
      encoding: "utf8",
    });
    expect(JSON.parse(printed).digest).toBe(digest);
  });

  test.each(stored.map((name) => [name]))("the stored counterexample %s has its digest", async (name) => {
    const [model] = parseCounterexample(transformer, readFileSync(`${folder}/${name}`, "utf8")).models;
    await open();
    await page.selectOption("#preset", `file-${name.replace(/\.json$/, "")}`);
    expect(await atRest(model.seed)).toBe(model.digest);
    expect(await page.textContent(".comparison")).toContain("to the bit");
  });
});
