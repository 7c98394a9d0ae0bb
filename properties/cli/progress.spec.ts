import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { showProgress, showSearch } from "../../src/cli/progress.ts";
import { duration, fitted } from "../../src/cli/status.ts";
import type { Progress } from "../../src/verdict/judge.ts";
import { smallLaw, trainedLaw } from "../verdict/fixtures/small-laws.ts";

/** A stream that says whether it is a terminal, and what was written to it. */
function streamThat(isTTY: boolean) {
  const stream = new PassThrough() as unknown as NodeJS.WriteStream;
  let written = "";
  stream.on("data", (chunk: Buffer) => {
    written += chunk.toString();
  });
  Object.assign(stream, { isTTY, columns: 120, rows: 40 });
  return { stream, written: () => written };
}

const progress = (changes: Partial<Progress>): Progress => ({
  law: smallLaw,
  trials: 1,
  verdicts: 3,
  decided: 0,
  refuted: 0,
  ...changes,
});

describe("progress", () => {
  test("is a line for each law and each decision where nobody watches", () => {
    const { stream, written } = streamThat(false);
    const { show, stop } = showProgress(stream);
    show(progress({ trials: 1 }));
    show(progress({ trials: 2 }));
    show(progress({ trials: 3, decided: 1, refuted: 1 }));
    show(progress({ law: trainedLaw, trials: 1 }));
    show(progress({ trials: 158, decided: 3, refuted: 1 }));
    stop();
    expect(written().split("\n")).toEqual([
      "small: 0 of 3 verdicts decided, 0 refuted, after 1 trials",
      "small: 1 of 3 verdicts decided, 1 refuted, after 3 trials",
      "trained: 0 of 3 verdicts decided, 0 refuted, after 1 trials",
      "small: 3 of 3 verdicts decided, 1 refuted, after 158 trials",
      "",
    ]);
  });

  const standard = { p0: 0.05, alpha: 1e-6, beta: 1e-3, cap: 1500 };
  const awaited = (n: number) => [{ ...standard, n, violations: 0 }];

  test("is one line on a terminal, from the first second, that fits it and says when the next verdict comes", () => {
    const { stream, written } = streamThat(true);
    Object.assign(stream, { columns: 80 });
    let now = 0;
    const { show, beside, say, stop } = showProgress(stream, { verdicts: 63, now: () => now });
    const line = () => written().slice(written().lastIndexOf("\u001b[K") + 3);
    expect(line()).toBe("0/63 verdicts, 0 s, 0 trials, 0.0/s");
    now = 1000;
    show(progress({ trials: 1, awaited: awaited(1) }));
    now = 11_000;
    show(progress({ trials: 58, awaited: awaited(58) }));
    expect(line()).toBe("0/63 verdicts, next in 19 s, 58 trials, 5.3/s");
    now = 12_000;
    beside("lemmas", 3, 10);
    beside("slopes", 20, 96);
    now = 13_000;
    show(progress({ law: trainedLaw, trials: 90, decided: 2, refuted: 1 }));
    expect(line()).toBe("2/63 verdicts, next in 9 s, 148 trials, 11/s, 1 refuted, lemmas 3/10");
    say("beside it");
    expect(written()).toContain("\r\u001b[Kbeside it\n\r\u001b[K2/63 verdicts");
    stop();
    stop();
    expect(written().endsWith("lemmas 3/10\n")).toBe(true);
    for (const shown of written().split(/[\r\n]/)) expect(shown.replace("\u001b[K", "").length).toBeLessThan(80);
  });

  test("is a JSON object a line for dashboards: once a second, and each decision", () => {
    const { stream, written } = streamThat(true);
    let now = 0;
    const { show, say, stop } = showProgress(stream, { verdicts: 3, mode: "json", now: () => now });
    now = 2000;
    show(progress({ trials: 10, awaited: awaited(10) }));
    show(progress({ trials: 11, awaited: awaited(11) }));
    show(progress({ trials: 12, decided: 1, refuted: 1, awaited: awaited(12) }));
    say("a note");
    now = 3500;
    stop();
    const lines = written()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ event, models }) => [event, models])).toEqual([
      ["verifying", 10],
      ["verifying", 12],
      ["note", undefined],
      ["verifying", 12],
    ]);
    expect(lines[1]).toMatchObject({
      text: "1/3 verdicts, next in 25 s, 12 trials, 6.0/s, 1 refuted",
      seconds: 2,
      verdicts: 3,
      decided: 1,
      refuted: 1,
      modelsPerSecond: 6,
      next: { law: "small", verdict: "certified", trials: 146 },
      laws: [{ law: "small", models: 12, verdicts: 3, decided: 1, refuted: 1 }],
    });
  });

  test("is nothing where nobody asks for it, but for what is said beside it", () => {
    const { stream, written } = streamThat(true);
    const { show, say, stop } = showProgress(stream, { mode: "none" });
    show(progress({ trials: 1, decided: 1 }));
    say("a note");
    stop();
    expect(written()).toBe("a note\n");
  });

  test("of a search is what it does, and what is left of its budget", () => {
    const { stream, written } = streamThat(true);
    Object.assign(stream, { columns: 80 });
    let now = 0;
    const { search, examine, aside, stop } = showSearch(stream, "tiny", { now: () => now });
    now = 10_000;
    search({ models: 8, spent: 0.5, phase: "biased", leastMargin: 0.25, violated: 0 });
    now = 20_000;
    examine("shrinking", { models: 30, spent: 0.75 });
    aside(() => stream.write("found\n"));
    stop();
    expect(written().split("\r\u001b[K")).toEqual([
      "",
      "tiny: search, 0 % of the budget, 0 s, 0 models, 0.0/s",
      "tiny: biased search, 50 % of the budget, at most 10 s left, 8 models, 0.8/s",
      "tiny: shrinking the violation, 75 % of the budget, at most 7 s left, 30 models",
      "found\n",
      "tiny: shrinking the violation, 75 % of the budget, at most 7 s left, 30 models",
      "tiny: shrinking the violation, 75 % of the budget, at most 7 s left, 30 models\n",
    ]);
  });
});

test.each([
  [["one", "two", "three"], 13, "one, two"],
  [["one", "a longer part", "two"], 9, "one, two"],
  [["much too long", "two"], 6, "much …"],
  [[], 6, ""],
])("of the parts %j %d columns hold %j", (parts, width, line) => {
  expect(fitted(parts, width)).toBe(line);
});

test.each([
  [0.2, "1 s"],
  [65, "1 min 5 s"],
  [7380, "2 h 3 min"],
])("%d seconds are %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
