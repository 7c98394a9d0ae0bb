/**
 * `npm run hypotheses`: leaves each hypothesis of the base law alone, and counts which theorems its models violate. What it
 * writes says which hypotheses a theorem must list; it enters no verdict.
 *
 * --point N,N   these points only, by their place: the others keep what they have
 * --workers N   threads; 2 unless given
 * --out FOLDER  folder for hypotheses.json and hypotheses.md; reports unless given
 */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import pLimit from "p-limit";
import { type JudgedClaim, populationsOf, trialSeed } from "../../src/claim/population.ts";
import { violates } from "../../src/claim/relation.ts";
import { declarationsOf, openLaboratory } from "../../src/cli/laboratory.ts";
import { experimentOf } from "../../src/experiment/experiment.ts";
import type { TrialRecord } from "../../src/experiment/trial.ts";
import { hashesOf } from "../../src/laboratory/fingerprint.ts";
import { writeWhole } from "../../src/laboratory/write-whole.ts";
import { drawTrial } from "../../src/law/law.ts";
import { toJson } from "../../src/report/encode.ts";
import { HYPOTHESES_SEED, hypothesesMarkdown, hypothesesSchema, type Measured, MODELS } from "./hypotheses.ts";
import { type Point, points } from "./points.ts";

const { values } = parseArgs({
  options: {
    point: { type: "string" },
    workers: { type: "string", default: "2" },
    out: { type: "string", default: "reports" },
  },
});
const asked = values.point?.split(",").map(Number) ?? points.map((_, i) => i);

const declarations = await declarationsOf({});
const { core } = await hashesOf(declarations);
const laboratory = await openLaboratory(declarations, {
  workers: Number(values.workers),
  storeFolder: resolve(".theorycheck"),
});
const file = resolve(values.out, "hypotheses.json");
const before = existsSync(file) ? hypothesesSchema.parse(JSON.parse(readFileSync(file, "utf8"))).points : [];

/** The claims of each theorem on the first of its laws whose trials are single models. */
const claims = claimsOfTheorems();

function claimsOfTheorems(): JudgedClaim[] {
  const first = new Map<string, string>();
  return populationsOf(declarations.statements).flatMap(({ law, claims }) =>
    claims.filter(({ statement }) => {
      if (statement.kind !== "theorem" || law.doubles !== undefined) return false;
      if (!first.has(statement.id)) first.set(statement.id, law.id);
      return first.get(statement.id) === law.id;
    }),
  );
}

async function measure({ hypothesis, how, law, only }: Point): Promise<Measured["points"][number]> {
  const experiment = experimentOf(claims[0]!.statement).id;
  const wanted = claims.map(({ key }) => key);
  const lane = pLimit(laboratory.places);
  const trials = await Promise.all(
    Array.from({ length: MODELS }, (_, i) =>
      lane(async () => {
        const models = drawTrial(law, trialSeed(HYPOTHESES_SEED, law.id, i));
        return (await laboratory.run({ experiment, models, wanted, detail: "none" })) as TrialRecord;
      }),
    ),
  );
  const violated = ({ claim, key }: JudgedClaim, { observed }: TrialRecord) => violates(claim, observed[key] as number);
  const ids = [...new Set(claims.map(({ statement }) => statement.id))].filter(
    (id) => only === undefined || id === only,
  );
  return {
    ...(hypothesis === undefined ? {} : { hypothesis }),
    how,
    law: law.hash,
    models: trials.length,
    converged: trials.filter(({ models: [model] }) => model!.outcome === "converged").length,
    theorems: ids.map((id) => {
      const own = claims.filter(({ statement }) => statement.id === id);
      return {
        id,
        violations: trials.filter((trial) => own.some((claim) => violated(claim, trial))).length,
        claims: own.map((claim) => ({
          title: claim.claim.title,
          violations: trials.filter((trial) => violated(claim, trial)).length,
        })),
      };
    }),
  };
}

try {
  const found = new Map(before.map((point) => [point.how, point]));
  for (const [i, point] of points.entries()) {
    if (!asked.includes(i)) continue;
    found.set(point.how, await measure(point));
    const measured: Measured = {
      seed: HYPOTHESES_SEED,
      core,
      points: points.flatMap(({ how }) => found.get(how) ?? []),
    };
    writeWhole(file, toJson(measured));
    writeWhole(resolve(values.out, "hypotheses.md"), hypothesesMarkdown(measured));
    process.stderr.write(`${i} ${point.hypothesis ?? "none"}: ${point.how}\n`);
  }
} finally {
  await laboratory.close();
}
