import { Command } from "commander";
import { type Examination, examine } from "../explore/examine.ts";
import { probe } from "../explore/probe.ts";
import { Purse } from "../explore/purse.ts";
import { Search } from "../explore/search.ts";
import { toJson } from "../report/encode.ts";
import { GATE_SEED } from "../verdict/judge.ts";
import { UsageError } from "./errors.ts";
import { FARM, type FarmOptions } from "./farm.ts";
import { stoppable } from "./interrupt.ts";
import { declarationsOf, openLaboratory, SUITE_OPTION } from "./laboratory.ts";
import { wholeNumber } from "./options.ts";
import { place, requireWritableFile } from "./places.ts";
import { print } from "./print.ts";
import { showSearch } from "./progress.ts";
import { Answer } from "./search-answer.ts";
import { type Keeper, keeperOf } from "./search-keeper.ts";
import { type Asked, BUDGET_HELP, budgetOf, type PlannedSearch, searchesOf } from "./search-plan.ts";
import { jsonOf, type Searched } from "./search-words.ts";
import { type ProgressMode, progressOption } from "./status.ts";

interface SearchOptions extends FarmOptions, Asked {
  readonly islands: number;
  readonly seed: number;
  readonly out?: string;
  readonly theorems?: string;
  readonly suite?: string;
  readonly workers?: number;
  readonly json?: boolean;
  readonly progress: ProgressMode;
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
    .option("--budget-models <n>", BUDGET_HELP.models, wholeNumber(1))
    .option("--budget-seconds <s>", BUDGET_HELP.seconds, wholeNumber(1))
    .option("--islands <n>", "searches that know nothing of each other, for many places", wholeNumber(1, 1000), 1)
    .option("--seed <n>", "seed of the search", wholeNumber(0), GATE_SEED)
    .option("--out <file>", "write the simplest violation, or else the nearest miss, as a counterexample file", place)
    .option("--theorems <file>", "the module that declares the claims, if they are not the project's own", place)
    .option(...SUITE_OPTION)
    .option("--workers <n>", "models trained at a time; one a core unless given", wholeNumber(1, 256))
    .addOption(FARM.queue)
    .addOption(FARM.prefix)
    .addOption(FARM.audit)
    .option("--json", "print JSON")
    .addOption(progressOption())
    .action(async (theorem: string, options: SearchOptions) => {
      const began = performance.now();
      const seconds = () => (performance.now() - began) / 1000;
      const declarations = await declarationsOf(options);
      const searches = searchesOf(theorem, options, declarations);
      if (theorem === "all" && options.out !== undefined) {
        throw new UsageError(`--out belongs to the search of one theorem, got it with all: ${options.out}`);
      }
      if (options.out !== undefined) requireWritableFile(options.out, "--out");
      const keeper = await keeperOf(theorem, options, searches[0]!, declarations, version);
      const examines = theorem !== "all";
      const answers = searches.map((_, i) => new Answer({ ...options, examines, follows: i > 0 }));
      try {
        await stoppable(signal, keeper.left, async () => {
          const laboratory = await openLaboratory(declarations, {
            workers: options.workers,
            signal,
            farm: { ...options, version },
          });
          try {
            for (const [i, each] of searches.entries()) {
              const purse = new Purse(
                probe(laboratory, each.population, each.claims),
                budgetOf(each, searches, options, theorem, seconds),
              );
              await searchOne(each, purse, options, answers[i]!, keeper.keep);
            }
          } finally {
            await laboratory.close();
          }
        });
      } finally {
        // what was found until something ended it is an answer too
        const known = answers.flatMap((answer) => answer.known ?? []);
        if (options.json && known.length > 0) print(toJson(known.map((each) => jsonOf(each, options))));
      }
      // printed before: what cannot be written is not lost
      keeper.finish();
    });
}

/** Some model of it was observed. */
const hasSeen = ({ findings }: Searched) => findings.some(({ nearest }) => nearest.length > 0);

async function searchOne(
  { space, claims, population }: PlannedSearch,
  purse: Purse,
  options: SearchOptions,
  answer: Answer,
  keep: Keeper["keep"],
): Promise<void> {
  const { law } = population;
  const progress = showSearch(process.stderr, law.id, { mode: options.progress });
  answer.aside = progress.aside;
  let examination: Examination | undefined;
  const look = new Search({
    ...{ purse, space, claims, seed: options.seed, islands: options.islands },
    until: answer.options.examines ? undefined : 1,
    onProgress: (told) => {
      progress.search(told);
      now();
    },
  });
  const now = (): Searched => {
    const known = { law, findings: look.findings(), examination, models: look.models, spent: look.spent };
    if (hasSeen(known)) answer.known = known;
    if (known.findings.some(({ found }) => found !== undefined)) keep(known);
    return known;
  };
  try {
    const findings = await look.run();
    answer.found(now());
    const found = answer.options.examines ? findings[0]?.found : undefined;
    if (found !== undefined) {
      await examine(purse, space, found, options.seed, (stage, known) => {
        examination = known;
        progress.examine(stage, purse);
        answer.examined(now(), false);
      });
    }
  } finally {
    progress.stop();
    // whatever ended it
    const known = now();
    if (hasSeen(known)) answer.end(known);
    keep(known);
  }
}
