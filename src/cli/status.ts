import { Option } from "commander";
import { visibleIn } from "../visible-text.ts";

/** How progress is shown: a line that is drawn over on a terminal and else a line a change; JSON; or not at all. */
export type ProgressMode = "auto" | "json" | "none";

/** The option of commands that take a while. */
export function progressOption(): Option {
  return new Option(
    "--progress <how>",
    "on stderr: auto is a line of text, json an object a line for dashboards, or none",
  )
    .choices(["auto", "json", "none"])
    .default("auto");
}

/** What there is to show. All of it is asked for when it is shown, not when it changes. */
export interface Shown {
  /** What happens, for programs. */
  readonly event: string;
  /** In the order of their worth: on a terminal those are shown that fit. @param seconds since it began */
  readonly parts: (seconds: number) => readonly string[];
  /** A line where nobody watches; shown when its key is another one than before, and not where there is none. */
  readonly line: (seconds: number) => { readonly key: string; readonly text: string } | undefined;
  /** The same in numbers. */
  readonly fields: (seconds: number) => Readonly<Record<string, unknown>>;
}

/** Progress on a stream. */
export interface Status {
  /** Something is different. */
  readonly changed: () => void;
  /** A line beside it. */
  readonly say: (line: string) => void;
  /** Something that is printed elsewhere on what may be the same terminal. */
  readonly aside: (print: () => void) => void;
  readonly stop: () => void;
}

export interface StatusOptions {
  readonly mode?: ProgressMode | undefined;
  /** Milliseconds. */
  readonly now?: (() => number) | undefined;
}

/** Where a terminal does not say how wide it is. */
const COLUMNS = 80;

/** Milliseconds between two drawings of a line, and between two where nothing changed but the time. */
const DRAWN = 250;
const TICK = 1000;

export function statusOn(
  stream: NodeJS.WriteStream,
  shown: Shown,
  { mode = "auto", now = () => performance.now() }: StatusOptions = {},
): Status {
  const began = now();
  const seconds = () => (now() - began) / 1000;
  const say = (line: string) => {
    stream.write(`${line}\n`);
  };
  const aside = (print: () => void) => print();
  if (mode === "none") return { changed: () => {}, say, aside, stop: () => {} };
  if (mode === "json") return jsonLines(shown, seconds, say);
  if (!stream.isTTY) {
    let last: string | undefined;
    const changed = () => {
      const line = shown.line(seconds());
      if (line === undefined || line.key === last) return;
      last = line.key;
      say(line.text);
    };
    return { changed, say, aside, stop: () => {} };
  }
  return drawnLine(stream, shown, seconds, say);
}

function drawnLine(
  stream: NodeJS.WriteStream,
  { parts }: Shown,
  seconds: () => number,
  say: (line: string) => void,
): Status {
  let drawnAt = Number.NEGATIVE_INFINITY;
  let stopped = false;
  const draw = () => {
    drawnAt = 1000 * seconds();
    stream.write(`\r\u001b[K${fitted(parts(seconds()), (stream.columns || COLUMNS) - 1)}`);
  };
  const aside = (print: () => void) => {
    if (stopped) return print();
    stream.write("\r\u001b[K");
    print();
    draw();
  };
  // what takes its time is seen to take it
  const ticking = setInterval(draw, TICK);
  ticking.unref();
  draw();
  return {
    changed: () => {
      if (!stopped && 1000 * seconds() - drawnAt >= DRAWN) draw();
    },
    say: (line) => aside(() => say(line)),
    aside,
    stop: () => {
      if (stopped) return;
      stopped = true;
      clearInterval(ticking);
      draw();
      stream.write("\n");
    },
  };
}

function jsonLines(shown: Shown, seconds: () => number, say: Status["say"]): Status {
  let [saidAt, lastKey, stopped]: [number, string | undefined, boolean] = [Number.NEGATIVE_INFINITY, undefined, false];
  const tell = () => {
    const at = seconds();
    saidAt = at;
    lastKey = shown.line(at)?.key;
    const { event } = shown;
    const line = { event, text: shown.parts(at).join(", "), seconds: Number(at.toFixed(3)), ...shown.fields(at) };
    say(JSON.stringify(visibleIn(line)));
  };
  const ticking = setInterval(tell, 10 * TICK);
  ticking.unref();
  return {
    // once a second, and whatever is decided at once
    changed: () => {
      if (!stopped && (seconds() - saidAt >= 1 || shown.line(seconds())?.key !== lastKey)) tell();
    },
    say: (line) => say(JSON.stringify(visibleIn({ event: "note", text: line }))),
    aside: (print) => print(),
    stop: () => {
      if (stopped) return;
      stopped = true;
      clearInterval(ticking);
      tell();
    },
  };
}

/** As many of the parts as fit, joined by commas; of the first as much as does. */
export function fitted([first = "", ...others]: readonly string[], width: number): string {
  let line = first.length > width ? `${first.slice(0, Math.max(0, width - 1))}…` : first;
  for (const part of others) {
    if (line.length + 2 + part.length <= width) line = `${line}, ${part}`;
  }
  return line;
}

/** 8 s, 1 min 5 s, 2 h 3 min. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** So many in so many seconds: 7.8/s. */
export function perSecond(count: number, seconds: number): string {
  const rate = seconds > 0 ? count / seconds : 0;
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`;
}
