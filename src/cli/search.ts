import { resolve } from "node:path";
import { Command } from "commander";
import { type JudgedClaim, type Population, populationsOf } from "../claim/population.ts";
import { describeRelation } from "../claim/relation.ts";
import { experimentOf } from "../experiment/experiment.ts";
import { counterexampleOf, encodeCounterexample } from "../explore/counterexample.ts";
import { type Examination, examine } from "../explore/examine.ts";
import { describeExplanation } from "../explore/explain.ts";
import { type Probe, probe } from "../explore/probe.ts";
import { type Findings, type Nearest, search } from "../explore/search.ts";
import { describeStanding, modelsOf, type Space, spaceOf } from "../explore/space.ts";
import type { Rate } from "../explore/violation.ts";
import { coreHash, type Declarations, statementHash } from "../laboratory/fingerprint.ts";
import { writeWhole } from "../laboratory/write-whole.ts";
import type { Law } from "../law/law.ts";
import type { Theta } from "../law/parameters.ts";
import { shortNumber, toJson } from "../report/encode.ts";
import { GATE_SEED } from "../verdict/judge.ts";
import { UsageError } from "./errors.ts";
import { FARM, type FarmOptions } from "./farm.ts";
import { releasedHypotheses } from "./fields.ts";
import { stoppable } from "./interrupt.ts";
import { declarationsOf, openLaboratory, SUITE_OPTION } from "./laboratory.ts";
import { wholeNumber } from "./options.ts";
import { place, requireWritableFile } from "./places.ts";
import { print, tell } from "./print.ts";
import { showSearch } from "./progress.ts";
import { claimsNamed, lawSelection } from "./registry.ts";
import { aligned } from "./table.ts";

interface SearchOptions extends FarmOptions {
  readonly claim?: string;
  readonly release: readonly string[];
  readonly law?: string;
  readonly budgetModels?: number;
  readonly budgetSeconds?: number;
  readonly seed: number;
  readonly out?: string;
  readonly theorems?: string;
  readonly suite?: string;
  readonly workers?: number;
  readonly json?: boolean;
}

/** Models for each theorem, unless given. */
const BUDGET = { one: 200, each: 60 };

/** One search: the claims of one law. */
interface Searched {
  readonly law: Law;
  readonly models: number;
  readonly findings: readonly Findings[];
  readonly examination?: Examination;
}

/** `search`: looks for a θ that violates a claim of a theorem, or comes nearest. */
export function searchCommand(version: string, signal: AbortSignal): Command {
  return new Command("search")
    .argument("<theorem>", "a theorem, control or finding; or all: the nearest miss of every theorem")
    .option("--claim <text>", "only claims whose title has this text")
    .option(
      "--release <names>",
      "hypotheses that theta may break, joined by commas",
      (names: string) => names.split(","),
      [],
    )
    .option("--law <id>", "the law to search in; the theorem's first unless given")
    .option("--budget-models <n>", `models for each theorem: ${BUDGET.one}, or ${BUDGET.each} with all`, wholeNumber(1))
    .option(
      "--budget-seconds <s>",
      "end the search for a violation after so many seconds: another machine then finds another result",
      wholeNumber(1),
    )
    .option("--seed <n>", "seed of the search", wholeNumber(0), GATE_SEED)
    .option("--out <file>", "write the simplest violation, or else the nearest miss, as a counterexample file", place)
    .option("--theorems <file>", "the module that declares the claims, if they are not the project's own", place)
    .option(...SUITE_OPTION)
    .option("--workers <n>", "models trained at a time; one a core unless given", wholeNumber(1, 256))
    .addOption(FARM.queue)
    .addOption(FARM.prefix)
    .addOption(FARM.audit)
    .option("--json", "print JSON")
    .action(async (theorem: string, options: SearchOptions) => {
      const declarations = await declarationsOf(options);
      const searches = searchesOf(theorem, options, declarations);
      if (theorem === "all" && options.out !== undefined) {
        throw new UsageError(`--out belongs to the search of one theorem, got it with all: ${options.out}`);
      }
      if (options.out !== undefined) requireWritableFile(options.out, "--out");
      const { searched, file } = await stoppable(signal, "nothing was written", async () => {
        const laboratory = await openLaboratory(declarations, {
          workers: options.workers,
          signal,
          farm: { ...options, version },
        });
        try {
          const all: Searched[] = [];
          for (const each of searches) {
            all.push(await searchOne(each, probe(laboratory, each.population), options, theorem !== "all"));
          }
          if (options.out === undefined) return { searched: all };
          const { run, experiment } = probe(laboratory, searches[0]!.population);
          const file = await fileOf(theorem, options, all[0]!, { run, experiment }, declarations, version);
          return { searched: all, file };
        } finally {
          await laboratory.close();
        }
      });
      print(options.json ? toJson(searched.map(jsonOf)) : searched.map((each) => describe(each, options)).join("\n"));
      // printed before: what cannot be written is not lost
      if (options.out !== undefined && file !== undefined) {
        writeWhole(resolve(options.out), file);
        tell(`Written to ${options.out}.`);
      }
    });
}

interface Search {
  readonly population: Population;
  readonly claims: readonly JudgedClaim[];
  readonly space: Space;
  readonly budget: number;
}

function searchesOf(theorem: string, options: SearchOptions, { statements }: Declarations): Search[] {
  const all = theorem === "all";
  const asked = all
    ? statements.filter(({ kind }) => kind === "theorem")
    : statements.filter(({ id }) => id === theorem);
  if (asked.length === 0) {
    throw new UsageError(`THEOREM must be all or one of ${statements.map(({ id }) => id).join(", ")}, got ${theorem}`);
  }
  const selects = lawSelection(options.law, statements);
  const ofLaws = all ? selects : (law: Law) => law.id === (options.law ?? asked[0]!.laws[0]!.id);
  const searches = populationsOf(statements).flatMap((population): Search[] => {
    const spoken = asked.filter(({ laws }) => laws.some(({ id }) => id === population.law.id));
    if (spoken.length === 0 || !ofLaws(population.law)) return [];
    const claims = all
      ? population.claims.filter(
          ({ statement, claim }) => spoken.includes(statement) && claim.title.includes(options.claim ?? ""),
        )
      : claimsNamed(population, theorem, options.claim);
    if (claims.length === 0) return [];
    const perTheorem = options.budgetModels ?? (all ? BUDGET.each : BUDGET.one);
    const budget = perTheorem * new Set(claims.map(({ statement }) => statement)).size;
    const released = releasedHypotheses(population.law.parameters, options.release);
    const space = spaceOf(experimentOf(claims[0]!.statement), population.law, released);
    return [{ population, claims, space, budget }];
  });
  if (searches.length === 0) {
    throw new UsageError(`--law and --claim must leave a claim of ${theorem}, got ${options.law} and ${options.claim}`);
  }
  return searches;
}

async function searchOne(each: Search, of: Probe, options: SearchOptions, examines: boolean): Promise<Searched> {
  const { space, claims, budget } = each;
  const { seed, budgetSeconds } = options;
  const started = performance.now();
  const progress = showSearch(process.stderr, space.law.id);
  try {
    const { models, findings } = await search({
      probe: of,
      space,
      claims,
      models: budget,
      seed,
      outOfTime: budgetSeconds === undefined ? undefined : () => performance.now() - started >= 1000 * budgetSeconds,
      onProgress: progress.search,
    });
    const found = examines ? findings[0]?.found : undefined;
    if (found === undefined) return { law: space.law, models, findings };
    const examination = await examine(of, space, found, seed, progress.examine);
    return { law: space.law, models, findings, examination };
  } finally {
    progress.stop();
  }
}

/** The counterexample file of a search: its shrunk violation, or its nearest miss. */
async function fileOf(
  theorem: string,
  options: SearchOptions,
  { law, findings, examination }: Searched,
  { run, experiment }: Pick<Probe, "run" | "experiment">,
  declarations: Declarations,
  version: string,
): Promise<string> {
  const [{ nearest, found }] = findings as [Findings];
  const least = found ?? nearest.reduce((one, other) => (other.margin < one.margin ? other : one));
  const theta = examination?.shrunk.theta ?? least.tried.theta;
  const seed = examination?.seed ?? least.tried.seed;
  const { models, observed } = await run(modelsOf({ experiment, law }, theta, seed)!);
  const stored = models.map(({ theta, seed, digest }) => ({ theta, seed, digest }));
  const released = options.release.length === 0 ? "" : ` --release ${options.release.join(",")}`;
  const rate = examination === undefined ? "a nearest miss" : `at this theta ${describeRate(examination.shrunkRate)}`;
  const counterexample = counterexampleOf({
    judged: least.judged,
    statementHash: await statementHash(least.judged.statement, declarations.file, declarations.closure),
    models: [stored[0]!, ...stored.slice(1)],
    observed: observed[least.judged.key] as number,
    theorycheck: version,
    core: coreHash(),
    note: `theorycheck search ${theorem}${released} --seed ${options.seed}: ${rate}`,
  });
  return encodeCounterexample(experiment, counterexample);
}

function describe({ law, models, findings, examination }: Searched, options: SearchOptions): string {
  const released = options.release.length === 0 ? "within the law" : `released: ${options.release.join(", ")}`;
  const lines = [`law ${law.id}, ${released}; seed ${options.seed}, ${models} models trained`];
  if (options.budgetSeconds !== undefined)
    lines.push("ended by the clock where it did: another run may find another result");
  lines.push("", ...tableOf(findings.flatMap(({ nearest }) => nearest)), "");
  if (examination === undefined) {
    const violated = findings.filter(({ found }) => found !== undefined).map(({ statement }) => statement.id);
    const none = "no violation: these are the nearest misses";
    const some = `violated: ${violated.join(", ")}; search each by itself to have it shrunk and explained`;
    lines.push(violated.length === 0 ? none : some);
    return `${lines.join("\n")}\n`;
  }
  const found = findings[0]!.found!;
  const { holdsOn, foundRate, shrunk, shrunkRate, seed, observed, explainedAt, explanation } = examination;
  lines.push(
    `found: ${found.judged.claim.title} = ${shortNumber(found.observed)}, seed ${found.tried.seed}`,
    `  ${describeTheta(law, found.tried.theta)}`,
    `  by itself: ${describeRate(foundRate)}`,
    "",
    `simplest that violates it on ${holdsOn}${shrunk.minimal ? "" : " (not minimal: the budget ran out)"}: ${shortNumber(observed)}, seed ${seed}`,
    `  ${describeTheta(law, shrunk.theta)}`,
    `  by itself: ${describeRate(shrunkRate)}`,
    "",
    `which hypothesis matters: each field alone is varied from the simplest theta${differences(shrunk.theta, explainedAt)}`,
    ...aligned(describeExplanation(law, explanation)),
  );
  return `${lines.join("\n")}\n`;
}

function tableOf(nearest: readonly Nearest[]): string[] {
  return aligned([
    ["", "observed", "bound", "margin", "nearest"],
    ...nearest.map(({ judged, observed, margin, violated, tried }) => [
      violated ? "VIOLATED" : "holds",
      shortNumber(observed),
      describeRelation(judged.claim.relation),
      shortNumber(margin),
      `${judged.statement.id}: ${judged.claim.title}, seed ${tried.seed}`,
    ]),
  ]);
}

function describeTheta(law: Law, theta: Theta): string {
  return `${describeStanding(law, theta)}\n  theta ${JSON.stringify(theta)}`;
}

function describeRate({ seeds, violations, limits }: Rate): string {
  return `violated on ${violations} of ${seeds} fresh seeds, rate in [${shortNumber(limits.lower)}, ${shortNumber(limits.upper)}] at 95 %`;
}

function differences(one: Theta, other: Theta): string {
  const changed = Object.keys(one).filter((field) => one[field] !== other[field]);
  return changed.length === 0 ? "" : ` with ${changed.map((field) => `${field} = ${other[field]}`).join(", ")}`;
}

function jsonOf({ law, models, findings, examination }: Searched) {
  return {
    law: law.id,
    models,
    theorems: findings.map(({ statement, nearest, found }) => ({
      theorem: statement.id,
      nearest: nearest.map(nearestJson),
      ...(found === undefined ? {} : { found: { ...nearestJson(found), onMostSeeds: found.onMostSeeds } }),
    })),
    ...(examination === undefined ? {} : { examination }),
  };
}

function nearestJson({ judged, tried, observed, margin, violated }: Nearest) {
  const { theta, seed } = tried;
  return { claim: judged.claim.title, relation: judged.claim.relation, observed, margin, violated, seed, theta };
}
