import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync, watch } from "node:fs";
import { join } from "node:path";
import type { Ended } from "../program.ts";
import type { Right } from "../right.ts";
import type { Fault, Stage } from "./stage.ts";

const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Signal = keyof typeof CODES;
const SIGNALS = Object.keys(CODES) as Signal[];

/** Laws that the gate has verdicts on: lemmas come after the last of them. */
const LAWS_OF_GATE = 11;

/** What Ctrl-C must do within two seconds, wherever it comes. */
const SOON = 2000;

const stopped = (signal: Signal): Right => ({ exits: [CODES[signal]], within: SOON });

/** When a run has come to some point: calls `then` once. */
type Moment = (child: ChildProcess, stage: Stage, then: () => void) => void;

const afterMs =
  (ms: number): Moment =>
  (_child, _stage, then) =>
    void setTimeout(then, ms);

/** When it has said something on stderr, and so much later. */
const afterSaying =
  (words: RegExp, ms = 0): Moment =>
  (child, _stage, then) => {
    let said = "";
    child.stderr?.on("data", (text: string) => {
      const before = words.test(said);
      said += text;
      if (!before && words.test(said)) setTimeout(then, ms);
    });
  };

/** When the verdicts of so many laws are decided, and so much later. */
const afterDeciding =
  (laws: number, ms: number): Moment =>
  (child, _stage, then) => {
    let said = "";
    let isDone = false;
    child.stderr?.on("data", (text: string) => {
      said += text;
      const decided = said.match(/^\S+: (\d+) of \1 verdicts? decided/gm) ?? [];
      if (!isDone && decided.length >= laws) setTimeout(then, ms);
      isDone ||= decided.length >= laws;
    });
  };

const atFirstFile: Moment = (child, stage, then) => {
  let first = true;
  const watcher = watch(stage.folder("out"), { recursive: true }, () => {
    if (first) then();
    first = false;
  });
  child.once("exit", () => watcher.close());
};

interface Moments {
  readonly name: string;
  readonly moment: Moment;
  readonly command: (stage: Stage) => readonly string[];
  /** Where it had printed its verdict, which then stands. */
  readonly orVerdict?: true;
}

const slow = ({ workshop }: Stage) => ["verify", "--theorems", workshop.module("slow.js"), "--store", "store"];

const MOMENTS: readonly Moments[] = [
  { name: "while the program is loaded", moment: afterMs(60), command: slow },
  { name: "while the declarations are loaded", moment: afterMs(350), command: slow },
  { name: "when the declarations are counted", moment: afterSaying(/declared in/), command: slow },
  { name: "when the first models are trained", moment: afterSaying(/declared in/, 300), command: slow },
  { name: "while models are trained", moment: afterSaying(/decided/, 500), command: slow },
  {
    name: "while figures are drawn",
    moment: afterDeciding(1, 30),
    command: ({ workshop }) => ["verify", "--theorems", workshop.module("sure.js"), "--no-store", "--out", "out"],
    orVerdict: true,
  },
  {
    name: "while reports are written",
    moment: atFirstFile,
    command: ({ workshop }) => ["verify", "--theorems", workshop.module("sure.js"), "--no-store", "--out", "out"],
    orVerdict: true,
  },
  {
    name: "while stored counterexamples are trained",
    moment: afterSaying(/declared in/, 700),
    command: (stage) => {
      slowCounterexample(stage);
      return ["verify", "--theorem", "low-rank-update", "--no-store"];
    },
  },
  {
    name: "while slopes are measured",
    moment: afterDeciding(3, 200),
    command: () => ["verify", "--theorem", "scaling", "--max-models", "1", "--no-store"],
  },
  {
    name: "while lemmas are examined",
    moment: afterDeciding(LAWS_OF_GATE, 1000),
    command: () => ["verify", "--max-models", "1", "--no-store", "--workers", "2"],
  },
  {
    name: "during a search",
    moment: afterMs(1500),
    command: ({ workshop }) => ["search", "small", "--theorems", workshop.module("slow.js"), "--budget-models", "200"],
  },
  {
    name: "during a boundary",
    moment: afterMs(1500),
    command: ({ workshop }) => ["boundary", "small", "--vary", "size=1..9", "--theorems", workshop.module("slow.js")],
  },
];

const once: readonly Fault[] = MOMENTS.flatMap(({ name, moment, command, orVerdict }) =>
  SIGNALS.map(
    (signal): Fault => ({
      name: `${signal} ${name}`,
      right: { ...stopped(signal), exits: orVerdict === undefined ? [CODES[signal]] : [CODES[signal], 0] },
      run: (stage) => signalled(stage, command(stage), (child, send) => moment(child, stage, () => send(signal))),
    }),
  ),
);

const others: readonly Fault[] = [
  ...SIGNALS.map(
    (signal): Fault => ({
      name: `${signal} twice`,
      right: { ...stopped(signal), within: 1000 },
      run: (stage) =>
        signalled(stage, slow(stage), (child, send) => {
          afterSaying(/declared in/, 400)(child, stage, () => {
            send(signal);
            setTimeout(() => send(signal), 50);
          });
        }),
    }),
  ),
  {
    name: "SIGINT, and trials that were finished are kept",
    right: stopped("SIGINT"),
    run: async (stage) => {
      const ended = await signalled(stage, slow(stage), (child, send) =>
        afterSaying(/verdicts decided/, 500)(child, stage, () => send("SIGINT")),
      );
      const kept = existsSync(stage.path("store"))
        ? readdirSync(stage.path("store")).some((file) =>
            readFileSync(stage.path("store", file), "utf8").includes("checksum"),
          )
        : false;
      return [ended, kept ? undefined : "the store holds none of the trials"];
    },
  },
  ...SIGNALS.map(
    (signal): Fault => ({
      name: `${signal} as process 1 of a container`,
      right: stopped(signal),
      needs: "root",
      run: (stage) =>
        signalled(
          stage,
          slow(stage),
          (child, send) =>
            afterSaying(/declared in/, 400)(child, stage, () => send(signal, firstChildOf(child.pid as number))),
          ["unshare", "--pid", "--fork", "--kill-child"],
        ),
    }),
  ),
  {
    name: "stopped and continued (SIGTSTP, SIGCONT)",
    right: { exits: [0], says: /^certified/m },
    run: (stage) =>
      signalled(stage, ["verify", "--theorems", stage.workshop.module("sure.js"), "--no-store"], (child, send) => {
        afterSaying(/declared in/)(child, stage, () => {
          send("SIGSTOP");
          setTimeout(() => send("SIGCONT"), 500);
        });
      }),
  },
];

export const signals: readonly Fault[] = [...once, ...others];

/** Runs a command and lets something send it signals. */
function signalled(
  stage: Stage,
  command: readonly string[],
  arrange: (child: ChildProcess, send: (signal: NodeJS.Signals, pid?: number) => void) => void,
  within: readonly string[] = [],
): Promise<Ended> {
  return stage.run(command, {
    within,
    longest: 90_000,
    onStart: (child, sent) => {
      arrange(child, (signal, pid = child.pid as number) => {
        sent();
        if (child.exitCode === null && child.signalCode === null) process.kill(pid, signal);
      });
    },
  });
}

function firstChildOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0]);
}

/** A stored counterexample whose training takes minutes. */
function slowCounterexample(stage: Stage): void {
  const stored = join(stage.ground.project, "reports", "counterexamples", "low-rank-update-attention-scale.json");
  const content = JSON.parse(readFileSync(stored, "utf8"));
  const slow = { M: 12, d: 40, ma: 40, mb: 40, L: 40, m: 400, N: 1000, B: 200, tau: 1.9, Tmax: 6000, eta: 0.001 };
  Object.assign(content.models[0].theta, slow);
  stage.file("reports/counterexamples/slow.json", JSON.stringify(content));
}
