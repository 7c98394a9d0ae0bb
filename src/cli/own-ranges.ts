import { onLaw } from "../claim/on-law.ts";
import { claimKey } from "../claim/population.ts";
import type { Statement, Theorem } from "../claim/theorem.ts";
import { requireAffordable } from "../experiment/affordable.ts";
import { experimentOf } from "../experiment/experiment.ts";
import type { Laboratory } from "../experiment/laboratory.ts";
import { type Law, thetaAt } from "../law/law.ts";
import { type OwnRange, userLaw } from "../law/user-law.ts";
import { UsageError } from "./errors.ts";
import { fieldSetting, variedField } from "./fields.ts";
import { collected } from "./options.ts";

/** What `verify` and `train` take for a law of one's own. */
export const OWN_RANGES = [
  ["--range <field=from..to>", "draw a field from this range in the place of the law's; as often as needed", collected],
  ["--set <field=value>", "the same value of a field in every model; as often as needed", collected],
] as const;

export interface OwnRangeOptions {
  readonly range?: readonly string[];
  readonly set?: readonly string[];
}

/** A law in which fields have ranges of one's own. */
export interface UserLaw {
  readonly law: Law;
  /** The declared law. */
  readonly of: Law;
  /** The options that make the one of the other. */
  readonly options: string;
}

/** The law with these options; undefined where there are none. @throws UsageError, InvalidInput */
export function userLawOf(of: Law, { range = [], set = [] }: OwnRangeOptions): UserLaw | undefined {
  if (range.length + set.length === 0) return undefined;
  const changes: OwnRange[] = [
    ...range.map((text) => variedField(of.parameters, text, "--range")),
    ...set.map((text) => fieldSetting(of.parameters, text)),
  ];
  const twice = changes.find(({ field }, i) => changes.findIndex((other) => other.field === field) !== i);
  if (twice !== undefined) {
    throw new UsageError(`--range and --set must name each field once, got ${twice.field} twice`);
  }
  const options = [...range.map((text) => `--range ${text}`), ...set.map((text) => `--set ${text}`)].join(" ");
  return { law: userLaw(of, changes), of, options };
}

/** Theorems on laws of one's own, and how their trials are run. */
export interface OnOwnRanges {
  readonly statements: readonly Statement[];
  readonly laws: readonly UserLaw[];
  /** Workers know the theorems as they are declared: they are asked for those claims, on θ of one's own. */
  readonly askedOf: (laboratory: Laboratory) => Laboratory;
}

/**
 * The theorems that are asked for, each on the law that is asked for or its first, with ranges of one's own.
 *
 * @throws UsageError where there is no theorem that could be judged so; InvalidInput where a law leaves nothing to draw
 */
export function onOwnRanges(
  statements: readonly Statement[],
  { theorem, law, ...ranges }: OwnRangeOptions & { readonly theorem?: readonly string[]; readonly law?: string },
): OnOwnRanges | undefined {
  const { range = [], set = [] } = ranges;
  if (range.length + set.length === 0) return undefined;
  if (theorem === undefined) throw new UsageError("--range and --set belong to --theorem, got them without");
  const theorems = statements.filter(({ kind }) => kind === "theorem") as Theorem[];
  const made = new Map<string, UserLaw>();
  const keys = new Map<string, string>();
  const judged = [...new Set(theorem)].map((id) => {
    const declared = theorems.find((each) => each.id === id);
    if (declared === undefined) {
      const ids = theorems.map((each) => each.id).join(", ");
      throw new UsageError(`--range and --set are for theorems: --theorem must be one of ${ids}, got ${id}`);
    }
    const of = declared.laws.find((each) => law === undefined || each.id === law);
    if (of === undefined) {
      const ids = declared.laws.map((each) => each.id).join(", ");
      throw new UsageError(`--law must be one of ${ids}, those of ${id}, got ${law}`);
    }
    const own = made.get(of.id) ?? (userLawOf(of, ranges) as UserLaw);
    made.set(of.id, own);
    requireAffordableEnds(own.law, declared);
    for (const { title } of declared.claimsOn(of))
      keys.set(claimKey(id, title, own.law.id), claimKey(id, title, of.id));
    return onLaw(declared, of, own.law);
  });
  return {
    statements: judged,
    laws: [...made.values()],
    askedOf: (laboratory) => translating(laboratory, (key) => keys.get(key) as string),
  };
}

/** Nobody should wait for hours for a range that was mistyped. */
function requireAffordableEnds(law: Law, theorem: Theorem): void {
  for (const end of [0, 1]) {
    const theta = thetaAt(
      law,
      Object.keys(law.ranges).map(() => end),
    );
    requireAffordable(experimentOf(theorem), theta, `the law ${law.title}`);
  }
}

function translating(laboratory: Laboratory, declared: (key: string) => string): Laboratory {
  return {
    places: laboratory.places,
    run: async (order, wanted) => {
      const record = await laboratory.run({ ...order, wanted: order.wanted.map(declared) }, wanted);
      if (record === undefined) return undefined;
      const observed = order.wanted.map((key) => [key, record.observed[declared(key)] as number]);
      return { ...record, observed: Object.fromEntries(observed) };
    },
    close: () => laboratory.close(),
  };
}
