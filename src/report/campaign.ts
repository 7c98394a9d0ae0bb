import { z } from "zod";
import type { CampaignEvent } from "../verdict/campaign.ts";
import type { RunSeeds } from "../verdict/resume.ts";
import { visible, visibleIn } from "../visible-text.ts";
import { shortNumber } from "./encode.ts";
import { describeLimits } from "./tolerances.ts";

const count = z.int().min(0);
const counts = z.object({ n: count, violations: count });

/** What all nights of a campaign show together. */
export interface CampaignReport {
  readonly number: number;
  readonly nights: readonly RunSeeds[];
  readonly falsePass: number;
  readonly events: readonly CampaignEvent[];
}

export const campaignSchema = z.object({
  number: z.int().min(1),
  nights: z.array(z.object({ seed: count, trials: z.record(z.string(), count) })).min(1),
  falsePass: z.number().describe("K·β, summed over the campaigns of the log: chance of any false pass, at most"),
  events: z.array(
    z.object({
      key: z.string(),
      p0: z.number(),
      n: count.describe("models of all nights"),
      violations: count,
      verdict: z.enum(["certified", "refuted", "undecided"]).describe("of the first crossing: later nights keep it"),
      verdictAt: counts.describe("the models that the verdict rests on"),
      limits: z.object({ lower: z.number(), upper: z.number() }).describe("of the event's probability, at 95 %"),
      strongestP0: z.number().optional().describe("the smallest p0 that all nights certify; missing where none is"),
      refutedAt: count.optional().describe("the model at which E crossed 1/alpha although the event was certified"),
    }),
  ),
});

type Campaign = z.infer<typeof campaignSchema>;

/** The form of results.json. */
export function campaignResult({ number, nights, falsePass, events }: CampaignReport): Campaign {
  return {
    number,
    nights: nights.map(({ seed, trials }) => ({ seed, trials: { ...trials } })),
    falsePass,
    events: events.map(({ strongestP0, refutedAt, verdictAt, limits, ...rest }) => ({
      ...rest,
      verdictAt: { n: verdictAt.n, violations: verdictAt.violations },
      limits: { lower: limits.lower, upper: limits.upper },
      ...(strongestP0 === undefined ? {} : { strongestP0 }),
      ...(refutedAt === undefined ? {} : { refutedAt }),
    })),
  };
}

/** What a certificate that later nights speak against says of itself; empty where there is none. */
export function contradictedBy({ events }: Campaign): string[] {
  return events.flatMap(({ key, verdictAt, refutedAt }) =>
    refutedAt === undefined
      ? []
      : [`${key} was certified after ${verdictAt.n} models, and later nights refute it, after ${refutedAt}`],
  );
}

/** The campaign as a terminal shows it: a line an event. */
export function campaignTable(campaign: Campaign): string {
  const { number, nights, falsePass, events } = visibleIn(campaign, visible);
  return [
    `Campaign ${number}, ${nights.length} ${nights.length === 1 ? "night" : "nights"}, one evidence process; ` +
      `any false pass costs at most K·β = ${shortNumber(falsePass)} in all.`,
    ...events.map(
      ({ key, verdict, n, violations, limits, strongestP0 }) =>
        `${verdict.padEnd(12)} ${key}: ${violations} of ${n} violate it (${describeLimits(limits)}), ` +
        (strongestP0 === undefined ? "no p0 certified" : `certified down to p0 = ${shortNumber(strongestP0)}`),
    ),
    "",
  ].join("\n");
}
