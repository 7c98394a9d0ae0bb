import { resolve } from "node:path";
import { Command } from "commander";
import { type JudgedClaim, type Population, populationsOf } from "../claim/population.ts";
import { describeRelation, marginOf, violates } from "../claim/relation.ts";
import { requireAffordable } from "../experiment/affordable.ts";
import { type Experiment, experimentsOf } from "../experiment/experiment.ts";
import { type Order, type Runs, recordOf, runsOf } from "../experiment/trial.ts";
import {
  type Counterexample,
  counterexampleOf,
  encodeCounterexample,
  parseSmallJson,
  trialOf,
} from "../explore/counterexample.ts";
import { type Comparison, claimOf, compare, type Grade } from "../explore/replay.ts";
import { coreHash, statementHash } from "../laboratory/fingerprint.ts";
import { writeWhole } from "../laboratory/write-whole.ts";
import { brokenHypotheses, type Draws, trialAt } from "../law/law.ts";
import { shortNumber, toJson } from "../report/encode.ts";
import { readCounterexample } from "../report/stored.ts";
import { transformer } from "../transformer/experiment.ts";
import type { Run } from "../transformer/measure/run.ts";
import { kernelEngine } from "../transformer/model/kernel/engine.ts";
import { referenceEngine } from "../transformer/model/reference.ts";
import { type Agreement, type SecondOpinion, secondOpinion } from "../transformer/second-opinion.ts";
import { UsageError } from "./errors.ts";
import { ExitWith } from "./exit.ts";
import { stoppable } from "./interrupt.ts";
import { declarationsOf, runOne, SUITE_OPTION } from "./laboratory.ts";
import { wholeNumber } from "./options.ts";
import { place, requireWritableFile } from "./places.ts";
import { print, tell } from "./print.ts";
import { claimsNamed, lawNamed } from "./registry.ts";

interface ReplayOptions {
  readonly theta?: string;
  readonly seed?: number;
  readonly law?: string;
  readonly theorem?: string;
  readonly claim?: string;
  readonly theorems?: string;
  readonly suite?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** Multiply-adds, some 10^10 a second: a minute. */
const LONG_WORK = 6e11;

/** What there is to train again: the models of a file, or of a θ and a seed. */
interface Asked {
  readonly population: Population;
  readonly claims: readonly JudgedClaim[];
  readonly models: Draws;
  readonly file?: { readonly counterexample: Counterexample; readonly judged: JudgedClaim };
}

/** `replay`: trains the model of a counterexample again, and has a second opinion on it. */
export function replayCommand(version: string, signal: AbortSignal): Command {
  return new Command("replay")
    .argument("[file]", "a counterexample file")
    .option("--theta <json>", "in the place of a file: all fields of theta, as JSON")
    .option("--seed <n>", "with --theta: the model's seed", wholeNumber(0))
    .option("--law <id>", "with --theta: the law whose claims are held against the model; the first unless given")
    .option("--theorem <id>", "with --theta: only the claims of this theorem, control or finding")
    .option("--claim <text>", "with --theta: only claims whose title has this text")
    .option("--theorems <file>", "the module that declares the claims, if they are not the project's own", place)
    .option(...SUITE_OPTION)
    .option("--out <file>", "write what was found as a counterexample file, of the claim with the least margin", place)
    .option("--json", "print JSON")
    .action(async (path: string | undefined, options: ReplayOptions) => {
      const declarations = await declarationsOf(options);
      const { file: statementsFile, statements, closure } = declarations;
      const populations = populationsOf(statements);
      const asked = path === undefined ? askedByTheta(options, populations) : askedByFile(path, options, populations);
      const { population, claims, models, file } = asked;
      if (options.out !== undefined) requireWritableFile(options.out, "--out");

      const experiment = experimentIn([population]);
      tellLongWork(experiment, models);
      const wanted = population.claims.map(({ key }) => key);
      const order: Order = { experiment: experiment.id, models, wanted, detail: "none" };
      // a second opinion looks at the trained model itself, which no record has
      const runs = experiment.id === transformer.id ? runsOf(experiment, models, population.traces) : undefined;
      const record =
        runs === undefined
          ? await stoppable(signal, "nothing was written", () => runOne(declarations, order, signal))
          : recordOf(experiment, order, population.claims, runs);
      const { observed, models: ended } = record;
      const opinion = runs === undefined ? undefined : opinionOn(population, runs);
      const core = coreHash();
      const comparison =
        file === undefined
          ? undefined
          : compare(
              file.counterexample,
              {
                digests: ended.map(({ digest }) => digest),
                steps: ended.map(({ steps }) => steps),
                observed: observed[file.judged.key] as number,
              },
              {
                judged: file.judged,
                core,
                statementHash: await statementHash(file.judged.statement, statementsFile, closure),
              },
            );
      const rows = claims.map((judged) => rowOf(judged, observed[judged.key] as number, opinion));
      const grade = gradeOf(comparison, opinion?.agreement ?? "not asked");
      const { law } = population;
      const broken = brokenHypotheses(law, models[0].theta);
      const found: Described = {
        grade: grade ?? "no second opinion",
        reasons: reasonsOf(comparison, opinion),
        law: law.id,
        broken: broken.map(({ name, why }) => ({ hypothesis: name, why })),
        models: ended.map(({ theta, seed, outcome, steps, digest }) => ({ theta, seed, outcome, steps, digest })),
        claims: rows,
        ...(opinion === undefined
          ? {}
          : { secondOpinion: { agreement: opinion.agreement, training: opinion.training } }),
        tolerance: comparison?.tolerance,
      };
      print(options.json ? toJson(found) : describe(found, file));
      if (options.out !== undefined) {
        const least = file?.judged ?? leastMargin(claims, observed);
        const stored = ended.map(({ theta, seed, digest }) => ({ theta, seed, digest }));
        const counterexample = counterexampleOf({
          judged: least,
          statementHash: await statementHash(least.statement, statementsFile, closure),
          models: [stored[0]!, ...stored.slice(1)],
          observed: observed[least.key] as number,
          theorycheck: version,
          core,
          note: file?.counterexample.note,
        });
        writeWhole(resolve(options.out), encodeCounterexample(experiment, counterexample));
        tell(`Written to ${options.out}.`);
      }
      if (grade === "not reproduced") throw new ExitWith(1);
    });
}

/** Nobody should take for a fault what takes long. */
function tellLongWork(experiment: Experiment, models: Draws): void {
  const work = models.reduce((sum, { theta }) => sum + experiment.cost(theta), 0);
  if (work > LONG_WORK) tell(`training takes up to ${work.toExponential(1)} multiply-adds, which is minutes`);
}

function askedByFile(path: string, options: ReplayOptions, populations: readonly Population[]): Asked {
  for (const option of ["theta", "seed", "law", "theorem", "claim"] as const) {
    if (options[option] !== undefined) {
      throw new UsageError(`--${option} belongs to a replay without a file, got it beside ${path}`);
    }
  }
  const counterexample = readCounterexample(experimentIn(populations), path);
  const found = claimOf(counterexample, populations);
  if (typeof found === "string") throw new UsageError(`${path}: ${found}`);
  const { population, judged } = found;
  return {
    population,
    claims: population.claims.filter(({ statement }) => statement === judged.statement),
    models: trialOf(counterexample),
    file: { counterexample, judged },
  };
}

function askedByTheta(options: ReplayOptions, populations: readonly Population[]): Asked {
  if (options.theta === undefined || options.seed === undefined) {
    const got =
      options.theta === undefined ? (options.seed === undefined ? "neither" : "--seed alone") : "--theta alone";
    throw new UsageError(`replay requires a file, or --theta and --seed, got ${got}`);
  }
  const statements = [...new Set(populations.flatMap(({ claims }) => claims.map(({ statement }) => statement)))];
  const law = lawNamed(options.law ?? populations[0]!.law.id, statements);
  const population = populations.find((each) => each.law.id === law.id)!;
  const theta = law.parameters.parse(parseSmallJson(options.theta, "--theta"));
  requireAffordable(experimentIn([population]), theta, "--theta");
  const claims = claimsNamed(population, options.theorem, options.claim);
  return { population, claims, models: trialAt(law, theta, options.seed) };
}

/** Of the Transformer, by the reference engine: no other experiment has a second engine. */
function opinionOn(population: Population, runs: Runs): SecondOpinion {
  return secondOpinion(population, runs as readonly [Run, ...Run[]], referenceEngine, kernelEngine);
}

/** @throws UsageError where there are several: a file does not say which of them it is about */
function experimentIn(populations: readonly Population[]): Experiment {
  const experiments = experimentsOf(populations.flatMap(({ claims }) => claims.map(({ statement }) => statement)));
  const [[, experiment], ...others] = [...experiments] as [[string, Experiment], ...[string, Experiment][]];
  if (others.length > 0) {
    throw new UsageError(
      `replay requires declarations about one experiment, got ${[...experiments.keys()].join(", ")}`,
    );
  }
  return experiment;
}

function rowOf(judged: JudgedClaim, observed: number, opinion: SecondOpinion | undefined) {
  const { statement, claim, key } = judged;
  const second = opinion?.claims[key];
  return {
    theorem: statement.id,
    claim: claim.title,
    bound: describeRelation(claim.relation),
    observed,
    margin: marginOf(claim, observed),
    holds: !violates(claim, observed),
    ...(second === undefined
      ? {}
      : { reference: second.observed, tolerance: second.tolerance, agreement: second.agreement }),
  };
}

function leastMargin(claims: readonly JudgedClaim[], observed: Readonly<Record<string, number>>): JudgedClaim {
  const margin = ({ claim, key }: JudgedClaim) => marginOf(claim, observed[key] as number);
  return claims.reduce((least, each) => (margin(each) < margin(least) ? each : least));
}

/** The grade of a file by its comparison; of a θ by the second opinion. Engines that disagree reproduce nothing. */
function gradeOf(comparison: Comparison | undefined, agreement: Agreement): Grade | undefined {
  if (agreement === "none") return "not reproduced";
  if (comparison !== undefined) return comparison.grade;
  if (agreement === "not asked") return undefined;
  return agreement === "to the bit" ? "reproduced" : "reproduced up to rounding";
}

function reasonsOf(comparison: Comparison | undefined, opinion: SecondOpinion | undefined): string[] {
  const disagreement =
    opinion?.agreement === "none" ? ["the reference engine finds other numbers than the kernel"] : [];
  return [...(comparison?.reasons ?? []), ...disagreement];
}

interface Described {
  readonly grade: Grade | "no second opinion";
  readonly reasons: readonly string[];
  readonly law: string;
  readonly broken: readonly { hypothesis: string; why: string }[];
  readonly models: readonly { theta: unknown; seed: number; outcome: string; steps: number; digest: string }[];
  readonly claims: readonly ReturnType<typeof rowOf>[];
  readonly secondOpinion?: Pick<SecondOpinion, "agreement" | "training">;
  readonly tolerance?: number | undefined;
}

function describe(found: Described, file: Asked["file"]): string {
  const { grade, reasons, law, broken, models, claims, tolerance } = found;
  const standing =
    broken.length === 0
      ? `within law ${law}`
      : `outside law ${law}: ${broken.map(({ hypothesis, why }) => `${hypothesis} (${why})`).join(", ")}`;
  const lines = [standing];
  for (const { theta, seed, outcome, steps, digest } of models) {
    lines.push(`theta ${JSON.stringify(theta)}`, `seed ${seed}: ${outcome} at step ${steps}, digest ${digest}`);
  }
  lines.push("");
  const cells = (...[verdict, observed, bound, margin, claim]: string[]) =>
    `${verdict!.padEnd(9)} ${observed!.padStart(12)}  ${bound!.padEnd(12)} ${margin!.padStart(9)}  ${claim}`;
  lines.push(cells("", "observed", "bound", "margin", "claim"));
  for (const { theorem, claim, bound, observed, margin, holds } of claims) {
    const marked = file !== undefined && file.judged.claim.title === claim ? "  <- the file's" : "";
    const verdict = holds ? "holds" : "VIOLATED";
    lines.push(cells(verdict, shortNumber(observed), bound, shortNumber(margin), `${theorem}: ${claim}${marked}`));
  }
  lines.push("", describeOpinion(found.secondOpinion), `${grade}${gradeMeans(grade, file !== undefined, tolerance)}`);
  for (const reason of reasons) lines.push(`  ${reason}`);
  return `${lines.join("\n")}\n`;
}

function describeOpinion(opinion: Described["secondOpinion"]): string {
  if (opinion === undefined) return "second opinion: there is none, the experiment has one engine";
  const { agreement, training } = opinion;
  if (agreement === "not asked") return "second opinion: not asked, the reference engine would take too long";
  const steps = training.map((each) => each.steps).join(" and ");
  const says = { "to the bit": "agrees to the bit", "up to rounding": "agrees up to rounding", none: "DISAGREES" };
  return `second opinion: the reference engine evaluates the trained weights and takes the first ${steps} steps itself: ${says[agreement]}`;
}

function gradeMeans(grade: Described["grade"], isFile: boolean, tolerance: number | undefined): string {
  if (!isFile) return grade === "no second opinion" ? "" : " (by the reference engine)";
  if (grade === "reproduced") return ": digest and observed number are equal to the bit";
  return `: rounding explains a relative difference of ${shortNumber(tolerance ?? 0)}`;
}
