import { fileURLToPath } from "node:url";
import { type JudgedClaim, type Population, populationsOf } from "../../src/claim/population.ts";
import { here } from "../../src/experiment/laboratory.ts";
import { runOrder } from "../../src/experiment/trial.ts";
import { type Counterexample, counterexampleOf } from "../../src/explore/counterexample.ts";
import { type Probe, probe } from "../../src/explore/probe.ts";
import { coreHash, statementHashes } from "../../src/laboratory/fingerprint.ts";
import { type Draws, drawTrial } from "../../src/law/law.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import * as theorems from "./tiny-theorems.ts";

export const TINY_FILE = fileURLToPath(new URL("./tiny-theorems.ts", import.meta.url));

const hashes = await statementHashes(TINY_FILE);

const { attentionEdge, rarely, noisyTokens, pairs, hinge } = theorems;

const statements = [attentionEdge, rarely, noisyTokens, hinge, pairs];

export const tinyPopulations: readonly Population[] = populationsOf(statements);

export const tinyPopulation = tinyPopulations[0]!;

export const pairsPopulation = tinyPopulations[1]!;

export const tinyLaboratory = here(statements);

export const tinyProbe: Probe = probe(tinyLaboratory, tinyPopulation);

/** The claims of a tiny theorem. */
export function claimsOf(id: string): readonly JudgedClaim[] {
  return tinyPopulations.flatMap(({ claims }) => claims).filter(({ statement }) => statement.id === id);
}

/** A counterexample file's content that training again reproduces, of a claim on the model that its law gives to a seed. */
export function genuine(judged: JudgedClaim, models: Draws = drawTrial(judged.law, 7)): Counterexample {
  const order = { experiment: transformer.id, models, wanted: [judged.key], detail: "none" } as const;
  const record = runOrder(transformer, order, [judged]);
  const [first, ...others] = record.models.map(({ theta, seed, digest }) => ({ theta, seed, digest }));
  return counterexampleOf({
    judged,
    statementHash: hashes[judged.statement.id]!,
    models: [first!, ...others],
    observed: record.observed[judged.key]!,
    theorycheck: "0.1.0",
    core: coreHash(),
  });
}
