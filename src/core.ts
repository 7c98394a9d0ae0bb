/**
 * What the core begins with, as paths in this folder: all that these import can change a trial. It is what a worker
 * starts with, what declarations are made with, how trials are written and read again, a suite and what
 * runs its command, and the package's own experiment.
 */
export const CORE_BEGINNINGS = [
  "laboratory/start-worker.js",
  "laboratory/worker.ts",
  "laboratory/remembering.ts",
  "laboratory/suite-file.ts",
  "experiment/statements-of.ts",
  "transformer/experiment.ts",
];
