import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** An experiment whose models take microseconds, with a theorem and what else is asked for; plain JavaScript. */
export const HEAD = `import { above, atLeast, atMost, constant, derived, experiment, integer, observed, statementsOf, within } from "theorycheck";
const size = { kind: "integer", from: 1, to: 9, symbol: "s", meaning: "size", hypothesis: "smallness", widest: integer(1, 9), simplest: "low", cost: 1 };
const sizes = (measure) => experiment({ id: "sizes", fields: { size }, measure });
const draw = ({ size }, random) => ({ drawn: size * random("u").uniform() });
const { law: lawOf, theorem, control, finding } = statementsOf(sizes(draw));
const law = lawOf({ id: "some-sizes", title: "some sizes", ranges: { size: integer(1, 9) } });
const claim = atMost("drawn", 9, (run) => run.drawn);
const stated = { id: "small", title: "It is small", provenance: derived("x"), law, noControl: "none is needed", claims: [claim] };
`;

const SURE = `${HEAD}export const small = theorem(stated);\n`;

/** A trial takes some tenths of a second: long enough to be interrupted. One that read a clock would not be kept. */
const SLOW = `${HEAD.replace("const draw = ({ size }, random) => (", "const draw = ({ size }, random) => (wait(), ")}
function wait() { let passed = 0; for (let i = 0; i < 3e8; i++) passed = (passed + i) | 0; return passed; }
export const small = theorem(stated);
`;

const EATS_MEMORY = `${HEAD.replace("const draw = ({ size }, random) => (", "const draw = ({ size }, random) => (eat(), ")}
function eat() { const eaten = []; for (;;) eaten.push(new Array(1e6).fill(size)); }
export const small = theorem(stated);
`;

const MODULES = {
  "sure.js": SURE,
  "slow.js": SLOW,
  "eats-memory.js": EATS_MEMORY,
  "typed.ts": SURE.replace("({ size }, random)", "({ size }: any, random: any)")
    .replace("(measure)", "(measure: any)")
    .replace("(run)", "(run: any)"),
};

/** A project that uses the package, in which modules of declarations can be put. */
export class Workshop {
  readonly folder: string;
  readonly project: string;

  constructor(folder: string, project: string) {
    this.folder = folder;
    this.project = project;
    mkdirSync(join(folder, "node_modules"), { recursive: true, mode: 0o755 });
    symlinkSync(project, join(folder, "node_modules", "theorycheck"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
    for (const [name, text] of Object.entries(MODULES)) writeFileSync(join(folder, name), text);
  }

  /** Absolute path of a module. */
  module(name: keyof typeof MODULES): string {
    return join(this.folder, name);
  }

  /** A folder of its own for a check, below the project, that anybody may read. */
  scene(): string {
    const scene = mkdtempSync(join(this.folder, "scene-"));
    return scene;
  }
}

/** The checkout that this file lies in. */
export const PROJECT = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");
