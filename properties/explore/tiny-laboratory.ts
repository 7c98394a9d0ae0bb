import { fileURLToPath } from "node:url";
import { type JudgedClaim, type Population, populationsOf } from "../../src/claim/population.ts";
import { type Models, runModels } from "../../src/experiment/trial.ts";
import { type Counterexample, counterexampleOf } from "../../src/explore/counterexample.ts";
import { type Laboratory, laboratoryHere } from "../../src/explore/laboratory.ts";
import { coreHash, statementHashes } from "../../src/laboratory/fingerprint.ts";
import { drawTrial } from "../../src/law/law.ts";
import { kernelEngine } from "../../src/transformer/model/kernel/engine.ts";
import * as theorems from "./tiny-theorems.ts";

export const TINY_FILE = fileURLToPath(new URL("./tiny-theorems.ts", import.meta.url));

const hashes = await statementHashes(TINY_FILE);

const { attentionEdge, rarely, noisyTokens, pairs, hinge } = theorems;

export const tinyPopulations: readonly Population[] = populationsOf([attentionEdge, rarely, noisyTokens, hinge, pairs]);

export const tinyPopulation = tinyPopulations[0]!;

export const pairsPopulation = tinyPopulations[1]!;

export const tinyLaboratory: Laboratory = laboratoryHere(tinyPopulation, kernelEngine);

/** The claims of a tiny theorem. */
export function claimsOf(id: string): readonly JudgedClaim[] {
  return tinyPopulations.flatMap(({ claims }) => claims).filter(({ statement }) => statement.id === id);
}

/** A counterexample file's content that training again reproduces, of a claim on the model that its law gives to a seed. */
export function genuine(judged: JudgedClaim, models: Models = drawTrial(judged.law, 7)): Counterexample {
  const population = tinyPopulations.find(({ law }) => law.id === judged.law.id)!;
  const record = runModels(population, models, kernelEngine);
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
