import ln from "@stdlib/math-base-special-ln";
import { z } from "zod";
import { eventsOf } from "../claim/population.ts";
import { type Counts, logRefute } from "../evidence/e-process.ts";
import { CLEAN_MODELS, decide, evidenceAt } from "../evidence/evidence.ts";
import { anytimeLimits, type Limits } from "../evidence/limits.ts";
import { strongestP0 } from "../evidence/strength.ts";
import type { Hashes } from "../experiment/hashes.ts";
import { InvalidInput } from "../invalid-input.ts";
import type { Judgement } from "./judge.ts";
import { LIMIT_CONFIDENCE } from "./ledger.ts";
import type { Prepared } from "./prepare.ts";
import type { EarlierRun } from "./resume.ts";

/**
 * A campaign: one evidence process over all fresh runs (nights) of one question. Each fresh run by itself is another
 * chance of a false pass, K·β a run; a campaign pays it once, since Ville's inequality holds at all n together, however
 * many nights they come from. It belongs to one core, one set of laws and declarations, one α/K and one β. A change of
 * any of them opens a new campaign, which starts from nothing and pays K·β again.
 *
 * Its log has three kinds of entries. A night's seed is written before its first model is drawn, so that no night can be
 * left out for what it showed.
 */
const count = z.int().min(0);

const identity = z.strictObject({
  core: z.string(),
  declarations: z.string().describe("hash of the module that declares them, with all that it imports"),
  laws: z.record(z.string(), z.string()).describe("hash of each law, by id"),
  statements: z.record(z.string(), z.string()).describe("hash of each declaration, by id"),
  events: z.record(z.string(), z.number()).describe("p0 of each event, by key"),
  alphaPerVerdict: z.number(),
  beta: z.number(),
});

export const campaignEntry = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("campaign"), number: z.int().min(1), identity }),
  z.strictObject({ kind: z.literal("night"), seed: count }),
  z.strictObject({
    kind: z.literal("counts"),
    seed: count,
    trials: z.record(z.string(), count).describe("of each law, by id"),
    violators: z.record(z.string(), z.array(count)).describe("indices of the night's trials, by event key"),
  }),
]);

export type CampaignEntry = z.infer<typeof campaignEntry>;
export type CampaignIdentity = z.infer<typeof identity>;
type Night = Extract<CampaignEntry, { kind: "counts" }>;

/** Trials of each law that a night adds at least, so that limits and strength go on where every verdict has fallen. */
export const NIGHTLY_TRIALS = CLEAN_MODELS;

/**
 * All that a campaign's evidence belongs to.
 *
 * @throws InvalidInput where it is not known what the declarations read
 */
export function identityOf(prepared: Prepared, { core, statements, declarations }: Hashes): CampaignIdentity {
  if (typeof declarations !== "string") {
    throw new InvalidInput(
      `--campaign requires declarations of which all that they read is known, but ${declarations.unknown}`,
    );
  }
  const events = prepared.populations.flatMap(({ claims }) => eventsOf(claims));
  const selected = new Set(events.map(({ statement }) => statement.id));
  return {
    core,
    declarations,
    laws: Object.fromEntries(prepared.populations.map(({ law }) => [law.id, law.hash])),
    statements: Object.fromEntries(Object.entries(statements).filter(([id]) => selected.has(id))),
    events: Object.fromEntries(
      events.map(({ key, statement }) => [key, statement.declaresP0 ? statement.p0 : prepared.p0]),
    ),
    alphaPerVerdict: prepared.alphaPerVerdict,
    beta: prepared.beta,
  };
}

/** Where a log stands: the campaign under way, its finished nights, and the one that was begun and has no counts. */
export interface CampaignState {
  /** 0: none yet */
  readonly number: number;
  readonly identity: CampaignIdentity | undefined;
  readonly nights: readonly Night[];
  readonly unfinished: number | undefined;
  /** ΣK·β over the campaigns of the log: what their false passes cost, at most. */
  readonly falsePass: number;
}

/** @throws RangeError naming the entry that cannot follow those before it */
export function stateOf(entries: readonly CampaignEntry[]): CampaignState {
  let state: CampaignState = { number: 0, identity: undefined, nights: [], unfinished: undefined, falsePass: 0 };
  for (const [i, entry] of entries.entries()) {
    const fail = (why: string): never => {
      throw new RangeError(`entry ${i + 1} (${entry.kind}): ${why}`);
    };
    switch (entry.kind) {
      case "campaign": {
        if (entry.number !== state.number + 1) fail(`must have number ${state.number + 1}, got ${entry.number}`);
        const { number, identity } = entry;
        const falsePass = state.falsePass + Object.keys(identity.events).length * identity.beta;
        state = { number, identity, nights: [], unfinished: undefined, falsePass };
        break;
      }
      case "night":
        if (state.number === 0) fail("must follow a campaign");
        if (state.unfinished !== undefined) fail(`must follow the counts of the night with seed ${state.unfinished}`);
        if (state.nights.some(({ seed }) => seed === entry.seed)) fail(`must have a new seed, got ${entry.seed} again`);
        state = { ...state, unfinished: entry.seed };
        break;
      case "counts": {
        if (state.unfinished !== entry.seed) fail(`must be of the night begun last, got seed ${entry.seed}`);
        const known = Object.keys(state.identity?.events ?? {});
        if (known.length !== Object.keys(entry.violators).length || known.some((key) => !(key in entry.violators)))
          fail("must have the campaign's events");
        state = { ...state, nights: [...state.nights, entry], unfinished: undefined };
        break;
      }
    }
  }
  return state;
}

/** Whether a campaign goes on: nothing that its evidence belongs to has changed. The names of what has. */
export function changesSince(then: CampaignIdentity, now: CampaignIdentity): readonly string[] {
  const parts = ["core", "declarations", "laws", "statements", "events", "alphaPerVerdict", "beta"] as const;
  const canonical = (value: unknown) =>
    JSON.stringify(typeof value === "object" && value !== null ? Object.entries(value).sort() : value);
  return parts.filter((part) => canonical(then[part]) !== canonical(now[part]));
}

/** What all nights together say of one event. */
export interface CampaignEvent extends Counts {
  readonly key: string;
  readonly p0: number;
  /** The verdict of the first crossing, frozen; undecided where there was none. */
  readonly verdict: "certified" | "refuted" | "undecided";
  /** The trials that the verdict rests on: all of them where there is none. */
  readonly verdictAt: Counts;
  /** Of the event's probability, over all nights. */
  readonly limits: Limits;
  /** The smallest p₀ that the nights certify; undefined where they certify none. */
  readonly strongestP0: number | undefined;
  /** The trial at which E crossed 1/α although the event had been certified. */
  readonly refutedAt: number | undefined;
}

/** Replays the nights of a campaign as the one sequence of trials that they are. */
export function campaignEvents(identity: CampaignIdentity, nights: readonly Night[]): readonly CampaignEvent[] {
  return Object.entries(identity.events).map(([key, p0]) => {
    // law ids hold no space: the key ends with the law's
    const law = key.slice(key.lastIndexOf(" @ ") + 3);
    const violators: number[] = [];
    let trials = 0;
    for (const night of nights) {
      for (const index of night.violators[key] ?? []) violators.push(trials + index);
      trials += night.trials[law] ?? 0;
    }
    return { key, p0, ...replay({ trials, violators }, { ...identity, p0 }) };
  });
}

function replay(
  { trials, violators }: { readonly trials: number; readonly violators: readonly number[] },
  { p0, alphaPerVerdict, beta }: Pick<CampaignIdentity, "alphaPerVerdict" | "beta"> & { readonly p0: number },
): Omit<CampaignEvent, "key" | "p0"> {
  const standard = { p0, alpha: alphaPerVerdict, beta };
  const violated = new Set(violators);
  let verdict: CampaignEvent["verdict"] = "undecided";
  let at: Counts = { n: 0, violations: 0 };
  for (let index = 0; index < trials && verdict === "undecided"; index++) {
    at = { n: index + 1, violations: at.violations + (violated.has(index) ? 1 : 0) };
    verdict = decide(evidenceAt({ ...at, p0 }), standard);
  }
  // E grows with violations only, so that it can cross at one of them and nowhere else
  const crossing = violators.findIndex(
    (index, i) => index >= at.n && logRefute({ n: index + 1, violations: i + 1, p0 }) >= -ln(alphaPerVerdict),
  );
  const violations = violators.length;
  return {
    n: trials,
    violations,
    verdict,
    verdictAt: at,
    limits: anytimeLimits({ n: trials, violations, confidence: LIMIT_CONFIDENCE }),
    strongestP0: strongestP0({ trials, violators }, beta),
    refutedAt: verdict === "certified" && crossing >= 0 ? (violators[crossing] as number) + 1 : undefined,
  };
}

/** A campaign so far, as a run for the next night to go on from: decided events keep the counts of their verdict. */
export function earlierNights(identity: CampaignIdentity, nights: readonly Night[]): EarlierRun | undefined {
  const runs = nights.map(({ seed, trials }) => ({ seed, trials }));
  const last = runs.at(-1);
  if (last === undefined) return undefined;
  return {
    ...last,
    earlier: runs.slice(0, -1),
    coreHash: identity.core,
    declarations: identity.declarations,
    lawHashes: identity.laws,
    statementHashes: identity.statements,
    counts: new Map(campaignEvents(identity, nights).map(({ key, p0, verdictAt }) => [key, { ...verdictAt, p0 }])),
    alphaPerVerdict: identity.alphaPerVerdict,
    beta: identity.beta,
  };
}

/** The counts of a night that has been judged. */
export function countsOf({ seed, populations }: Judgement): Night {
  return {
    kind: "counts",
    seed,
    trials: Object.fromEntries(populations.map(({ population: { law }, trials }) => [law.id, trials.length])),
    violators: Object.fromEntries(
      populations.flatMap(({ events }) => events.map(({ key, violators }) => [key, [...violators]])),
    ),
  };
}
