/** Some files of a room, mutated in a run of their own, and the tests that are to kill their mutants. */
export interface Part {
  readonly name: string;
  /** Under src/. */
  readonly room: string;
  /** Globs under src/<room>/. */
  readonly mutate: readonly string[];
  /** Globs under properties/. */
  readonly specs: readonly string[];
  /** Ends of the names of slow spec files, which run last, in this order: most mutants are dead by then. */
  readonly slow?: readonly string[];
  /**
   * Whether mutants of code that runs outside of tests (while a module is loaded, in a `beforeAll`) are tried. Each
   * takes all tests of the part, since nobody knows which of them it concerns.
   */
  readonly statics?: boolean;
}

export const PARTS: readonly [Part, ...Part[]] = [
  {
    name: "prune",
    room: "transformer/prune",
    mutate: ["*.ts"],
    specs: ["transformer/prune/*.spec.ts", "lemmas/{pruning-bound,magnitude-optimal,compaction}.spec.ts"],
    slow: ["pruning-bound.spec.ts", "magnitude-optimal.spec.ts", "compaction.spec.ts"],
    statics: true,
  },
  { name: "claim", room: "claim", mutate: ["*.ts"], specs: ["claim/*.spec.ts"], statics: true },
  {
    name: "train",
    room: "transformer/train",
    mutate: ["*.ts"],
    specs: ["transformer/train/*.spec.ts"],
    slow: ["sgd.spec.ts"],
    statics: true,
  },
  {
    name: "measure",
    room: "transformer/measure",
    mutate: ["*.ts"],
    specs: ["transformer/measure/*.spec.ts", "lemmas/truncation.spec.ts"],
    slow: ["truncation.spec.ts", "decompose.spec.ts", "evaluate.spec.ts", "run.spec.ts"],
  },
  {
    name: "model",
    room: "transformer/model",
    mutate: ["*.ts", "rounding/*.ts", "kernel/{engine,instance}.ts"],
    specs: [
      "transformer/model/{power-of-two,reference,rounding}.spec.ts",
      "lemmas/!(kernel-exp).spec.ts",
      "transformer/evaluate/evaluate.spec.ts",
    ],
    slow: [
      "truncation.spec.ts",
      "evaluate.spec.ts",
      "gradient.spec.ts",
      "inactive-hinge.spec.ts",
      "symmetries.spec.ts",
      "kernel-equals-reference.spec.ts",
    ],
  },
  {
    name: "arbitraries",
    room: "transformer/model",
    mutate: ["arbitrary/*.ts"],
    specs: [
      "transformer/model/arbitrary-model.spec.ts",
      "lemmas/{token-span,exact-rank,noise-leak,inactive-hinge,symmetries}.spec.ts",
    ],
    slow: [
      "token-span.spec.ts",
      "exact-rank.spec.ts",
      "noise-leak.spec.ts",
      "inactive-hinge.spec.ts",
      "symmetries.spec.ts",
    ],
    statics: true,
  },
  {
    name: "evidence",
    room: "evidence",
    mutate: ["*.ts"],
    specs: ["evidence/{e-process,limits,evidence,plan,strength}.spec.ts"],
    slow: ["limits.spec.ts", "plan.spec.ts", "evidence.spec.ts"],
  },
  {
    name: "calibrate",
    room: "verdict",
    mutate: ["{calibrate,calibrate-joint,share}.ts"],
    specs: ["verdict/{calibrate,calibrate-joint}.spec.ts"],
    statics: true,
  },
  {
    name: "trials",
    room: "verdict",
    mutate: ["{campaign,ledger,lemma,prepare,resume,tally}.ts"],
    specs: ["verdict/{campaign,joint,ledger,resume,tally}.spec.ts", "claim/lemma.spec.ts"],
  },
  {
    name: "experiment",
    room: "experiment",
    mutate: ["*.ts"],
    specs: ["experiment/*.spec.ts"],
    slow: ["trial.spec.ts"],
  },
  {
    name: "laboratory",
    room: "laboratory",
    mutate: ["*.ts"],
    specs: ["laboratory/*.spec.ts", "tools/build.spec.ts"],
    slow: ["build.spec.ts", "store-truth.spec.ts", "threads.spec.ts"],
    statics: true,
  },
  {
    name: "slopes",
    room: "verdict",
    mutate: ["slopes.ts"],
    specs: ["verdict/slopes.spec.ts"],
    statics: true,
  },
  {
    name: "judge",
    room: "verdict",
    mutate: ["judge.ts"],
    specs: ["verdict/judge.spec.ts"],
    slow: ["judge.spec.ts"],
    statics: true,
  },
];

export function partNamed(name: string): Part {
  const part = PARTS.find((one) => one.name === name);
  if (part === undefined) throw new Error(`no part ${name}: must be one of ${PARTS.map((one) => one.name).join(", ")}`);
  return part;
}
