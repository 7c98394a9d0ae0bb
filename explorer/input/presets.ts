import { describeLeft } from "../../src/claim/theorem.ts";
import type { Law } from "../../src/law/law.ts";
import type { Value } from "../../src/law/parameters.ts";
import { valueAt } from "../../src/law/range.ts";
import type { Results } from "../../src/report/results.ts";
import { baseLaw } from "../../src/transformer/laws.ts";
import { parseTheta, type Theta } from "../../src/transformer/theta.ts";
import { controls } from "../../theorems/index.ts";
import type { PruningChoice } from "../charts/pruning.ts";
import { claimsOn, comparisonLaws } from "./comparison-laws.ts";

/** A θ to start from. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  /** what to look at */
  readonly remark: string;
  readonly theta: Theta;
  /** the seed of the model that shows it; missing where any does */
  readonly seed?: number;
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

/** The model of each control that violates its claim most, as it was last judged, by the control's id. */
export type DecisiveModels = Readonly<Record<string, { readonly theta: Theta; readonly seed: number }>>;

/**
 * Each control that the page can show, at its decisive model, held to the law that it leaves; where it has none, in the
 * middle of its own. Those about pairs of models, or about a theorem of another law, have nothing to be seen here.
 */
export const controlPresets = (decisive: DecisiveModels): readonly Preset[] =>
  controls.flatMap((control) => {
    const law = control.laws[0]!;
    const isCompared = comparisonLaws.includes(law);
    const lawId = isCompared ? law.id : baseLaw.id;
    const looked = isCompared ? control.id : control.of;
    if (!claimsOn(lawId).some(({ statement }) => statement.id === looked)) return [];
    const known = decisive[control.id];
    return {
      id: control.id,
      title: control.title,
      remark: `Leaves ${describeLeft(control.leaves)}.${known === undefined ? "" : ` Look at ${looked}.`}`,
      theta: known?.theta ?? centreOf(law),
      ...(known === undefined ? {} : { seed: known.seed }),
      lawId,
      ...(control.id === "largest-first" ? { pruning: { order: "largest" as const, fraction: 0.4 } } : {}),
    };
  });

/**
 * What results.json says of the controls: of each that is declared as it was judged, the worst model of the first
 * claim that it broke.
 *
 * @param hashes of the declarations as they are now, by statement
 */
export function decisiveIn(
  { statements }: Pick<Results, "statements">,
  hashes: Readonly<Record<string, string>>,
): DecisiveModels {
  const decisive: Record<string, { theta: Theta; seed: number }> = {};
  for (const { id, kind, hash, events, claims } of statements) {
    const broken = events.find(({ verdict }) => verdict.kind === "refuted");
    const worst = claims.find(({ title, law }) => title === broken?.claim && law === broken?.law)?.ledger.decisive;
    if (kind !== "control" || hash !== hashes[id] || worst === undefined) continue;
    decisive[id] = { theta: parseTheta(worst.theta), seed: worst.seed };
  }
  return decisive;
}

export const DEFAULT_PRESET: Preset = lawPresets[0]!;
