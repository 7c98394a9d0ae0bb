import type { Law } from "../../src/law/law.ts";
import type { Value } from "../../src/law/parameters.ts";
import { valueAt } from "../../src/law/range.ts";
import { baseLaw } from "../../src/transformer/laws.ts";
import { parseTheta, type Theta } from "../../src/transformer/theta.ts";
import { controls } from "../../theorems/index.ts";
import type { PruningChoice } from "../charts/pruning.ts";
import { comparisonLaws } from "./comparison-laws.ts";

/** A θ to start from. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  /** what to look at */
  readonly remark: string;
  readonly theta: Theta;
  readonly lawId: string;
  readonly pruning?: PruningChoice;
}

/** The middle of every range of a law, each given the earlier ones, to three significant digits. */
export function centreOf(law: Law): Theta {
  const theta: Record<string, Value> = {};
  for (const [field, range] of Object.entries(law.ranges)) {
    const middle = valueAt(range, 0.5, theta);
    theta[field] = typeof middle === "number" && range.kind !== "constant" ? Number(middle.toPrecision(3)) : middle;
  }
  return parseTheta(theta);
}

/** The centre of each law that theorems are about. */
export const lawPresets: readonly Preset[] = comparisonLaws.map((law) => ({
  id: `centre-${law.id}`,
  title: `Centre of ${law.title}`,
  remark: "An ordinary model of this law: every theorem should hold.",
  theta: centreOf(law),
  lawId: law.id,
}));

/** Each control at the centre of its own law, held to the base law that it leaves. */
export const controlPresets: readonly Preset[] = controls.map((control) => ({
  id: control.id,
  title: control.title,
  remark: `Leaves ${control.leaves}. Look at ${control.of}.${control.laws[0] === baseLaw ? "" : " Controls stop early."}`,
  theta: centreOf(control.laws[0]!),
  lawId: baseLaw.id,
  ...(control.id === "largest-first" ? { pruning: { order: "largest" as const, fraction: 0.4 } } : {}),
}));

export const DEFAULT_PRESET: Preset = lawPresets[0]!;
