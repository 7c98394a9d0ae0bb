import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ExitWith, SIGNALS } from "../../src/cli/exit.ts";
import { type ClaimResultData, parseResults, type Results } from "../../src/report/results.ts";
import { verdictTable } from "../../src/report/verdict-table.ts";
import {
  commandLine,
  interruptedLine,
  JOINT_STATEMENTS,
  type Said,
  SLOW_STATEMENTS,
  SMALL_STATEMENTS,
} from "./command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "theorycheck-verify-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

/** Runs that decide little, fast: half of all chances are enough to certify. */
const COARSE_ANYWHERE = ["verify", "--theorems", SMALL_STATEMENTS, "--no-store", "--beta", "0.2"];
const COARSE = [...COARSE_ANYWHERE, "--workers", "1"];

const SMALL = ["verify", "--theorems", SMALL_STATEMENTS, "--workers", "1"];

const verdictsOf = ({ statements }: Results) => Object.fromEntries(statements.map(({ id, verdict }) => [id, verdict]));

describe("theorycheck verify", () => {
  let said: Said;
  let results: Results;

  beforeAll(async () => {
    said = await commandLine(...COARSE, "--out", at("reports"));
    results = parseResults(readFileSync(join(at("reports"), "results.json"), "utf8"));
  }, 60_000);

  test("prints the verdicts on stdout, exits with the gate's code, and says on stderr what it is at", () => {
    expect(said.out).toBe(verdictTable(results, { theoremsFile: SMALL_STATEMENTS }));
    expect(said.code).toBe(3);
    expect(results.gate.exitCode).toBe(3);
    expect(results.gate.failures).toEqual(["theorem capped is inconclusive"]);
    expect(said.err).toContain(`Reports written to ${at("reports")}.\n`);
    expect(said.err).toContain(`6 theorems, 2 controls, 2 findings declared in ${SMALL_STATEMENTS}.\n`);
    expect(said.err).toMatch(/^small: 0 of 6 verdicts decided, 0 refuted, after 1 trials$/m);
    expect(said.err).toMatch(/^small: 6 of 6 verdicts decided, 2 refuted, after \d+ trials$/m);
  });

  test("writes the same reports to the byte when it is run again, with another number of workers", async () => {
    await commandLine(...COARSE_ANYWHERE, "--workers", "2", "--out", at("again"));
    const files = (name: string) =>
      readdirSync(at(name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(at(name).length));
    expect(files("again").sort()).toEqual(files("reports").sort());
    for (const file of files("reports")) {
      expect([file, readFileSync(at(`again${file}`), "utf8")]).toEqual([
        file,
        readFileSync(at(`reports${file}`), "utf8"),
      ]);
    }
    for (const file of ["results.json", "tolerances.md", "models.jsonl"])
      expect(files("reports")).toContain(`/${file}`);
  }, 60_000);

  test("--json prints the results themselves, and without --out nothing is written for a part of the gate", async () => {
    const { out, err, code } = await commandLine(...COARSE, "--json", "--theorem", "half");
    expect(verdictsOf(parseResults(out))).toEqual({ half: "refuted" });
    expect(code).toBe(0);
    expect(err).toContain("No reports written: not the whole gate was asked for. --out FOLDER writes them.\n");
  });

  test("--theorem judges a theorem with its controls", async () => {
    const { out, code } = await commandLine(...COARSE, "--json", "--theorem", "always");
    expect(verdictsOf(parseResults(out))).toEqual({ always: "certified", half: "refuted", diverged: "refuted" });
    expect(code).toBe(0);
  });

  test("--law judges what is claimed on one law", async () => {
    const { out } = await commandLine(...COARSE, "--json", "--law", "small-pairs");
    expect(verdictsOf(parseResults(out))).toEqual({ pairs: "certified" });
    expect(parseResults(out).laws.map(({ id }) => id)).toEqual(["small-pairs"]);
  });

  test("--seed, --p0, --alpha, --beta and --max-models change what they say", async () => {
    const options = ["--seed", "9", "--p0", "0.4", "--alpha", "0.01", "--max-models", "30", "--theorem", "always"];
    const { out } = await commandLine(...COARSE, "--json", ...options);
    const { run, statements } = parseResults(out);
    expect(run).toMatchObject({ seed: 9, alpha: 0.01, beta: 0.2 });
    const claims = statements.flatMap((statement) => statement.claims);
    const events = statements.flatMap((statement) => statement.events);
    expect(events.length).toBe(3);
    expect(events.every(({ p0 }) => p0 === 0.4)).toBe(true);
    expect(claims.every(({ ledger }) => ledger.models <= 30)).toBe(true);
  });

  test("--p0 overrides no p0 that a statement declares, 0.05 included; standards that are not as declared are printed and stored", async () => {
    const joint = ["verify", "--theorems", JOINT_STATEMENTS, "--workers", "1", "--no-store", "--theorem", "strict"];
    const { out } = await commandLine(...joint, "--p0", "0.4", "--beta", "0.2", "--json");
    const { run, statements } = parseResults(out);
    const allowed = statements.flatMap(({ id, events }) => events.map(({ p0 }) => [id, p0]));
    expect(allowed).toEqual([
      ["strict", 0.05],
      ["breaks-one", 0.4],
      ["breaks-half", 0.4],
      ["breaks-half", 0.4],
    ]);
    expect(run).toMatchObject({ p0: 0.4, beta: 0.2 });
    expect(run.changed).toEqual([
      { standard: "p0", declared: 0.05, used: 0.4 },
      { standard: "beta", declared: 0.001, used: 0.2 },
    ]);
    const table = await commandLine(...joint, "--p0", "0.4", "--beta", "0.2");
    expect(table.out).toContain("\nNot as declared: p0 = 0.4 (declared: 0.05), beta = 0.2 (declared: 0.001).\n");
    const asDeclared = await commandLine(...joint, "--max-models", "5");
    expect(asDeclared.out).not.toContain("Not as declared");
    const alpha = await commandLine(...joint, "--max-models", "5", "--alpha", "0.01");
    expect(alpha.out).toContain("\nNot as declared: alpha = 0.01 (declared: 0.000001).\n");
  }, 60_000);

  test("--fresh draws a seed and says which", async () => {
    const { out, err } = await commandLine(...COARSE, "--json", "--theorem", "half", "--fresh");
    const [, seed] = err.match(/^Fresh run with seed (\d+): --seed \1 repeats it\.$/m) ?? [];
    expect(parseResults(out).run.seed).toBe(Number(seed));
  });

  test("--store keeps models for the next run", async () => {
    const asked = [...SMALL, "--json", "--theorem", "half", "--store", at("store")];
    const first = await commandLine(...asked);
    const kept = readdirSync(at("store")).map((file) => readFileSync(join(at("store"), file), "utf8"));
    expect(kept.length).toBe(1);
    expect(await commandLine(...asked)).toEqual(first);
    expect(readdirSync(at("store")).map((file) => readFileSync(join(at("store"), file), "utf8"))).toEqual(kept);
  });
});

describe("theorycheck verify --resume", () => {
  const capped = [...SMALL, "--no-store", "--json", "--theorem", "capped"];

  let first: Said;

  beforeAll(async () => {
    first = await commandLine(...capped, "--seed", "1");
  }, 60_000);

  test("goes on from the counts of earlier runs, with new models, and certifies where they suffice together", async () => {
    const verdictOf = ({ out }: Said) => parseResults(out).statements[0]!.events[0]!.verdict;
    let earlier = first;
    expect(verdictOf(earlier)).toMatchObject({ kind: "inconclusive", n: 40 });
    for (const [seed, n, kind] of [
      [2, 80, "inconclusive"],
      [3, 120, "inconclusive"],
      [4, 158, "certified"],
    ] as const) {
      writeFileSync(at("earlier.json"), earlier.out);
      earlier = await commandLine(...capped, "--seed", `${seed}`, "--resume", at("earlier.json"));
      expect(verdictOf(earlier)).toMatchObject({ kind, n, violations: 0 });
    }
    expect(parseResults(earlier.out).run.earlier).toEqual([1, 2, 3].map((seed) => ({ seed, trials: { small: 40 } })));
    expect(earlier.code).toBe(0);
  }, 60_000);

  test("leaves a verdict that was reached as it is, and looks at one new model beside it", async () => {
    const decided = [...COARSE, "--json", "--theorem", "half"];
    const earlier = await commandLine(...decided, "--seed", "1");
    writeFileSync(at("decided.json"), earlier.out);
    const later = await commandLine(...decided, "--seed", "2", "--resume", at("decided.json"));
    const [before, after] = [earlier, later].map(({ out }) => parseResults(out).statements[0]!.events[0]!);
    expect(before!.verdict.kind).toBe("refuted");
    expect(after!.verdict).toMatchObject({
      kind: "refuted",
      n: before!.verdict.n,
      logRefute: before!.verdict.logRefute,
    });
    const [{ ledger }] = parseResults(later.out).statements[0]!.claims as [ClaimResultData];
    expect([after!.verdict.later.n, ledger.models]).toEqual([1, 1]);
    expect(later.code).toBe(0);
  });

  test("keeps the smallest α and β of all runs, whatever a later one asks for", async () => {
    let earlier = first;
    const standards: [string[], number, number][] = [
      [["--beta", "0.01", "--alpha", "0.001"], 0.001, 1e-6],
      [["--beta", "0.5", "--alpha", "1e-9"], 0.001, 1e-9],
      [["--beta", "0.0001", "--alpha", "0.5"], 0.0001, 1e-9],
      [["--beta", "0.5"], 0.0001, 1e-9],
    ];
    for (const [i, [options, beta, share]] of standards.entries()) {
      writeFileSync(at("guarded.json"), earlier.out);
      earlier = await commandLine(...capped, "--seed", `${i + 2}`, "--resume", at("guarded.json"), ...options);
      const { run, statements } = parseResults(earlier.out);
      expect([run.beta, run.alphaPerVerdict, run.anyFalsePass]).toEqual([beta, share, beta]);
      // 120 clean models have ln C = 5.7, enough for β = 0.01, and are not certified by asking for it
      if (i === 1) expect(statements[0]!.events[0]!.verdict).toMatchObject({ kind: "inconclusive", n: 120 });
    }
    expect(parseResults(earlier.out).run.changed).toEqual([{ standard: "beta", declared: 0.001, used: 0.0001 }]);
  }, 60_000);

  test("refuses results of version 1, whose claims were counted each by itself", async () => {
    const old = fileURLToPath(new URL("../../golden/results-version-1.json", import.meta.url));
    const { code, out, err } = await commandLine(...capped, "--seed", "2", "--resume", old);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(
      `error: ${old} must have joint counts of each theorem's claims to be resumed, got results of version 1, which counted each claim by itself`,
    );
  });

  test("refuses counts that no run can have had", async () => {
    writeFileSync(at("edited.json"), first.out.replaceAll('"n": 40', '"n": 157'));
    const { code, out, err } = await commandLine(...capped, "--seed", "2", "--resume", at("edited.json"));
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(
      `error: ${at("edited.json")}: no run can have had these counts of capped @ small: 157 and 0 models, where the run had 40 and those before it 0`,
    );
  });

  test("refuses a seed that was used: its models would count twice", async () => {
    writeFileSync(at("used.json"), first.out);
    const { code, err } = await commandLine(...capped, "--seed", "1", "--resume", at("used.json"));
    expect(code).toBe(2);
    expect(err).toContain("error: resume requires a seed that no earlier run had, got 1 again");
  });

  test("refuses results that are cut short", async () => {
    writeFileSync(at("half.json"), first.out.slice(0, first.out.length / 2));
    const { code, err } = await commandLine(...capped, "--seed", "2", "--resume", at("half.json"));
    expect(code).toBe(2);
    expect(err).toContain(`error: ${at("half.json")}: must be JSON, got `);
  });
});

describe("bad usage exits 2 and names the option, the rule and the value", () => {
  test.each<[string, string[], RegExp]>([
    [
      "a theorem that is none",
      ["--theorem", "nope"],
      /^error: --theorem must be one of always, same-run, .*, got nope$/m,
    ],
    [
      "a law that is none",
      ["--law", "nope"],
      /^error: --law must be one of small, small-pairs, trained, diverging, got nope$/m,
    ],
    ["a seed", ["--seed", "-1"], /--seed <n>.*must be a whole number from 0 to 9007199254740991, got "-1"/],
    ["a seed", ["--seed", "1.5"], /--seed <n>.*must be a whole number from 0 to 9007199254740991, got "1.5"/],
    ["a seed", ["--seed", "9007199254740993"], /--seed <n>.*must be a whole number from 0 to 9007199254740991/],
    ["p0", ["--p0", "0"], /--p0 <p>.*must be a number above 0 and below 1, got "0"/],
    ["p0", ["--p0", ""], /--p0 <p>.*must be a number above 0 and below 1, got ""/],
    ["α", ["--alpha", "1"], /--alpha <p>.*must be a number above 0 and below 1, got "1"/],
    ["β", ["--beta", "many"], /--beta <p>.*must be a number above 0 and below 1, got "many"/],
    ["the cap", ["--max-models", "0"], /--max-models <n>.*must be a whole number from 1 to 9007199254740991, got "0"/],
    ["the workers", ["--workers", "257"], /--workers <n>.*must be a whole number from 1 to 256, got "257"/],
    [
      "an earlier run",
      ["--resume", "/nowhere.json"],
      /^error: --resume \/nowhere\.json must be a readable text file, got ENOENT/m,
    ],
    ["an option", ["--colour"], /unknown option '--colour'/],
    ["a value that is missing", ["--theorem"], /option '--theorem <id>' argument missing/],
  ])("%s: %o", async (_, options, message) => {
    const { code, out, err } = await commandLine("verify", "--theorems", SMALL_STATEMENTS, "--no-store", ...options);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toMatch(message);
  });

  test("a module that is not there, or declares nothing", async () => {
    const missing = await commandLine("verify", "--theorems", at("nowhere.ts"));
    expect([missing.code, missing.out]).toEqual([2, ""]);
    expect(missing.err).toContain(`error: theorems: ${at("nowhere.ts")} must be a module that loads, got `);
    writeFileSync(at("empty.mjs"), "export const nothing = 1;\n");
    const empty = await commandLine("verify", "--theorems", at("empty.mjs"));
    expect(empty.code).toBe(2);
    expect(empty.err).toContain("must export at least one declaration made with theorem({...}), got nothing");
  });

  test.each([
    [["nope"], /unknown command 'nope'/],
    [["train", "--law", "base"], /required option '--seed <n>' not specified/],
    [["--nope"], /unknown option '--nope'/],
  ])("%o", async (args, message) => {
    const { code, err } = await commandLine(...args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  test("asking for help or for the version is no mistake", async () => {
    const help = await commandLine("verify", "--help");
    expect(help.code).toBe(0);
    expect(help.out).toContain("--max-models <n>");
    const version = await commandLine("--version");
    expect(version.code).toBe(0);
    const { version: expected } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(version.out).toBe(`${expected}\n`);
  });
});

describe("an interrupted run", () => {
  test("judges nothing, has the signal's exit code, and leaves earlier reports as they were", async () => {
    mkdirSync(at("earlier"));
    writeFileSync(join(at("earlier"), "results.json"), "from an earlier run");
    const interrupt = new AbortController();
    const running = interruptedLine(
      interrupt.signal,
      ...["verify", "--theorems", SLOW_STATEMENTS, "--workers", "1", "--store", at("slow"), "--out", at("earlier")],
    );
    // whatever it is at by then: what it judges takes minutes
    setTimeout(() => interrupt.abort(new ExitWith(SIGNALS.SIGTERM)), 500);
    const { code, out, err } = await running;
    expect(code).toBe(143);
    expect(out).toBe("");
    expect(err).toContain("Interrupted: nothing was judged, and the reports are as they were.\n");
    expect(readdirSync(at("earlier"))).toEqual(["results.json"]);
    expect(readFileSync(join(at("earlier"), "results.json"), "utf8")).toBe("from an earlier run");
  }, 60_000);
});
