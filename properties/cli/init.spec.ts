import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { VERSION } from "../../src/cli/main.ts";
import { readSuite } from "../../src/laboratory/suite-file.ts";
import { commandLine } from "./command-line.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();
const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

const filesIn = (path: string) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();

describe("init", () => {
  test("writes a suite with two theorems and a control, which CI judges by this version", async () => {
    const { code, out } = await commandLine("init", folder.path("new/here"));
    expect([code, out]).toEqual([0, expect.stringContaining("npx theorycheck verify --suite suite.yaml\n")]);
    expect(filesIn(folder.path("new/here"))).toEqual(["README.md", "experiment.py", "suite.yaml", "theorycheck.yml"]);
    const { statements, files } = readSuite(folder.path("new/here/suite.yaml"));
    expect(statements.map(({ kind }) => kind)).toEqual(["theorem", "theorem", "control"]);
    expect(files).toEqual(["experiment.py"]);
    const workflow = readFileSync(folder.path("new/here/.github/workflows/theorycheck.yml"), "utf8");
    expect(workflow).toContain(`theorycheck@${VERSION} verify --suite suite.yaml`);
  });

  test("in TypeScript writes declarations that are judged as they must be", async () => {
    expect((await commandLine("init", "--typescript", folder.path("ts"))).code).toBe(0);
    mkdirSync(folder.path("ts/node_modules"));
    symlinkSync(PROJECT, folder.path("ts/node_modules/theorycheck"), "dir");
    const declared = ["--theorems", folder.path("ts/statements.ts"), "--no-store", "--workers", "1"];
    const { code, out } = await commandLine("verify", ...declared);
    expect(out).toContain(
      "2 of 2 theorems certified, each on every law that it names; 1 of 1 controls refuted, as they must be.",
    );
    expect(code).toBe(0);
  }, 60_000);

  test("writes nothing where one of its files is, and not both projects", async () => {
    writeFileSync(folder.path("README.md"), "mine");
    const { code, err } = await commandLine("init", folder.path("."));
    expect([code, err]).toEqual([
      2,
      expect.stringContaining("must have none of the files that are written, got README.md"),
    ]);
    expect(folder.files()).toEqual(["README.md"]);
    expect(readFileSync(folder.path("README.md"), "utf8")).toBe("mine");
    expect((await commandLine("init", "--python", "--typescript", folder.path("both"))).code).toBe(2);
    expect(folder.files()).toEqual(["README.md"]);
  });
});

describe("--suite", () => {
  const suite = () => {
    const script = readFileSync(join(PROJECT, "properties/laboratory/fixtures/command.mjs"), "utf8");
    writeFileSync(folder.path("command.mjs"), script);
    writeFileSync(
      folder.path("suite.yaml"),
      `experiment:
  { id: hits, command: [${process.execPath}, command.mjs], files: [command.mjs], measures: { hit: hits, seed: seed },
    fields: { p: { kind: real, from: 0, to: 1, meaning: chance } } }
laws: { rare: { p: { constant: 0.001 } }, common: { p: { real: [0.5, 1] } } }
theorems: [{ id: no-hit, title: No hit, laws: [rare], claims: [{ measure: hit, atMost: 0 }] }]
controls: [{ id: often, of: no-hit, leaves: p, law: common }]
`,
    );
    return ["--suite", folder.path("suite.yaml")];
  };

  test("is judged, listed, searched, replayed, varied, trained and reported", async () => {
    const asked = suite();
    const store = ["--store", folder.path("store"), "--workers", "1"];
    const { code, out } = await commandLine("verify", ...asked, ...store, "--out", folder.path("reports"));
    expect([code, out]).toEqual([0, expect.stringContaining("1 of 1 theorems certified; 1 of 1 controls refuted")]);
    expect((await commandLine("list", ...asked)).out).toMatch(/^theorem {2}no-hit: No hit \[observed\]\n/);
    const found = ["--out", folder.path("found.json"), "--budget-models", "20", "--workers", "1"];
    expect((await commandLine("search", "no-hit", ...asked, "--release", "p", ...found)).code).toBe(0);
    const replayed = await commandLine("replay", folder.path("found.json"), ...asked);
    expect([replayed.code, replayed.out]).toEqual([
      0,
      expect.stringContaining("reproduced: digest and observed number"),
    ]);
    const line = ["--vary", "p=0..1", "--cells", "3", "--seeds", "4", "--workers", "1"];
    expect((await commandLine("boundary", "no-hit", ...asked, ...line)).out).toContain("4 of 4");
    const trained = await commandLine("train", ...asked, "--law", "rare", "--seed", "9007199254740991", "--json");
    expect(JSON.parse(trained.out).measurements.seed).toBe(Number.MAX_SAFE_INTEGER);
    const schema = readFileSync(folder.path("reports/counterexample.schema.json"), "utf8");
    expect((await commandLine("report", folder.path("reports/results.json"), ...asked)).code).toBe(0);
    expect(readFileSync(folder.path("reports/counterexample.schema.json"), "utf8")).toBe(schema);
  }, 60_000);

  test("a command that fails exits with 70, theta and seed; a suite that is none with 2 and the line", async () => {
    const asked = suite();
    const text = readFileSync(folder.path("suite.yaml"), "utf8");
    writeFileSync(folder.path("suite.yaml"), text.replace("command.mjs]", "command.mjs, dies]"));
    const { code, out, err } = await commandLine("verify", ...asked, "--no-store", "--workers", "1");
    expect([code, out]).toEqual([70, ""]);
    expect(err).toMatch(
      /error: experiment hits must measure every run, .*Traceback.*; seed \d+, theta \{"p":[\d.]+\}\n/,
    );
    writeFileSync(folder.path("suite.yaml"), text.replace("measure: hit", "measure: hot"));
    const refused = await commandLine("list", ...asked);
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringContaining('suite.yaml:5:66: theorems[0].claims[0].measure must be one of hit, seed, got "hot"'),
    ]);
    expect((await commandLine("verify", ...asked, "--theorems", "x.ts")).code).toBe(2);
    expect((await commandLine("verify", "--suite", folder.path("none.yaml"))).code).toBe(2);
  }, 60_000);
});
