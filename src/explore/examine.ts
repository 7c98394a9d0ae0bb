import type { Theta } from "../law/parameters.ts";
import { awayFromEdge, explain, type FieldExplanation } from "./explain.ts";
import { ENDS, type Purse, untilSpent } from "./purse.ts";
import type { Findings } from "./search.ts";
import { shrink } from "./shrink.ts";
import type { Space } from "./space.ts";
import { type Criterion, onMostSeeds, onOneSeed, type Rate, rateAt, type Shown } from "./violation.ts";

/** A θ that violates the claim, and what one seed shows there. */
export interface Simplest extends Shown {
  readonly theta: Theta;
  /** Whether no field alone can come a step nearer to its simplest value. */
  readonly minimal: boolean;
}

/** All that is known so far of a violation that a search found. */
export interface Examination {
  readonly holdsOn: Criterion["holdsOn"];
  /** The θ that was found, judged by itself on fresh seeds. */
  readonly foundRate?: Rate;
  /** The θ that was found, until there is a simpler one. */
  readonly simplest: Simplest;
  readonly simplestRate?: Rate;
  /** Each field by itself, varied from one θ. */
  readonly explained?: { readonly at: Theta; readonly fields: readonly FieldExplanation[] };
}

export type ExaminationStage = "judging" | "shrinking" | "explaining";

/**
 * Judges the θ of a violation by itself, shrinks it, judges what is left, and explains it: each with its share of what is
 * left of the budget.
 *
 * @param onBetter is told of all that is known as soon as it is
 */
export async function examine(
  purse: Purse,
  space: Space,
  found: NonNullable<Findings["found"]>,
  seed: number,
  onBetter?: (stage: ExaminationStage, known: Examination) => void,
): Promise<Examination> {
  const { judged, tried, observed } = found;
  const { theta, record } = tried;
  const criterion = found.onMostSeeds ? onMostSeeds(purse, judged, seed) : onOneSeed(purse, judged, tried.seed);
  let known: Examination = {
    holdsOn: criterion.holdsOn,
    simplest: { theta, seed: tried.seed, observed, record, minimal: false },
  };
  const better = (stage: ExaminationStage, more: Partial<Examination> = {}) => {
    known = { ...known, ...more };
    onBetter?.(stage, known);
  };

  purse.openUntil(ENDS.judging);
  better("judging");
  better("judging", { foundRate: await rateAt(purse, judged, theta, seed) });

  purse.openUntil(ENDS.shrinking);
  const { minimal } = await shrink(space, theta, criterion, async (simpler) => {
    // what persists was seen on some seed
    const shown = (await criterion.violatingSeed(simpler))!;
    better("shrinking", { simplest: { theta: simpler, ...shown, minimal: false } });
  });
  better("shrinking", { simplest: { ...known.simplest, minimal } });

  purse.openUntil(ENDS.rejudging);
  const { simplest, foundRate } = known;
  const simplestRate = simplest.theta === theta ? foundRate : await rateAt(purse, judged, simplest.theta, seed);
  better("judging", simplestRate && { simplestRate });

  purse.openUntil(ENDS.explaining);
  await untilSpent(async () => {
    const at = await awayFromEdge(space, simplest.theta, theta, criterion);
    await explain(space, at, criterion, (fields) => better("explaining", { explained: { at, fields } }));
  });
  return known;
}
