import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BIN } from "../built-program.ts";
import { writtenModules } from "./written-modules.ts";

const { write } = writtenModules();

test("what was trained under another locale, which toLocaleString reads, is trained again", () => {
  const folder = write({
    "mine.ts": `import { atMost, baseLaw, constant, derived, integer, law, theorem } from "theorycheck";
const small = { L: integer(10, 12), m: integer(50, 60), N: constant(128), Tmax: constant(0), testSamples: constant(20) };
const tiny = law({ id: "tiny", title: "tiny models", ranges: { ...baseLaw.ranges, ...small } });
const comma = () => ((1.5).toLocaleString().includes(",") ? 100 : 0);
export const mine = theorem({ id: "mine", title: "No comma", provenance: derived(), law: tiny, claims: [atMost("commas", 1, comma)] });
`,
  });
  const args = [
    BIN,
    "verify",
    "--theorems",
    join(folder, "mine.ts"),
    "--store",
    join(folder, "store"),
    "--beta",
    "0.5",
  ];
  const under = (LC_ALL: string) =>
    spawnSync(process.execPath, [...args, "--workers", "1"], { env: { ...process.env, LC_ALL }, encoding: "utf8" })
      .stdout;
  expect(under("en_US.UTF-8")).toMatch(/^certified {4}theorem {2}mine /);
  expect(under("de_DE.UTF-8")).toMatch(/^refuted {6}theorem {2}mine /);
}, 120_000);
