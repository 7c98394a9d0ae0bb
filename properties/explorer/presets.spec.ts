import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { claimsOn, comparisonLaw, comparisonLaws } from "../../explorer/input/comparison-laws.ts";
import { allowedInterval, examine, withField } from "../../explorer/input/draft.ts";
import { FIELD_GROUPS } from "../../explorer/input/fields.ts";
import { centreOf, controlPresets, decisiveIn, lawPresets, type Preset } from "../../explorer/input/presets.ts";
import { commandFor } from "../../explorer/input/same-model.ts";
import { observe } from "../../explorer/worker/judged-model.ts";
import { brokenHypotheses } from "../../src/law/law.ts";
import { parseResults } from "../../src/report/results.ts";
import { baseLaw, drawTheta } from "../../src/transformer/laws.ts";
import { runModel } from "../../src/transformer/measure/run.ts";
import { kernelEngine } from "../../src/transformer/model/kernel/engine.ts";
import { transformerParameters } from "../../src/transformer/theta.ts";
import { controls } from "../../theorems/index.ts";
import { commandLine, shellWords } from "../cli/command-line.ts";

const centre = centreOf(baseLaw);
const { statements: judged } = parseResults(
  readFileSync(new URL("../../reports/results.json", import.meta.url), "utf8"),
);
const hashes = Object.fromEntries(judged.map(({ id, hash }) => [id, hash]));
const presets = controlPresets(decisiveIn({ statements: judged }, hashes));

test("the page shows every field of θ, once", () => {
  expect(FIELD_GROUPS.flatMap(({ names }) => names).sort()).toEqual([...transformerParameters.names].sort());
});

describe("presets", () => {
  test.each(lawPresets)("$title keeps every hypothesis of its law", ({ theta, lawId }) => {
    expect(brokenHypotheses(comparisonLaw(lawId), theta)).toEqual([]);
  });

  test("the θ of a control keeps the control's own law", () => {
    for (const { id, theta } of presets) {
      const { laws } = controls.find((control) => control.id === id)!;
      expect([id, brokenHypotheses(laws[0]!, theta)]).toEqual([id, []]);
    }
  });

  test.each(presets.filter(({ seed }) => seed !== undefined))(
    "$id shows on the page the violation that it promises",
    ({ id, theta, seed, lawId, remark }) => {
      const looked = remark.match(/ Look at (\S+)\.$/)![1]!;
      const claims = claimsOn(lawId).filter(({ statement }) => statement.id === looked);
      const run = runModel(theta, seed!, { engine: kernelEngine, traces: ["gradients"] });
      const seen = Object.values(observe(claims, run, true));
      expect([id, seen.some((each) => each.kind === "observed" && each.violated)]).toEqual([id, true]);
    },
  );

  test("those without a model to show promise none, and those that the page cannot show are not offered", () => {
    const open = presets.filter(({ seed }) => seed === undefined);
    for (const { remark } of open) expect(remark).not.toContain("Look at");
    expect(presets.length - open.length).toBeGreaterThan(10);
    const offered = presets.map(({ id }) => id);
    for (const { id, laws } of controls) if (laws[0]!.doubles !== undefined) expect(offered).not.toContain(id);
  });

  test("a control that is declared otherwise than it was judged starts from the middle of its law", () => {
    const [{ theta, seed }] = controlPresets(decisiveIn({ statements: judged }, {})) as [Preset];
    expect([theta, seed]).toEqual([centreOf(controls[0]!.laws[0]!), undefined]);
  });

  test("a control that leaves a hypothesis of the base law lights it up by name", () => {
    const lit = Object.fromEntries(
      presets.map(({ id, theta }) => [id, brokenHypotheses(baseLaw, theta).map(({ name }) => name)]),
    );
    expect(lit["large-attention"]).toContain("attention-scale");
    expect(lit["large-output"]).toContain("output-scale");
    expect(lit["large-steps"]).toContain("step-size");
    expect(lit["random-labels"]).toContain("label-rule");
    expect(lit["no-majority"]).toContain("confusion");
    expect(lit["random-labels"]).toContain("training-budget");
    expect(lit["per-position-steps"]).toContain("readout");
  });
});

describe("drafts", () => {
  test("a θ of a law is a model", () => {
    expect(examine(centre)).toEqual({ theta: centre, problems: new Map() });
  });

  test("each complaint stands with its field, in words", () => {
    const { theta, problems } = examine({ ...centre, tau: -1, m: Number.NaN, N: 3.5 });
    expect(theta).toBeUndefined();
    expect(problems.get("tau")).toBe("must be at least 0, got -1");
    expect(problems.get("m")).toMatch(/must be a number/);
    expect(problems.get("N")).toMatch(/must be a whole number/);
    expect(examine({ ...centre, M: 13 }).problems.get("M")).toMatch(/at most d/);
  });

  test("a model that would take hours is refused", () => {
    const { theta, problems } = examine({ ...centre, Tmax: 1e6, N: 50_000, B: 50_000 });
    expect(theta).toBeUndefined();
    expect(problems.get("Tmax")).toMatch(/multiply-adds/);
  });

  test("fields that the law ties follow as long as they are equal", () => {
    const wider = withField(centre, baseLaw, "d", 16);
    expect([wider.d, wider.ma, wider.mb]).toEqual([16, 16, 16]);
    const untied = withField(withField(centre, baseLaw, "ma", 5), baseLaw, "d", 16);
    expect([untied.d, untied.ma, untied.mb]).toEqual([16, 5, 16]);
  });

  test("ranges that depend on other fields follow them", () => {
    expect(allowedInterval(baseLaw, "alphaSharp", { ...centre, alphaStar: 0.5 })).toEqual({ from: 0, to: 0.25 });
    expect(allowedInterval(baseLaw, "delta", { ...centre, sigma: 0.3 })).toEqual({ from: 0.3, to: 0.3 });
    expect(allowedInterval(baseLaw, "readout", centre)).toBeUndefined();
  });
});

test("the command that trains the same model: by law and seed where θ is the law's draw, or else in full", () => {
  for (const law of comparisonLaws) {
    expect(commandFor(drawTheta(law, 7), 7, law.id)).toBe(`npx theorycheck train --law ${law.id} --seed 7`);
  }
  const command = commandFor(centre, 7, "base");
  expect(JSON.parse(/--theta '(.*)' --seed 7 --law base$/.exec(command)![1]!)).toEqual(centre);
});

test("each of them runs as it is shown, and trains that model", async () => {
  const tiny = { ...centre, Tmax: 10, epsilon: 0.1 };
  for (const [theta, seed] of [
    [tiny, 7],
    [drawTheta(comparisonLaws[0]!, 7), 7],
  ] as const) {
    const [, , ...words] = shellWords(commandFor(theta, seed, "base"));
    const { code, out } = await commandLine(...words);
    expect(code).toBe(0);
    expect(out).toContain(`theta ${JSON.stringify(theta)}`);
  }
});
