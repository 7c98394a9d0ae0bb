/** `npm run docs`: writes the pages that are made from the code, and the README's table from reports/results.json. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { writeWhole } from "../../src/laboratory/write-whole.ts";
import { parseResults } from "../../src/report/results.ts";
import { suiteJsonSchema } from "../../src/suite/schema.ts";
import { secondOpinionSuite } from "../second-opinion/suite.ts";
import { commandLinePage, PAGE } from "./command-line.ts";
import { STRENGTH, STRENGTH_PAGE, withStrength } from "./strength.ts";
import { tableIn, tableOfVerdicts } from "./verdicts-by-law.ts";

writeWhole(resolve(PAGE), await commandLinePage());
writeWhole(resolve("docs/suite.schema.json"), `${JSON.stringify(suiteJsonSchema(), null, 2)}\n`);
writeWhole(resolve("examples/second-opinion/suite.yaml"), secondOpinionSuite);

const verdicts = readFileSync(STRENGTH_PAGE, "utf8");
writeWhole(
  resolve(STRENGTH_PAGE),
  withStrength(verdicts, existsSync(STRENGTH) ? readFileSync(STRENGTH, "utf8") : undefined),
);

const readme = readFileSync("README.md", "utf8");
const results = parseResults(readFileSync("reports/results.json", "utf8"), "reports/results.json");
writeWhole(
  resolve("README.md"),
  readme.replace(tableIn(readme), () => tableOfVerdicts(results)),
);
