import { visibleLines } from "../visible-text.ts";

let writes = (text: string, done?: () => void): boolean => process.stdout.write(text, done);

/**
 * From then on stdout is the command's own: what declarations print there goes to stderr, so that `--json` stays JSON
 * whatever they say. Neither stream can be closed, or an answer would be lost: of a process, too, both outlive everything.
 */
export function keepStreams(): void {
  const stdout = process.stdout.write.bind(process.stdout);
  writes = (text, done) => stdout(text, done);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  for (const stream of [process.stdout, process.stderr]) {
    Object.assign(stream, { end: () => stream, destroy: () => stream });
  }
}

/**
 * Prints what a command answers. What would steer a terminal or turn text around is shown and not sent.
 *
 * @returns false where nobody should print more before stdout's `drain`
 */
export function print(text: string): boolean {
  return writes(visibleLines(text));
}

/** The same of text with colours, in which nothing else steers a terminal. */
export function printPainted(text: string): boolean {
  return writes(text);
}

/** Resolves as soon as all that was printed is handed over. */
export function printed(): Promise<void> {
  return new Promise((done) => {
    writes("", done);
  });
}

/** Says something beside the answer, in a line of stderr. */
export function tell(line: string): void {
  process.stderr.write(`${visibleLines(line)}\n`);
}
