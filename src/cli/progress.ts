import { MultiBar, Presets, type SingleBar } from "cli-progress";
import type { ExaminationStage } from "../explore/examine.ts";
import type { SearchProgress } from "../explore/search.ts";
import type { Progress } from "../verdict/judge.ts";

/** Shows the populations under way. On a terminal a bar each; otherwise a line for each that is done. */
export function showProgress(stream: NodeJS.WriteStream): {
  show: (progress: Progress) => void;
  /** A line beside it. */
  say: (line: string) => void;
  stop: () => void;
} {
  return stream.isTTY ? bars(stream) : lines(stream);
}

function bars(stream: NodeJS.WriteStream) {
  const format = "{law} {bar} {value}/{total} verdicts decided, {refuted} refuted, {trials} trials";
  const multi = new MultiBar({ stream, format, hideCursor: true, noTTYOutput: false }, Presets.shades_grey);
  const shown = new Map<string, SingleBar>();
  return {
    show: ({ law, verdicts, decided, refuted, trials }: Progress) => {
      const payload = { law: law.id.padEnd(22), refuted, trials };
      const bar = shown.get(law.id) ?? multi.create(verdicts, 0, payload);
      shown.set(law.id, bar);
      bar.update(decided, payload);
    },
    say: (line: string) => {
      // nothing is drawn before the first bar
      if (shown.size === 0) stream.write(`${line}\n`);
      else multi.log(`${line}\n`);
    },
    stop: () => multi.stop(),
  };
}

function lines(stream: NodeJS.WriteStream) {
  const last = new Map<string, number>();
  return {
    show: ({ law, verdicts, decided, refuted, trials }: Progress) => {
      if (last.get(law.id) === decided) return;
      last.set(law.id, decided);
      stream.write(
        `${law.id}: ${decided} of ${verdicts} verdicts decided, ${refuted} refuted, after ${trials} trials\n`,
      );
    },
    say: (line: string) => {
      stream.write(`${line}\n`);
    },
    stop: () => {},
  };
}

/** A line of progress that is written over on a terminal; otherwise a line each time that its coarse form changes. */
function oneLine(stream: NodeJS.WriteStream) {
  let lastTold = "";
  return {
    tell: (shown: string, coarse: string) => {
      if (stream.isTTY) stream.write(`\r\u001b[K${shown}`);
      else if (coarse !== lastTold) stream.write(`${shown}\n`);
      lastTold = coarse;
    },
    stop: () => {
      if (stream.isTTY && lastTold !== "") stream.write("\n");
    },
  };
}

/** Shows a search, and then the examination of what it found: what it does, and what is left of its budget at most. */
export function showSearch(stream: NodeJS.WriteStream, lawId: string, now: () => number = () => performance.now()) {
  const { tell, stop } = oneLine(stream);
  const began = now();
  const show = (doing: string, models: number, spent: number, more: string) => {
    const seconds = (now() - began) / 1000;
    const left = spent > 0 ? `, at most ${duration((seconds * Math.max(0, 1 - spent)) / spent)} left` : "";
    tell(
      `${lawId}: ${doing}, ${models} models, ${Math.floor(100 * Math.min(1, spent))} % of the budget${left}${more}`,
      `${doing} ${Math.floor(10 * spent)}`,
    );
  };
  return {
    search: ({ models, spent, phase, leastMargin, violated }: SearchProgress) => {
      const violations = violated === 0 ? "" : `, ${violated} claims violated`;
      show(`${phase} search`, models, spent, `, least margin ${leastMargin.toPrecision(3)}${violations}`);
    },
    examine: (stage: ExaminationStage, { models, spent }: { readonly models: number; readonly spent: number }) =>
      show(`${stage} the violation`, models, spent, ""),
    stop,
  };
}

/** 8 s, 1 min 5 s, 2 h 3 min. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Shows the cells of a grid. */
export function showCells(stream: NodeJS.WriteStream, theorem: string) {
  const { tell, stop } = oneLine(stream);
  return {
    show: (cells: number, all: number) =>
      tell(`${theorem}: ${cells} of at most ${all} cells`, `${Math.floor((10 * cells) / all)}`),
    stop,
  };
}
