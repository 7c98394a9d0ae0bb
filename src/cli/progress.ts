import { MultiBar, Presets, type SingleBar } from "cli-progress";
import type { Progress } from "../verdict/judge.ts";

/** Shows the populations under way. On a terminal a bar each; otherwise a line for each that is done. */
export function showProgress(stream: NodeJS.WriteStream): { show: (progress: Progress) => void; stop: () => void } {
  return stream.isTTY ? bars(stream) : lines(stream);
}

function bars(stream: NodeJS.WriteStream) {
  const format = "{law} {bar} {value}/{total} claims decided, {refuted} refuted, {trials} trials";
  const multi = new MultiBar({ stream, format, hideCursor: true, noTTYOutput: false }, Presets.shades_grey);
  const shown = new Map<string, SingleBar>();
  return {
    show: ({ law, claims, decided, refuted, trials }: Progress) => {
      const payload = { law: law.id.padEnd(22), refuted, trials };
      const bar = shown.get(law.id) ?? multi.create(claims, 0, payload);
      shown.set(law.id, bar);
      bar.update(decided, payload);
    },
    stop: () => multi.stop(),
  };
}

function lines(stream: NodeJS.WriteStream) {
  const last = new Map<string, number>();
  return {
    show: ({ law, claims, decided, refuted, trials }: Progress) => {
      if (last.get(law.id) === decided) return;
      last.set(law.id, decided);
      stream.write(`${law.id}: ${decided} of ${claims} claims decided, ${refuted} refuted, after ${trials} trials\n`);
    },
    stop: () => {},
  };
}
