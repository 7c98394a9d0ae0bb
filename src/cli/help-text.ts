/** A line to begin with, for each command; docs/command-line.md has more. */
const EXAMPLES: Readonly<Record<string, string>> = {
  verify: "npx theorycheck verify --theorem low-rank-update --max-models 200",
  init: "npx theorycheck init --typescript my-theorems",
  list: "npx theorycheck list --sources",
  explain: "npx theorycheck explain low-rank-update",
  diff: "npx theorycheck diff old/results.json reports/results.json",
  train: "npx theorycheck train --law base --seed 7",
  replay: "npx theorycheck replay reports/counterexamples/pruning-is-free-output-scale.json",
  search: "npx theorycheck search pruning-is-free --release output-scale --out found.json",
  boundary: "npx theorycheck boundary low-rank-update --vary delta=0.01..3",
  worker: "npx theorycheck worker --queue redis://farm",
  shard: "npx theorycheck shard --index 0 --of 4 --models 160 --out shard-0",
  merge: "npx theorycheck merge shard-0 shard-1 shard-2 shard-3",
  evaluate: "npx theorycheck evaluate golden/one-layer-transformer.json --check",
  evidence: "npx theorycheck evidence --models 158 --violations 0",
  report: "npx theorycheck report --check reports",
  store: "npx theorycheck store",
  query: 'npx theorycheck query "SELECT law, count(*) AS models FROM models GROUP BY 1"',
};

/** Where the help of a command goes on after its options. */
export const EXAMPLE = "Example:";

const EXIT_CODES = `Exit codes: 0 all holds; 1 refuted, a control not refuted, or something broken;
  2 bad usage or bad input; 3 inconclusive; 70 a fault of program or machine;
  129, 130, 143 ended by a signal (130: Ctrl-C).`;

/** What the help says after a command's options; without a command, of all of them. */
export function helpAfter(command?: string): string {
  const example = command === undefined ? EXAMPLES.verify : EXAMPLES[command];
  return [...(example === undefined ? [] : ["", EXAMPLE, `  ${example}`]), "", EXIT_CODES].join("\n");
}
