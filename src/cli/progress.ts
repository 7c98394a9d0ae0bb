import { type Expected, nextAndLast } from "../evidence/eta.ts";
import type { ExaminationStage } from "../explore/examine.ts";
import type { SearchProgress } from "../explore/search.ts";
import type { Progress } from "../verdict/judge.ts";
import { duration, perSecond, type Shown, type Status, type StatusOptions, statusOn } from "./status.ts";

/** What `verify` has under way. */
export interface Verifying extends Pick<Status, "say" | "stop"> {
  readonly show: (progress: Progress) => void;
  /** Something beside the verdicts, and how much of it is done. */
  readonly beside: (what: string, done: number, all: number) => void;
}

/**
 * Shows verdicts under way, from the first second: decided, the next one to come, models.
 *
 * @param verdicts how many there will be; those of the laws that were begun unless given
 */
export function showProgress(
  stream: NodeJS.WriteStream,
  { verdicts, ...options }: StatusOptions & { readonly verdicts?: number | undefined } = {},
): Verifying {
  const laws = new Map<string, Progress>();
  const beside = new Map<string, readonly [done: number, all: number]>();
  let told: Progress | undefined;
  const sum = (of: (progress: Progress) => number) => [...laws.values()].reduce((all, each) => all + of(each), 0);
  const counts = () => ({
    verdicts: verdicts ?? sum((each) => each.verdicts),
    decided: sum(({ decided }) => decided),
    refuted: sum(({ refuted }) => refuted),
    models: sum(({ trials }) => trials),
  });
  const nextOf = (seconds: number): (Expected & { readonly law: string }) | undefined => {
    const open = [...laws.values()].filter(({ awaited = [] }) => awaited.length > 0);
    // those under way share what is trained
    const rate = counts().models / Math.max(seconds, 1e-3) / open.length;
    return open
      .map(({ law, awaited = [] }) => ({ law: law.id, ...nextAndLast(awaited, rate)!.next }))
      .sort((one, other) => one.seconds - other.seconds)[0];
  };
  const unfinished = () => [...beside].filter(([, [done, all]]) => done < all);
  const shown: Shown = {
    event: "verifying",
    parts: (seconds) => {
      const { verdicts, decided, refuted, models } = counts();
      const next = nextOf(seconds);
      return [
        `${decided}/${verdicts} verdicts`,
        ...(next === undefined ? [duration(seconds)] : [`next in ${duration(next.seconds)}`]),
        `${models} trials`,
        perSecond(models, seconds),
        ...(refuted === 0 ? [] : [`${refuted} refuted`]),
        ...unfinished().map(([what, [done, all]]) => `${what} ${done}/${all}`),
      ];
    },
    line: () => {
      if (told === undefined) return undefined;
      const { law, decided, verdicts, refuted, trials } = told;
      const text = `${law.id}: ${decided} of ${verdicts} verdicts decided, ${refuted} refuted, after ${trials} trials`;
      return { key: `${law.id} ${decided}`, text };
    },
    fields: (seconds) => {
      const next = nextOf(seconds);
      return {
        ...counts(),
        modelsPerSecond: Number((counts().models / Math.max(seconds, 1e-3)).toPrecision(3)),
        next: next && { ...next, seconds: Number(next.seconds.toPrecision(3)) },
        laws: [...laws.values()].map(({ law, trials, verdicts, decided, refuted }) => {
          return { law: law.id, models: trials, verdicts, decided, refuted };
        }),
        ...Object.fromEntries([...beside].map(([what, [done, all]]) => [what, { done, all }])),
      };
    },
  };
  const status = statusOn(stream, shown, options);
  const lastLine = new Map<string, number>();
  return {
    show: (progress) => {
      const { law, decided } = progress;
      laws.set(law.id, progress);
      // of each law a line a decision, however they take turns
      if (lastLine.get(law.id) !== decided) told = progress;
      lastLine.set(law.id, decided);
      status.changed();
    },
    beside: (what, done, all) => {
      beside.set(what, [done, all]);
      status.changed();
    },
    say: status.say,
    stop: status.stop,
  };
}

/** What a search does. */
interface Doing {
  readonly doing: string;
  readonly models: number;
  readonly spent: number;
  readonly leastMargin?: number;
  readonly violated?: number;
}

/** Shows a search, and then the examination of what it found: what it does, and what is left of its budget at most. */
export function showSearch(stream: NodeJS.WriteStream, lawId: string, options: StatusOptions = {}) {
  let at: Doing = { doing: "search", models: 0, spent: 0 };
  const secondsLeft = ({ spent }: Doing, seconds: number) =>
    spent > 0 ? (seconds * Math.max(0, 1 - spent)) / spent : undefined;
  const parts = (seconds: number) => {
    const { doing, models, spent, leastMargin, violated = 0 } = at;
    const left = secondsLeft(at, seconds);
    return [
      `${lawId}: ${doing}`,
      `${Math.floor(100 * Math.min(1, spent))} % of the budget`,
      left === undefined ? duration(seconds) : `at most ${duration(left)} left`,
      `${models} models`,
      perSecond(models, seconds),
      ...(violated === 0 ? [] : [`${violated} claims violated`]),
      ...(leastMargin === undefined ? [] : [`least margin ${leastMargin.toPrecision(3)}`]),
    ];
  };
  const status = statusOn(
    stream,
    {
      event: "searching",
      parts,
      line: (seconds) => ({ key: `${at.doing} ${Math.floor(10 * at.spent)}`, text: parts(seconds).join(", ") }),
      fields: (seconds) => ({
        law: lawId,
        ...at,
        spent: Number(Math.min(1, at.spent).toPrecision(3)),
        modelsPerSecond: Number((at.models / Math.max(seconds, 1e-3)).toPrecision(3)),
        secondsLeft: Number(secondsLeft(at, seconds)?.toPrecision(3)),
      }),
    },
    options,
  );
  return {
    search: ({ models, spent, phase, leastMargin, violated }: SearchProgress) => {
      at = { doing: `${phase} search`, models, spent, leastMargin, violated };
      status.changed();
    },
    examine: (stage: ExaminationStage, { models, spent }: { readonly models: number; readonly spent: number }) => {
      at = { doing: `${stage} the violation`, models, spent };
      status.changed();
    },
    aside: status.aside,
    stop: status.stop,
  };
}

/** Shows the cells of a grid. */
export function showCells(stream: NodeJS.WriteStream, theorem: string, options: StatusOptions = {}) {
  let [done, most] = [0, 0];
  const text = () => `${theorem}: ${done} of at most ${most} cells`;
  const status = statusOn(
    stream,
    {
      event: "measuring",
      parts: (seconds) => [
        text(),
        done === 0 ? duration(seconds) : `at most ${duration((seconds * (most - done)) / done)} left`,
      ],
      line: () => ({ key: `${Math.floor((10 * done) / most)}`, text: text() }),
      fields: () => ({ theorem, cells: done, mostCells: most }),
    },
    options,
  );
  return {
    show: (cells: number, all: number) => {
      [done, most] = [cells, all];
      status.changed();
    },
    stop: status.stop,
  };
}
