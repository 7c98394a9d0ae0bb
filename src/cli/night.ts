import { randomInt } from "node:crypto";
import type { Hashes } from "../experiment/hashes.ts";
import type { CampaignReport } from "../report/campaign.ts";
import {
  type CampaignIdentity,
  campaignEvents,
  changesSince,
  countsOf,
  earlierNights,
  identityOf,
} from "../verdict/campaign.ts";
import type { Judgement } from "../verdict/judge.ts";
import type { Prepared } from "../verdict/prepare.ts";
import type { EarlierRun } from "../verdict/resume.ts";
import { CampaignLog } from "./campaign-log.ts";

/** A seed that nobody chose. */
export function freshSeed(): number {
  return randomInt(2 ** 48 - 1);
}

/** One fresh run of a campaign, from its seed to its counts. */
export interface Night {
  readonly seed: number;
  readonly earlier: EarlierRun | undefined;
  /** Writes the night's counts down, and says what all nights together show. */
  finish(judgement: Judgement): CampaignReport;
  /** Lets others at the log. A night without counts stays unfinished: the next one trains its models again. */
  close(): void;
}

/**
 * Begins a night, or takes up the one that ended without counts. Its seed is in the log before this returns.
 *
 * @param tell says what happened, a line each
 * @throws InvalidInput where the file is no log of campaigns, or another process is at it
 */
export function beginNight(file: string, prepared: Prepared, hashes: Hashes, tell: (line: string) => void): Night {
  const identity = identityOf(prepared, hashes);
  const log = new CampaignLog(file);
  try {
    if (log.mended) tell("The campaign's last line was cut off while it was written, and is removed.");
    openCampaign(log, identity, tell);
    const { number, nights, unfinished, falsePass } = log.state;
    const seed = unfinished ?? freshSeed();
    if (unfinished === undefined) log.append({ kind: "night", seed });
    tell(
      unfinished === undefined
        ? `Campaign ${number}, night ${nights.length + 1}: fresh seed ${seed}.`
        : `Campaign ${number}, night ${nights.length + 1} ended without counts: it is finished with its own seed, ${seed}.`,
    );
    return {
      seed,
      earlier: earlierNights(identity, nights),
      finish: (judgement) => {
        const night = countsOf(judgement);
        log.append(night);
        const all = [...nights, night];
        return {
          number,
          nights: all.map(({ seed, trials }) => ({ seed, trials })),
          falsePass,
          events: campaignEvents(identity, all),
        };
      },
      close: () => log.close(),
    };
  } catch (error) {
    log.close();
    throw error;
  }
}

function openCampaign(log: CampaignLog, identity: CampaignIdentity, tell: (line: string) => void): void {
  const { number, identity: then } = log.state;
  const changes = then === undefined ? [] : changesSince(then, identity);
  if (then !== undefined && changes.length === 0) return;
  log.append({ kind: "campaign", number: number + 1, identity });
  const price = Object.keys(identity.events).length * identity.beta;
  tell(
    (changes.length === 0
      ? `Campaign ${number + 1} is opened`
      : `Campaign ${number + 1} is opened, since this changed: ${changes.join(", ")}. It starts from nothing`) +
      `: a false pass on any of its nights costs at most K·β = ${Number(price.toPrecision(3))}` +
      (number === 0 ? "." : `, with the campaigns before it ${Number(log.state.falsePass.toPrecision(3))}.`),
  );
}
