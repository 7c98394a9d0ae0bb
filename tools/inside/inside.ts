import { populationsOf } from "../../src/claim/population.ts";
import type { Statement } from "../../src/claim/theorem.ts";
import { experimentOf } from "../../src/experiment/experiment.ts";
import type { Laboratory } from "../../src/experiment/laboratory.ts";
import { probe } from "../../src/explore/probe.ts";
import { Purse } from "../../src/explore/purse.ts";
import { Search } from "../../src/explore/search.ts";
import { spaceOf } from "../../src/explore/space.ts";
import type { Law } from "../../src/law/law.ts";
import { encodeNumber } from "../../src/report/encode.ts";
import { type Inside, insideSchema } from "../../src/report/inside.ts";

export interface InsideOptions {
  readonly statements: readonly Statement[];
  readonly laboratory: Laboratory;
  readonly seed: number;
  /** Budget of each theorem on a law, in models. */
  readonly models: number;
  readonly version: string;
  readonly selects?: (theorem: Statement, law: Law) => boolean;
  readonly onLaw?: (law: Law, found: number) => void;
}

/** Searches inside each law for the model that is worst for each of its theorems. Pairs, about medians, have no worst one. */
export async function searchInside(options: InsideOptions): Promise<Inside> {
  const { statements, laboratory, seed, models, version, selects = () => true, onLaw } = options;
  const worst: Inside["worst"] = [];
  for (const population of populationsOf(statements)) {
    const { law } = population;
    const claims = population.claims.filter(({ statement }) => statement.kind === "theorem" && selects(statement, law));
    if (claims.length === 0 || law.doubles !== undefined) continue;
    const theorems = new Set(claims.map(({ statement }) => statement)).size;
    const budget = { models: models * theorems, work: Number.POSITIVE_INFINITY };
    const look = new Search({
      purse: new Purse(probe(laboratory, population, claims), budget),
      space: spaceOf(experimentOf(claims[0]!.statement), law),
      claims,
      seed,
      // nothing of it is kept for an explanation
      until: 1,
    });
    const findings = await look.run();
    for (const { statement, nearest, found } of findings) {
      const least = found ?? nearest.reduce((one, other) => (other.margin < one.margin ? other : one));
      worst.push({
        theorem: statement.id,
        law: law.id,
        claim: least.judged.claim.title,
        relation: least.judged.claim.relation,
        observed: encodeNumber(least.observed),
        margin: encodeNumber(least.margin),
        violated: least.violated,
        onMostSeeds: found?.onMostSeeds ?? false,
        theta: { ...least.tried.theta },
        seed: least.tried.seed,
      });
    }
    onLaw?.(law, findings.length);
  }
  return insideSchema.parse({
    format: "theorycheck search inside",
    version: 1,
    theorycheck: version,
    seed,
    budget: models,
    worst,
  });
}
