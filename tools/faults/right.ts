import type { Ended } from "./program.ts";

/** Bad usage or bad input; a fault of the machine or the program. Both say what is wrong. */
const [USAGE, FAULT] = [2, 70];

/** What is right of a run. */
export interface Right {
  /** Exit codes. */
  readonly exits: readonly number[];
  /** Nobody can read what it says, so that nothing is asked of that. */
  readonly mute?: boolean;
  /** What it must say, on either stream. */
  readonly says?: RegExp;
  /** Within so many ms; ten seconds unless given. */
  readonly within?: number;
  /** Before anything was trained. */
  readonly untrained?: boolean;
}

const STACK = /^ +at |^node:internal|^ *throw |^-+ Native stack trace|^FATAL ERROR|^#\n# Fatal error/m;

/** What steers a terminal or turns text around: everything but line feed and tab. */
const STEERS = /[^\P{Cc}\n\t]|\p{Bidi_Control}/u;

/** What is wrong with how a program ended. */
export function wrongsOf(
  ended: Ended,
  { exits, mute = false, says, within, untrained = false }: Right,
): readonly string[] {
  const { code, stdout, stderr, milliseconds, hung } = ended;
  const wrong: string[] = [];
  if (hung) wrong.push("it did not end within ten seconds");
  else if (within !== undefined && milliseconds > within) {
    wrong.push(`it took more than ${within / 1000} seconds`);
  }
  if (!hung && !exits.includes(code)) wrong.push(`exit code ${code}, where ${exits.join(" or ")} is right`);
  const everything = `${stderr}\n${stdout}`;
  if (STACK.test(everything)) wrong.push(`a stack trace: ${shown(everything)}`);
  else if (!hung && !mute && (code === USAGE || code === FAULT)) {
    const lines = complaint(stderr);
    if (lines.length !== 1) wrong.push(`${lines.length} lines say what is wrong, where one is right: ${shown(stderr)}`);
  }
  if (STEERS.test(everything)) wrong.push(`characters that steer a terminal: ${shown(everything)}`);
  if (untrained && /\bverdicts decided\b/.test(stderr)) wrong.push("models were trained before it was said");
  if (says !== undefined && !hung && !says.test(everything)) wrong.push(`it does not say ${says}: ${shown(stderr)}`);
  return wrong;
}

/** The lines from the first that is an error's on; commander's help after it is none of it. */
export function complaint(stderr: string): readonly string[] {
  const lines = stderr.split("\n");
  const first = lines.findIndex((line) => /^(error|theorycheck)\b/i.test(line));
  if (first < 0) return [];
  const rest = lines.slice(first + 1);
  const end = rest.findIndex((line) => line === "" || line.startsWith("(Did you mean") || line.startsWith("Usage:"));
  return [lines[first] as string, ...rest.slice(0, end < 0 ? rest.length : end)];
}

/** The line that says most, in a few visible characters and without names of folders, which differ from run to run. */
export function shown(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("Node.js v"));
  const line =
    lines.find((each) => /error\b/i.test(each) && !/^ +at /.test(each)) ??
    lines.find((each) => STEERS.test(each)) ??
    lines.at(-1) ??
    "";
  const visible = withoutPlaces(line)
    .replace(/[\p{Cc}\p{Cf}]/gu, "·")
    .trim();
  return JSON.stringify(visible.length > 150 ? `${visible.slice(0, 150)}…` : visible);
}

/** A text as it would be written in a program: nothing in it steers a terminal. */
export function withoutSteering(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (steers) => `\\u${steers.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Without what differs from machine to machine and from run to run: folders, numbers of processes, hashes. */
export function withoutPlaces(text: string): string {
  return text
    .replace(/(?:file:\/\/)?(?:\/[^\s/'"]+)*\/theorycheck-faults-\w+/g, "…")
    .replace(/(?:file:\/\/)?(?:\/[\w.@-]+){2,}/g, (path) => `…/${path.split("/").at(-1)}`)
    .replace(/\b[0-9a-f]{16,}\b|\.\d+\.part\b/g, "…");
}
