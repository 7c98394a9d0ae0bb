import type { Claim } from "../claim/claim.ts";
import type { JudgedClaim, Population } from "../claim/population.ts";
import { describeRelation, equalRelations, unitOf, violates } from "../claim/relation.ts";
import { experimentOf } from "../experiment/experiment.ts";
import { brokenHypotheses } from "../law/law.ts";
import { type Counterexample, trialOf } from "./counterexample.ts";
import type { Probe } from "./probe.ts";

/**
 * reproduced: the digest of the trained weights and the observed number are equal to the bit.
 * reproduced up to rounding: they are not, since the core changed, and the observed number is within what rounding
 * explains, on the same side of its bound.
 * not reproduced: anything else. The same core gives the same bits, so no difference is rounding there.
 */
export type Grade = "reproduced" | "reproduced up to rounding" | "not reproduced";

/** What training again gave, of one claim. */
export interface Retrained {
  readonly digests: readonly string[];
  readonly steps: readonly number[];
  readonly observed: number;
}

/** What the claim and the code are now. */
export interface Present {
  readonly judged: JudgedClaim;
  readonly statementHash: string;
  readonly core: string;
}

/** How a counterexample fared when its model was trained again. */
export interface Comparison {
  readonly grade: Grade;
  /** Why it is not reproduced to the bit: the numbers, and which of law, claim and core changed. Empty if it is. */
  readonly reasons: readonly string[];
  /** Relative difference that rounding explains. */
  readonly tolerance: number;
}

/** The claim that a counterexample is about; otherwise why there is none. */
export function claimOf(
  counterexample: Pick<Counterexample, "theorem" | "claim" | "law" | "models">,
  populations: readonly Population[],
): { readonly population: Population; readonly judged: JudgedClaim } | string {
  const { theorem, claim, law, models } = counterexample;
  const population = populations.find((each) => each.law.id === law.id);
  if (population === undefined) return `the claim changed: there is no law ${law.id} any more`;
  const ofTheorem = population.claims.filter(({ statement }) => statement.id === theorem);
  if (ofTheorem.length === 0) return `the claim changed: there is no theorem ${theorem} on law ${law.id} any more`;
  const judged = ofTheorem.find((each) => each.claim.title === claim.title);
  if (judged === undefined) return `the claim changed: ${theorem} does not claim "${claim.title}" any more`;
  const needed = population.law.doubles === undefined ? 1 : 2;
  if (models.length !== needed)
    return `law ${law.id} has ${needed} model(s) a trial, and the file has ${models.length}`;
  return { population, judged };
}

/** Grades a counterexample against what training its models again gave. */
export function compare(counterexample: Counterexample, again: Retrained, now: Present): Comparison {
  const { claim, law, models, versions, observed } = counterexample;
  const { judged } = now;
  const tolerance = Math.max(
    ...models.map(({ theta }, i) => experimentOf(judged.statement).roundoff(theta, again.steps[i] as number)),
    Number.EPSILON,
  );
  const changes: string[] = [];
  const sameRelation = equalRelations(claim.relation, judged.claim.relation);
  if (!sameRelation) {
    changes.push(
      `the claim changed: ${describeRelation(claim.relation)} then, ${describeRelation(judged.claim.relation)} now`,
    );
  } else if (claim.hash !== now.statementHash) changes.push("the claim changed: its declaration has another hash");
  const sameStanding = equalStandings(counterexample, judged);
  if (law.hash !== judged.law.hash) changes.push(`the law changed: ${law.id} has another hash`);
  else if (!sameStanding) changes.push("the hypotheses that the file calls broken are not those that theta breaks");
  if (versions.core !== now.core) changes.push("the core changed: another hash");

  const sameDigests = models.every(({ digest }, i) => digest === again.digests[i]);
  const exact = sameDigests && Object.is(observed, again.observed);
  const differences: string[] = [];
  if (!sameDigests) differences.push("the numbers differ: the digest of the trained weights");
  if (!Object.is(observed, again.observed)) {
    differences.push(`the numbers differ: observed ${observed} then, ${again.observed} now`);
  }
  if (!sameRelation || !sameStanding) {
    return { grade: "not reproduced", reasons: [...changes, ...differences], tolerance };
  }
  if (exact) return { grade: "reproduced", reasons: [], tolerance };
  if (versions.core === now.core) {
    // the same code gives the same bits: the file does not say what this code found
    return { grade: "not reproduced", reasons: [...differences, ...changes, "the core is the same"], tolerance };
  }
  const near =
    violates(judged.claim, observed) === violates(judged.claim, again.observed) &&
    withinTolerance(judged.claim, observed, again.observed, tolerance);
  const reasons = [...differences, ...changes];
  return { grade: near ? "reproduced up to rounding" : "not reproduced", reasons, tolerance };
}

/** Relative to the larger of the two numbers and the bound. Two that are not finite are as good as equal. */
function withinTolerance(claim: Pick<Claim, "relation">, one: number, other: number, tolerance: number): boolean {
  if (!Number.isFinite(one) || !Number.isFinite(other)) return Number.isFinite(one) === Number.isFinite(other);
  return Math.abs(one - other) <= tolerance * Math.max(Math.abs(one), Math.abs(other), unitOf(claim.relation));
}

function equalStandings({ law, models }: Counterexample, judged: JudgedClaim): boolean {
  const broken = brokenHypotheses(judged.law, models[0].theta).map(({ name }) => name);
  return broken.join() === law.broken.map(({ hypothesis }) => hypothesis).join();
}

/** Trains a counterexample's models again in a probe of its law, and compares. */
export async function replayIn(
  probe: Probe,
  counterexample: Counterexample,
  now: Present,
): Promise<Comparison & { readonly observed: number }> {
  const { models, observed } = await probe.run(trialOf(counterexample));
  const again = {
    digests: models.map(({ digest }) => digest),
    steps: models.map(({ steps }) => steps),
    observed: observed[now.judged.key] as number,
  };
  return { ...compare(counterexample, again, now), observed: again.observed };
}
