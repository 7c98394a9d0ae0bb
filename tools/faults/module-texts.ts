import { HEAD } from "./workshop.ts";

/** A module of declarations, and the exit codes that are right of judging it. */
export interface ModuleText {
  readonly name: string;
  readonly text: string;
  readonly exits: readonly number[];
}

/** Judged as it is. */
const JUDGED = [0];
/** Said to be no declarations. */
const REFUSED = [2];
/** Whether it is refused or a fault of the module's: not a verdict. */
const NO_VERDICT = [2, 70];

const GOOD = "export const small = theorem(stated);";
const of = (name: string, text: string, exits: readonly number[]): ModuleText => ({ name, text: HEAD + text, exits });
const quoted = JSON.stringify;

/** Something done while the module is loaded, before a sound declaration. */
const loading: readonly ModuleText[] = Object.entries({
  "throws an Error": ["throw new Error('boom');", REFUSED],
  "throws a text": ["throw 'boom';", REFUSED],
  "throws nothing": ["throw undefined;", REFUSED],
  "throws null": ["throw null;", REFUSED],
  "throws what cannot be shown": ["throw { get message() { throw 1; }, toString() { throw 2; } };", REFUSED],
  "throws a proxy that throws": ["throw new Proxy({}, { get() { throw 1; } });", REFUSED],
  "throws an InvalidInput of its own": ["throw Object.assign(new Error('mine'), { name: 'InvalidInput' });", REFUSED],
  "throws an ExitWith of its own": ["throw Object.assign(new Error('mine'), { name: 'ExitWith', code: 0 });", REFUSED],
  "throws a message of many lines": ["throw new Error('a\\nb\\nc');", REFUSED],
  "throws a message that steers a terminal": ["throw new Error('\\u001b[2J\\u202e');", REFUSED],
  "throws a message of a megabyte": ["throw new Error('x'.repeat(1e6));", REFUSED],
  "waits for a promise that is rejected": ["await Promise.reject(new Error('boom'));", REFUSED],
  "waits for ever": ["await new Promise(() => {});", NO_VERDICT],
  "waits a moment": ["await new Promise((go) => setTimeout(go, 50));", JUDGED],
  "leaves a promise rejected": ["Promise.reject(new Error('boom'));", [0, 2, 70]],
  "leaves a promise rejected later": ["setTimeout(() => Promise.reject(new Error('boom')), 100);", [0, 2, 70]],
  "throws in a timer": ["setTimeout(() => { throw new Error('boom'); }, 100);", [0, 2, 70]],
  "throws in a microtask": ["queueMicrotask(() => { throw new Error('boom'); });", [0, 2, 70]],
  "leaves a timer for ever": ["setInterval(() => {}, 1000);", JUDGED],
  "leaves a server open": ["(await import('node:net')).createServer().listen(0);", JUDGED],
  "exits with 0": ["process.exit(0);", NO_VERDICT],
  "exits with 1": ["process.exit(1);", NO_VERDICT],
  "exits with 3": ["process.exit(3);", NO_VERDICT],
  "exits with 0 later": ["setTimeout(() => process.exit(0), 60);", [0, 2, 70]],
  "exits for good (reallyExit)": ["process.reallyExit(0);", NO_VERDICT],
  aborts: ["process.kill(process.pid, 'SIGABRT');", [134]],
  "sets the exit code": ["process.exitCode = 0;", JUDGED],
  "sets the exit code to 1": ["process.exitCode = 1;", JUDGED],
  "interrupts itself": ["process.kill(process.pid, 'SIGINT');", [130]],
  "leaves the folder": ["try { process.chdir('/'); } catch {}", JUDGED],
  "closes stdout": ["process.stdout.end();", [0, 2, 70]],
  "closes stderr": ["process.stderr.end();", JUDGED],
  "prints to stdout": ["console.log('hello');", JUDGED],
  "prints a verdict of its own": ["console.log('certified    theorem  other');", JUDGED],
  "catches signals": ["process.on('SIGTERM', () => {});", JUDGED],
  "catches what nobody caught": ["process.on('uncaughtException', () => {});", JUDGED],
  "imports what is not there": ["await import('./nowhere.js');", REFUSED],
  "imports a package that is not there": ["await import('nothing-of-that-name');", REFUSED],
  "calls itself without end": ["(function f() { f(); })();", REFUSED],
  "takes all memory": ["const eaten = []; for (;;) eaten.push(new Array(1e6).fill(1));", [2, 70]],
  "loses its globals": ["delete globalThis.setTimeout; delete globalThis.structuredClone;", [0, 2, 70]],
  "adds to Array.prototype": ["Array.prototype.extra = () => 1;", JUDGED],
  "adds to Object.prototype": ["Object.prototype.extra = 1;", [0, 2, 70]],
  "changes Array.prototype.map": ["Array.prototype.map = () => [];", NO_VERDICT.concat(0, 1, 3)],
  "changes Math.random": ["Math.random = () => 0.5;", JUDGED],
  "changes Math.log": ["Math.log = () => NaN;", JUDGED],
  "changes JSON.parse": ["JSON.parse = () => ({});", [0, 2, 70]],
  "changes Date.now": ["Date.now = () => NaN;", JUDGED],
  "sets Error.prepareStackTrace": ["Error.prepareStackTrace = () => { throw 1; };", [0, 2, 70]],
  "sets Error.stackTraceLimit": ["Error.stackTraceLimit = 0;", JUDGED],
  "freezes Object.prototype": ["Object.freeze(Object.prototype);", [0, 2, 70]],
} satisfies Readonly<Record<string, readonly [string, readonly number[]]>>).map(([name, [text, exits]]) =>
  of(`while it is loaded it ${name}`, `${text}\n${GOOD}`, exits),
);

/** What a module exports. */
const exporting: readonly ModuleText[] = Object.entries({
  nothing: ["", REFUSED],
  "a number": ["export const t = 5;", REFUSED],
  null: ["export const t = null; export default undefined;", REFUSED],
  "what only looks like a theorem": ["export const t = { kind: 'theorem' };", REFUSED],
  "a theorem's copy": ["export const t = { ...theorem(stated) };", [0, 2]],
  "a theorem with a getter that throws": [
    "const t = theorem(stated); export const u = Object.create(t, { id: { get() { throw new Error('boom'); } } });",
    REFUSED,
  ],
  "a proxy that throws": ["export const t = new Proxy({}, { get() { throw new Error('boom'); } });", REFUSED],
  "a promise of a theorem": ["export const t = Promise.resolve(theorem(stated));", REFUSED],
  "a function that makes a theorem": ["export const t = () => theorem(stated);", REFUSED],
  "a theorem and a false one in a list": [
    `${GOOD} export const more = [theorem({ ...stated, id: "false", claims: [atMost("drawn", -1, (run) => run.drawn)] })];`,
    [1, 2],
  ],
  "a function called then": [`export const then = (go) => go({}); ${GOOD}`, [0, 2]],
  "two of one id": [`${GOOD} export const other = theorem({ ...stated, title: "another" });`, REFUSED],
  "a theorem twice": [`${GOOD} export default small;`, [0, 2]],
  "a control of nothing": [
    "export const c = control({ id: 'c', of: 'nothing', title: 'c', leaves: { hypothesis: 'smallness', how: 'x' }, provenance: derived('x'), law, claims: [claim] });",
    [1, 2],
  ],
} satisfies Readonly<Record<string, readonly [string, readonly number[]]>>).map(([name, [text, exits]]) =>
  of(`it exports ${name}`, text, exits),
);

/** A theorem of which a field is odd. */
const fields: readonly ModuleText[] = [
  ...["to-string", "prototype"].map((id) => [`id: ${quoted(id)}`, JUDGED] as const),
  [`id: ${quoted("constructor")}`, REFUSED] as const,
  ...["toString", "__proto__", "", " ", "a/../b", "<b>", "x".repeat(1e5), "a\nb", "\u202e"].map(
    (id) => [`id: ${quoted(id)}`, REFUSED] as const,
  ),
  ...["5", "null", "{}"].map((id) => [`id: ${id}`, REFUSED] as const),
  [`title: "x".repeat(1e6)`, [0, 2]] as const,
  ...["", "\u001b[2J\u0007", "\u202egnp", "a\nb"].map((title) => [`title: ${quoted(title)}`, [0, 2]] as const),
  ["title: 5", REFUSED] as const,
  ["provenance: derived(5)", REFUSED] as const,
  ["provenance: undefined", REFUSED] as const,
  ["deviates: 5", REFUSED] as const,
  [`formula: "\\\\frac{1"`, [0, 2]] as const,
  ["formula: 5", REFUSED] as const,
  ["p0: '0.05'", REFUSED] as const,
  ["p0: NaN", REFUSED] as const,
  ["p0: 2", REFUSED] as const,
  ["maxModels: -1", REFUSED] as const,
  ["maxModels: 1e309", REFUSED] as const,
  ["claims: []", REFUSED] as const,
  ["claims: [claim, claim]", REFUSED] as const,
  ["claims: 'x'", REFUSED] as const,
  ["law: undefined", REFUSED] as const,
  ["hypotheses: ['nothing']", REFUSED] as const,
  ["hypotheses: ['constructor']", REFUSED] as const,
].map(([field, exits]) => {
  const name = field.length > 60 ? `${field.slice(0, 30)}…` : field;
  return of(`a theorem with ${name}`, `export const t = theorem({ ...stated, ${field} });`, exits);
});

/** What a claim does when it observes a run. */
const observing: readonly ModuleText[] = Object.entries({
  "throw new Error('boom')": NO_VERDICT,
  "throw 'boom'": NO_VERDICT,
  "throw null": NO_VERDICT,
  "return undefined": REFUSED,
  "return null": REFUSED,
  "return '1'": REFUSED,
  "return true": REFUSED,
  "return 1n": REFUSED,
  "return Symbol('x')": REFUSED,
  "return [1]": REFUSED,
  "return { valueOf: () => 1 }": REFUSED,
  "return Promise.resolve(1)": REFUSED,
  "return Promise.reject(new Error('boom'))": NO_VERDICT,
  "return NaN": [1],
  "return Infinity": [1],
  "return -Infinity": [0, 1],
  "return -0": [0],
  "process.exit(0)": NO_VERDICT,
  "process.exit(3)": NO_VERDICT,
  "run.drawn = 0; return run.drawn": [0, 2],
  "console.log('\\u001b[2J'.length); return 0": [0],
  "return run.nothing": REFUSED,
  "setTimeout(() => { throw new Error('boom') }); return 0": [0, 2, 70],
  "Promise.reject(new Error('boom')); return 0": [0, 2, 70],
  "(function f() { f() })()": NO_VERDICT,
} satisfies Readonly<Record<string, readonly number[]>>).map(([body, exits]) =>
  of(
    `a claim that does ${body}`,
    `export const t = theorem({ ...stated, claims: [atMost("x", 9, (run) => { ${body} })] });`,
    exits,
  ),
);

/** What an experiment measures. */
const measuring: readonly ModuleText[] = Object.entries({
  "throw new Error('boom')": NO_VERDICT,
  "return undefined": NO_VERDICT,
  "return { drawn: '1' }": NO_VERDICT,
  "return { drawn: NaN }": [1],
  "return {}": NO_VERDICT,
  "random('constructor'); return { drawn: 1 }": [0],
  "random(); return { drawn: 1 }": [0, 2, 70],
  "theta.size = 5; return { drawn: 1 }": [0, 2, 70],
}).map(([body, exits]) => ({
  name: `a measure that does ${body}`,
  text: `${HEAD.replace(/const draw = .*/, `const draw = (theta, random) => { ${body} };`)}${GOOD}\n`,
  exits,
}));

export const MODULE_TEXTS: readonly ModuleText[] = [...loading, ...exporting, ...fields, ...observing, ...measuring];
