import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { InvalidInput } from "../../src/invalid-input.ts";
import { stream } from "../../src/random/stream.ts";
import { type Ground, type Part, tryAll } from "../../tools/faults/check.ts";
import { commandLines } from "../../tools/faults/command-lines.ts";
import { installations } from "../../tools/faults/environment/installations.ts";
import { environment, FAULTS, FAULTS_IN_CI } from "../../tools/faults/environment.ts";
import { fuzzing } from "../../tools/faults/fuzz.ts";
import { kills } from "../../tools/faults/kills.ts";
import { MARKERS, markersInText, namesField } from "../../tools/faults/markers.ts";
import { MODULE_TEXTS } from "../../tools/faults/module-texts.ts";
import { modules } from "../../tools/faults/modules.ts";
import { mutated } from "../../tools/faults/mutate.ts";
import { after, type Ended, redirected, runProgram } from "../../tools/faults/program.ts";
import { faultsMarkdown, triedOf } from "../../tools/faults/report.ts";
import { complaint, wrongsOf } from "../../tools/faults/right.ts";
import { textFieldsOf, withTexts } from "../../tools/faults/text-fields.ts";
import { PROJECT } from "../../tools/faults/workshop.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "theorycheck-harness-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The words that start a program with this text. */
function program(text: string): readonly string[] {
  const file = join(folder, "program.mjs");
  writeFileSync(file, text);
  return [process.execPath, file];
}

const ended = (changed: Partial<Ended>): Ended => ({
  code: 0,
  stdout: "",
  stderr: "",
  milliseconds: 10,
  hung: false,
  ...changed,
});

describe("what is right of a run", () => {
  const refused = { exits: [2] };

  test.each<[string, Partial<Ended>, RegExp]>([
    ["another exit code", { code: 1, stderr: "error: x\n" }, /exit code 1, where 2 is right/],
    ["a hang", { code: 137, hung: true }, /did not end/],
    ["a stack trace", { code: 2, stderr: "error: x\n    at main (file.js:1:2)\n" }, /stack trace/],
    ["what Node says when it gives up", { code: 2, stderr: "node:internal/process/promises:288\n" }, /stack trace/],
    ["silence", { code: 2 }, /0 lines say/],
    ["an error of two lines", { code: 2, stderr: "error: x\nRequire stack:\n" }, /2 lines say/],
    ["a line that clears the screen", { code: 2, stderr: "error: \u001b[2J\n" }, /steer a terminal/],
    ["a line that turns text around", { code: 2, stderr: "error: \u202egnp\n" }, /steer a terminal/],
  ])("is not %s", (_, changed, wrong) => {
    expect(wrongsOf(ended(changed), refused).join("\n")).toMatch(wrong);
  });

  test("is one line, after progress and before commander's help", () => {
    expect(
      wrongsOf(ended({ code: 2, stderr: "1 theorem declared in x.\nerror: x\n\nUsage: y\n  z\n" }), refused),
    ).toEqual([]);
    expect(complaint("error: unknown option\n(Did you mean --x?)\n\nUsage: y\n")).toEqual(["error: unknown option"]);
  });

  test("is what it says, how soon, and that nothing was trained before", () => {
    const late = ended({ code: 2, stderr: "0 of 1 verdicts decided\nerror: x\n", milliseconds: 3000 });
    const right = { exits: [2], says: /store/, within: 2000, untrained: true };
    expect(wrongsOf(late, right).join("\n")).toMatch(/more than 2 seconds\n.*trained before.*\n.*does not say/);
  });

  test("is nothing that it says, where nobody can read it", () => {
    expect(wrongsOf(ended({ code: 70 }), { exits: [70], mute: true })).toEqual([]);
  });
});

describe("a program", () => {
  test("that does not end is killed, with all that it started", async () => {
    const hangs = program(
      'import { spawn } from "node:child_process"; spawn("sleep", ["60"], { stdio: "inherit" }); setInterval(() => {}, 1000);',
    );
    expect(await runProgram(hangs, { cwd: folder, longest: 500 })).toMatchObject({ hung: true, code: 137 });
  });

  test("is told by its exit code as a shell tells it, and by what it says", async () => {
    const said = await runProgram(
      program('console.log("out"); console.error("err"); process.kill(process.pid, "SIGTERM");'),
      { cwd: folder },
    );
    expect(said).toMatchObject({ code: 143, stdout: "out\n", stderr: "err\n", hung: false });
  });

  test("runs after something in a shell, and with its streams elsewhere", async () => {
    const says = program("console.log(process.argv[2], process.cwd())");
    expect(await runProgram([...says, "a b"], { cwd: folder, within: after("cd /") })).toMatchObject({
      stdout: "a b /\n",
    });
    expect(await runProgram(says, { cwd: folder, within: redirected(">/dev/null") })).toMatchObject({
      code: 0,
      stdout: "",
    });
  });
});

/** What a part finds with a program of this text in the place of theorycheck. */
async function found(part: Part, text: string): Promise<readonly (readonly string[])[]> {
  const ground: Ground = {
    program: program(text),
    project: PROJECT,
    folder: mkdtempSync(join(folder, "run-")),
    seed: 1,
    quick: true,
  };
  const { checks, close } = await part.checks(ground);
  try {
    return (await tryAll(checks, 2, () => {})).map(({ wrong }) => wrong);
  } finally {
    await close?.();
  }
}

describe("the parts", () => {
  test("a program that passes everything passes no module that cannot be judged", async () => {
    const wrong = await found(modules, "process.exit(0)");
    expect(wrong.flat().join("\n")).toMatch(/exit code 0, and nothing was judged/);
    expect(wrong.every((each) => each.length > 0)).toBe(true);
  });

  test("a program that always throws, or always passes, is caught in every environment", async () => {
    const throwing = await found(environment, 'throw new Error("boom")');
    // those of installations run copies of the program that is there
    const others = FAULTS_IN_CI.filter((fault) => !installations.includes(fault));
    expect(others.length).toBeGreaterThan(6);
    expect(throwing.filter((each) => each.length > 0).length).toBeGreaterThanOrEqual(others.length);
    expect((await found(environment, "")).some((each) => each.join().includes("exit code 0"))).toBe(true);
  });

  test("a program that throws is caught by every command line", async () => {
    const wrong = await found(commandLines, 'throw new Error("boom")');
    expect(wrong.every((each) => each.join().includes("stack trace"))).toBe(true);
  });

  test("a command line may be refused, and not fail", async () => {
    expect((await found(commandLines, 'console.error("error: no"); process.exit(2)')).flat()).toEqual([]);
    expect((await found(commandLines, 'console.error("error: no"); process.exit(70)')).flat().join()).toMatch(
      /exit code 70/,
    );
  });

  const writes = (how: string) => `
    import { mkdirSync, writeFileSync, readFileSync, renameSync, existsSync } from "node:fs";
    const at = process.argv.indexOf("--max-models");
    const text = ("models " + process.argv[at + 1] + "\\n").repeat(1000);
    const isWhole = () => new Set(["a", "b"].map((file) => readFileSync("out/" + file, "utf8").slice(0, 9))).size === 1;
    if (process.argv.includes("--check")) { if (!isWhole()) console.error("error: mixed"); process.exit(isWhole() ? 0 : 2); }
    mkdirSync("out", { recursive: true }); mkdirSync("store", { recursive: true });
    const wait = (ms) => new Promise((go) => setTimeout(go, ms));
    const whole = (file) => { writeFileSync("out/" + file + ".part", text); renameSync("out/" + file + ".part", "out/" + file); };
    await wait(50);
    ${how}`;

  test("a program that writes whole files survives kills", async () => {
    expect((await found(kills, writes('whole("a"); await wait(10); whole("b"); await wait(50);'))).flat()).toEqual([]);
  });

  test("a program that writes into its files is caught by a kill", async () => {
    const torn =
      'for (const file of ["a", "b"]) { writeFileSync("out/" + file, ""); for (const line of text.split(/(?<=\\n)/).slice(0, 200)) { writeFileSync("out/" + file, line, { flag: "a" }); await wait(1); } }';
    expect((await found(kills, writes(torn))).flat().join("\n")).toMatch(/neither the old nor the new one/);
  });

  test("a program whose next run depends on the one that was killed is caught", async () => {
    const depends =
      'const n = existsSync("store/n") ? 1 + Number(readFileSync("store/n")) : 0; writeFileSync("store/n", String(n)); writeFileSync("out/a", text + n); await wait(100);';
    expect((await found(kills, writes(depends))).flat().join("\n")).toMatch(/others than an undisturbed one/);
  });
});

describe("fuzzing", () => {
  const reader = (read: (text: string) => unknown) => [{ name: "mine", valid: ['{"a":[1,2,{"b":"text"}]}'], read }];
  const wrongs = async (read: (text: string) => unknown) =>
    (await tryAll(fuzzing(reader(read), 300, 1), 1, () => {})).filter(({ wrong }) => wrong.length > 0);

  test("lets InvalidInput through, and nothing else", async () => {
    const refuse = () => {
      throw new InvalidInput("no");
    };
    expect(await wrongs(refuse)).toEqual([]);
    expect((await wrongs((text) => JSON.parse(text).a[0].toFixed())).length).toBeGreaterThan(50);
  });

  test("is the same for the same seed, and changes valid texts in many ways", () => {
    const names = (seed: number) =>
      fuzzing(
        reader(() => {}),
        300,
        seed,
      ).map(({ name }) => name);
    expect(names(7)).toEqual(names(7));
    expect(names(7)).not.toEqual(names(8));
    const random = stream(1, "mutations");
    const changed = Array.from({ length: 300 }, () => mutated(random, '{"a":[1,2,{"b":"text"}]}'));
    expect(new Set(changed).size).toBeGreaterThan(200);
    expect(changed.filter((text) => text.includes("__proto__")).length).toBeGreaterThan(0);
  });
});

describe("markers", () => {
  const data = { title: "t", list: [{ law: "base" }, { law: "other" }], says: { law: "base", n: 1 } };

  test("go into every kind of field, wherever it says the same", () => {
    expect(textFieldsOf(data).map(({ path }) => path)).toEqual(["title", "list[].law", "says.law"]);
    expect(withTexts(data, new Map([["base", "<b>"]]))).toEqual({
      ...data,
      list: [{ law: "<b>" }, { law: "other" }],
      says: { law: "<b>", n: 1 },
    });
  });

  test("are eight, and found where a report in Markdown or TeX does not escape them", () => {
    expect(MARKERS.length).toBe(8);
    expect(markersInText("a.md", `x ${MARKERS[0]!.text(17)}`)).toEqual(["a.md has <script>alert(17)</script>"]);
    expect(MARKERS.every(({ text }) => namesField(text(17), 17) || text(17).includes("src=x17"))).toBe(true);
    expect(namesField("a.md has <script>alert(17)</script>", 1)).toBe(false);
    expect(markersInText("a.md", "&lt;script&gt; \\<script\\>")).toEqual([]);
    expect(markersInText("a.md", "\\\\<script>")).toHaveLength(1);
    expect(markersInText("a.tex", MARKERS[7]!.text(1)).join()).toMatch(/\\href.*\\input.*\\url/);
    expect(markersInText("a.tex", "\\textbackslash{}input")).toEqual([]);
  });
});

test("faults and modules are at least a hundred each, and each has a name of its own", () => {
  for (const names of [FAULTS.map(({ name }) => name), MODULE_TEXTS.map(({ name }) => name)]) {
    expect(names.length).toBeGreaterThanOrEqual(100);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  }
});

test("the report counts, and nothing in a name or a message becomes markup", () => {
  const part = { name: "p", title: "t", checks: () => ({ checks: [] }) };
  const outcomes = [
    { name: "good", wrong: [] },
    { name: "<b>|[x](y)", wrong: ["one\u001b", "two in /some/folder/file.js"] },
    { name: "not here", wrong: [], leftOut: "no root" },
  ];
  const tried = triedOf(part, 1, outcomes);
  expect(tried).toMatchObject({
    passed: 1,
    failed: [{ wrong: ["one\u001b", "two in …/file.js"] }],
    leftOut: [{ why: "no root" }],
  });
  const markdown = faultsMarkdown([tried]);
  expect(markdown).toContain("1 of 2 faults are survived");
  expect(markdown).toContain("| p | &lt;b>\\|\\[x\\](y) | one·; two in …/file.js |");
});
