/** Some files of a room, mutated in a run of their own, and the tests that are to kill their mutants. */
export interface Part {
  readonly name: string;
  readonly room: "model" | "train" | "prune" | "measure" | "claim" | "verdict";
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
    room: "prune",
    mutate: ["*.ts"],
    specs: ["prune/*.spec.ts", "lemmas/{pruning-bound,magnitude-optimal,compaction}.spec.ts"],
    slow: ["pruning-bound.spec.ts", "magnitude-optimal.spec.ts", "compaction.spec.ts"],
    statics: true,
  },
  { name: "claim", room: "claim", mutate: ["*.ts"], specs: ["claim/*.spec.ts"], statics: true },
  { name: "train", room: "train", mutate: ["*.ts"], specs: ["train/*.spec.ts"], slow: ["sgd.spec.ts"], statics: true },
  {
    name: "measure",
    room: "measure",
    mutate: ["*.ts"],
    specs: ["measure/*.spec.ts", "lemmas/truncation.spec.ts"],
    slow: ["truncation.spec.ts", "decompose.spec.ts", "evaluate.spec.ts", "run.spec.ts"],
  },
  {
    name: "model",
    room: "model",
    mutate: ["!(arbitrary-)*.ts", "kernel/{engine,instance}.ts"],
    specs: [
      "model/{power-of-two,reference,rounding}.spec.ts",
      "lemmas/!(kernel-exp).spec.ts",
      "measure/evaluate.spec.ts",
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
    room: "model",
    mutate: ["arbitrary-*.ts"],
    specs: [
      "model/arbitrary-model.spec.ts",
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
    room: "verdict",
    mutate: ["{e-process,limits,verdict,plan}.ts"],
    specs: ["verdict/{e-process,limits,verdict,plan}.spec.ts"],
    slow: ["limits.spec.ts", "plan.spec.ts", "verdict.spec.ts"],
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
    mutate: ["{ledger,lemma,population,resume,same-declarations,statements,tally,trial,worker,write-whole}.ts"],
    specs: [
      "verdict/{ledger,population,resume,same-declarations,statements,tally,trial,write-whole}.spec.ts",
      "claim/lemma.spec.ts",
    ],
    slow: ["trial.spec.ts"],
  },
  {
    name: "store",
    room: "verdict",
    mutate: [
      "{closure,fingerprint,import-graph,ladder-store,line-store,outer-world,remembered,sources,trial-store,tsx-resolution}.ts",
    ],
    specs: ["verdict/{closure,fingerprint,ladder-store,line-store,store-truth,trial-store}.spec.ts"],
    slow: ["store-truth.spec.ts", "trial-store.spec.ts"],
    statics: true,
  },
  {
    name: "slopes",
    room: "verdict",
    mutate: ["slopes.ts"],
    specs: ["verdict/{slopes,ladder-store}.spec.ts"],
    slow: ["ladder-store.spec.ts"],
    statics: true,
  },
  {
    name: "judge",
    room: "verdict",
    mutate: ["{judge,pool}.ts"],
    specs: ["verdict/{judge,trial}.spec.ts"],
    slow: ["judge.spec.ts"],
    statics: true,
  },
];

export function partNamed(name: string): Part {
  const part = PARTS.find((one) => one.name === name);
  if (part === undefined) throw new Error(`no part ${name}: must be one of ${PARTS.map((one) => one.name).join(", ")}`);
  return part;
}
