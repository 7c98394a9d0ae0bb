/**
 * Files of the counterexamples that are stored in reports/counterexamples, and the theorem that each is about. The gate
 * trains them again, and says which it did not find: an installed package brings none along.
 */
export const storedCounterexamples: Readonly<Record<string, string>> = {
  "learnability-step-size.json": "learnability",
  "low-rank-update-attention-scale.json": "low-rank-update",
  "pruning-is-free-output-scale.json": "pruning-is-free",
};
