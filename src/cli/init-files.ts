/** A project that runs, in one language: path -> content. */
export type Files = Readonly<Record<string, string>>;

const PYTHON_EXPERIMENT = `"""One run: the mean and the median of n draws around 0, and how far off they are."""
import json
import math
import random
import statistics
import sys


def run(theta, seed):
    chance = random.Random(seed)  # all chance comes from the seed: the same order has the same answer
    if theta["noise"] == "normal":
        draws = [chance.gauss(0, 1) for _ in range(theta["n"])]
    else:
        draws = [math.tan(math.pi * (chance.random() - 0.5)) for _ in range(theta["n"])]
    return {
        "mean": math.sqrt(theta["n"]) * abs(statistics.fmean(draws)),
        "median": math.sqrt(theta["n"]) * abs(statistics.median(draws)),
    }


# what a run depends on beside its files: runs that were stored under other versions are not used
print(json.dumps({"versions": {"python": sys.version}}), flush=True)
for line in sys.stdin:
    order = json.loads(line)
    print(json.dumps({"id": order["id"], "measured": run(order["theta"], order["seed"])}), flush=True)
`;

const PYTHON_SUITE = `# What is measured, which runs are drawn, and what is claimed of them.
experiment:
  id: averages
  command: [python3, experiment.py]
  files: [experiment.py]
  fields:
    n: { kind: integer, from: 1, to: 10000, meaning: draws, hypothesis: length }
    noise: { kind: choice, values: [normal, cauchy], meaning: what is drawn, hypothesis: light-tails }
  measures:
    mean: √n · |mean|
    median: √n · |median|

laws:
  normal: { n: { integer: [20, 200] }, noise: { constant: normal } }
  cauchy: { n: { integer: [20, 200] }, noise: { constant: cauchy } }

theorems:
  - id: mean-is-near
    title: The mean of n draws is within 3/√n of 0
    provenance: { kind: derived, note: three standard deviations }
    laws: [normal]
    hypotheses: [light-tails]
    claims: [{ measure: mean, atMost: 3 }]
  - id: median-is-near
    title: The median of n draws is within 5/√n of 0, whatever their tails
    laws: [normal, cauchy]
    noControl: no heavier tail breaks it
    claims: [{ measure: median, atMost: 5 }]

# Without light tails the first theorem is false: a check that could not fail would say nothing.
controls:
  - { id: heavy-tails, of: mean-is-near, leaves: light-tails, law: cauchy }
`;

const TYPESCRIPT_STATEMENTS = `import { atMost, constant, experiment, integer, derived, observed, statementsOf } from "theorycheck";

const averages = experiment({
  id: "averages",
  fields: {
    n: {
      ...{ kind: "integer", from: 1, to: 10_000, symbol: "n", meaning: "draws", hypothesis: "length" },
      ...{ widest: integer(1, 10_000), simplest: "low" },
    },
    noise: {
      ...{ kind: "choice", values: ["normal", "cauchy"], symbol: "noise", meaning: "what is drawn", hypothesis: "light-tails" },
    },
  },
  // one run: all chance comes from the named stream, so that the same order has the same answer
  measure: ({ n, noise }, random) => {
    const chance = random("draws");
    const draw = () => (noise === "normal" ? chance.normal() : chance.normal() / chance.normal());
    const draws = Array.from({ length: n }, draw).sort((one, other) => one - other);
    const mean = draws.reduce((sum, each) => sum + each, 0) / n;
    const median = (draws[Math.floor((n - 1) / 2)]! + draws[Math.floor(n / 2)]!) / 2;
    return { mean: Math.sqrt(n) * Math.abs(mean), median: Math.sqrt(n) * Math.abs(median) };
  },
});

const { law, theorem, control } = statementsOf(averages);

const lengths = integer(20, 200);
const normal = law({ id: "normal", title: "normal draws", ranges: { n: lengths, noise: constant("normal") } });
const cauchy = law({ id: "cauchy", title: "Cauchy draws", ranges: { n: lengths, noise: constant("cauchy") } });

type Run = ReturnType<typeof averages.run>;
const near = atMost("√n · |mean|", 3, (run: Run) => run.mean);

export const meanIsNear = theorem({
  id: "mean-is-near",
  title: "The mean of n draws is within 3/√n of 0",
  provenance: derived("three standard deviations"),
  law: normal,
  hypotheses: ["light-tails"],
  claims: [near],
});

export const medianIsNear = theorem({
  id: "median-is-near",
  title: "The median of n draws is within 5/√n of 0, whatever their tails",
  provenance: observed(),
  laws: [normal, cauchy],
  noControl: "no heavier tail breaks it",
  claims: [atMost("√n · |median|", 5, (run) => run.median)],
});

/** Without light tails the first theorem is false: a check that could not fail would say nothing. */
export const heavyTails = control({
  id: "heavy-tails",
  of: "mean-is-near",
  title: "The mean of n Cauchy draws is within 3/√n of 0",
  leaves: { hypothesis: "light-tails", how: "Cauchy draws" },
  provenance: derived("their mean is a Cauchy variate"),
  law: cauchy,
  claims: [near],
});
`;

const workflow = (python: string, command: string) => `name: theorycheck
on: [push, pull_request]
jobs:
  verdicts:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 20.20.2
${python}      - run: ${command}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: reports
          path: reports
`;

const SETUP_PYTHON = `      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
`;

const readme = (what: string, option: string) => `# Averages, judged

${what}

\`\`\`sh
npx theorycheck verify ${option} --out reports   # the verdicts, and reports/index.html
npx theorycheck search mean-is-near ${option} --release light-tails   # the simplest run that violates it
npx theorycheck boundary mean-is-near ${option} --vary n=2..200   # where it stops being true
\`\`\`

Two theorems are certified, and the control is refuted, as it must be: exit code 0. Take 1 for the bound 3, and the first
theorem is refuted: exit code 1. \`.theorycheck/\` keeps runs that were made; leave it and \`reports/\` out of git.
`;

export function pythonFiles(version: string): Files {
  const option = "--suite suite.yaml";
  return {
    "experiment.py": PYTHON_EXPERIMENT,
    "suite.yaml": PYTHON_SUITE,
    "README.md": readme(
      "`experiment.py` makes one run and says what it measured. `suite.yaml` says which runs are drawn, and what is claimed\nof them.",
      option,
    ),
    ".github/workflows/theorycheck.yml": workflow(
      SETUP_PYTHON,
      `npx --yes theorycheck@${version} verify ${option} --out reports`,
    ),
  };
}

export function typescriptFiles(version: string): Files {
  const option = "--theorems ./statements.ts";
  const described = { private: true, type: "module", devDependencies: { theorycheck: version } };
  return {
    "package.json": `${JSON.stringify(described, null, 2)}\n`,
    "statements.ts": TYPESCRIPT_STATEMENTS,
    "README.md": readme(
      "`statements.ts` has the experiment, the laws that its runs are drawn from, and what is claimed of them. First\n`npm install`.",
      option,
    ),
    ".github/workflows/theorycheck.yml": workflow(
      "      - run: npm install\n",
      `npx theorycheck verify ${option} --out reports`,
    ),
  };
}
