import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Fault, REFUSED, type Stage } from "./stage.ts";

/** Files that no command can do anything with, by what is wrong with them. */
const BAD_FILES: Readonly<Record<string, (stage: Stage) => string>> = {
  "that is not there": (stage) => stage.path("nowhere.json"),
  "that is a folder": (stage) => stage.folder("folder.json"),
  "that never ends": () => "/dev/zero",
  "that is a pipe that nobody writes into": (stage) => {
    execFileSync("mkfifo", [stage.path("pipe.json")]);
    return stage.path("pipe.json");
  },
  "of 200 MB": (stage) => stage.file("large.json", Buffer.alloc(2e8, 0x20)),
  "that nests 100,000 levels": (stage) => stage.file("deep.json", "[".repeat(1e5) + "]".repeat(1e5)),
  "that is empty": (stage) => stage.file("empty.json"),
  "that is no text": (stage) => stage.file("bytes.json", Buffer.alloc(1000, 0xff)),
};

/** Commands that read a file of JSON. */
const READERS: Readonly<Record<string, (file: string, stage: Stage) => readonly string[]>> = {
  "verify --resume": (file, { workshop }) => [
    "verify",
    "--theorems",
    workshop.module("sure.js"),
    "--no-store",
    "--resume",
    file,
  ],
  replay: (file) => ["replay", file],
  evaluate: (file) => ["evaluate", file],
  report: (file) => ["report", file, "--out", "out"],
};

const files: readonly Fault[] = Object.entries(READERS).flatMap(([command, words]) =>
  Object.entries(BAD_FILES).map(([what, make]) => ({
    name: `${command}: a file ${what}`,
    right: REFUSED,
    run: (stage: Stage) => stage.run(words(make(stage), stage)),
  })),
);

const modules: readonly Fault[] = Object.entries({
  ...BAD_FILES,
  "with the wrong ending": (stage: Stage) => stage.file("theorems.txt", "export default 1"),
}).flatMap(([what, make]) =>
  // an empty module declares nothing; a file in JSON is a module that Node refuses
  [
    {
      name: `verify --theorems: a file ${what}`,
      right: REFUSED,
      run: (stage: Stage) => stage.run(["verify", "--theorems", make(stage)]),
    },
  ],
);

/** A case of the golden file with something changed. */
const cases = (name: string, change: (file: { cases: Record<string, unknown>[] }) => void): Fault => ({
  name: `evaluate: ${name}`,
  right: REFUSED,
  run: (stage) => {
    const golden = JSON.parse(readFileSync(join(stage.ground.project, "golden", "one-layer-transformer.json"), "utf8"));
    change(golden);
    return stage.run(["evaluate", stage.file("cases.json", JSON.stringify(golden))]);
  },
});

/** A stored counterexample, with fields of θ changed. */
function counterexample(stage: Stage, file: string, theta: Readonly<Record<string, number>>): string {
  const stored = join(stage.ground.project, "reports", "counterexamples", "low-rank-update-attention-scale.json");
  const content = JSON.parse(readFileSync(stored, "utf8"));
  Object.assign(content.models[0].theta, theta);
  return stage.file(file, JSON.stringify(content));
}

const work: readonly Fault[] = [
  cases("10⁹ steps", ({ cases: [first] }) => Object.assign(first!, { sgd: { stepSize: 0.1, steps: 1e9 } })),
  cases("a shape of 10⁹ neurons", ({ cases: [first] }) => Object.assign(first!.shape as object, { m: 1e9 })),
  cases("10⁶ cases that are none", (file) => {
    file.cases = Array.from({ length: 1e6 }, () => ({}));
  }),
  cases("a name that turns text around", ({ cases: [first] }) =>
    Object.assign(first!, { name: "\u202e\u001b[2J", shape: 0 }),
  ),
  {
    name: "replay: a counterexample of too much work",
    right: REFUSED,
    run: (stage) => stage.run(["replay", counterexample(stage, "slow.json", { N: 1e6, Tmax: 1e6, m: 1e5 })]),
  },
  {
    name: "verify: a stored counterexample of too much work is named, and ends nothing",
    right: { exits: [1, 2], says: /slow\.json/ },
    run: (stage) => {
      counterexample(stage, "reports/counterexamples/slow.json", { N: 1e6, Tmax: 1e6, m: 1e5 });
      return stage.train();
    },
  },
  ...(["boundaries/torn.json", "teeth.json", "calibration.json", "performance.json"] as const).map(
    (file): Fault => ({
      name: `verify: reports/${file} is torn`,
      right: REFUSED,
      run: (stage) => {
        stage.file(`reports/${file}`, '{"format":');
        return stage.train();
      },
    }),
  ),
  ...["delta=1e-320..3", "delta=0..0", "N=1..1000000000", "delta=NaN..1", "nothing=1..2"].map(
    (vary): Fault => ({
      name: `boundary --vary ${vary}`,
      right: REFUSED,
      run: (stage) => stage.run(["boundary", "low-rank-update", "--vary", vary, "--seeds", "1", "--cells", "3"]),
    }),
  ),
  {
    name: "boundary --set: a step limit that nobody waits for",
    right: REFUSED,
    run: (stage) =>
      stage.run([
        "boundary",
        "low-rank-update",
        "--vary",
        "delta=0.1..3",
        "--set",
        "Tmax=1000000000",
        "--seeds",
        "1",
        "--cells",
        "3",
      ]),
  },
];

const queries: readonly Fault[] = [
  ...[
    "COPY (SELECT 1) TO 'written.csv'",
    "ATTACH 'other.db'",
    "INSTALL httpfs",
    "SELECT 1; SELECT 2",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT",
    "",
  ].map(
    (sql): Fault => ({
      name: `query: ${sql === "" ? "nothing" : sql}`,
      right: { exits: [2] },
      run: (stage) => stage.run(["query", "--models", models(stage, "models.jsonl"), sql]),
    }),
  ),
  ...["run[1]/models.jsonl", "a*b/models.jsonl", "it's/models.jsonl"].map(
    (name): Fault => ({
      name: `query: ${name}, and another folder that it would match`,
      right: { exits: [0], says: /\b5\b/ },
      run: (stage) => {
        models(stage, "run1/models.jsonl", 2);
        models(stage, "axxb/models.jsonl", 2);
        return stage.run(["query", "--models", models(stage, name), "SELECT count(*) AS models FROM models"]);
      },
    }),
  ),
  {
    name: "query: a million rows",
    right: { exits: [0] },
    run: (stage) => stage.run(["query", "--models", models(stage, "models.jsonl"), "SELECT range FROM range(1000000)"]),
  },
  {
    name: "query: a line that is cut off",
    right: { exits: [2] },
    run: (stage) => {
      const file = models(stage, "models.jsonl");
      return stage.run([
        "query",
        "--models",
        stage.file("torn.jsonl", readFileSync(file, "utf8").slice(0, -30)),
        "SELECT 1",
      ]);
    },
  },
];

/** So many lines of a models.jsonl. */
function models(stage: Stage, name: string, count = 5): string {
  const line = (trial: number) =>
    JSON.stringify({
      law: "l",
      trial,
      member: 0,
      seed: 7,
      theta: { size: 1 },
      outcome: "ended",
      digest: "a",
      measurements: { drawn: 0.5 },
      observed: {},
    });
  return stage.file(name, Array.from({ length: count }, (_, trial) => `${line(trial)}\n`).join(""));
}

export const inputs: readonly Fault[] = [...files, ...modules, ...work, ...queries];
