import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { sourceStatements } from "../../theorems/abstract.ts";
import { lemmas } from "../../theorems/lemmas/index.ts";
import type { Lemma } from "../claim/lemma.ts";
import type { Statement } from "../claim/theorem.ts";
import { statementHash } from "../laboratory/fingerprint.ts";
import { readText } from "../laboratory/read-text.ts";
import { readSuite } from "../laboratory/suite-file.ts";
import { toJson } from "../report/encode.ts";
import { LARGEST_RESULTS, parseResults, type Results } from "../report/results.ts";
import { lemmaSynopsisOf, synopsisOf } from "../report/synopsis.ts";
import { didYouMean } from "./did-you-mean.ts";
import { UsageError } from "./errors.ts";
import { describeLemma, describeStatement, type Shown } from "./explain-text.ts";
import { type DeclaredIn, declarationsOf, fromOptions, SUITE_OPTION } from "./laboratory.ts";
import { place } from "./places.ts";
import { print } from "./print.ts";

interface ExplainOptions extends DeclaredIn {
  readonly results?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** The last run's, unless another is named. */
const LAST_RUN = "reports/results.json";

/** `explain`: all that is known of one statement, on one screen. */
export function explainCommand(): Command {
  return new Command("explain")
    .argument("<id>", "a theorem, control, finding or lemma")
    .option("--results <file>", `results.json of the run that it is explained by; ${LAST_RUN} unless given`, place)
    .option("--theorems <file>", "the module that declares it, if it is not the project's own", place)
    .option(...SUITE_OPTION)
    .option("--all", "every claim, source and control, also where that is more than a screen")
    .option("--json", "print JSON")
    .action(async (id: string, options: ExplainOptions) => {
      const own = options.theorems === undefined && options.suite === undefined;
      const { statements, hashOf } = await declaredIn(options);
      const known = own ? lemmas : [];
      const found: Statement | Lemma | undefined =
        statements.find((each) => each.id === id) ?? known.find((each) => each.id === id);
      if (found === undefined) throw new UsageError(unknown(id, [...statements, ...known], options));
      const shown: Shown = { ...options, results: options.results ?? LAST_RUN };
      const sources = own ? sourceStatements : [];
      const results = resultsIn(options.results);
      if (found.kind === "lemma") {
        const synopsis = lemmaSynopsisOf(found, { sources, results });
        print(options.json ? toJson(synopsis) : describeLemma(synopsis, shown));
        return;
      }
      const hash = results === undefined ? undefined : await hashOf(found);
      const synopsis = synopsisOf(found, { statements, sources, results, hash });
      print(options.json ? toJson(synopsis) : describeStatement(synopsis, shown));
    });
}

/** What is declared. A suite's command is not started: its hash stays unknown. */
async function declaredIn({ theorems, suite }: DeclaredIn) {
  if (suite !== undefined && theorems === undefined) {
    return { statements: readSuite(resolve(suite)).statements, hashOf: () => undefined };
  }
  const { statements, file, closure } = await declarationsOf({ theorems, suite });
  return { statements, hashOf: (statement: Statement) => statementHash(statement, file, closure) };
}

/** @throws InvalidInput where a file that was named cannot be read; without a name there may be none */
function resultsIn(file: string | undefined): Results | undefined {
  if (file === undefined && !existsSync(LAST_RUN)) return undefined;
  const name = file ?? LAST_RUN;
  return parseResults(readText(name, LARGEST_RESULTS, file === undefined ? name : `--results ${file}`), name);
}

function unknown(id: string, known: readonly { readonly id: string }[], { theorems, suite }: DeclaredIn): string {
  const ids = known.map((each) => each.id);
  const from = fromOptions({ theorems, suite });
  const listed = suite === undefined && theorems !== undefined ? ids.join(", ") : `what theorycheck list${from} lists`;
  return `ID must be a theorem, control, finding or lemma: ${listed}; got ${JSON.stringify(id)}${didYouMean(id, ids)}`;
}
