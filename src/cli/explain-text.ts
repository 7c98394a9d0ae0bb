import { shortNumber } from "../report/encode.ts";
import type { ClaimSynopsis, LemmaSynopsis, NearestMiss, Synopsis } from "../report/synopsis.ts";
import { describeHeadroom, describeLimits } from "../report/tolerances.ts";
import { fromOptions } from "./laboratory.ts";
import { describeProvenance } from "./list.ts";
import { aligned } from "./table.ts";

/** How a synopsis is shown, and where what it is about comes from. */
export interface Shown {
  /** The file of the run that it is explained by. */
  readonly results: string;
  readonly theorems?: string | undefined;
  readonly suite?: string | undefined;
  /** Whether all is shown, however long. */
  readonly all?: boolean | undefined;
}

/** A terminal that nobody made larger. */
const SCREEN = { columns: 80, rows: 24 };

/** Where the words begin that a label stands before. */
const INDENT = 11;

/** A statement in at most a screen, unless all is asked for: then claims, sources and controls are whole. */
export function describeStatement(synopsis: Synopsis, shown: Shown): string {
  const { kind, id, title, judged, of, leaves, noControl, hypotheses, claims, brokenBy, counterexamples } = synopsis;
  const head = [
    ...wrapped(`${kind} ${id}: ${title}`, 0, shown.all ? undefined : 2),
    ...sources(synopsis, shown),
    ...field("deviates", synopsis.deviates, shown.all ? undefined : 2),
    ...(of === undefined ? [] : field("breaks", `theorem ${of} (${leaves})`, 2)),
    ...field("needs", hypotheses.join(", ")),
    ...field("laws", `${synopsis.laws.join(", ")} (p0 = ${shortNumber(100 * synopsis.p0)} %)`, 2),
  ];
  const tail = [
    ...(judged === undefined
      ? [...field("verdict", `none in ${shown.results}`), command("judge", runLine(synopsis, shown))]
      : verdictLines(judged, shown)),
    ...(judged === undefined ? [] : nearestLines(kind, judged.nearest, judged.since, shown)),
    ...controlLines(brokenBy, noControl, shown),
    ...counterexamples.flatMap(({ file, grade, observed, broken }) =>
      field("stored", `${file}: ${shortNumber(observed)} (${broken.join("; ")}), ${grade}`, shown.all ? undefined : 1),
    ),
    ...(kind === "theorem" && judged !== undefined ? [command("next", nextLine(synopsis, shown))] : []),
  ];
  // one line is the prompt's, three are around the claims; of a long list those are shown that came nearest to their bounds
  const most = shown.all ? claims.length : Math.max(1, SCREEN.rows - head.length - tail.length - 4);
  return `${[...head, ...claimLines(synopsis, most, shown), ...tail].join("\n")}\n`;
}

/** A lemma likewise. */
export function describeLemma(synopsis: LemmaSynopsis, shown: Shown): string {
  const { id, title, statement, proof, properties, judged } = synopsis;
  const most = shown.all ? undefined : 4;
  const lines = [
    ...wrapped(`lemma ${id}: ${title}`, 0, shown.all ? undefined : 2),
    ...sources(synopsis, shown),
    ...field("states", statement, most),
    ...field("proof", proof, most),
    ...properties.slice(0, most).flatMap((each) => field("checks", each, 1)),
    ...(most === undefined || properties.length <= most
      ? []
      : field("", `and ${properties.length - most} more: --all`)),
    ...field("verdict", lemmaVerdict(judged, shown.results), 3),
  ];
  return `${lines.join("\n")}\n`;
}

function lemmaVerdict(judged: LemmaSynopsis["judged"], file: string): string {
  if (judged === undefined) return `none in ${file}: npx theorycheck verify examines every lemma`;
  const { holds, examples, worstMargin, counterexample } = judged;
  const off = `worst error ${shortNumber(worstMargin.error)} of at most ${shortNumber(worstMargin.bound)}`;
  return holds
    ? `holds on ${examples} examples, ${off}`
    : `broken after ${examples} examples, ${off}: ${counterexample}`;
}

function sources({ provenance, sources }: Pick<Synopsis, "provenance" | "sources">, { all }: Shown): string[] {
  const shown = all ? sources : sources.slice(0, 2);
  const more = sources.length - shown.length;
  return [
    ...field("source", describeProvenance(provenance), all ? undefined : 2),
    ...shown.flatMap(({ row, work, grade, says }) =>
      field("", `${row} ${work} [${grade}]: ${says}`, all ? undefined : 1),
    ),
    ...(more === 0 ? [] : field("", `and ${more} more: --all`)),
  ];
}

function claimLines({ claims }: Synopsis, most: number, { all }: Shown): string[] {
  const margin = ({ nearest }: ClaimSynopsis) =>
    nearest === undefined ? Number.POSITIVE_INFINITY : Number(nearest.margin);
  const fits = claims.length <= most;
  const shown = fits
    ? claims
    : [...claims].sort((one, other) => margin(one) - margin(other)).slice(0, Math.max(1, most - 1));
  const cells = shown.map(({ bound, nearest }) => [
    bound,
    nearest === undefined ? "" : shortNumber(nearest.observed),
    nearest === undefined
      ? ""
      : nearest.violations > 0
        ? `violated by ${nearest.violations}`
        : describeHeadroom(nearest.headroom),
  ]);
  const head = ["bound", "worst", "headroom"];
  const taken = head.map((name, i) => Math.max(name.length, ...cells.map((row) => row[i]!.length)) + 2);
  const room = SCREEN.columns - 2 - taken.reduce((sum, width) => sum + width, 0);
  const rows = shown.map(({ claim, laws: those }, i) => {
    // where one title has two bounds, the laws say which is which
    const on = claims.filter((other) => other.claim === claim).length > 1 ? ` (${those.join(", ")})` : "";
    return [(all ? claim : shortened(claim, room - on.length)) + on, ...cells[i]!];
  });
  return [
    "",
    ...aligned([["claim", ...head], ...rows]),
    ...(fits ? [] : [`  and ${claims.length - shown.length} claims more, further from their bounds: --all`]),
    "",
  ];
}

function verdictLines({ verdict, expects, seed, events }: NonNullable<Synopsis["judged"]>, { all }: Shown): string[] {
  if (events.length === 0) return field("verdict", "measured, not judged");
  const told = events.map(({ about, law, verdict, models, violations, limits }) => {
    const several = events.some((other) => other.law === law && other.about !== about);
    return `${verdict} on ${law}: ${violations} of ${models} violate ${several ? about : "it"}, ${describeLimits(limits)} at 95 %`;
  });
  if (events.length === 1) return field("verdict", told[0]!, 2);
  const alike = events.every((event) => event.verdict === expects);
  const sizes = events.map(({ models }) => models);
  const whole = `${verdict}, seed ${seed}: ${events.length} events, of ${Math.min(...sizes)} to ${Math.max(...sizes)} models`;
  // where all is as it must be, the table of claims says the rest
  const listed = all ? told : alike ? [] : told.filter((_, i) => events[i]!.verdict !== expects).slice(0, 4);
  return [...field("verdict", whole, 2), ...listed.flatMap((line) => field("", line, all ? undefined : 2))];
}

function nearestLines(kind: Synopsis["kind"], nearest: NearestMiss, since: readonly string[], shown: Shown): string[] {
  const { claim, bound, law, observed, seed, theta } = nearest;
  const from = fromOptions(shown);
  const changed = since.length > 0;
  const replay = changed
    ? `npx theorycheck replay --theta '${JSON.stringify(theta)}' --seed ${seed} --law ${law}${from}`
    : `npx theorycheck train --law ${law} --seed ${seed}${from}`;
  return [
    ...field(
      kind === "theorem" && nearest.violations === 0 ? "nearest" : "worst",
      `${claim}: ${shortNumber(observed)}, bound ${bound}, on ${law}`,
      2,
    ),
    command("replay", replay),
    ...since.flatMap((why) => field("since then", why, 2)),
  ];
}

function controlLines(brokenBy: Synopsis["brokenBy"], noControl: string | undefined, { all }: Shown): string[] {
  if (brokenBy.length === 0) return noControl === undefined ? [] : field("control", `none: ${noControl}`, 2);
  const shown = all ? brokenBy : brokenBy.slice(0, 5);
  const more = brokenBy.length - shown.length;
  return [
    ...shown.flatMap(({ id, leaves, verdict, models }, i) =>
      field(
        i === 0 ? "broken by" : "",
        `${id}${verdict === undefined ? "" : `, ${verdict} after ${models}`} (${leaves})`,
        all ? undefined : 1,
      ),
    ),
    ...(more === 0 ? [] : field("", `and ${more} more: --all`)),
  ];
}

function runLine({ kind, id, of }: Synopsis, shown: Shown): string {
  return `npx theorycheck verify --theorem ${kind === "control" ? of : id}${fromOptions(shown)}`;
}

function nextLine({ id, hypotheses, brokenBy }: Synopsis, shown: Shown): string {
  // what a control has broken, a search breaks too
  const left = brokenBy.find(({ hypothesis }) => hypothesis !== undefined)?.hypothesis ?? hypotheses[0];
  const release = left === undefined ? "" : ` --release ${left}`;
  return `npx theorycheck search ${id}${release}${fromOptions(shown)}`;
}

/** Words behind a label, in so many lines at most; nothing where there are none. */
function field(label: string, words: string, most?: number): string[] {
  if (words === "") return [];
  return wrapped(words, INDENT, most).map((line, i) => `${(i === 0 ? label : "").padEnd(INDENT)}${line}`);
}

/** A command is pasted: it is not broken into lines. */
function command(label: string, words: string): string {
  return `${label.padEnd(INDENT)}${words}`;
}

/** Words in lines that leave so many columns free. The last of `most` lines ends where there is more. */
function wrapped(words: string, free: number, most = Number.POSITIVE_INFINITY): string[] {
  const width = SCREEN.columns - free;
  const lines: string[] = [];
  for (const word of words.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), cut(lines.slice(most - 1).join(" "), width)];
}

function cut(words: string, width: number): string {
  return words.length <= width ? words : `${words.slice(0, width - 1).trimEnd()}…`;
}

/** The same without its middle: titles of claims differ at their ends. */
function shortened(words: string, width: number): string {
  if (words.length <= width) return words;
  const end = Math.floor(width / 2);
  return `${words.slice(0, width - end - 1).trimEnd()}…${words.slice(-end).trimStart()}`;
}
