import { encodeNumber } from "../json-number.ts";
import { type Change, paired, TOPICS } from "./change.ts";
import { statementChanges } from "./diff-statements.ts";
import type { Results } from "./results.ts";

/** A run as far as its identity goes. */
interface RunOf {
  readonly theorycheck: string;
  readonly experiment: string | null;
  readonly seed: number;
  readonly models: number;
  readonly verdicts: number;
  readonly version: number;
  readonly passes: boolean;
  readonly answer: string;
}

export interface ResultsDiff {
  readonly old: RunOf;
  readonly new: RunOf;
  readonly changes: readonly Change[];
  readonly regressions: number;
  /** What else is different, and may be why: other code, other declarations, another seed. A sentence each. */
  readonly remarks: readonly string[];
}

export interface DiffOptions {
  /** Only statements, lemmas and counterexamples that both runs have: for a run of a part of the gate. */
  readonly common?: boolean | undefined;
}

/**
 * What two runs say differently. Equal numbers, and what merely stands elsewhere in the file, are no changes. A regression
 * is a verdict that is no longer as it must be or no longer there, a lemma broken, a counterexample lost, and a statement or
 * a standard that asks less than before: a looser bound, a larger p₀ or β.
 */
export function diffResults(old: Results, now: Results, { common = false }: DiffOptions = {}): ResultsDiff {
  const changes = [
    ...statementChanges(old, now, common),
    ...lawChanges(old, now),
    ...lemmaChanges(old, now, common),
    ...counterexampleChanges(old, now, common),
    ...exponentChanges(old, now),
    ...standardChanges(old, now),
  ];
  const byTopic = TOPICS.flatMap((topic) => changes.filter((change) => change.topic === topic));
  return {
    old: runOf(old),
    new: runOf(now),
    changes: byTopic,
    regressions: byTopic.filter(({ regression }) => regression).length,
    remarks: remarksOn(old, now),
  };
}

function runOf({ theorycheck, experiment, run, gate, formerVersion, version }: Results): RunOf {
  const { seed, models, verdicts } = run;
  const { passes, answer } = gate;
  return {
    theorycheck,
    experiment: experiment ?? null,
    seed,
    models,
    verdicts,
    version: formerVersion ?? version,
    passes,
    answer,
  };
}

/** Ranges of laws that both have: what they draw decides what a verdict says. */
function lawChanges(old: Results, now: Results): Change[] {
  const { both } = paired(old.laws, now.laws, ({ id }) => id);
  return both.flatMap(([was, is]) => {
    if (was.hash === is.hash) return [];
    const after = new Map(is.hypotheses.map(({ name, statement }) => [name, statement]));
    const names = new Set([...was.hypotheses, ...is.hypotheses].map(({ name }) => name));
    const before = new Map(was.hypotheses.map(({ name, statement }) => [name, statement]));
    const changed = [...names].filter((name) => before.get(name) !== after.get(name));
    const subject = `law ${is.id}`;
    const told = changed.map(
      (name): Change => ({
        topic: "what is stated",
        subject,
        what: name,
        old: before.get(name) ?? null,
        new: after.get(name) ?? null,
        regression: false,
      }),
    );
    if (told.length > 0) return told;
    const hashes = { old: was.hash.slice(0, 12), new: is.hash.slice(0, 12) };
    return [{ topic: "what is stated", subject, what: "ranges, by hash", ...hashes, regression: false } as const];
  });
}

function lemmaChanges(old: Results, now: Results, common: boolean): Change[] {
  const { both, gone, come } = paired(old.lemmas, now.lemmas, ({ id }) => id);
  const word = (holds: boolean) => (holds ? "holds" : "broken");
  const told = (id: string, was: boolean | null, is: boolean | null, regression: boolean): Change => ({
    topic: "lemmas",
    subject: `lemma ${id}`,
    what: "verdict",
    old: was === null ? null : word(was),
    new: is === null ? null : word(is),
    regression,
  });
  return [
    ...both.flatMap(([was, is]) => [
      ...(was.holds === is.holds ? [] : [told(is.id, was.holds, is.holds, !is.holds)]),
      ...lemmaMargin(was, is),
    ]),
    ...(common ? [] : gone.map(({ id, holds }) => told(id, holds, null, true))),
    ...(common ? [] : come.map(({ id, holds }) => told(id, null, holds, !holds))),
  ];
}

/** The worst error as a share of what rounding allows. */
function lemmaMargin(was: Results["lemmas"][number], is: Results["lemmas"][number]): Change[] {
  const share = ({ error, bound }: (typeof was)["worstMargin"]) => {
    const ratio = Number(error) / Number(bound);
    return encodeNumber(Number.isFinite(ratio) ? Number(ratio.toPrecision(3)) : Number(error));
  };
  const [old, now] = [share(was.worstMargin), share(is.worstMargin)];
  if (old === now) return [];
  const worse = Number(now) > Number(old);
  const what = "worst error over its bound";
  return [{ topic: "lemmas", subject: `lemma ${is.id}`, what, old, new: now, worse, regression: false }];
}

function counterexampleChanges(old: Results, now: Results, common: boolean): Change[] {
  const { both, gone, come } = paired(old.counterexamples ?? [], now.counterexamples ?? [], ({ file }) => file);
  const told = (file: string, was: string | null, is: string | null, regression: boolean): Change => ({
    topic: "counterexamples",
    subject: file,
    what: "replay",
    old: was,
    new: is,
    regression,
  });
  const lost = (grade: string) => grade === "not reproduced";
  return [
    ...both
      .filter(([was, is]) => was.grade !== is.grade)
      .map(([was, is]) => told(is.file, was.grade, is.grade, lost(is.grade))),
    ...(common ? [] : gone.map(({ file, grade }) => told(file, grade, null, true))),
    ...(common ? [] : come.map(({ file, grade }) => told(file, null, grade, lost(grade)))),
  ];
}

function exponentChanges(old: Results, now: Results): Change[] {
  const { both } = paired(old.slopes ?? [], now.slopes ?? [], ({ field, measured }) => `${measured} over ${field}`);
  return both.flatMap(([was, is]) => {
    if (was.slope === is.slope) return [];
    const away = ({ slope, expected }: typeof was) => Math.abs(Number(slope) - expected);
    const change: Change = {
      topic: "exponents",
      subject: `${is.measured} over ${is.field}`,
      what: `slope, ${is.expected} expected`,
      old: was.slope,
      new: is.slope,
      worse: away(is) > away(was),
      regression: false,
    };
    return [change];
  });
}

/** α and β of the run, and the p₀ of statements that declare none. A larger β certifies more of what is false. */
function standardChanges({ run: old }: Results, { run: now }: Results): Change[] {
  const told = (what: "alpha" | "beta" | "p0", regression: boolean): Change[] =>
    old[what] === now[what]
      ? []
      : [
          {
            topic: "standards",
            subject: "the run",
            what,
            old: old[what],
            new: now[what],
            worse: regression,
            regression,
          },
        ];
  return [...told("alpha", false), ...told("beta", now.beta > old.beta), ...told("p0", now.p0 > old.p0)];
}

function remarksOn(old: Results, now: Results): string[] {
  const edited = paired(old.statements, now.statements, ({ id }) => id).both.filter(
    ([was, is]) => was.hash !== is.hash,
  );
  const versions = [old.formerVersion, now.formerVersion].map((former) => former ?? 2);
  return [
    ...(old.experiment === now.experiment || old.experiment === undefined || now.experiment === undefined
      ? []
      : [
          `They are of two experiments, ${old.experiment} and ${now.experiment}: what has the same name may be about other things.`,
        ]),
    ...(versions[0] === versions[1]
      ? []
      : [
          `The old file is of version ${versions[0]}, the new one of version ${versions[1]}: theorems are compared as wholes, since version 1 judged each claim by itself.`,
        ]),
    ...(old.run.seed === now.run.seed ? [] : [`Other seeds, ${old.run.seed} and ${now.run.seed}: other models.`]),
    ...(old.run.coreHash === now.run.coreHash
      ? []
      : [
          `Another core, ${old.run.coreHash.slice(0, 12)} and ${now.run.coreHash.slice(0, 12)}: the code that trains and measures was changed.`,
        ]),
    ...(edited.length === 0
      ? old.run.declarations === now.run.declarations || edited.length > 0
        ? []
        : ["Other declarations, by their hash, but none of those that both runs judged."]
      : [
          `Declarations edited, or what they import: ${edited.length} of ${old.statements.length}${edited.length > 6 ? "" : ` (${edited.map(([{ id }]) => id).join(", ")})`}.`,
        ]),
  ];
}
