/**
 * `npm run search:inside`: looks inside each law for the model that is worst for each theorem, and writes
 * reports/search.json, which the report shows beside the verdicts. Some minutes; what it finds enters no verdict.
 *
 * --models N    models tried for each theorem on a law; 60 unless given
 * --law ID      one law, --theorem ID one theorem: then nothing is written unless --out is given
 * --out FOLDER  folder for search.json; reports unless given
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { version } from "../../package.json" with { type: "json" };
import { declarationsOf, openLaboratory } from "../../src/cli/laboratory.ts";
import { lawNamed, statementSelection } from "../../src/cli/registry.ts";
import { hashesOf } from "../../src/laboratory/fingerprint.ts";
import { toJson } from "../../src/report/encode.ts";
import { insideSentence } from "../../src/report/inside.ts";
import { writeKept } from "../../src/report/made-with.ts";
import { GATE_SEED } from "../../src/verdict/judge.ts";
import { searchInside } from "./inside.ts";

const { values } = parseArgs({
  options: {
    models: { type: "string", default: "60" },
    law: { type: "string" },
    theorem: { type: "string" },
    out: { type: "string" },
  },
});
const models = Number(values.models);
if (!(Number.isSafeInteger(models) && models >= 1)) {
  throw new RangeError(`--models must be a whole number, 1 or above, got ${values.models}`);
}
const declarations = await declarationsOf({});
const { statements } = declarations;
const selectsStatement = statementSelection(values.theorem === undefined ? undefined : [values.theorem], statements);
const only = values.law === undefined ? undefined : lawNamed(values.law, statements);
const out = values.out ?? (only === undefined && values.theorem === undefined ? "reports" : undefined);
const laboratory = await openLaboratory(declarations, { storeFolder: resolve(".theorycheck") });
try {
  const inside = await searchInside({
    statements,
    laboratory,
    seed: GATE_SEED,
    models,
    version,
    selects: (statement, law) => selectsStatement(statement) && (only === undefined || law.id === only.id),
    onLaw: (law, found) => process.stderr.write(`${law.id}: ${found} theorems\n`),
  });
  if (out === undefined) process.stdout.write(toJson(inside));
  else writeKept(resolve(out), "search.json", toJson(inside), await hashesOf(declarations));
  process.stderr.write(`${insideSentence(inside)}\n`);
} finally {
  await laboratory.close();
}
