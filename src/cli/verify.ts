import { resolve } from "node:path";
import { Command } from "commander";
import { lemmas } from "../../theorems/lemmas/index.ts";
import { buildResults, type ExaminedLemma } from "../report/build-results.ts";
import { toJson } from "../report/encode.ts";
import type { Results } from "../report/results.ts";
import { tolerancesMarkdown } from "../report/tolerances.ts";
import { verdictTable } from "../report/verdict-table.ts";
import { GATE_SEED, judge } from "../verdict/judge.ts";
import { examineLemma } from "../verdict/lemma.ts";
import { loadStatements } from "../verdict/statements.ts";
import { writeWhole } from "../verdict/write-whole.ts";
import { ExitWith, INTERRUPTED } from "./exit.ts";
import { probability, wholeNumber } from "./options.ts";
import { showProgress } from "./progress.ts";
import { lawSelection, statementSelection, THEOREMS_FILE } from "./registry.ts";

interface VerifyOptions {
  readonly theorem?: string;
  readonly law?: string;
  readonly seed: number;
  readonly p0?: number;
  readonly alpha?: number;
  readonly beta?: number;
  readonly maxModels?: number;
  readonly workers?: number;
  readonly out?: string;
  readonly store: string | false;
  readonly json?: boolean;
}

/** Where reports go when nothing narrows or changes what is judged. */
const REPORTS = "reports";

/** `verify`: the gate. */
export function verifyCommand(version: string): Command {
  return new Command("verify")
    .description("train models until every claim is decided, print the verdicts, write the reports")
    .option("--theorem <id>", "one theorem with its controls, or one other statement")
    .option("--law <id>", "one law, or all; the base law with its controls unless given")
    .option("--seed <n>", "seed of the run", wholeNumber(0), GATE_SEED)
    .option("--p0 <p>", "violation probability that theorems allow", probability)
    .option("--alpha <p>", "chance that any true claim of the run is refuted, at most", probability)
    .option("--beta <p>", "chance that a false claim is certified, at most, for each claim", probability)
    .option("--max-models <n>", "models after which a claim is inconclusive", wholeNumber(1))
    .option("--workers <n>", "models trained at a time; one a core unless given", wholeNumber(1, 256))
    .option("--out <folder>", `folder for the reports; ${REPORTS} unless an option above changes what is judged`)
    .option("--store <folder>", "folder of models already trained, shared with the tests", ".theorycheck")
    .option("--no-store", "train every model anew and keep none")
    .option("--json", "print the results as JSON")
    .action(async (options: VerifyOptions) => {
      const results = await verify(version, options);
      process.stdout.write(options.json ? toJson(results) : verdictTable(results, { colour: process.stdout.isTTY }));
      const out = options.out ?? (isWholeGate(options) ? REPORTS : undefined);
      if (out === undefined) {
        process.stderr.write("No reports written: not the whole gate was asked for. --out FOLDER writes them.\n");
      } else {
        for (const [file, content] of Object.entries(reportFiles(results))) writeWhole(resolve(out, file), content);
        process.stderr.write(`Reports written to ${out}.\n`);
      }
      throw new ExitWith(results.gate.exitCode);
    });
}

/** The reports, by file name. */
export function reportFiles(results: Results): Record<string, string> {
  return { "tolerances.md": tolerancesMarkdown(results), "results.json": toJson(results) };
}

function isWholeGate({ theorem, law, seed, p0, alpha, beta, maxModels }: VerifyOptions): boolean {
  return seed === GATE_SEED && [theorem, law, p0, alpha, beta, maxModels].every((option) => option === undefined);
}

async function verify(version: string, options: VerifyOptions): Promise<Results> {
  const statements = await loadStatements(THEOREMS_FILE);
  const selectsLaw = lawSelection(options.law, statements);
  const selectsStatement = statementSelection(options.theorem, statements);
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort(new ExitWith(INTERRUPTED));
  process.once("SIGINT", onInterrupt);
  const progress = showProgress(process.stderr);
  try {
    const judgement = await judge({
      statementsFile: THEOREMS_FILE,
      selects: (statement, law) => selectsStatement(statement) && selectsLaw(law),
      seed: options.seed,
      p0: options.p0,
      alpha: options.alpha,
      beta: options.beta,
      maxModels: options.maxModels,
      workers: options.workers,
      storeFolder: options.store === false ? undefined : resolve(options.store),
      onProgress: progress.show,
      signal: interrupt.signal,
    });
    progress.stop();
    const examined: ExaminedLemma[] =
      options.theorem === undefined && options.law === undefined
        ? lemmas.map((lemma) => ({ lemma, examination: examineLemma(lemma) }))
        : [];
    return buildResults(version, judgement, examined);
  } catch (error) {
    if (interrupt.signal.aborted) {
      process.stderr.write("Interrupted: nothing was judged, and the reports are as they were.\n");
      throw interrupt.signal.reason;
    }
    throw error;
  } finally {
    progress.stop();
    process.off("SIGINT", onInterrupt);
  }
}
