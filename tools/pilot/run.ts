/**
 * `npm run pilot`: trains models of every law from seeds that no gate uses, and writes what each claim showed of them, so
 * that anyone can see where a bound comes from. It decides nothing: a bound is set, or left as it was, by who reads it.
 *
 * --models N    models (or pairs) of a law; 300 unless given, and a fifth of them for a control's own law
 * --law ID,ID   these laws only: the others keep what they have
 * --out FOLDER  folder for pilot.json and pilot.md; reports unless given
 */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import pLimit from "p-limit";
import { type Population, populationsOf, trialSeed } from "../../src/claim/population.ts";
import { violates } from "../../src/claim/relation.ts";
import { declarationsOf, openLaboratory } from "../../src/cli/laboratory.ts";
import { experimentOf } from "../../src/experiment/experiment.ts";
import type { TrialRecord } from "../../src/experiment/trial.ts";
import { hashesOf } from "../../src/laboratory/fingerprint.ts";
import { writeWhole } from "../../src/laboratory/write-whole.ts";
import { drawTrial } from "../../src/law/law.ts";
import { toJson } from "../../src/report/encode.ts";
import { writeKept } from "../../src/report/made-with.ts";
import { ledgerOf } from "../../src/verdict/ledger.ts";
import { PILOT_SEED, type Pilot, type PilotLaw, pilotMarkdown, pilotSchema } from "./pilot.ts";

const { values } = parseArgs({
  options: {
    models: { type: "string", default: "300" },
    law: { type: "string" },
    out: { type: "string", default: "reports" },
  },
});
const most = Number(values.models);
if (!(Number.isSafeInteger(most) && most >= 5))
  throw new RangeError(`--models must be at least 5, got ${values.models}`);
const asked = values.law?.split(",");

const declarations = await declarationsOf(undefined);
const { core, declarations: declared } = await hashesOf(declarations);
const laboratory = await openLaboratory(declarations, { storeFolder: resolve(".theorycheck") });
const file = resolve(values.out, "pilot.json");
const before = existsSync(file) ? pilotSchema.parse(JSON.parse(readFileSync(file, "utf8"))).laws : [];
const laws = new Map(before.map((law) => [law.id, law]));

/** Only what a control leaves is asked of it: that it fails, not how rarely. */
const ofControlsOnly = ({ claims }: Population) => claims.every(({ statement }) => statement.kind === "control");

async function trialsOf({ law, claims }: Population, models: number): Promise<TrialRecord[]> {
  const experiment = experimentOf(claims[0]!.statement).id;
  const lane = pLimit(laboratory.places + 1);
  const wanted = claims.map(({ key }) => key);
  return Promise.all(
    Array.from({ length: models }, (_, i) =>
      lane(async () => {
        const draws = drawTrial(law, trialSeed(PILOT_SEED, law.id, i));
        return (await laboratory.run({ experiment, models: draws, wanted, detail: "none" })) as TrialRecord;
      }),
    ),
  );
}

function foundOf({ law, claims }: Population, trials: readonly TrialRecord[]): PilotLaw {
  const ofClaims = claims.map(({ statement, claim, key }) => {
    const { worst, median, best, violations } = ledgerOf(claim, key, trials, true);
    return { statement: statement.id, claim: claim.title, relation: claim.relation, violations, worst, median, best };
  });
  const theorems = new Set(claims.flatMap(({ statement }) => (statement.kind === "theorem" ? [statement] : [])));
  const joint = [...theorems].map((theorem) => {
    const own = claims.filter(({ statement }) => statement === theorem);
    const violated = ({ observed }: TrialRecord) =>
      own.some(({ claim, key }) => violates(claim, observed[key] as number));
    return { theorem: theorem.id, violations: trials.filter(violated).length };
  });
  return {
    id: law.id,
    title: law.title,
    hash: law.hash,
    core,
    declarations: `${declared}`,
    models: trials.length,
    claims: ofClaims,
    joint,
  };
}

try {
  for (const population of populationsOf(declarations.statements)) {
    const { law } = population;
    if (asked !== undefined && !asked.includes(law.id)) continue;
    const trials = await trialsOf(population, ofControlsOnly(population) ? Math.ceil(most / 5) : most);
    laws.set(law.id, foundOf(population, trials));
    const pilot: Pilot = { seed: PILOT_SEED, laws: [...laws.values()] };
    // what was not trained again makes the whole as old as it is
    const oldest = pilot.laws.find((each) => each.core !== core || each.declarations !== `${declared}`);
    writeKept(resolve(values.out), "pilot.json", toJson(pilot), oldest ?? { core, declarations: declared });
    writeWhole(resolve(values.out, "pilot.md"), pilotMarkdown(pilot));
    process.stderr.write(`${law.id}: ${trials.length}\n`);
  }
} finally {
  await laboratory.close();
}
