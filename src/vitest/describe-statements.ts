import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, type RunnerTask, type RunnerTestFile, type RunnerTestSuite, type TestContext, test } from "vitest";
import { describeRelation } from "../claim/relation.ts";
import type { Statement } from "../claim/theorem.ts";
import { here, type Laboratory } from "../experiment/laboratory.ts";
import { InvalidInput } from "../invalid-input.ts";
import { declarationsIn } from "../laboratory/fingerprint.ts";
import { remembering } from "../laboratory/remembering.ts";
import { threads } from "../laboratory/threads.ts";
import type { Law } from "../law/law.ts";
import { type Judgement, type JudgeOptions, judge } from "../verdict/judge.ts";
import { claimIn, eventOf, wholeIn } from "./found.ts";
import { explainClaim, explainEvent, fileOf, tellClaim, tellEvent, Unexpected } from "./words.ts";

export interface DescribeOptions
  extends Pick<JudgeOptions, "seed" | "p0" | "alpha" | "beta" | "maxModels" | "onProgress"> {
  /**
   * The module that exports the statements, as a path or a file URL. Given, the models are trained on all cores and
   * kept for the next run; without it they are trained in the process of the tests, one after the other.
   */
  readonly module?: string | URL | undefined;
  /** On which of its laws a statement is judged; on all unless given. */
  readonly selectsLaw?: ((law: Law, statement: Statement) => boolean) | undefined;
  /** Worker threads, where `module` is given; one a core unless given. */
  readonly workers?: number | undefined;
  /** Folder of models already trained, or false for none; .theorycheck unless given. */
  readonly store?: string | false | undefined;
  /** Milliseconds that judging may take; an hour unless given. */
  readonly timeout?: number | undefined;
}

/** A cold store can mean thousands of models to train. */
const PATIENCE = 3_600_000;

/** What a test of a run is about. */
interface Tested {
  readonly statement: Statement;
  readonly law: Law;
}

/**
 * Registers a describe a statement, with a test for each of its claims on each law and one for a theorem of several
 * claims as a whole. All are judged together, once, when the first test of them is about to run; where `vitest -t` asks
 * for some only, their statements and laws only, so that nothing else is trained.
 *
 * A theorem's claim passes where the theorem is certified, or where no model violates the claim: the theorem as a whole
 * then says what is wrong. What a control breaks passes where it is refuted; what is only counted or measured passes.
 */
export function describeStatements(statements: readonly Statement[], options: DescribeOptions = {}): void {
  const { selectsLaw = () => true, timeout = PATIENCE } = options;
  const replays = { module: pathOf(options.module) };
  const tested = new Map<string, Tested>();
  let judgement: Promise<Judgement> | undefined;
  const judgedFor = (file: RunnerTestFile): Promise<Judgement> => {
    judgement ??= judgeSome(
      statements,
      testsIn(file).flatMap((task) => (task.mode === "skip" ? undefined : tested.get(nameOf(task))) ?? []),
      options,
    );
    return judgement;
  };
  for (const statement of statements) {
    const suite = `${statement.id}: ${statement.title}`;
    const laws = statement.laws.filter((law) => selectsLaw(law, statement));
    if (laws.length === 0) continue;
    describe(suite, () => {
      for (const law of laws) {
        const register = (name: string, run: (judgement: Judgement, annotate: Annotate) => Promise<void>) => {
          test(name, { timeout }, async ({ task, annotate }) => {
            await run(await judgedFor(task.file), annotate);
          });
          tested.set(nameOf({ name, suite: { name: suite } }), { statement, law });
        };
        const claims = statement.claimsOn(law);
        for (const { title, relation } of claims) {
          register(`${title} ${describeRelation(relation)} on law ${law.id}`, async (judgement, annotate) => {
            const found = claimIn(judgement, statement, law, title);
            await annotate(tellClaim(found));
            const why = explainClaim(found, eventOf(judgement, found), replays);
            if (why !== undefined) throw new Unexpected(why, statement);
          });
        }
        if (statement.kind !== "theorem" || law.doubles !== undefined || claims.length < 2) continue;
        register(`its ${claims.length} claims together on law ${law.id}`, async (judgement, annotate) => {
          const event = wholeIn(judgement, statement, law);
          await annotate(tellEvent(event));
          const why = explainEvent(event, judgement, replays);
          if (why !== undefined) throw new Unexpected(why, statement);
        });
      }
    });
  }
}

type Annotate = TestContext["annotate"];

function nameOf({ name, suite }: { readonly name: string; readonly suite?: { readonly name: string } }): string {
  return JSON.stringify([suite?.name, name]);
}

function testsIn({ tasks }: RunnerTestSuite): RunnerTask[] {
  return tasks.flatMap((task) => (task.type === "suite" ? testsIn(task) : [task]));
}

async function judgeSome(
  statements: readonly Statement[],
  wanted: readonly Tested[],
  options: DescribeOptions,
): Promise<Judgement> {
  const { seed, p0, alpha, beta, maxModels, onProgress } = options;
  const selects = (statement: Statement, law: Law) =>
    wanted.some((each) => each.statement === statement && each.law.id === law.id);
  const laboratory = await openLaboratory(statements, options);
  try {
    return await judge({ statements, laboratory, selects, seed, p0, alpha, beta, maxModels, onProgress });
  } finally {
    await laboratory.close();
  }
}

async function openLaboratory(
  statements: readonly Statement[],
  { module, workers, store = ".theorycheck" }: DescribeOptions,
): Promise<Laboratory> {
  const file = pathOf(module);
  if (file === undefined) return here(statements);
  const { closure, statements: exported } = await declarationsIn(file);
  requireExported(statements, exported, file);
  const laboratory = threads({ statementsFile: file, workers });
  return store === false ? laboratory : remembering(laboratory, { folder: resolve(store), closure });
}

/** Threads load the module: what they find there under a statement's name must be that statement. */
function requireExported(statements: readonly Statement[], exported: readonly Statement[], module: string): void {
  for (const statement of statements) {
    const there = exported.find(({ id }) => id === statement.id);
    const [here, its] = [fileOf(statement), there === undefined ? undefined : fileOf(there)];
    if (there !== undefined && (here === undefined || its === undefined || here === its)) continue;
    const got = there === undefined ? "no statement of this id" : `one that is declared in ${its}`;
    throw new InvalidInput(
      `describeStatements: module must export ${statement.kind} ${statement.id}${here === undefined ? "" : `, declared in ${here}`}, got ${got} in ${module}`,
    );
  }
}

function pathOf(module: string | URL | undefined): string | undefined {
  if (module === undefined) return undefined;
  return `${module}`.startsWith("file:") ? fileURLToPath(module) : resolve(`${module}`);
}
