import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { styleText } from "node:util";
import { Command } from "commander";
import { storedCounterexamples } from "../../theorems/counterexamples.ts";
import { lemmas } from "../../theorems/lemmas/index.ts";
import { presentation as paper } from "../../theorems/presentation.ts";
import { scaling, scalingLadders } from "../../theorems/scaling.ts";
import { populationsOf } from "../claim/population.ts";
import type { Statement } from "../claim/theorem.ts";
import { experimentOf } from "../experiment/experiment.ts";
import type { Hashes } from "../experiment/hashes.ts";
import type { Laboratory } from "../experiment/laboratory.ts";
import { hashesOf } from "../laboratory/fingerprint.ts";
import { readText } from "../laboratory/read-text.ts";
import { remembering, storeKey } from "../laboratory/remembering.ts";
import { clearStore } from "../laboratory/store-folder.ts";
import { requireWritable, writeSet } from "../laboratory/write-whole.ts";
import { committedBeside } from "../report/beside.ts";
import { buildResults, type ExaminedLemma } from "../report/build-results.ts";
import { campaignTable } from "../report/campaign.ts";
import { earlierRunOf } from "../report/earlier-run.ts";
import { shortNumber, toJson } from "../report/encode.ts";
import { standingsIn } from "../report/made-with.ts";
import { modelsJsonl } from "../report/models.ts";
import { type Presentation, plain } from "../report/presentation.ts";
import { LARGEST_RESULTS, parseResults, type Results } from "../report/results.ts";
import { FILES_ASKED_FOR, wholeSet } from "../report/set.ts";
import { COUNTEREXAMPLES, readStored, replayStored } from "../report/stored.ts";
import { type Paint, verdictTable } from "../report/verdict-table.ts";
import { transformer } from "../transformer/experiment.ts";
import { NIGHTLY_TRIALS } from "../verdict/campaign.ts";
import { GATE_SEED, judge } from "../verdict/judge.ts";
import { examineInTurns } from "../verdict/lemma.ts";
import { prepare, type Question } from "../verdict/prepare.ts";
import { measureSlopes, runsOn } from "../verdict/slopes.ts";
import { UsageError } from "./errors.ts";
import { ExitWith } from "./exit.ts";
import { FARM, type FarmOptions, share } from "./farm.ts";
import { tellGithub } from "./github.ts";
import { letIn, stoppable } from "./interrupt.ts";
import { declarationsOf, fromOptions, openLaboratory, SUITE_OPTION } from "./laboratory.ts";
import { beginNight, freshSeed, type Night } from "./night.ts";
import { collected, probability, wholeNumber } from "./options.ts";
import { OWN_RANGES, type OwnRangeOptions, onOwnRanges } from "./own-ranges.ts";
import { place, requireWritableFile } from "./places.ts";
import { print, printPainted, tell } from "./print.ts";
import { showProgress } from "./progress.ts";
import { lawSelection, statementSelection, THEOREMS_FILE } from "./registry.ts";
import { type ProgressMode, progressOption } from "./status.ts";
import { measureStrength } from "./strength.ts";
import { describePlan, planVerify } from "./verify-plan.ts";
import { ALL_LAWS, asksForAll, isWholeGate, REPORTS } from "./whole-gate.ts";

/** What `verify` takes. */
export interface VerifyOptions extends FarmOptions, OwnRangeOptions {
  readonly theorem?: readonly string[];
  readonly law?: string;
  readonly seed?: number;
  readonly fresh?: boolean;
  readonly theorems?: string;
  readonly suite?: string;
  readonly resume?: string;
  readonly campaign?: string;
  readonly p0?: number;
  readonly strength?: number;
  readonly alpha?: number;
  readonly beta?: number;
  readonly maxModels?: number;
  readonly workers?: number;
  readonly out?: string;
  readonly store: string | false;
  readonly json?: boolean;
  readonly progress: ProgressMode;
  readonly plan?: boolean;
}

/** `verify`: the gate. */
export function verifyCommand(version: string, signal: AbortSignal): Command {
  return new Command("verify")
    .option("--theorem <id>", "one theorem with its controls, or one other statement; as often as needed", collected)
    .option("--law <id>", "one law, or all; all unless given")
    .option("--theorems <file>", "judge the declarations of this module in the place of the project's own", place)
    .option(...SUITE_OPTION)
    .option(...OWN_RANGES[0])
    .option(...OWN_RANGES[1])
    .option("--seed <n>", `seed of the run; ${GATE_SEED} unless given`, wholeNumber(0))
    .option("--fresh", "draw a new seed and say which, and what a false pass costs")
    .option("--campaign <file>", "fresh runs as one evidence process, kept in this file: for nightly runs")
    .option("--resume <file>", "go on from the evidence of an earlier run's results.json")
    .option("--p0 <p>", "violation probability that statements allow which declare none", probability)
    .option(
      "--strength <p0>",
      "judge the theorems that declare no p0 at this one, such as 1%, and write strength.json: how strongly each is certified",
      share,
    )
    .option("--alpha <p>", "chance that the run refutes anything true, at most", probability)
    .option("--beta <p>", "chance that what is false is certified, at most, for each verdict", probability)
    .option("--max-models <n>", "models after which a verdict is inconclusive", wholeNumber(1))
    .option("--workers <n>", "models trained at a time; one a core unless given", wholeNumber(1, 256))
    .addOption(FARM.queue)
    .addOption(FARM.prefix)
    .addOption(FARM.audit)
    .option("--out <folder>", `folder for the reports; ${REPORTS} unless an option above changes what is judged`, place)
    .option("--store <folder>", "folder of models already trained, shared with the tests", place, ".theorycheck")
    .option("--no-store", "train every model anew and keep none")
    .option("--plan", "judge nothing: say how many models, and how many minutes, it would take")
    .option("--json", "print the results as JSON")
    .addOption(progressOption())
    .action(async (options: VerifyOptions) => {
      if (options.plan) {
        print(await stoppable(signal, "nothing was judged", () => plan(options, signal)));
        return;
      }
      const { strength, ...others } = options;
      if (strength !== undefined) return measureStrength(version, strength, others, signal);
      const out = options.out ?? (isWholeGate(options) ? REPORTS : undefined);
      // before the run, which takes minutes: nobody should learn only then that no report can be made
      const reporting = out === undefined ? undefined : await import("../report/files.ts");
      const { results, models, presentation, files } = await stoppable(
        signal,
        "nothing was judged, and the reports are as they were",
        () => verify(version, options, out, signal),
      );
      printPainted(
        options.json
          ? toJson(results)
          : verdictTable(results, { paint, theoremsFile: options.theorems, suiteFile: options.suite }) +
              (results.campaign === undefined ? "" : campaignTable(results.campaign)),
      );
      if (out === undefined || reporting === undefined) {
        tell("No reports written: not the whole gate was asked for. --out FOLDER writes them.");
      } else {
        const reports = await stoppable(signal, "the reports are as they were", () =>
          reporting.reportFiles(results, presentation),
        );
        writeSet(resolve(out), wholeSet(results, { ...reports, "models.jsonl": models }));
        tell(`Reports written to ${out}.`);
      }
      const { theorems, suite } = options;
      tellGithub(results, { files, from: fromOptions({ theorems, suite }) });
      throw new ExitWith(results.gate.exitCode);
    });
}

const paint: Paint = (colour, text) =>
  process.stdout.isTTY ? styleText(colour, text, { validateStream: true }) : text;

/** What a run found, and a line for each of its models. */
interface Verification {
  readonly results: Results;
  readonly models: string;
  readonly presentation: Presentation;
  /** Files that may declare what was judged. */
  readonly files: readonly string[];
}

/** What a run is about: declarations, and which of them are asked for. */
async function asked(options: VerifyOptions) {
  const declarations = await declarationsOf(options);
  const onOwn = onOwnRanges(declarations.statements, options);
  const statements = onOwn?.statements ?? declarations.statements;
  // a law of one's own has no reports beside it, no stored counterexamples and no slopes
  const ownTheorems = declarations.file === THEOREMS_FILE && onOwn === undefined;
  const where = options.theorems ?? options.suite ?? "the package itself";
  tell(`${describeCounts(declarations.statements)} declared in ${where}.`);
  for (const { law, of } of onOwn?.laws ?? []) tell(`A law of yours: ${law.title}; the bounds are those on ${of.id}.`);
  const selectsLaw = lawSelection(onOwn === undefined ? (options.law ?? ALL_LAWS) : ALL_LAWS, statements);
  const selectsStatement = statementSelection(options.theorem, statements);
  const question: Question = {
    statements,
    selects: (statement, law) => selectsStatement(statement) && selectsLaw(law),
    p0: options.p0,
    alpha: options.alpha,
    beta: options.beta,
  };
  const everything = ownTheorems && options.theorem === undefined && asksForAll(options.law);
  return { declarations, statements, onOwn, ownTheorems, everything, question };
}

/** `verify --plan`: what a run would take. */
async function plan(options: VerifyOptions, signal: AbortSignal): Promise<string> {
  for (const option of ["resume", "campaign", "queue", "strength"] as const) {
    if (options[option] !== undefined) throw new UsageError(`--plan is of a run by itself, got --${option} beside it`);
  }
  const { declarations, onOwn, everything, question } = await asked(options);
  const { workers, store, maxModels, fresh, seed = GATE_SEED } = options;
  const laboratory = await openLaboratory(declarations, { workers, signal });
  const nothing = { places: 1, run: async () => undefined, close: async () => {} };
  const storeFolder = store === false || fresh || !existsSync(resolve(store)) ? undefined : resolve(store);
  const kept =
    storeFolder === undefined
      ? undefined
      : remembering(nothing, { folder: storeFolder, closure: declarations.closure, keeps: "nothing" });
  const onOwnRanges = (opened: Laboratory) => onOwn?.askedOf(opened) ?? opened;
  try {
    const planned = await planVerify({
      ...{ prepared: prepare(question), seed, maxModels, lastRun: join(REPORTS, "results.json") },
      laboratory: onOwnRanges(laboratory),
      stored: kept && onOwnRanges(kept),
    });
    const beside = everything
      ? [`${runsOn(scalingLadders)} models for exponents`, `${lemmas.length} lemmas`, "stored counterexamples"]
      : [];
    return options.json ? toJson(planned) : describePlan(planned, beside);
  } finally {
    await laboratory.close();
    await kept?.close();
  }
}

async function verify(
  version: string,
  options: VerifyOptions,
  out: string | undefined,
  signal: AbortSignal,
): Promise<Verification> {
  const { declarations, statements, onOwn, ownTheorems, everything, question } = await asked(options);
  refuseSeeds(options);
  // all that is read or written is asked for before anything is trained: what is wrong is said now, and nothing is lost
  if (out !== undefined) requireWritable(resolve(out), FILES_ASKED_FOR, "--out");
  if (options.campaign !== undefined) requireWritableFile(options.campaign, "--campaign");
  const presentation = presentationOf(statements);
  const committed = ownTheorems ? committedBeside(REPORTS, presentation) : {};
  const stored =
    ownTheorems && asksForAll(options.law)
      ? readStored(resolve(REPORTS, COUNTEREXAMPLES), experimentOf(statements[0]!), options.theorem)
      : undefined;
  const resumed = options.resume === undefined ? undefined : earlierRunOf(readResults(options.resume), options.resume);
  const hashes = await hashesOf(declarations);
  const kept = ownTheorems ? standingsIn(REPORTS, hashes) : [];
  const { seed, night } = begin(question, hashes, options);
  const progress = showProgress(process.stderr, { mode: options.progress, verdicts: prepare(question).verdicts });
  const opened = await openLaboratory(declarations, {
    farm: { ...options, version, say: progress.say },
    workers: options.workers,
    signal,
    storeFolder: options.store === false ? undefined : resolve(options.store),
    // a night that ends without counts is trained again with its own seed; any other fresh seed is drawn once
    keeps: night !== undefined ? "night" : options.fresh ? "nothing" : "trials",
  });
  const laboratory = onOwn?.askedOf(opened) ?? opened;
  try {
    const earlier = night?.earlier ?? resumed;
    // side by side, so that no place is free while the last of one is under way
    const [judgement, counterexamples, slopes, examined] = await Promise.all([
      judge({
        ...question,
        laboratory,
        seed,
        resumes: earlier === undefined ? undefined : { run: earlier, hashes },
        leastTrials: night === undefined ? undefined : NIGHTLY_TRIALS,
        maxModels: options.maxModels,
        onProgress: progress.show,
      }),
      stored &&
        replayStored(
          stored,
          populationsOf(statements),
          hashes,
          counting(laboratory, stored.length, (done, all) => progress.beside("counterexamples", done, all)),
        ),
      everything || (ownTheorems && options.theorem?.includes(scaling.id))
        ? measureSlopes(
            scalingLadders,
            counting(laboratory, runsOn(scalingLadders), (done, all) => progress.beside("slopes", done, all)),
            seed,
          )
        : undefined,
      everything ? examineLemmas(signal, (done) => progress.beside("lemmas", done, lemmas.length)) : [],
    ]);
    progress.stop();
    const beside = {
      ...(ownTheorems ? { slopes, counterexamples, ...committed } : {}),
      ...(kept.length > 0 ? { kept } : {}),
      missing: stored && missingOf(stored, options.theorem),
      campaign: night?.finish(judgement),
      userLaws: onOwn?.laws.map(({ law, of, options }) => ({ id: law.id, of: of.id, options })),
    };
    if (night !== undefined && options.store !== false) {
      clearStore(resolve(options.store), { kind: "night", key: storeKey(declarations.closure).key });
    }
    return {
      results: buildResults(version, judgement, hashes, presentation, examined, beside),
      models: modelsJsonl(judgement),
      presentation,
      files: [declarations.file, ...declarations.closure.modules],
    };
  } finally {
    night?.close();
    await laboratory.close();
    progress.stop();
  }
}

/** Counterexamples of the package's own theorems that are not in this folder. */
function missingOf(stored: readonly { readonly file: string }[], theorems: readonly string[] | undefined): string[] {
  return Object.entries(storedCounterexamples)
    .filter(([file, of]) => (theorems?.includes(of) ?? true) && !stored.some((each) => each.file === file))
    .map(([file]) => file);
}

/** In this thread, while others train: they have their turn within each lemma and after it. */
async function examineLemmas(signal: AbortSignal, onDone: (done: number) => void): Promise<readonly ExaminedLemma[]> {
  const examined: ExaminedLemma[] = [];
  for (const lemma of lemmas) {
    onDone(examined.length);
    examined.push({ lemma, examination: await examineInTurns(lemma, () => letIn(signal)) });
  }
  onDone(examined.length);
  return examined;
}

/** The same laboratory, that says how many of so many trials it has run. */
function counting(laboratory: Laboratory, all: number, onDone: (done: number, all: number) => void): Laboratory {
  let done = 0;
  onDone(done, all);
  return {
    ...laboratory,
    run: async (order, wanted) => {
      const record = await laboratory.run(order, wanted);
      onDone(++done, all);
      return record;
    },
  };
}

/** The paper's figures, where models are the paper's. */
function presentationOf([first]: readonly Statement[]): Presentation {
  const experiment = experimentOf(first!);
  return experiment.id === transformer.id ? paper : plain(experiment.parameters);
}

/** @throws UsageError where two options would draw the seed */
function refuseSeeds({ seed, fresh, campaign, resume }: VerifyOptions): void {
  const given = Object.entries({ "--seed": seed, "--resume": resume }).filter(([, value]) => value !== undefined);
  if (campaign !== undefined && given.length > 0) {
    throw new UsageError(
      `--campaign draws its seeds and goes on from its own nights, so that ${given[0]?.[0]} cannot be given`,
    );
  }
  if (fresh && seed !== undefined) throw new UsageError(`--fresh draws a seed, so that --seed ${seed} cannot be given`);
}

/** The seed of the run. A fresh one comes with what it costs, or belongs to a campaign. */
function begin(
  question: Question,
  hashes: Hashes,
  { seed, fresh, campaign, resume }: VerifyOptions,
): { readonly seed: number; readonly night?: Night | undefined } {
  if (campaign !== undefined) {
    const night = beginNight(resolve(campaign), prepare(question), hashes, tell);
    return { seed: night.seed, night };
  }
  if (!fresh) return { seed: seed ?? GATE_SEED };
  const drawn = freshSeed();
  const { verdicts, beta } = prepare(question);
  tell(`Fresh run with seed ${drawn}: --seed ${drawn} repeats it.`);
  if (resume === undefined) {
    tell(
      `Each fresh run is a chance of a false pass of at most K·β = ${verdicts} × ${beta} = ${shortNumber(verdicts * beta)}, ` +
        `${shortNumber(Math.min(1, 30 * verdicts * beta))} over thirty of them; with --campaign FILE it is paid once.`,
    );
  }
  return { seed: drawn };
}

/** "3 theorems, 1 control, 0 findings". */
function describeCounts(statements: readonly Statement[]): string {
  return (["theorem", "control", "finding"] as const)
    .map((kind) => {
      const count = statements.filter((statement) => statement.kind === kind).length;
      return `${count} ${kind}${count === 1 ? "" : "s"}`;
    })
    .join(", ");
}

function readResults(file: string): Results {
  return parseResults(readText(file, LARGEST_RESULTS, `--resume ${file}`), file);
}
