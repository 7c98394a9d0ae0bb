import { describeRelation } from "../claim/relation.ts";
import type { Examination } from "../explore/examine.ts";
import { describeExplanation } from "../explore/explain.ts";
import type { Nearest } from "../explore/island.ts";
import type { Findings } from "../explore/search.ts";
import { describeStanding } from "../explore/space.ts";
import type { Rate } from "../explore/violation.ts";
import type { Law } from "../law/law.ts";
import type { Theta } from "../law/parameters.ts";
import { shortNumber } from "../report/encode.ts";
import { linesToReplay, replayCommandFor } from "./again.ts";
import type { DeclaredIn } from "./laboratory.ts";
import { aligned } from "./table.ts";

/** What a search is about, and all that is known of it so far. */
export interface Searched {
  readonly law: Law;
  readonly findings: readonly Findings[];
  readonly examination?: Examination | undefined;
  /** Models trained, and the share of the budget that is spent. */
  readonly models: number;
  readonly spent: number;
}

/** How a search was asked for, as far as its answer says so. */
export interface Asking extends DeclaredIn {
  readonly release: readonly string[];
  readonly seed: number;
  readonly islands: number;
  readonly budgetSeconds?: number;
}

/** The first line of a search's answer. */
export function describeAsked(law: Law, { release, seed, islands }: Asking): string {
  const released = release.length === 0 ? "within the law" : `released: ${release.join(", ")}`;
  return `law ${law.id}, ${released}; seed ${seed}${islands === 1 ? "" : `, ${islands} islands`}\n\n`;
}

/** What was found of each claim; of what violates it, how to have it again. */
export function describeFindings({ findings }: Searched, asking: Asking, examines: boolean): string {
  const nearest = findings.flatMap((each) => each.nearest);
  const table = aligned([
    ["", "observed", "bound", "margin", "nearest"],
    ...nearest.map(({ judged, observed, margin, violated }) => [
      violated ? "VIOLATED" : "holds",
      shortNumber(observed),
      describeRelation(judged.claim.relation),
      shortNumber(margin),
      `${judged.statement.id}: ${judged.claim.title}`,
    ]),
  ]);
  const found = examines ? findings[0]?.found : undefined;
  const others = nearest.filter(({ violated, tried }) => violated && tried !== found?.tried);
  const lines = [...table, "", ...others.flatMap((each) => described("violated", each, asking))];
  if (found !== undefined) lines.push(...described("found", found, asking).slice(0, -1));
  else if (others.length === 0) {
    const [least] = [...nearest].sort((one, other) => one.margin - other.margin);
    lines.push("no violation: these are the nearest misses");
    if (least !== undefined && examines) lines.push(...described("nearest", least, asking).slice(0, -1));
  } else lines.push("search each theorem by itself to have its violation shrunk and explained");
  return `${lines.join("\n")}\n`;
}

function described(what: string, { judged, observed, tried }: Nearest, asking: Asking): string[] {
  return [
    `${what}: ${judged.statement.id}: ${judged.claim.title} = ${shortNumber(observed)} (${describeRelation(judged.claim.relation)})`,
    `  ${describeStanding(judged.law, tried.theta)}`,
    ...linesToReplay(judged, tried, asking).map((line) => `  ${line}`),
    "",
  ];
}

/** How often the θ that was found violates the claim. */
export function describeFoundRate(rate: Rate): string {
  return `  by itself: ${describeRate(rate)}\n`;
}

/** The simplest θ that there is until now. */
export function describeSimplest({ law, findings, examination }: Searched, asking: Asking): string {
  const { judged, tried } = findings[0]!.found!;
  const { simplest, simplestRate, holdsOn } = examination!;
  const { theta, seed, observed, minimal } = simplest;
  const isFound = theta === tried.theta;
  const why = minimal ? "" : " (not minimal: the budget ran out)";
  if (isFound) return `\nsimplest that violates it on ${holdsOn}${why}: what was found\n`;
  const lines = [
    "",
    `simplest that violates it on ${holdsOn}${why}: ${shortNumber(observed)}`,
    `  ${describeStanding(law, theta)}`,
    ...linesToReplay(judged, { theta, seed }, asking).map((line) => `  ${line}`),
    ...(simplestRate === undefined ? [] : [`  by itself: ${describeRate(simplestRate)}`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Which fields matter. */
export function describeExplained({ law, examination }: Searched): string {
  const { simplest, explained } = examination!;
  if (explained === undefined) return "\nwhich hypothesis matters is not known: the budget ran out\n";
  const { at, fields } = explained;
  const lines = [
    "",
    `which hypothesis matters: each field alone is varied from the simplest theta${differences(simplest.theta, at)}`,
    ...aligned(describeExplanation(law, fields)),
  ];
  return `${lines.join("\n")}\n`;
}

/** The last line. */
export function describeSpent({ models, spent }: Searched, { budgetSeconds }: Asking): string {
  const share = Math.min(100, Math.ceil(100 * spent));
  const clock = budgetSeconds === undefined ? "" : "; ended by the clock: another run may find another result";
  return `\n${models} models trained, ${share} % of the budget${clock}\n`;
}

export function describeRate({ seeds, violations, limits }: Rate): string {
  if (seeds === 0) return "not judged: the budget ran out";
  return `violated on ${violations} of ${seeds} fresh seeds, rate in [${shortNumber(limits.lower)}, ${shortNumber(limits.upper)}] at 95 %`;
}

function differences(one: Theta, other: Theta): string {
  const changed = Object.keys(one).filter((field) => one[field] !== other[field]);
  return changed.length === 0 ? "" : ` with ${changed.map((field) => `${field} = ${other[field]}`).join(", ")}`;
}

/** The whole as JSON. */
export function jsonOf({ law, models, findings, examination }: Searched, asking: Asking) {
  const nearestJson = ({ judged, tried, observed, margin, violated }: Nearest) => ({
    claim: judged.claim.title,
    relation: judged.claim.relation,
    ...{ observed, margin, violated, seed: tried.seed, theta: tried.theta },
    replay: replayCommandFor(judged, tried, asking),
  });
  const found = findings[0]?.found;
  return {
    law: law.id,
    models,
    theorems: findings.map(({ statement, nearest, found }) => ({
      theorem: statement.id,
      nearest: nearest.map(nearestJson),
      ...(found === undefined ? {} : { found: { ...nearestJson(found), onMostSeeds: found.onMostSeeds } }),
    })),
    ...(examination === undefined || found === undefined
      ? {}
      : { examination: examinationJson(examination, found, asking) }),
  };
}

function examinationJson({ simplest, ...rest }: Examination, { judged }: Nearest, asking: Asking) {
  const { theta, seed, observed, minimal } = simplest;
  return { ...rest, simplest: { theta, seed, observed, minimal, replay: replayCommandFor(judged, simplest, asking) } };
}
