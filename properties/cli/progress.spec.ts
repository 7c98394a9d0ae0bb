import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { showProgress } from "../../src/cli/progress.ts";
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

  test("is a bar for each law on a terminal, with what is decided and refuted so far", () => {
    const { stream, written } = streamThat(true);
    const { show, stop } = showProgress(stream);
    show(progress({ trials: 1 }));
    show(progress({ law: trainedLaw, trials: 1 }));
    show(progress({ trials: 90, decided: 2, refuted: 1 }));
    stop();
    const last = (law: string) => written().slice(written().lastIndexOf(law));
    expect(last("small")).toMatch(/^small .*2\/3 verdicts decided, 1 refuted, 90 trials/);
    expect(last("trained")).toMatch(/^trained .*0\/3 verdicts decided, 0 refuted, 1 trials/);
  });
});
