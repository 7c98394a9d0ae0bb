import { EXAMPLE } from "../../src/cli/help-text.ts";
import { commandNames, printed } from "./help.ts";

/** Where the page stands, from the project's folder. */
export const PAGE = "docs/command-line.md";

/** What each command is for, in a line that can be pasted. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  verify: [
    "npx theorycheck verify --theorem low-rank-update   # one theorem, with its controls",
    "npx theorycheck verify --law base                  # the law r = 2, its controls and doublings alone",
    "npx theorycheck verify --theorem low-rank-update --range delta=0.5..1 --set L=40   # on ranges of your own",
    "npx theorycheck verify --plan                      # models and minutes, before it starts",
    "npx theorycheck verify --fresh                     # a new seed, printed",
    "npx theorycheck verify --campaign campaign.jsonl   # nightly: one evidence process over all nights",
    "npx theorycheck verify --theorems ./my-theorem.ts  # your own declarations",
    "npx theorycheck verify --suite suite.yaml           # an experiment in any language: docs/suite.md",
  ],
  init: [
    "npx theorycheck init                                # a suite with an experiment in Python: docs/suite.md",
    "npx theorycheck init --typescript my-theorems       # declarations in TypeScript, in a folder of their own",
  ],
  list: ["npx theorycheck list"],
  explain: [
    "npx theorycheck explain low-rank-update        # from reports/results.json, where it is there",
    "npx theorycheck explain low-rank-update --all   # every claim, also where that is more than a screen",
  ],
  diff: [
    "npx theorycheck diff before.json reports/results.json              # exit code 1 on a regression",
    "npx theorycheck diff before.json reports --markdown > comment.md   # for a pull request",
  ],
  train: ["npx theorycheck train --law base --seed 7 --json   # theta, measurements, digest"],
  replay: ["npx theorycheck replay reports/counterexamples/pruning-is-free-output-scale.json"],
  search: [
    "npx theorycheck search pruning-is-free --release output-scale  # find, shrink and explain a counterexample",
    "npx theorycheck search all                                     # the nearest miss of every theorem",
  ],
  boundary: ["npx theorycheck boundary low-rank-update --vary delta=0.01..3  # violation rate, fine near the edge"],
  worker: [
    "npx theorycheck worker --queue redis://farm           # on each machine; a place a core",
    "npx theorycheck verify --queue redis://farm  # its models are trained there",
  ],
  shard: ["npx theorycheck shard --index 0 --of 4 --models 160 --out shard-0  # and 1, 2, 3 elsewhere"],
  merge: ["npx theorycheck merge shard-0 shard-1 shard-2 shard-3  # verify then judges from the store"],
  inspect: [
    "npx theorycheck inspect after.safetensors --before before.safetensors  # is what training changed low-rank?",
    "npx theorycheck inspect adapter --json                                 # a LoRA adapter, by its factors",
  ],
  evaluate: ["npx theorycheck evaluate golden/one-layer-transformer.json --engine kernel --check"],
  evidence: [
    "npx theorycheck evidence --models 158 --violations 0 --p0 0.05",
    "npx theorycheck evidence --plan --rate 0.01  # how many models will a verdict take?",
  ],
  report: [
    "npx theorycheck report                       # all reports again, from reports/results.json",
    "npx theorycheck report --check reports       # are the files of one run, and as it wrote them?",
  ],
  store: [
    "npx theorycheck store          # trials and sizes by key, and which belong to the present core",
    "npx theorycheck store --clear  # all of it removed: whatever is asked for is trained again",
  ],
  query: [
    'npx theorycheck query "SELECT law, count(*) AS models, max(steps) AS longest FROM models GROUP BY 1 ORDER BY 1"',
  ],
};

const HEAD = `# Command line

<!-- Written by \`npm run docs\`, from what every command says of itself. -->

\`verify --theorem\`, \`--law\`, \`--range\`, \`--set\`, \`--p0\` (of statements that declare none), \`--alpha\`, \`--beta\`,
\`--max-models\` and \`--seed\` narrow or change what is judged. Reports are then written only where \`--out FOLDER\` says, and a
standard that is not as declared is printed with the verdicts.

| exit code | what it says                                                                                   |
| --------- | ---------------------------------------------------------------------------------------------- |
| 0         | all holds                                                                                      |
| 1         | a theorem refuted, a control not refuted, a lemma or a stored counterexample broken            |
| 2         | bad usage or bad input: the message says which option or field, what is required, what was got |
| 3         | inconclusive                                                                                   |
| 70        | no answer: a fault of the program or the machine, in one line that says what to do             |
| 129       | ended by SIGHUP                                                                                |
| 130       | ended by SIGINT (Ctrl-C)                                                                       |
| 143       | ended by SIGTERM                                                                               |

The exit code is 70 until there is an answer: what ends the program before (\`process.exit\` in a module of declarations, an
error nobody caught, memory that runs out, a full disk, a suite's program that failed twice, with --queue an audit
or two answers that differ, in a checkout a \`dist/\` that is not what the sources make) is no pass.
\`DEBUG=theorycheck\` shows a fault's stack. A reader of stdout who goes early (\`| head\`) changes nothing.

A signal ends every command within two seconds, whatever it is at, and a second one at once. Then nothing was judged, files
are whole, and trials that were finished are kept in the store.
`;

/** docs/command-line.md. */
export async function commandLinePage(): Promise<string> {
  const sections: string[] = [];
  for (const name of await commandNames()) {
    const examples = EXAMPLES[name];
    if (examples === undefined) throw new Error(`tools/docs/command-line.ts has no example of ${name}`);
    sections.push(`
## ${name}

\`\`\`sh
${examples.join("\n")}
\`\`\`

\`\`\`text
${(await printed(name, "--help")).split(`\n${EXAMPLE}`)[0]!.trimEnd()}
\`\`\`
`);
  }
  return HEAD + sections.join("");
}
