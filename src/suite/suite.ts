import type { Claim } from "../claim/claim.ts";
import { controlAbout, findingAbout, type Left, type Statement, type Theorem, theoremAbout } from "../claim/theorem.ts";
import { type Ended, type Experiment, endedWith } from "../experiment/experiment.ts";
import { InvalidInput, isInvalidInput } from "../invalid-input.ts";
import { shown } from "../law/declared.ts";
import { type Law, lawOver, type RangesOf, rangeOf } from "../law/law.ts";
import { type Field, parameters, type Theta } from "../law/parameters.ts";
import { describeRange, type Interval, type Range, rangeSchema } from "../law/range.ts";
import {
  type ClaimText,
  type ControlText,
  type SuiteText as Declared,
  type FieldText,
  type FindingText,
  type RangeText,
  suiteSchema,
  type TheoremText,
} from "./schema.ts";
import { type Path, SuiteText } from "./text.ts";
import { claimOf, provenanceOf, rangeIn, type SuiteRun } from "./values.ts";

/** How a suite's command is started, and what is asked of it. */
export interface SuiteCommand {
  /** The program and its arguments. */
  readonly words: readonly string[];
  /** Time limit of a run. */
  readonly seconds: number;
  readonly measures: readonly string[];
  /** Whether a run that failed violates every claim, or ends everything. */
  readonly failureViolates: boolean;
}

/** An experiment outside of this program, and what is claimed of it: what a suite file declares. */
export interface Suite {
  readonly experiment: Experiment<Theta, SuiteRun>;
  readonly statements: readonly Statement[];
  readonly command: SuiteCommand;
  /** All files that a run depends on, as the suite names them: relative to its folder. */
  readonly files: readonly string[];
  /** Where an entry stands, for errors about it. */
  readonly invalid: (path: Path, message: string) => InvalidInput;
}

const SECONDS = 300;

/**
 * The suite that a text of YAML or JSON declares.
 *
 * @param name of the file, for errors
 * @throws InvalidInput naming file, line and field, what is required and what was got
 */
export function suiteIn(text: string, name: string): Suite {
  const source = new SuiteText(text, name);
  const declared = source.parse(suiteSchema);
  const reading = new Reading(source, declared);
  const { command, files = [], seconds = SECONDS, failures, measures } = declared.experiment;
  return {
    experiment: reading.experiment,
    statements: reading.statements(),
    command: {
      words: command,
      seconds,
      measures: Object.keys(measures),
      failureViolates: failures === "violate",
    },
    files,
    invalid: (path, message) => source.invalid(path, message),
  };
}

class Reading {
  readonly experiment: Experiment<Theta, SuiteRun>;
  readonly #source: SuiteText;
  readonly #declared: Declared;
  readonly #laws: ReadonlyMap<string, Law>;
  readonly #ids = new Set<string>();

  constructor(source: SuiteText, declared: Declared) {
    this.#source = source;
    this.#declared = declared;
    this.experiment = this.#experiment();
    this.#laws = new Map(Object.keys(declared.laws).map((id) => [id, this.#law(id)]));
  }

  statements(): readonly Statement[] {
    const { theorems = [], controls = [], findings = [] } = this.#declared;
    const made = theorems.map((theorem, i) => this.#theorem(theorem, ["theorems", i]));
    const statements = [
      ...made,
      ...controls.map((control, i) => this.#control(control, made, ["controls", i])),
      ...findings.map((finding, i) => this.#finding(finding, ["findings", i])),
    ];
    if (statements.length === 0) throw this.#source.invalid([], "must have theorems or findings, got neither");
    return statements;
  }

  #experiment(): Experiment<Theta, SuiteRun> {
    const { id, fields: declared, measures } = this.#declared.experiment;
    for (const [what, entries] of Object.entries({ fields: declared, measures })) {
      if (Object.keys(entries).length === 0) {
        throw this.#source.invalid(["experiment", what], "must have at least one entry, got none");
      }
    }
    const fields = Object.fromEntries(
      Object.entries(declared).map(([name, field]) => [name, this.#field(name, field)]),
    );
    return {
      id,
      parameters: parameters(fields, [], id),
      traces: [],
      outcomes: ["ended", "failed"],
      run: () => {
        throw new InvalidInput(`experiment ${id} is run by the command of its suite, not in this process`);
      },
      failed: (run) => "failed" in run,
      ended: (run) => ("failed" in run ? FAILED : endedWith(run.measured)),
      portray: () => undefined,
      detailOf: () => "none",
      cost: () => 1,
      roundoff: () => 0,
    };
  }

  #field(name: string, field: FieldText): Field {
    const path = ["experiment", "fields", name];
    // a law in its long form has a key of this name
    if (name === "ranges") throw this.#source.invalid(path, "must have another name: laws have a key ranges");
    const { meaning, symbol = name, hypothesis = name } = field;
    if (field.kind === "choice") {
      const twice = field.values.find((value, i) => field.values.indexOf(value) !== i);
      if (twice !== undefined) {
        throw this.#source.invalid([...path, "values"], `must be different, got ${shown(twice)} twice`);
      }
      return { kind: "choice", values: field.values, meaning, symbol, hypothesis };
    }
    const { kind, from, to, open, widest, simplest = "low" } = field;
    if (from > to) throw this.#source.invalid([...path, "to"], `must be at least from, ${from}, got ${to}`);
    const whole: Interval = kind === "integer" ? { kind, from, to, step: 1 } : { kind, from, to };
    return {
      kind,
      from,
      to,
      ...(open === undefined ? {} : { open }),
      widest: widest === undefined ? whole : this.#interval(widest, [...path, "widest"]),
      simplest,
      meaning,
      symbol,
      hypothesis,
    };
  }

  #interval(text: RangeText, path: Path): Interval {
    const range = this.#range(text, path);
    if ("from" in range && typeof range.from === "number" && typeof range.to === "number") return range as Interval;
    throw this.#source.invalid(path, "must be an interval whose ends are numbers");
  }

  #range(text: RangeText, path: Path): Range {
    const range = rangeIn(text);
    const parsed = rangeSchema.safeParse(range);
    if (!parsed.success) throw this.#source.invalid(path, `${parsed.error.issues[0]?.message}, got ${shown(text)}`);
    return range;
  }

  #law(id: string): Law {
    const path = ["laws", id];
    const declared = this.#declared.laws[id] as Declared["laws"][string];
    const isLong = "ranges" in declared;
    const ranges = (isLong ? declared.ranges : declared) as Readonly<Record<string, RangeText>>;
    const title = isLong && typeof declared.title === "string" ? declared.title : id;
    const below = isLong ? [...path, "ranges"] : path;
    const { names } = this.experiment.parameters;
    const made = Object.entries(ranges).map(([field, text]): [string, Range] => {
      if (!names.includes(field)) {
        throw this.#source.invalid([...below, field], `must be a field of theta, one of ${names.join(", ")}`);
      }
      return [field, this.#range(text, [...below, field])];
    });
    for (const field of names) {
      if (!Object.hasOwn(ranges, field)) throw this.#source.invalid(path, `must have a range for ${field}, got none`);
    }
    return this.#at(path, () =>
      lawOver(this.experiment.parameters, { id, title, ranges: Object.fromEntries(made) as RangesOf<Theta> }),
    );
  }

  #theorem(theorem: TheoremText, path: Path): Theorem {
    const { laws, claims, hypotheses = [], noControl } = theorem;
    const known = this.experiment.parameters.hypotheses;
    for (const [i, name] of hypotheses.entries()) this.#requireOne([...path, "hypotheses", i], known, name);
    const declared = {
      ...this.#judged(theorem, path),
      title: theorem.title,
      laws: this.#lawsNamed(laws, path),
      claims: this.#claims(claims, [...path, "claims"]),
      hypotheses,
      ...(noControl === undefined ? {} : { noControl }),
    };
    return this.#at(path, () => theoremAbout(this.experiment, declared));
  }

  #control(control: ControlText, theorems: readonly Theorem[], path: Path): Statement {
    const { of, breaks = [] } = control;
    const ids = theorems.map(({ id }) => id);
    this.#requireOne([...path, "of"], ids, of);
    const theorem = theorems[ids.indexOf(of)] as Theorem;
    const law = this.#lawNamed(control.law, [...path, "law"]);
    const leaves = this.#left(control.leaves, law, [...path, "leaves"]);
    const [texts, claims] =
      control.claims === undefined
        ? [this.#declared.theorems?.find(({ id }) => id === of)?.claims ?? [], theorem.claimsOn(law)]
        : [control.claims, this.#claims(control.claims, [...path, "claims"])];
    const measures = texts.map(({ measure }) => measure);
    for (const [i, measure] of breaks.entries()) this.#requireOne([...path, "breaks", i], measures, measure);
    const broken = claims.filter((_, i) => breaks.includes(measures[i] as string)).map(({ title }) => title);
    const declared = {
      ...this.#judged(control, path),
      title: control.title ?? `${theorem.title}, with ${leaves.how}`,
      of,
      leaves,
      law,
      claims,
      ...(control.breaks === undefined ? {} : { breaks: broken }),
    };
    return this.#at(path, () => controlAbout(this.experiment, declared));
  }

  /** What a control leaves. Where only the hypothesis is named, its law says how. */
  #left(leaves: ControlText["leaves"], law: Law, path: Path): Left {
    const { names, fields, hypotheses } = this.experiment.parameters;
    if (typeof leaves === "object") {
      const { hypothesis, how } = leaves;
      if (hypothesis === undefined) return { how };
      this.#requireOne([...path, "hypothesis"], hypotheses, hypothesis);
      return { hypothesis, how };
    }
    this.#requireOne(path, hypotheses, leaves);
    const left = names.filter((name) => fields[name]?.hypothesis === leaves);
    return { hypothesis: leaves, how: left.map((name) => describeRange(name, rangeOf(law, name))).join(", ") };
  }

  #finding(finding: FindingText, path: Path): Statement {
    const { title, laws, claims, expects } = finding;
    const declared = {
      ...this.#judged(finding, path),
      title,
      laws: this.#lawsNamed(laws, path),
      claims: this.#claims(claims, [...path, "claims"]),
      expects,
    };
    return this.#at(path, () => findingAbout(this.experiment, declared));
  }

  #judged({ id, formula, provenance = "observed", deviates, p0, maxModels }: TheoremText | ControlText, path: Path) {
    if (this.#ids.has(id))
      throw this.#source.invalid([...path, "id"], `must be of one statement only, got ${id} twice`);
    this.#ids.add(id);
    const allowed = p0 ?? this.#declared.p0;
    const cap = maxModels ?? this.#declared.maxModels;
    return {
      id,
      provenance: provenanceOf(provenance),
      ...(formula === undefined ? {} : { formula }),
      ...(deviates === undefined ? {} : { deviates }),
      ...(allowed === undefined ? {} : { p0: allowed }),
      ...(cap === undefined ? {} : { maxModels: cap }),
    };
  }

  #lawsNamed(ids: readonly string[], path: Path): readonly Law[] {
    return ids.map((id, i) => this.#lawNamed(id, [...path, "laws", i]));
  }

  #lawNamed(id: string, path: Path): Law {
    this.#requireOne(path, [...this.#laws.keys()], id);
    return this.#laws.get(id) as Law;
  }

  #claims(claims: readonly ClaimText[], path: Path): readonly Claim<SuiteRun>[] {
    const { measures } = this.#declared.experiment;
    const titles = new Set<string>();
    return claims.map((claim, i) => {
      this.#requireOne([...path, i, "measure"], Object.keys(measures), claim.measure);
      const title = claim.title ?? (measures[claim.measure] as string);
      if (titles.has(title)) {
        throw this.#source.invalid([...path, i], `must have a title of its own, got ${shown(title)} twice`);
      }
      titles.add(title);
      return this.#at([...path, i], () => claimOf(claim, title));
    });
  }

  #requireOne(path: Path, known: readonly string[], name: string): void {
    if (known.includes(name)) return;
    throw this.#source.invalid(
      path,
      `must be one of ${known.join(", ") || "none: there are none"}, got ${shown(name)}`,
    );
  }

  /** Runs something whose errors are about what stands at a path. */
  #at<T>(path: Path, make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (!isInvalidInput(error)) throw error;
      throw this.#source.invalid(path, `is refused: ${error.message}`);
    }
  }
}

/** What is kept of a run that failed: why is no function of its order. */
const FAILED: Ended = { outcome: "failed", digest: "failed", steps: 1, measurements: {} };
