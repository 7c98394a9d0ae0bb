import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { describeRelation } from "../claim/claim.ts";
import { type JudgedClaim, type Population, populationsOf } from "../claim/population.ts";
import { counterexampleOf, encodeCounterexample } from "../explore/counterexample.ts";
import { type Examination, examine } from "../explore/examine.ts";
import { describeExplanation } from "../explore/explain.ts";
import { type Laboratory, laboratoryOn } from "../explore/laboratory.ts";
import { type Findings, type Nearest, search } from "../explore/search.ts";
import { describeStanding, modelsOf, type Space, spaceOf } from "../explore/space.ts";
import type { Rate } from "../explore/violation.ts";
import { coreHash, statementHash } from "../laboratory/fingerprint.ts";
import { openPool } from "../laboratory/pool.ts";
import { loadStatements } from "../laboratory/statements.ts";
import { writeWhole } from "../laboratory/write-whole.ts";
import { HYPOTHESIS_OF, type HypothesisName, type Law } from "../law/law.ts";
import { shortNumber, toJson } from "../report/encode.ts";
import type { Theta } from "../transformer/notation.ts";
import { GATE_SEED } from "../verdict/judge.ts";
import { UsageError } from "./errors.ts";
import { stoppable } from "./interrupt.ts";
import { wholeNumber } from "./options.ts";
import { showSearch } from "./progress.ts";
import { claimsNamed, lawSelection, THEOREMS_FILE } from "./registry.ts";
import { aligned } from "./table.ts";

interface SearchOptions {
  readonly claim?: string;
  readonly release: readonly HypothesisName[];
  readonly law?: string;
  readonly budgetModels?: number;
  readonly budgetSeconds?: number;
  readonly seed: number;
  readonly out?: string;
  readonly theorems?: string;
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
export function searchCommand(version: string): Command {
  return new Command("search")
    .argument("<theorem>", "a theorem, control or finding; or all: the nearest miss of every theorem")
    .option("--claim <text>", "only claims whose title has this text")
    .option("--release <names>", "hypotheses that theta may break, joined by commas", hypotheses, [])
    .option("--law <id>", "the law to search in; the theorem's first unless given")
    .option("--budget-models <n>", `models for each theorem: ${BUDGET.one}, or ${BUDGET.each} with all`, wholeNumber(1))
    .option(
      "--budget-seconds <s>",
      "end the search for a violation after so many seconds: another machine then finds another result",
      wholeNumber(1),
    )
    .option("--seed <n>", "seed of the search", wholeNumber(0), GATE_SEED)
    .option("--out <file>", "write the simplest violation, or else the nearest miss, as a counterexample file")
    .option("--theorems <file>", "the module that declares the claims, if they are not the project's own")
    .option("--workers <n>", "models trained at a time; one a core unless given", wholeNumber(1, 256))
    .option("--json", "print JSON")
    .action(async (theorem: string, options: SearchOptions) => {
      const statementsFile = options.theorems === undefined ? THEOREMS_FILE : resolve(options.theorems);
      const searches = await searchesOf(theorem, options, statementsFile);
      if (theorem === "all" && options.out !== undefined) {
        throw new UsageError(`--out belongs to the search of one theorem, got it with all: ${options.out}`);
      }
      const searched = await stoppable(async (signal) => {
        const pool = openPool(options.workers, signal);
        try {
          const all: Searched[] = [];
          for (const each of searches) {
            const laboratory = laboratoryOn(pool, statementsFile, each.population);
            all.push(await searchOne(each, laboratory, options, theorem !== "all"));
          }
          const [first] = searches;
          if (options.out !== undefined && first !== undefined) {
            const laboratory = laboratoryOn(pool, statementsFile, first.population);
            const text = await fileOf(theorem, options, all[0]!, laboratory, statementsFile, version);
            writeWhole(resolve(options.out), text);
            process.stderr.write(`Written to ${options.out}.\n`);
          }
          return all;
        } finally {
          await pool.close();
        }
      });
      process.stdout.write(
        options.json ? toJson(searched.map(jsonOf)) : searched.map((each) => describe(each, options)).join("\n"),
      );
    });
}

interface Search {
  readonly population: Population;
  readonly claims: readonly JudgedClaim[];
  readonly space: Space;
  readonly budget: number;
}

async function searchesOf(theorem: string, options: SearchOptions, statementsFile: string): Promise<Search[]> {
  const statements = await loadStatements(statementsFile);
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
    return [{ population, claims, space: spaceOf(population.law, options.release), budget }];
  });
  if (searches.length === 0) {
    throw new UsageError(`--law and --claim must leave a claim of ${theorem}, got ${options.law} and ${options.claim}`);
  }
  return searches;
}

async function searchOne(
  each: Search,
  laboratory: Laboratory,
  options: SearchOptions,
  examines: boolean,
): Promise<Searched> {
  const { space, claims, budget } = each;
  const { seed, budgetSeconds } = options;
  const started = performance.now();
  const progress = showSearch(process.stderr, space.law.id);
  try {
    const { models, findings } = await search({
      laboratory,
      space,
      claims,
      models: budget,
      seed,
      outOfTime: budgetSeconds === undefined ? undefined : () => performance.now() - started >= 1000 * budgetSeconds,
      onProgress: progress.search,
    });
    const found = examines ? findings[0]?.found : undefined;
    if (found === undefined) return { law: space.law, models, findings };
    const examination = await examine(laboratory, space, found, seed, progress.examine);
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
  laboratory: Laboratory,
  statementsFile: string,
  version: string,
): Promise<string> {
  const [{ nearest, found }] = findings as [Findings];
  const least = found ?? nearest.reduce((one, other) => (other.margin < one.margin ? other : one));
  const theta = examination?.shrunk.theta ?? least.tried.theta;
  const seed = examination?.seed ?? least.tried.seed;
  const { models, observed } = await laboratory.train(modelsOf(law, theta, seed)!);
  const stored = models.map(({ theta, seed, digest }) => ({ theta, seed, digest }));
  const released = options.release.length === 0 ? "" : ` --release ${options.release.join(",")}`;
  const rate = examination === undefined ? "a nearest miss" : `at this theta ${describeRate(examination.shrunkRate)}`;
  const counterexample = counterexampleOf({
    judged: least.judged,
    statementHash: await statementHash(least.judged.statement, statementsFile),
    models: [stored[0]!, ...stored.slice(1)],
    observed: observed[least.judged.key] as number,
    theorycheck: version,
    core: coreHash(),
    note: `theorycheck search ${theorem}${released} --seed ${options.seed}: ${rate}`,
  });
  return encodeCounterexample(counterexample);
}

function hypotheses(text: string): readonly HypothesisName[] {
  const names: readonly string[] = Object.values(HYPOTHESIS_OF);
  return text.split(",").map((name) => {
    if (!names.includes(name)) {
      throw new InvalidArgumentError(`It must be among ${names.join(", ")}, got ${JSON.stringify(name)}.`);
    }
    return name as HypothesisName;
  });
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
  const changed = (Object.keys(one) as (keyof Theta)[]).filter((field) => one[field] !== other[field]);
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
