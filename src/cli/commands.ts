import type { Command } from "commander";

/** A command as `theorycheck --help` lists it. What else it is made of is loaded when somebody asks for it by name. */
interface Listed {
  /** Its name with its arguments. */
  readonly usage: string;
  readonly description: string;
  readonly load: (version: string, signal: AbortSignal) => Promise<Command>;
}

/** By name, in the order in which they are listed. */
export const COMMANDS: Readonly<Record<string, Listed>> = {
  verify: {
    usage: "verify [options]",
    description: "train models until everything is decided, print the verdicts, write the reports",
    load: async (version, signal) => (await import("./verify.ts")).verifyCommand(version, signal),
  },
  init: {
    usage: "init [options] [folder]",
    description: "write a project that runs: an experiment, two theorems, a control, a CI workflow, a README",
    load: async (version) => (await import("./init.ts")).initCommand(version),
  },
  list: {
    usage: "list [options]",
    description: "list lemmas, theorems, controls, findings and laws, and where each comes from",
    load: async () => (await import("./list.ts")).listCommand(),
  },
  explain: {
    usage: "explain [options] <id>",
    description: "one statement on a screen: sources, bounds, last verdict, nearest miss, controls, replay",
    load: async () => (await import("./explain.ts")).explainCommand(),
  },
  diff: {
    usage: "diff [options] <old> <new>",
    description: "what changed between two results.json: verdicts, worst cases, strength; exit code 1 on a regression",
    load: async () => (await import("./diff.ts")).diffCommand(),
  },
  train: {
    usage: "train [options]",
    description: "train the model that a law gives to a seed, and show what is measured and claimed of it",
    load: async (_, signal) => (await import("./train.ts")).trainCommand(signal),
  },
  replay: {
    usage: "replay [options] [file]",
    description: "train the model of a counterexample file, or of a theta and a seed, again, and grade what comes out",
    load: async (version, signal) => (await import("./replay.ts")).replayCommand(version, signal),
  },
  search: {
    usage: "search [options] <theorem>",
    description: "look for a theta that violates a claim, or comes nearest; shrink and explain what is found",
    load: async (version, signal) => (await import("./search.ts")).searchCommand(version, signal),
  },
  boundary: {
    usage: "boundary [options] [theorem]",
    description:
      "measure the violation rate of a theorem over a grid of one field of theta or two, near the edge finely",
    load: async (version, signal) => (await import("./boundary.ts")).boundaryCommand(version, signal),
  },
  worker: {
    usage: "worker [options]",
    description: "train what runs with --queue order, on this machine, until it is told to end",
    load: async (version, signal) => (await import("./worker.ts")).workerCommand(version, signal),
  },
  shard: {
    usage: "shard [options]",
    description: "train one of n parts of what verify would, into a folder: for any scheduler",
    load: async (version, signal) => (await import("./shard.ts")).shardCommand(version, signal),
  },
  merge: {
    usage: "merge [options] <folders...>",
    description: "put what shards trained into the store, and name what is missing",
    load: async () => (await import("./merge.ts")).mergeCommand(),
  },
  inspect: {
    usage: "inspect [options] <after>",
    description: "measure ranks and neurons of your own weights, or of what training changed: files of other programs",
    load: async (version) => (await import("./inspect.ts")).inspectCommand(version),
  },
  evaluate: {
    usage: "evaluate [options] <file>",
    description: "evaluate the cases of a file in the form of golden/one-layer-transformer.json",
    load: async () => (await import("./evaluate.ts")).evaluateCommand(),
  },
  evidence: {
    usage: "evidence [options]",
    description: "the evidence of given counts of models and violations, or the number of models that a verdict takes",
    load: async () => (await import("./evidence.ts")).evidenceCommand(),
  },
  report: {
    usage: "report [options] [file]",
    description: "make every report anew from a results.json",
    load: async () => (await import("./report.ts")).reportCommand(),
  },
  store: {
    usage: "store [options]",
    description: "show what is kept of models already trained, or remove it",
    load: async () => (await import("./store.ts")).storeCommand(),
  },
  query: {
    usage: "query [options] <sql>",
    description: "answer SQL over the models of a run (DuckDB)",
    load: async () => (await import("./query.ts")).queryCommand(),
  },
};
