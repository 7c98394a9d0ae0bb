import { resolve } from "node:path";
import type { Statement } from "../claim/theorem.ts";
import { hashesOf } from "../laboratory/fingerprint.ts";
import { requireWritable } from "../laboratory/write-whole.ts";
import type { Law } from "../law/law.ts";
import { toJson } from "../report/encode.ts";
import { writeKept } from "../report/made-with.ts";
import { STRENGTH_MODELS, strengthOf } from "../report/strength.ts";
import { strengthTable } from "../report/strength-table.ts";
import { GATE_SEED, judge } from "../verdict/judge.ts";
import { UsageError } from "./errors.ts";
import { ExitWith } from "./exit.ts";
import { stoppable } from "./interrupt.ts";
import { declarationsOf, openLaboratory } from "./laboratory.ts";
import { print, tell } from "./print.ts";
import { showProgress } from "./progress.ts";
import { lawSelection, statementSelection, THEOREMS_FILE } from "./registry.ts";
import type { VerifyOptions } from "./verify.ts";
import { ALL_LAWS, isWholeGate, REPORTS } from "./whole-gate.ts";

const FILE = "strength.json";

/** Options that say by which p₀, from which models or on which laws a verdict is made: another question than this one. */
const OTHER_QUESTIONS = ["p0", "resume", "campaign", "fresh", "range", "set"] as const;

/**
 * `verify --strength`: how strongly each theorem is certified on each law. A theorem with a p₀ of its own is left out, and
 * so are doublings, which are about medians. Exit code 1 where one is refuted; what is undecided is an answer here.
 */
export async function measureStrength(
  version: string,
  p0: number,
  options: Omit<VerifyOptions, "strength">,
  signal: AbortSignal,
): Promise<never> {
  if (p0 >= 1) throw new UsageError(`--strength must be below 100%, got ${100 * p0}%`);
  for (const option of OTHER_QUESTIONS) {
    if (options[option] === undefined) continue;
    throw new UsageError(
      `--strength judges the laws as declared at the p0 that it is given, so that --${option} cannot be given, got both`,
    );
  }
  const declarations = await declarationsOf(options);
  const { file, statements } = declarations;
  const out = options.out ?? (file === THEOREMS_FILE && isWholeGate(options) ? REPORTS : undefined);
  if (out !== undefined) requireWritable(resolve(out), [FILE], "--out");
  const selectsLaw = lawSelection(options.law ?? ALL_LAWS, statements);
  const selectsStatement = statementSelection(options.theorem, statements);
  const selects = (statement: Statement, law: Law) =>
    isMeasured(statement, law) && selectsStatement(statement) && selectsLaw(law);
  if (!statements.some((statement) => statement.laws.some((law) => selects(statement, law)))) {
    throw new UsageError("--strength requires a theorem that declares no p0 of its own, got none");
  }
  const hashes = await hashesOf(declarations);
  const progress = showProgress(process.stderr, { mode: options.progress });
  const strength = await stoppable(signal, "nothing was written", async () => {
    const laboratory = await openLaboratory(declarations, {
      farm: { ...options, version, say: progress.say },
      workers: options.workers,
      signal,
      storeFolder: options.store === false ? undefined : resolve(options.store),
    });
    try {
      const judgement = await judge({
        statements,
        selects,
        p0,
        alpha: options.alpha,
        beta: options.beta,
        seed: options.seed ?? GATE_SEED,
        defaultCap: STRENGTH_MODELS,
        maxModels: options.maxModels,
        laboratory,
        onProgress: progress.show,
      });
      return strengthOf(version, Math.min(STRENGTH_MODELS, options.maxModels ?? STRENGTH_MODELS), judgement);
    } finally {
      await laboratory.close();
      progress.stop();
    }
  });
  print(options.json ? toJson(strength) : strengthTable(strength));
  if (out === undefined) {
    tell(`No ${FILE} written: not all theorems were asked for, on all laws. --out FOLDER writes it.`);
  } else {
    writeKept(resolve(out), FILE, toJson(strength), hashes);
    tell(`Written to ${out}/${FILE}.`);
  }
  throw new ExitWith(strength.theorems.some(({ verdict }) => verdict === "refuted") ? 1 : 0);
}

function isMeasured({ kind, declaresP0 }: Statement, { doubles }: Law): boolean {
  return kind === "theorem" && !declaresP0 && doubles === undefined;
}
