import { type JudgedClaim, type Population, populationsOf } from "../../src/claim/population.ts";
import type { Law } from "../../src/law/law.ts";
import { EXPLORED_LAWS } from "../../src/transformer/link.ts";
import { statements } from "../../theorems/index.ts";

/** The laws whose ranges the page marks and whose claims it judges: those of theorems about a single model. */
export const comparisonLaws: readonly Law[] = EXPLORED_LAWS;

const populations: readonly Population[] = populationsOf(statements);

/** Everything that is claimed of the models of a comparison law. */
export function populationOn(lawId: string): Population {
  const population = populations.find(({ law }) => law.id === lawId);
  if (population === undefined) throw new Error(`no statement is about a law ${lawId}`);
  return population;
}

export function claimsOn(lawId: string): readonly JudgedClaim[] {
  return populationOn(lawId).claims;
}

export function comparisonLaw(lawId: string): Law {
  return populationOn(lawId).law;
}
