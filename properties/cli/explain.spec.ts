import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { didYouMean, nearestNames } from "../../src/cli/did-you-mean.ts";
import { describeLemma, describeStatement } from "../../src/cli/explain-text.ts";
import { parseResults } from "../../src/report/results.ts";
import { lemmaSynopsisOf, synopsisOf } from "../../src/report/synopsis.ts";
import { sourceStatements } from "../../theorems/abstract.ts";
import { statements } from "../../theorems/index.ts";
import { lemmas } from "../../theorems/lemmas/index.ts";
import { commandLine, SMALL_STATEMENTS } from "./command-line.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();

const RESULTS = fileURLToPath(new URL("../../reports/results.json", import.meta.url));
const VERSION_1 = fileURLToPath(new URL("../../golden/results-version-1.json", import.meta.url));
const COIN = fileURLToPath(new URL("../../examples/coin/coin.ts", import.meta.url));
const WALK = fileURLToPath(new URL("../../examples/random-walk/suite.yaml", import.meta.url));

const SMALL = ["--theorems", SMALL_STATEMENTS];

describe("theorycheck explain", () => {
  test("a theorem: what it says, where from, how the last run judged it, and the command that replays the nearest miss", async () => {
    const { code, out } = await commandLine("explain", "low-rank-update", "--results", RESULTS);
    expect(code).toBe(0);
    for (const words of [
      "theorem low-rank-update: The update of each trained matrix is low-rank\n",
      "source     the paper's abstract, item 2\n",
      "needs      majority, noise, attention-scale, label-rule\n",
      "laws       base, r4, r6, per-position (p0 = 5 %)\n",
      "  energy of ΔW_V beyond rank r  ≤ 0.001 ",
      "verdict    certified, seed 240617167: 4 events, of ",
      "nearest    energy of ΔW_Q beyond rank r: ",
      "broken by  large-attention, refuted after ",
      "stored     low-rank-update-attention-scale.json: ",
      "next       npx theorycheck search low-rank-update --release attention-scale\n",
    ]) {
      expect(out).toContain(words);
    }
    const results = parseResults(readFileSync(RESULTS, "utf8"), RESULTS);
    const { claims } = results.statements.find(({ id }) => id === "low-rank-update")!;
    // of the claim that stands first, the law on which it came nearest
    const { title } = claims[0]!;
    const { decisive } = claims
      .filter((claim) => claim.title === title)
      .map(({ ledger }) => ledger)
      .reduce((one, other) => (Number(other.decisive.observed) > Number(one.decisive.observed) ? other : one));
    const replay = out.match(/^replay +npx theorycheck (train .*|replay .*)$/m)?.[1];
    expect(replay).toContain(`--seed ${decisive.seed}`);
  });

  test.each([
    ["judged", parseResults(readFileSync(RESULTS, "utf8"))],
    ["judged by another version", parseResults(readFileSync(VERSION_1, "utf8"))],
    ["not judged", undefined],
  ])(
    "every statement and lemma fits a screen of 80 columns and 24 rows, one of them the prompt's: %s",
    (_, results) => {
      const known = { statements, sources: sourceStatements, results };
      const shown = { results: "reports/results.json" };
      const screens = [
        ...statements.map((each) => describeStatement(synopsisOf(each, known), shown)),
        ...lemmas.map((each) => describeLemma(lemmaSynopsisOf(each, known), shown)),
      ];
      for (const screen of screens) {
        const lines = screen.trimEnd().split("\n");
        expect(lines.length, screen).toBeLessThan(24);
        // a command that is pasted is in one line, however long
        expect(lines.filter((line) => line.length > 80 && !/^(replay|next|judge) /.test(line))).toEqual([]);
      }
    },
  );

  test("--all shows all claims, whose titles are whole", async () => {
    const { out } = await commandLine("explain", "pruning-in-proportion", "--results", RESULTS, "--all");
    expect(out).not.toMatch(/…|more: --all/);
    expect(out).toContain("rise of the test hinge without 30 % of the large cluster, in random order  ");
  });

  test("a lemma: statement, proof, checks and the worst margin", async () => {
    const { out } = await commandLine("explain", "gradient", "--results", RESULTS);
    expect(out).toMatch(/^lemma gradient: /);
    expect(out).toMatch(/^states +The gradients of the mean hinge loss/m);
    expect(out).toMatch(/^verdict +holds on \d+ examples, worst error \S+ of at most \S+$/m);
  });

  test("an id that there is none of is bad usage, and the nearest are suggested", async () => {
    for (const [id, near] of [
      ["low-rank", "low-rank-step or low-rank-update or low-rank-output"],
      ["lowrank-updaet", "low-rank-update"],
      ["prunning-is-free", "pruning-is-free"],
    ]) {
      const { code, out, err } = await commandLine("explain", id!);
      expect([code, out]).toEqual([2, ""]);
      expect(err).toContain(`got "${id}"; did you mean ${near}?`);
    }
    const { err } = await commandLine("explain", "zzzz", "--theorems", COIN);
    expect(err).toBe(
      'error: ID must be a theorem, control, finding or lemma: heads-near-bias, short-runs, with-memory; got "zzzz"\n',
    );
  });

  test("a run that is named must be there", async () => {
    const { code, err } = await commandLine("explain", "growth", "--results", folder.path("none.json"));
    expect(code).toBe(2);
    expect(err).toContain("--results");
  });

  test("a suite's statement is explained without its program", async () => {
    const { code, out } = await commandLine("explain", "few-returns", "--suite", WALK, "--results", RESULTS);
    const ids = (await commandLine("list", "--suite", WALK)).out.match(/^theorem +(\S+):/m);
    const asked = await commandLine("explain", ids![1]!, "--suite", WALK, "--results", RESULTS);
    expect(asked.code).toBe(0);
    expect(asked.out).toContain(`judge      npx theorycheck verify --theorem ${ids![1]} --suite ${WALK}\n`);
    expect([code, out]).toEqual([2, ""]);
  });
});

describe("explained by a run of statements of known rates", () => {
  let json: string;
  beforeAll(async () => {
    const options = ["--no-store", "--beta", "0.2", "--workers", "1", "--json"];
    json = (await commandLine("verify", ...SMALL, ...options)).out;
  }, 60_000);

  const explain = async (id: string, edit: (text: string) => string, ...more: string[]) => {
    writeFileSync(folder.path("results.json"), edit(json));
    return commandLine("explain", id, ...SMALL, "--results", folder.path("results.json"), ...more);
  };
  const same = (text: string) => text;

  test("--json has the same as data: claims with their nearest miss, the controls, and nothing changed since", async () => {
    const { out } = await explain("always", same, "--json");
    const synopsis = JSON.parse(out);
    expect(synopsis).toMatchObject({
      kind: "theorem",
      id: "always",
      laws: ["small"],
      judged: { verdict: "certified", expects: "certified", since: [] },
      brokenBy: [
        { id: "half", verdict: "refuted", hypothesis: "training-budget" },
        { id: "diverged", verdict: "refuted" },
      ],
    });
    // 0 steps of at most 0 is no near miss: the other claim is one
    expect(synopsis.judged.nearest.claim).toBe("noise");
    expect(synopsis.claims.map(({ nearest }: { nearest: { violations: number } }) => nearest.violations)).toEqual([
      0, 0,
    ]);
  });

  test("a control's worst is its plainest violation; one that diverged shows no number", async () => {
    const { out } = await explain("diverged", same);
    expect(out).toContain("breaks     theorem always (step-size: far too large)\n");
    expect(out).toMatch(/^worst +steps: not a number, bound ≥ 0/m);
  });

  test("what was changed since is said, and the replay then names θ in the place of the law", async () => {
    const law = JSON.parse(json).laws.find(({ id }: { id: string }) => id === "small");
    const { out } = await explain("rarely-violated", (text) => text.replace(law.hash, "0".repeat(64)));
    expect(out).toContain("since then law small is another one now\n");
    expect(out).toMatch(/^replay +npx theorycheck replay --theta '\{.*\}' --seed \d+ --law small --theorems /m);
    const bound = await explain("rarely-violated", (text) => text.replaceAll('"bound": 0.98', '"bound": 0.97'));
    expect(bound.out).toContain('since then "chance" has another bound now, or none\n');
    const hash = JSON.parse(json).statements.find(({ id }: { id: string }) => id === "rarely-violated").hash;
    const edited = await explain("rarely-violated", (text) => text.replaceAll(hash, "1".repeat(64)));
    expect(edited.out).toContain("since then its declaration, or what that imports, was edited\n");
  });
});

describe("nearest names", () => {
  const names = ["verify", "train", "low-rank-update", "low-rank-output", "exact-rank"];
  test.each([
    ["verfiy", ["verify"]],
    ["LOW-RANK-UPDATE", ["low-rank-update", "low-rank-output", "exact-rank"]],
    ["low", ["low-rank-update", "low-rank-output"]],
    ["rank", ["exact-rank", "low-rank-update", "low-rank-output"]],
    ["zz", []],
    ["", []],
  ])("of %j", (given, near) => {
    expect(nearestNames(given, names)).toEqual(near);
  });

  test("say nothing where nothing is near", () => {
    expect(didYouMean("zz", names)).toBe("");
    expect(didYouMean("tarin", names)).toBe("; did you mean train?");
  });
});
