import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { runProgram } from "../program.ts";
import type { Right } from "../right.ts";
import { type Fault, type Stage, SURVIVES } from "./stage.ts";

/** What a package has, and what a checkout has beside it. */
const PACKAGE = ["bin", "dist", "package.json"];
const CHECKOUT = [...PACKAGE, "src", "theorems", "tools/build", "package-lock.json", "tsconfig.json"];

const BROKEN: Right = { exits: [70] };

/** A copy of the program, after something has happened to it. */
const broken = (
  name: string,
  damage: (copy: string) => void,
  right = BROKEN,
  module: "sure.js" | "typed.ts" = "sure.js",
): Fault => ({
  name,
  right,
  run: (stage) => {
    const copy = copied(stage, "installed", PACKAGE);
    damage(copy);
    return verifyIn(stage, copy, module);
  },
});

const files: readonly Fault[] = [
  broken("dist/ is missing", (copy) => rmSync(join(copy, "dist"), { recursive: true })),
  broken("dist/cli.js is missing", (copy) => rmSync(join(copy, "dist/cli.js"))),
  broken("dist/cli.js is cut off", (copy) => halve(join(copy, "dist/cli.js"))),
  broken("dist/cli.js is empty", (copy) => writeFileSync(join(copy, "dist/cli.js"), "")),
  broken("dist/index.js is cut off", (copy) => halve(join(copy, "dist/index.js")), { exits: [0, 2, 70] }),
  broken("a file that the command is in is missing", (copy) => rmSync(chunk(copy, "verify-"))),
  broken("a file that the command is in is cut off", (copy) => halve(chunk(copy, "verify-"))),
  broken("the file of the figures is cut off", (copy) => halve(chunk(copy, "draw-")), { exits: [0, 70] }),
  broken("the worker's file is missing", (copy) => rmSync(chunk(copy, "worker-"))),
  broken("the worker's file is cut off", (copy) => halve(chunk(copy, "worker-"))),
  broken("package.json is missing", (copy) => rmSync(join(copy, "package.json"))),
  broken("package.json is cut off", (copy) => halve(join(copy, "package.json"))),
  broken("source-hash.json is cut off", (copy) => halve(join(copy, "dist/source-hash.json")), { exits: [0, 70] }),
  broken("no package that it needs is installed", (copy) => rmSync(join(copy, "node_modules"))),
  ...["zod", "piscina", "fast-check", "pure-rand", "ml-matrix"].map((name) =>
    broken(`${name} is not installed`, (copy) => without(copy, name)),
  ),
  broken(
    "tsx is not installed, for declarations in TypeScript",
    (copy) => without(copy, "tsx"),
    { exits: [2, 70] },
    "typed.ts",
  ),
  broken("esbuild is not installed", (copy) => without(copy, "esbuild"), { exits: [0, 70] }),
  broken("esbuild is there without its binary", (copy) => without(copy, "@esbuild"), { exits: [0, 70] }),
];

/** The paper's models need the kernel. */
const kernels: readonly Fault[] = (["is missing", "is cut off", "is of another version"] as const).map(
  (what): Fault => ({
    name: `the kernel ${what}`,
    right: BROKEN,
    run: (stage) => {
      const copy = copied(stage, "installed", PACKAGE);
      const file = filesBelow(join(copy, "dist")).find((each) =>
        /AGFzbQ|\.wasm$/.test(each.endsWith(".wasm") ? each : readFileSync(each, "utf8")),
      );
      if (file === undefined) throw new Error("dist/ must hold the kernel, got no file with WebAssembly");
      if (what === "is missing") rmSync(file);
      else if (what === "is cut off")
        writeFileSync(file, readFileSync(file, "utf8").replace(/(AGFzbQ[\w+/]{1000})[\w+/=]*/, "$1"));
      else writeFileSync(file, readFileSync(file, "utf8").replace("AGFzbQEAAAA", "AGFzbQkAAAA"));
      const words = ["verify", "--theorem", "attention-moves-to-relevant", "--max-models", "1", "--no-store"];
      return runProgram([process.execPath, join(copy, "bin/theorycheck.js"), ...words], { cwd: stage.cwd });
    },
  }),
);

const checkouts: readonly Fault[] = [
  {
    name: "a source was edited after the build",
    right: { exits: [70], says: /npm run build/ },
    run: (stage) => {
      const copy = copied(stage, "checkout", CHECKOUT);
      writeFileSync(join(copy, "src/core.ts"), "// edited\n");
      return verifyIn(stage, copy);
    },
  },
  {
    name: "a checkout that was not built",
    right: { exits: [70], says: /npm run build/ },
    run: (stage) => {
      const copy = copied(stage, "checkout", CHECKOUT);
      rmSync(join(copy, "dist"), { recursive: true });
      return verifyIn(stage, copy);
    },
  },
  {
    name: "what dist/ was built from cannot be read",
    right: { exits: [70] },
    run: (stage) => {
      const copy = copied(stage, "checkout", CHECKOUT);
      halve(join(copy, "dist/source-hash.json"));
      return verifyIn(stage, copy);
    },
  },
];

/** Node itself cannot import from every path: then a line must say so. */
const paths: readonly Fault[] = [
  ...[
    "with spaces",
    "ünïcödé",
    "日本語",
    "a#b",
    "100%",
    "%20",
    "it's",
    '"quoted"',
    "$HOME",
    "🙂",
    "[1]",
    "a+b&c;d",
  ].map((name) => ({ name, right: SURVIVES })),
  ...["what?", "back\\slash", "line\nfeed"].map((name) => ({ name, right: { exits: [0, 70] } })),
].map(({ name, right }) => ({
  name: `installed in a folder called ${JSON.stringify(name)}`,
  right,
  run: (stage: Stage) => verifyIn(stage, copied(stage, name, PACKAGE)),
}));

const starts: readonly Fault[] = [
  {
    name: "started by a symbolic link",
    right: SURVIVES,
    run: (stage) => {
      symlinkSync(join(stage.ground.project, "bin", "theorycheck.js"), stage.path("theorycheck"));
      return runProgram([process.execPath, stage.path("theorycheck"), ...sure(stage)], { cwd: stage.cwd });
    },
  },
  {
    name: "installed twice, of which the module imports the other one",
    right: { exits: [0, 2] },
    run: (stage) => verifyIn(stage, copied(stage, "installed", PACKAGE), "sure.js", false),
  },
];

export const installations: readonly Fault[] = [...files, ...kernels, ...checkouts, ...paths, ...starts];

const sure = (stage: Stage, module: "sure.js" | "typed.ts" = "sure.js") => [
  "verify",
  "--theorems",
  stage.workshop.module(module),
  "--no-store",
];

function verifyIn(stage: Stage, copy: string, module: "sure.js" | "typed.ts" = "sure.js", own = true) {
  const words = sure(stage, module);
  if (own) {
    // declarations that import this copy
    const user = stage.folder("user");
    mkdirSync(join(user, "node_modules"));
    symlinkSync(copy, join(user, "node_modules", "theorycheck"));
    writeFileSync(join(user, "package.json"), '{ "type": "module" }\n');
    cpSync(stage.workshop.module(module), join(user, module));
    words[2] = join(user, module);
  }
  return runProgram([process.execPath, join(copy, "bin", "theorycheck.js"), ...words], { cwd: stage.cwd });
}

/** A copy of the program, whose packages are links to those of the project. */
function copied(stage: Stage, name: string, entries: readonly string[]): string {
  const copy = stage.path(name);
  const { project } = stage.ground;
  for (const entry of entries) cpSync(join(project, entry), join(copy, entry), { recursive: true });
  symlinkSync(join(project, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/** Takes a package, or a scope, out of a copy's node_modules. esbuild looks for its binary from where it really lies. */
function without(copy: string, name: string): void {
  const packages = join(copy, "node_modules");
  const all = readdirSync(packages).filter((each) => each !== name && !each.startsWith("."));
  const from = realpathSync(packages);
  rmSync(packages);
  mkdirSync(packages);
  for (const each of all) {
    if (each === "esbuild") cpSync(join(from, each), join(packages, each), { recursive: true });
    else symlinkSync(join(from, each), join(packages, each));
  }
}

function halve(file: string): void {
  const content = readFileSync(file);
  writeFileSync(file, content.subarray(0, content.length / 2));
}

function chunk(copy: string, prefix: string): string {
  const found = filesBelow(join(copy, "dist")).find((file) => file.includes(`/dist/${prefix}`));
  if (found === undefined) throw new Error(`dist/ must hold a file ${prefix}…, got none`);
  return found;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
