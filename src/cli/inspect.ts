import { resolve } from "node:path";
import { Command } from "commander";
import { type Inspection, inspect, inspectionJson, type MeasuredMatrix } from "../inspect/inspection.ts";
import { inspectionPage } from "../inspect/page.ts";
import { measured, percent, shareOf, sortsOf } from "../inspect/words.ts";
import { writeWhole } from "../laboratory/write-whole.ts";
import { shortNumber, toJson } from "../report/encode.ts";
import { visible } from "../visible-text.ts";
import { type OpenCheckpoint, openCheckpoint, paired, withoutPrefix } from "./checkpoint.ts";
import { UsageError } from "./errors.ts";
import { wholeNumber } from "./options.ts";
import { place, requireWritableFile } from "./places.ts";
import { print, tell } from "./print.ts";
import { aligned } from "./table.ts";

interface InspectOptions {
  readonly before?: string;
  readonly beforePrefix?: string;
  readonly rank: number;
  readonly complete?: boolean;
  readonly html?: string;
  readonly json?: boolean;
}

const PAGE = "inspect.html";

/** `inspect`: ranks and neurons of somebody's own weights, by the measures that the theorems are about. */
export function inspectCommand(version: string): Command {
  return new Command("inspect")
    .argument("<after>", "weights: safetensors, npz, npy, torch.save; a folder of safetensors; a LoRA adapter", place)
    .option("--before <file>", "the weights before training: then the updates ΔW are measured, and W otherwise", place)
    .option(
      "--before-prefix <text>",
      "with what names in --before begin, and names of <after> do not: module., initial.",
    )
    .option("--rank <k>", "show the energy beyond this rank", wholeNumber(0), 8)
    .option("--complete", "compute all singular values of large matrices too, however long it takes")
    .option("--html <file>", `where to write the page; ${PAGE} unless given, and none with --json`, place)
    .option("--json", "print JSON")
    .action(async (path: string, options: InspectOptions) => {
      const page = options.html ?? (options.json ? undefined : PAGE);
      if (page !== undefined) requireWritableFile(page, "--html");
      const inspection = await inspected(path, options);
      if (options.json) print(toJson(inspectionJson(inspection)));
      else print(`${tableOf(inspection, options.rank)}\n`);
      if (page === undefined) return;
      const { before, rank } = options;
      writeWhole(resolve(page), await inspectionPage(inspection, { version, after: path, before, rank }));
      tell(`Page written to ${page}.`);
    });
}

async function inspected(
  path: string,
  { before: beforePath, beforePrefix, complete }: InspectOptions,
): Promise<Inspection> {
  if (beforePrefix !== undefined && beforePath === undefined) {
    throw new UsageError("--before-prefix belongs to --before, got it alone");
  }
  const open: OpenCheckpoint[] = [];
  try {
    const after = await openCheckpoint(path);
    open.push(after);
    const before = beforePath === undefined ? undefined : await openCheckpoint(beforePath);
    if (before !== undefined) open.push(before);
    const { stderr } = process;
    const inspection = await inspect(after, before && paired(after, withoutPrefix(before, beforePrefix)), {
      all: complete === true,
      tell: (done, matrices, name) => {
        if (stderr.isTTY) stderr.write(`\r\u001b[K${done} of ${matrices} matrices, now ${visible(name)}`);
      },
    });
    if (stderr.isTTY) stderr.write("\r\u001b[K");
    return inspection;
  } finally {
    for (const { close } of open) close();
  }
}

function tableOf({ of, matrices, skipped }: Inspection, rank: number): string {
  const neurons = matrices.filter(({ neurons }) => neurons !== undefined);
  return [
    `measured of ${of}, ${matrices.length} ${matrices.length === 1 ? "matrix" : "matrices"}:`,
    ...(matrices.length === 0
      ? []
      : aligned([
          ["matrix", "shape", "stable rank", "rank for 90 %", "99 %", "99.9 %", `energy beyond rank ${rank}`],
          ...matrices.map(({ name, shape, spectrum: { stableRank, ranks, beyond } }) => [
            ...[visible(name), shape.join(" × "), shortNumber(stableRank)],
            ...Object.values(ranks).map(measured),
            percent(beyond(rank)),
          ]),
        ])),
    ...(neurons.length === 0
      ? []
      : [
          "",
          `rows of ${of} as neurons, split by log norm:`,
          ...aligned([
            ["matrix", "small", "large", "between-cluster share", "which is", "pruning bound", "of all", "free share"],
            ...neurons.map(neuronsRow),
          ]),
          "  a split always finds two clusters: norms of one sort give a share of about 0.64, the models here above 0.97",
        ]),
    ...skippedLines(skipped),
  ].join("\n");
}

function neuronsRow({ name, neurons }: MeasuredMatrix): string[] {
  const { small, large, betweenShare, pruningBound, pruningFraction, freeShare } = neurons as NonNullable<
    typeof neurons
  >;
  return [
    ...[
      visible(name),
      String(small),
      String(large),
      shareOf(betweenShare),
      sortsOf(neurons as NonNullable<typeof neurons>),
    ],
    ...[shortNumber(pruningBound), percent(pruningFraction), percent(freeShare)],
  ];
}

/** Every other tensor, by why it was not measured. */
function skippedLines(skipped: Inspection["skipped"]): string[] {
  const byWhy = new Map<string, string[]>();
  for (const { name, why } of skipped) byWhy.set(why, [...(byWhy.get(why) ?? []), visible(name)]);
  const lines = [...byWhy].map(([why, names]) => `  ${visible(why)}: ${names.join(", ")}`);
  return lines.length === 0 ? [] : ["", `not measured, ${skipped.length}:`, ...lines];
}
