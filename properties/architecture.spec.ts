import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { lawSelection } from "../src/cli/registry.ts";
import { controls, findings, statements, theorems } from "../theorems/index.ts";
import { lemmas } from "../theorems/lemmas/index.ts";

const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The one way through the house: a room imports those before it, and none after it. */
const ROOMS = [
  "random",
  "law",
  "claim",
  "evidence",
  "experiment",
  "suite",
  "laboratory",
  "verdict",
  "explore",
  "report",
  "vitest",
  "transformer",
  "inspect",
  "cli",
] as const;

/** The wing that judges any experiment: it stands before the one that is the paper's, and does not name it. */
const ENGINE = ROOMS.slice(0, ROOMS.indexOf("transformer"));

/** The one way through the paper's experiment; what lies above its rooms is for all of them. */
const TRANSFORMER_ROOMS = ["data", "model", "train", "prune", "measure", "evaluate", "report"] as const;

/** Where files, threads and processes are at home; the others run in a page as well. */
const NODE_ONLY = /^src\/(laboratory|cli|vitest)\/|^src\/report\/(beside|made-with|query|set|stored)\.ts$/;

/** What every room may import, and what imports none of them. */
const GLOSSARY = [
  "src/core.ts",
  "src/invalid-input.ts",
  "src/json-number.ts",
  "src/json.ts",
  "src/shell-word.ts",
  "src/visible-text.ts",
];

/** What the package exports: they gather, and nothing imports them. */
const EXPORTS = ["src/index.ts", "src/transformer/index.ts"];

/** Every TypeScript file below a folder, by its path in the project, with `/` on every system. */
function filesBelow(folder: string): string[] {
  const entries = readdirSync(join(PROJECT, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts"))
    .map((entry) => relative(PROJECT, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !path.startsWith("src/transformer/model/kernel/assembly/"))
    .sort();
}

const textOf = (path: string) => readFileSync(join(PROJECT, path), "utf8");

interface Import {
  readonly from: string;
  readonly to: string;
}

/** What a file imports of this project, types and `import()` included, by path. */
function importsOf(path: string): Import[] {
  return ts
    .preProcessFile(textOf(path))
    .importedFiles.filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => ({
      from: path,
      to: relative(PROJECT, join(PROJECT, dirname(path), fileName))
        .split(sep)
        .join("/"),
    }));
}

const sources = filesBelow("src");
const declarations = filesBelow("theorems");
const sourceImports = sources.flatMap(importsOf);

/** The place of a file on the way: 0 for the glossary, then the rooms in their order; undefined outside `src`. */
function placeOf(path: string): number | undefined {
  if (GLOSSARY.includes(path)) return 0;
  if (EXPORTS.includes(path)) return undefined;
  const room = path.match(/^src\/([^/]+)\//)?.[1];
  const place = ROOMS.indexOf(room as (typeof ROOMS)[number]);
  return place < 0 ? undefined : place + 1;
}

describe("imports", () => {
  test("every source has a place on the way through the house", () => {
    expect(sources.filter((path) => placeOf(path) === undefined)).toEqual(EXPORTS);
    for (const room of ROOMS) expect(sources.some((path) => path.startsWith(`src/${room}/`))).toBe(true);
  });

  test(`point only upstream: ${ROOMS.join(" → ")}`, () => {
    const downstream = sourceImports.filter(({ from, to }) => {
      const [own, other] = [placeOf(from), placeOf(to)];
      if (EXPORTS.includes(from)) return to.startsWith("theorems/");
      if (to.startsWith("theorems/")) return !from.startsWith("src/cli/");
      return own === undefined || other === undefined || other > own || (own === 0 && from !== to && other !== 0);
    });
    expect(downstream).toEqual([]);
    expect(sourceImports.length).toBeGreaterThan(100);
  });

  /** Numbers that another program computed: data, which the package brings along. */
  const isGolden = (path: string) => path.startsWith("golden/") && path.endsWith(".json");

  test("lead from the declarations to no threads, no files and no command", () => {
    const beyond = declarations.flatMap(importsOf).filter(({ to }) => /^src\/(laboratory|vitest|cli)\//.test(to));
    expect(beyond).toEqual([]);
  });

  test(`point only upstream within the paper's experiment: ${TRANSFORMER_ROOMS.join(" → ")}`, () => {
    const roomOf = (path: string) => TRANSFORMER_ROOMS.findIndex((room) => path.startsWith(`src/transformer/${room}/`));
    const downstream = sourceImports.filter(({ from, to }) => roomOf(from) >= 0 && roomOf(to) > roomOf(from));
    expect(downstream).toEqual([]);
  });

  test("lead from no source to its tests, to a tool or to a page", () => {
    const outside = [...sourceImports, ...declarations.flatMap(importsOf)].filter(
      ({ to }) => !to.startsWith("src/") && !to.startsWith("theorems/") && !isGolden(to),
    );
    expect(outside).toEqual([]);
  });

  test("run in no circle between files", () => {
    const targets = new Map<string, string[]>();
    for (const { from, to } of sourceImports) targets.set(from, [...(targets.get(from) ?? []), to]);
    const finished = new Set<string>();
    const circles: string[] = [];
    const visit = (path: string, way: readonly string[]) => {
      if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(" → "));
      if (way.includes(path) || finished.has(path)) return;
      for (const target of targets.get(path) ?? []) visit(target, [...way, path]);
      finished.add(path);
    };
    for (const path of sources) visit(path, []);
    // types may refer to each other: nothing is loaded for them
    const ofTypesOnly = (circle: string) => {
      const files = circle.split(" → ");
      return files.some((from, i) => {
        const to = files[i + 1];
        return to !== undefined && importsTypesOnly(from, to);
      });
    };
    expect(circles.filter((circle) => !ofTypesOnly(circle))).toEqual([]);
  });
});

/** Whether one file imports nothing of another but types. */
function importsTypesOnly(from: string, to: string): boolean {
  const tree = ts.createSourceFile(from, textOf(from), ts.ScriptTarget.Latest);
  return tree.statements.every((node) => {
    if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) return true;
    const target = relative(PROJECT, join(PROJECT, dirname(from), node.moduleSpecifier.text))
      .split(sep)
      .join("/");
    if (target !== to) return true;
    const clause = node.importClause;
    if (clause === undefined) return false;
    if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
    const bindings = clause.namedBindings;
    return (
      clause.name === undefined &&
      bindings !== undefined &&
      ts.isNamedImports(bindings) &&
      bindings.elements.every((element) => element.isTypeOnly)
    );
  });
}

describe("the engine", () => {
  const engine = sources.filter((path) => ENGINE.some((room) => path.startsWith(`src/${room}/`)));

  test("imports nothing of the paper's experiment, and does not name it", () => {
    expect(engine.length).toBeGreaterThan(60);
    const paper = /transformer|attention|neuron|readout|\bkernel|arxiv|reference engine/i;
    const named = engine.flatMap((path) =>
      textOf(path)
        .split("\n")
        .flatMap((line, i) => (paper.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : [])),
    );
    expect(named).toEqual([]);
  });

  test("reads files and starts threads in its laboratory, its commands and a few files of the report only", () => {
    const builtin = (path: string) =>
      ts.preProcessFile(textOf(path)).importedFiles.some(({ fileName }) => fileName.startsWith("node:"));
    expect(sources.filter(builtin).filter((path) => !NODE_ONLY.test(path))).toEqual([]);
    expect(sources.filter(builtin).length).toBeGreaterThan(10);
  });

  test("asks nothing of the paper in a second experiment", () => {
    const examples = filesBelow("examples");
    expect(examples.length).toBeGreaterThan(0);
    expect(examples.flatMap(importsOf).filter(({ to }) => to.startsWith("src/transformer/"))).toEqual([]);
  });
});

describe("what a verdict rests on", () => {
  /** Members of `Math` that are the same to the bit in every engine. */
  const PORTABLE = ["abs", "ceil", "floor", "max", "min", "round", "sign", "sqrt", "trunc", "LN2", "PI"];

  const upToVerdict = [...sources, ...declarations].filter((path) => {
    const place = placeOf(path);
    return (
      path.startsWith("theorems/") || (place !== undefined && place <= (placeOf("src/verdict/judge.ts") as number))
    );
  });

  /** Every place in a file that reads a clock, chance, or a function whose last bit depends on the engine. */
  function unportable(path: string): string[] {
    const found: string[] = [];
    const tree = ts.createSourceFile(path, textOf(path), ts.ScriptTarget.Latest, true);
    const report = (node: ts.Node) => {
      const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${path}:${line + 1}: ${node.getText()}`);
    };
    const visit = (node: ts.Node): void => {
      if (ts.isPropertyAccessExpression(node) && node.expression.getText() === "Math") {
        if (!PORTABLE.includes(node.name.text)) report(node);
      } else if (ts.isElementAccessExpression(node) && node.expression.getText() === "Math") {
        report(node);
      } else if (ts.isIdentifier(node) && ["Date", "performance", "crypto"].includes(node.text)) {
        report(node);
      } else if (
        // a square and a power of 2 are exact in every engine, other powers are not
        ts.isBinaryExpression(node) &&
        node.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskToken &&
        node.right.getText() !== "2" &&
        node.left.getText() !== "2"
      ) {
        report(node);
      }
      ts.forEachChild(node, visit);
    };
    visit(tree);
    return found;
  }

  test("reads no clock, no chance but its own streams, and no function that differs from engine to engine", () => {
    expect(upToVerdict.length).toBeGreaterThan(60);
    expect(upToVerdict.flatMap(unportable)).toEqual([]);
  });
});

describe("names", () => {
  test("no folder or file is called after nothing in particular", () => {
    const vague = /(^|\/)(utils?|helpers?|misc|common|shared|stuff|manager)(\/|\.ts$|\.spec\.ts$)/;
    const everything = ["src", "theorems", "properties"].flatMap(filesBelow);
    expect(everything.filter((path) => vague.test(path))).toEqual([]);
  });
});

describe("the registry", () => {
  /** What stands in theorems/ and declares nothing: what reports show beside the theorems. */
  const BESIDE_DECLARATIONS = ["abstract.ts", "boundaries.ts", "counterexamples.ts", "presentation.ts"];

  const room = (folder: string, of: readonly { readonly id: string }[]) => ({ folder, ids: of.map(({ id }) => id) });
  const rooms = [
    room("", theorems),
    room("controls", controls),
    room("findings", findings),
    room("lemmas", lemmas),
  ] as const;

  test.each(rooms)(
    "lists what theorems/$folder declares, one declaration a file, each under its file's name",
    ({ folder, ids }) => {
      const files = readdirSync(join(PROJECT, "theorems", folder))
        .filter((name) => name.endsWith(".ts") && !["index.ts", ...BESIDE_DECLARATIONS].includes(name))
        .map((name) => basename(name, ".ts"));
      expect([...ids].sort()).toEqual(files.sort());
      for (const id of ids) {
        const text = textOf(join("theorems", folder, `${id}.ts`).split(sep).join("/"));
        const made = text.match(/^export const \w+(: Lemma)? = (theorem|control|finding|lemma)\(/gm) ?? [];
        expect([id, made.length]).toEqual([id, 1]);
        expect(text).toMatch(new RegExp(`^  id: "${id}",$`, "m"));
      }
    },
  );

  test("has an id for each statement", () => {
    const ids = [...statements, ...lemmas].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("lists the theorems in the paper's order", () => {
    expect(theorems.map(({ id }) => id)).toEqual([
      "learnability",
      "generalisation",
      "sample-complexity",
      "iteration-complexity",
      "low-rank-update",
      "low-rank-output",
      "low-rank-merged",
      "low-rank-step",
      "rank-needs-r",
      "rank-follows-classes",
      "low-rank-adaptation",
      "relevant-directions",
      "sparse-neurons",
      "sparse-merged",
      "pruning-is-free",
      "pruning-must-be-small",
      "pruning-in-proportion",
      "magnitude-beats-random",
      "accuracy-outlasts-pruning",
      "attention-moves-to-relevant",
      "scaling",
      "growth",
      "steps-depend-on-little",
    ]);
    expect(statements).toEqual([...theorems, ...controls, ...findings]);
  });

  test("has a control for every theorem, or the theorem says why there is none", () => {
    const controlled = new Set(controls.map((control) => control.of));
    expect([...controlled].filter((id) => !theorems.some((theorem) => theorem.id === id))).toEqual([]);
    for (const { id, noControl } of theorems) {
      expect([id, controlled.has(id)]).toEqual([id, noControl === undefined]);
      expect(noControl?.trim()).not.toBe("");
    }
  });

  test("names for every theorem the hypotheses that it needs, and for every control one of its theorem's that it leaves", () => {
    for (const { id, hypotheses } of theorems) expect([id, hypotheses.length > 0]).toEqual([id, true]);
    const theoremOf = (of: string) => theorems.find(({ id }) => id === of)!;
    for (const { id, of, leaves, laws } of controls) {
      const needed = theoremOf(of).hypotheses as readonly string[];
      // which neurons go, or which rank is left, is no hypothesis on θ: it is asked of the theorem's own models
      if (leaves.hypothesis === undefined) {
        for (const { id: law } of laws)
          expect([id, theoremOf(of).laws.map((each) => each.id)]).toEqual([id, expect.arrayContaining([law])]);
      } else expect([id, needed]).toEqual([id, expect.arrayContaining([leaves.hypothesis])]);
    }
  });

  test("has something to judge on the base law's side for every theorem and control", () => {
    const selected = lawSelection(undefined, statements);
    const elsewhere = [...theorems, ...controls].filter(({ laws }) => !laws.some(selected)).map(({ id }) => id);
    // what is said of four and six patterns is said of no other law
    expect(elsewhere).toEqual(["rank-follows-classes", "rank-one-of-two-classes"]);
  });
});

test("every path that package.json promises is there", () => {
  const { bin, exports, scripts } = JSON.parse(textOf("package.json"));
  expect(existsSync(join(PROJECT, bin.theorycheck))).toBe(true);
  for (const target of Object.values(exports["."] === undefined ? {} : exports) as unknown[]) {
    const paths = typeof target === "string" ? [target] : Object.values(target as Record<string, string>);
    for (const path of paths) expect([path, existsSync(join(PROJECT, path))]).toEqual([path, true]);
  }
  for (const name of ["verify", "test", "test:coverage", "lint", "format", "typecheck", "bench"]) {
    expect(Object.keys(scripts)).toContain(name);
  }
});
