import type { Theta } from "../law/parameters.ts";
import { awayFromEdge, explain, type FieldExplanation } from "./explain.ts";
import type { Probe } from "./probe.ts";
import type { Findings } from "./search.ts";
import { type Shrunk, shrink } from "./shrink.ts";
import type { Space } from "./space.ts";
import { type Criterion, freshSeedsFor, onMostSeeds, onOneSeed, type Rate, rateAt } from "./violation.ts";

/** Models that shrinking may train. */
export const SHRINKING_MODELS = 600;

/** All that is said of a violation that a search found. */
export interface Examination {
  readonly holdsOn: Criterion["holdsOn"];
  /** The θ that was found, judged by itself on fresh seeds. */
  readonly foundRate: Rate;
  readonly shrunk: Shrunk;
  readonly shrunkRate: Rate;
  /** A seed on which the shrunk θ violates the claim, and what is observed there. */
  readonly seed: number;
  readonly observed: number;
  /** The θ around which each field is varied. */
  readonly explainedAt: Theta;
  readonly explanation: readonly FieldExplanation[];
  readonly models: number;
}

export type ExaminationStage = "judging" | "shrinking" | "explaining";

/** Judges the θ of a violation by itself, shrinks it, judges what is left, and explains it. */
export async function examine(
  probe: Probe,
  space: Space,
  found: NonNullable<Findings["found"]>,
  seed: number,
  onStage?: (stage: ExaminationStage, models: number) => void,
): Promise<Examination> {
  const { judged, tried } = found;
  const criterion = found.onMostSeeds ? onMostSeeds(probe, judged, seed) : onOneSeed(probe, judged, tried.seed);
  onStage?.("judging", 0);
  const steps = Math.max(...tried.record.models.map((model) => model.steps));
  const foundRate = await rateAt(probe, judged, tried.theta, seed, freshSeedsFor(probe.experiment, tried.theta, steps));
  onStage?.("shrinking", criterion.models());
  const shrunk = await shrink(space, tried.theta, criterion, SHRINKING_MODELS, () =>
    onStage?.("shrinking", criterion.models()),
  );
  const shrunkRate = await rateAt(
    probe,
    judged,
    shrunk.theta,
    seed,
    freshSeedsFor(probe.experiment, shrunk.theta, steps),
  );
  // shrinking keeps what violates
  const violating = (await criterion.violatingSeed(shrunk.theta))!;
  const explainedAt = await awayFromEdge(space, shrunk.theta, tried.theta, criterion);
  const explanation = await explain(space, explainedAt, criterion, () => onStage?.("explaining", criterion.models()));
  const models = criterion.models() + foundRate.seeds + shrunkRate.seeds;
  return { holdsOn: criterion.holdsOn, foundRate, shrunk, shrunkRate, ...violating, explainedAt, explanation, models };
}
