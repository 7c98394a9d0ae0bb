import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { decodeLink, encodeLink } from "../../explorer/input/link.ts";
import { controlPresets, lawPresets } from "../../explorer/input/presets.ts";
import { CampaignLog } from "../../src/cli/campaign-log.ts";
import { parseBoundary } from "../../src/explore/boundary.ts";
import { parseCounterexample } from "../../src/explore/counterexample.ts";
import { LineStore } from "../../src/laboratory/line-store.ts";
import { committedBeside } from "../../src/report/beside.ts";
import { earlierRunOf } from "../../src/report/earlier-run.ts";
import { parseResults } from "../../src/report/results.ts";
import { parseCases } from "../../src/transformer/evaluate/evaluation-cases.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import type { CampaignEntry } from "../../src/verdict/campaign.ts";
import { presentation } from "../../theorems/presentation.ts";

/** What reads something from outside. */
export interface Reader {
  readonly name: string;
  /** Valid texts. */
  readonly valid: readonly string[];
  /** Throws InvalidInput where it is not; nothing else may come out of it. */
  readonly read: (text: string) => unknown;
  /** Its share of the inputs; 1 unless given. */
  readonly share?: number;
}

/** Every reader of text from outside, and the committed files as what is valid. `folder` is for those that read files. */
export function readers(project: string, folder: string): readonly Reader[] {
  const reports = (...path: readonly string[]) => readFileSync(join(project, "reports", ...path), "utf8");
  const all = (name: string) =>
    readdirSync(join(project, "reports", name))
      .filter((file) => file.endsWith(".json"))
      .map((file) => reports(name, file));
  return [
    {
      name: "counterexample",
      valid: all("counterexamples"),
      read: (text) => parseCounterexample(transformer, text),
      share: 3,
    },
    { name: "boundary", valid: all("boundaries"), read: (text) => parseBoundary(text), share: 2 },
    {
      name: "results",
      valid: [thinned(reports("results.json"))],
      read: (text) => earlierRunOf(parseResults(text), "results.json"),
      share: 3,
    },
    { name: "link", valid: links(), read: (text) => decodeLink(text), share: 3 },
    storeReader(folder),
    ...campaignReaders(folder),
    { name: "cases", valid: [smallCases(project)], read: readCases, share: 2 },
    ...["performance.json", "teeth.json", "calibration.json"].map((file): Reader => {
      const beside = join(folder, file.replace(".json", ""));
      mkdirSync(beside, { recursive: true });
      return {
        name: file,
        valid: [thinned(reports(file))],
        read: (text) => {
          writeFileSync(join(beside, file), text);
          return committedBeside(beside, presentation);
        },
      };
    }),
  ];
}

/** Lists of many have their first few: what is changed is then rarely one of a thousand like it. */
function thinned(text: string): string {
  const data = JSON.parse(text, (_, value) => (Array.isArray(value) && value.length > 12 ? value.slice(0, 3) : value));
  return JSON.stringify(data);
}

function links(): readonly string[] {
  const pruning = { order: "smallest", fraction: 0.3 } as const;
  return [...lawPresets, ...controlPresets({})].map(({ theta, lawId }, i) => {
    const model = { theta, seed: i, lawId, pruning };
    return encodeLink(i % 2 === 0 ? { ...model, at: 1, digest: "a".repeat(64) } : model);
  });
}

/** The store has no bad input: a line is a value, or is dropped. Here it is only asked to throw nothing at all. */
function storeReader(folder: string): Reader {
  const key = "a".repeat(64);
  const schema = z.object({ number: z.number(), list: z.array(z.number()) });
  const open = () => new LineStore(folder, "fuzz", key, schema, () => {});
  const store = open();
  for (let i = 0; i < 5; i++) store.keep(`id-${i}`, { number: i / 3, list: [i, 1 / i] });
  const file = readdirSync(folder).find((name) => name.startsWith("fuzz-")) as string;
  return {
    name: "store",
    valid: [readFileSync(join(folder, file), "utf8")],
    read: (text) => {
      writeFileSync(join(folder, file), text);
      return open().find("id-3");
    },
    share: 2,
  };
}

/** Its log as lines; or as entries, to which sums that fit are put before they are read. */
function campaignReaders(folder: string): readonly Reader[] {
  const file = join(folder, "campaign.jsonl");
  const read = (text: string) => {
    writeFileSync(file, text);
    const log = new CampaignLog(file);
    try {
      return log.state;
    } finally {
      log.close();
    }
  };
  const entries: readonly CampaignEntry[] = [
    {
      kind: "campaign",
      number: 1,
      identity: {
        core: "a",
        declarations: "b",
        laws: { l: "c" },
        statements: { s: "d" },
        events: { e: 0.05 },
        alphaPerVerdict: 1e-7,
        beta: 1e-3,
      },
    },
    { kind: "night", seed: 7 },
    { kind: "counts", seed: 7, trials: { l: 158 }, violators: { e: [3] } },
    { kind: "night", seed: 8 },
  ];
  const withSums = (text: string) => {
    let sum = "";
    return text
      .split("\n")
      .map((entry) => {
        sum = createHash("sha256").update(`${sum}\n${entry}`).digest("hex");
        return `{"sum":"${sum}","entry":${entry}}\n`;
      })
      .join("");
  };
  const text = entries.map((entry) => JSON.stringify(entry)).join("\n");
  return [
    { name: "campaign", valid: [withSums(text)], read },
    { name: "campaign's entries", valid: [text], read: (changed) => read(withSums(changed)) },
  ];
}

/** The smallest of the golden cases. */
function smallCases(project: string): string {
  const { cases } = JSON.parse(readFileSync(join(project, "golden", "one-layer-transformer.json"), "utf8")) as {
    cases: unknown[];
  };
  const smallest = cases.map((one) => JSON.stringify(one)).sort((a, b) => a.length - b.length)[0];
  return `{"cases":[${smallest}]}`;
}

function readCases(text: string): unknown {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined;
  }
  return parseCases(data);
}
