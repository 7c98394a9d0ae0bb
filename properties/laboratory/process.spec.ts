import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { atMost } from "../../src/claim/claim.ts";
import { populationsOf, trialSeed } from "../../src/claim/population.ts";
import { observed } from "../../src/claim/provenance.ts";
import type { Statement } from "../../src/claim/theorem.ts";
import { endedWith, experiment } from "../../src/experiment/experiment.ts";
import { here, type Laboratory } from "../../src/experiment/laboratory.ts";
import { statementsOf } from "../../src/experiment/statements-of.ts";
import type { Order } from "../../src/experiment/trial.ts";
import { type Declarations, hashesOf } from "../../src/laboratory/fingerprint.ts";
import { processes } from "../../src/laboratory/process.ts";
import { remembering } from "../../src/laboratory/remembering.ts";
import { suiteDeclarations } from "../../src/laboratory/suite-file.ts";
import { drawTrial } from "../../src/law/law.ts";
import { constant, real } from "../../src/law/range.ts";
import { judge } from "../../src/verdict/judge.ts";

const COMMAND = fileURLToPath(new URL("./fixtures/command.mjs", import.meta.url));

let folder = "";
let open: Laboratory[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "theorycheck-process-"));
  copyFileSync(COMMAND, join(folder, "command.mjs"));
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((laboratory) => laboratory.close()));
  rmSync(folder, { recursive: true });
});

const suiteText = (way: string, options: object = {}) => ({
  experiment: {
    id: "hits",
    command: [process.execPath, "command.mjs", ...(way === "" ? [] : [way])],
    files: ["command.mjs"],
    seconds: 20,
    fields: { p: { kind: "real", from: 0, to: 1, meaning: "chance of a hit" } },
    measures: { hit: "hits", seed: "the seed itself" },
    ...options,
  },
  laws: { rare: { p: { constant: 0.001 } }, common: { p: { real: [0.5, 1] } } },
  theorems: [{ id: "no-hit", title: "No hit", laws: ["rare"], claims: [{ measure: "hit", atMost: 0 }] }],
  controls: [{ id: "often", of: "no-hit", leaves: "p", law: "common" }],
});

async function declared(way = "", options: object = {}): Promise<Declarations> {
  const file = join(folder, "suite.json");
  writeFileSync(file, JSON.stringify(suiteText(way, options)));
  return suiteDeclarations(file);
}

interface Opened {
  readonly workers?: number;
  readonly signal?: AbortSignal;
  readonly tell?: (line: string) => void;
}

function laboratoryOf({ statements, command }: Declarations, options: Opened = {}): Laboratory {
  const laboratory = processes({ statements, ...command!, workers: 1, tell: () => {}, ...options });
  open.push(laboratory);
  return laboratory;
}

/** The trial of an index. */
function orderOf({ statements }: Declarations, index = 1): Order {
  const { law, claims } = populationsOf(statements)[0]!;
  const models = drawTrial(law, trialSeed(1, law.id, index));
  return { experiment: "hits", models, wanted: claims.map(({ key }) => key), detail: "none" };
}

const runs = async (way: string, options?: object, opened?: Opened) => {
  const declarations = await declared(way, options);
  const order = orderOf(declarations);
  const [{ seed }] = order.models;
  return { record: await laboratoryOf(declarations, opened).run(order), seed };
};

/** Whether a process is there. */
const lives = (pid: number) => {
  try {
    process.kill(pid, 0);
    // what nobody waited for yet is there, and dead
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};

/** Waits until something is so. */
const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe("a command", () => {
  test("has its answer counted as any run's", async () => {
    const { record, seed } = await runs("");
    expect(record!.models).toEqual([{ theta: { p: 0.001 }, seed, ...endedWith({ hit: 0, seed }) }]);
    expect(Object.values(record!.observed)).toEqual([0]);
    expect(seed).toBeGreaterThan(2 ** 32);
  });

  test.each(["dies-once", "hangs-once"])("that %s is started again, and its order run again", async (way) => {
    const { record, seed } = await runs(way, { seconds: way === "hangs-once" ? 2 : 20 });
    expect(record!.models[0]!.digest).toBe(endedWith({ hit: 0, seed }).digest);
    expect(existsSync(join(folder, "once"))).toBe(true);
  });

  test.each([
    ["dies", "it ended with exit code 3; its last words: Traceback: no such thing"],
    ["hangs", "it took longer than 1 s, which experiment.seconds allows"],
    ["floods", "it printed a line of more than 1048576 characters"],
    ["nonsense", 'it printed "about 3", which is no answer'],
    ["bare-nan", 'NaN and Infinity must be text: "NaN"'],
    ["lacks", "which lacks the measure seed"],
    ["more", "which has a measure other, which the suite does not"],
    ["twice", "it spoke again of an order that it had answered"],
    ["other-order", "which answers no order that it was given"],
    ["fails", "diverged"],
    ["late-versions", "must be the first line"],
  ])("that %s ends the run after its second time, with theta and seed", async (way, why) => {
    const declarations = await declared(way, way === "hangs" ? { seconds: 1 } : {});
    const order = orderOf(declarations);
    const failure = await laboratoryOf(declarations)
      .run(order)
      .catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({ name: "LaboratoryFault" });
    const { message } = failure as Error;
    expect(message).toContain("(it was run twice)");
    expect(message).toContain(why);
    expect(message).toContain(`seed ${order.models[0].seed}, theta {"p":0.001}`);
  });

  test("whose suite says so violates with a run that fails, and the run goes on", async () => {
    const { record } = await runs("dies", { failures: "violate" });
    expect(record!.models[0]).toMatchObject({ outcome: "failed", measurements: {} });
    expect(Object.values(record!.observed)).toEqual([Number.NaN]);
  });

  test("that answers twice ends the run, also where the second answer comes when it was asked for more", async () => {
    const declarations = await declared("twice-late");
    const laboratory = laboratoryOf(declarations);
    const all = async () => {
      for (let index = 0; index < 40; index++) {
        await laboratory.run(orderOf(declarations, index));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    await expect(all()).rejects.toThrow("it spoke again of an order that it had answered");
  });

  test("may leave when it has answered, print its progress, and measure what is not finite", async () => {
    const left = await declared("leaves-once");
    const laboratory = laboratoryOf(left);
    for (let index = 0; index < 3; index++) expect(await laboratory.run(orderOf(left, index))).toBeDefined();
    expect((await runs("floods-progress")).record!.models[0]!.outcome).toBe("ended");
    const { record } = await runs("not-finite");
    expect(record!.models[0]!.measurements).toEqual({ hit: Number.NEGATIVE_INFINITY, seed: Number.POSITIVE_INFINITY });
  });

  test("has what it writes to stderr passed on with its place", async () => {
    const told: string[] = [];
    const declarations = await declared("talks");
    const laboratory = laboratoryOf(declarations, { tell: (line) => told.push(line) });
    await laboratory.run(orderOf(declarations));
    await laboratory.close();
    expect(told).toEqual(["[1] warning", "[1] no newline"]);
  });

  test("that does not start is bad input", async () => {
    const asked = declared("", { command: ["no-such-program-anywhere"] });
    await expect(asked).rejects.toMatchObject({
      name: "InvalidInput",
      message: expect.stringContaining("experiment.command must be a program that starts, got spawn no-such-program"),
    });
  });
});

describe("an experiment that does not repeat itself", () => {
  test.each(["counts", "chance"])("(%s) is found out: in one process, and from one to another", async (way) => {
    const { command, closure } = await declared(way);
    expect(command!.met.repeats).toBe(false);
    expect(closure.unknown).toEqual(["experiment hits does not repeat itself"]);
  });

  test("gets no second run", async () => {
    const { statements, command } = await declared("dies-once");
    const met = { ...command!.met, repeats: false };
    const declarations = { statements, command: { command: command!.command, met } } as unknown as Declarations;
    await expect(laboratoryOf(declarations).run(orderOf(declarations))).rejects.toThrow(
      "(it was run once, since the experiment does not repeat itself): it was ended by SIGKILL",
    );
  });
});

describe("nothing is left behind", () => {
  const grandchild = () => Number(readFileSync(join(folder, "grandchild"), "utf8"));
  const started = () => existsSync(join(folder, "grandchild")) && grandchild() > 0;

  test("by a time limit, or by a signal, which ends the run with its reason", async () => {
    await expect(runs("grandchild", { seconds: 1 })).rejects.toThrow("longer than 1 s");
    await until(() => !lives(grandchild()));
    rmSync(join(folder, "grandchild"));
    const stop = new AbortController();
    const running = runs("grandchild", {}, { signal: stop.signal });
    const reason = new Error("stopped");
    void until(started).then(() => stop.abort(reason));
    await expect(running).rejects.toBe(reason);
    await until(() => !lives(grandchild()));
  });

  test("by closing what is under way, which starts nothing again", async () => {
    const declarations = await declared("grandchild");
    const laboratory = laboratoryOf(declarations);
    const running = laboratory.run(orderOf(declarations));
    void until(started).then(() => laboratory.close());
    await expect(running).rejects.toThrow("the laboratory was closed");
    await until(() => !lives(grandchild()));
  });

  test("by a process that ended by itself, and left one that holds its pipes", async () => {
    await expect(runs("orphan")).rejects.toThrow("it ended with exit code 4");
    await until(() => !lives(grandchild()));
  });

  test("by a program that is killed", async () => {
    await declared("grandchild");
    const script = `
      import { suiteDeclarations } from ${JSON.stringify(new URL("../../src/laboratory/suite-file.ts", import.meta.url).href)};
      import { processes } from ${JSON.stringify(new URL("../../src/laboratory/process.ts", import.meta.url).href)};
      const { statements, command } = await suiteDeclarations(${JSON.stringify(join(folder, "suite.json"))});
      const laboratory = processes({ statements, ...command, workers: 1 });
      await laboratory.run({ experiment: "hits", models: [{ theta: { p: 0.5 }, seed: 5 }], wanted: [], detail: "none" });
    `;
    const program = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script]);
    await until(started);
    expect(lives(grandchild())).toBe(true);
    program.kill("SIGKILL");
    await until(() => !lives(grandchild()));
  }, 60_000);
});

describe("the store", () => {
  const keptBy = async (declarations: Declarations) => {
    const told: string[] = [];
    const laboratory = remembering(laboratoryOf(declarations), {
      folder: join(folder, "store"),
      closure: declarations.closure,
      warn: (line) => told.push(line),
    });
    await laboratory.run(orderOf(declarations));
    await laboratory.close();
    const files = existsSync(join(folder, "store")) ? readdirSync(join(folder, "store")) : [];
    return { files: files.length, told };
  };

  test("has another name after an edit of a file that the suite lists, of the suite, and for other versions", async () => {
    expect(await keptBy(await declared())).toEqual({ files: 1, told: [] });
    expect((await keptBy(await declared())).files).toBe(1);
    const script = join(folder, "command.mjs");
    const text = readFileSync(script, "utf8");
    writeFileSync(script, `${text}// edited\n`);
    expect((await keptBy(await declared())).files).toBe(2);
    writeFileSync(script, text);
    expect((await keptBy(await declared("", { seconds: 21 }))).files).toBe(3);
    writeFileSync(script, text.replace("{ it: 1 }", "{ it: 3 }"));
    const other = await declared("", { files: ["command.mjs"] });
    expect((await keptBy(other)).files).toBe(4);
    expect(other.command!.met.versions).toBe('{"versions":{"it":3}}');
  });

  test("depends on the versions alone where nothing else differs", async () => {
    const script = join(folder, "command.mjs");
    const text = readFileSync(script, "utf8");
    // what is listed stays the same, and what is said does not
    writeFileSync(script, text.replace("{ it: 1 }", '{ it: existsSync("newer") ? 2 : 1 }'));
    const before = await declared();
    writeFileSync(join(folder, "newer"), "");
    const after = await declared();
    expect(after.closure.hash).not.toBe(before.closure.hash);
    const [one, other] = [await hashesOf(before), await hashesOf(after)];
    expect(other.statements["no-hit"]).not.toBe(one.statements["no-hit"]);
    // and a run that began with the one is ended by the other
    await expect(laboratoryOf(before).run(orderOf(before))).rejects.toThrow("must print the same versions");
  });

  test.each([
    ["without versions", "no-versions", {}, 'the command of hits prints no first line {"versions": {…}}'],
    ["that lists no files", "", { files: [] }, "experiment.files lists no file, and 1 more such reasons"],
    ["that does not repeat itself", "counts", {}, "experiment hits does not repeat itself"],
  ])("keeps nothing of a suite %s", async (_, way, options, why) => {
    expect(await keptBy(await declared(way, options))).toEqual({ files: 0, told: [`store not used: ${why}`] });
  });

  test("is not written where a listed file was edited while the runs were made", async () => {
    const declarations = await declared();
    writeFileSync(join(folder, "command.mjs"), `${readFileSync(join(folder, "command.mjs"), "utf8")}// edited\n`);
    const { files, told } = await keptBy(declarations);
    expect([files, told]).toEqual([
      0,
      ["store not written any more: what the models depend on was changed while they were trained"],
    ]);
  });

  test("knows a suite that names a command's file without listing it, and one that lists what is not there", async () => {
    expect((await declared("", { files: ["once"] }).catch((error: Error) => error.message)) as string).toMatch(
      /^suite\.json:1:\d+: experiment\.files\[0\] must be a file in the suite's folder, got "once"$/,
    );
    writeFileSync(join(folder, "data"), "");
    expect((await declared("", { files: ["data"] })).closure.unknown).toEqual([
      "experiment.files does not list command.mjs",
    ]);
  });
});

test("verdicts, counts and digests are those of the same experiment in TypeScript", async () => {
  const declarations = await declared();
  const unit = { kind: "real", from: 0, to: 1, widest: real(0, 1), simplest: "low" } as const;
  const fields = { p: { ...unit, symbol: "p", hypothesis: "p", meaning: "chance of a hit" } };
  const numbers = experiment({ id: "hits", fields, measure: () => ({ hit: 0, seed: 0 }) });
  const twin: typeof numbers = {
    ...numbers,
    run: (theta, seed) => ({ hit: (seed % 9973) / 9973 < theta.p ? 1 : 0, seed, theta }),
  };
  const { law, theorem, control } = statementsOf(twin);
  const claims = [atMost("hits", 0, ({ hit }: ReturnType<typeof twin.run>) => hit)];
  const base = { provenance: observed(), claims };
  const rare = law({ id: "rare", title: "rare", ranges: { p: constant(0.001) } });
  const common = law({ id: "common", title: "common", ranges: { p: real(0.5, 1) } });
  const statements: readonly Statement[] = [
    theorem({ ...base, id: "no-hit", title: "No hit", law: rare }),
    control({
      ...{ ...base, id: "often", title: "No hit, with p ∈ [0.5, 1]", of: "no-hit", law: common },
      leaves: { hypothesis: "p", how: "p ∈ [0.5, 1]" },
    }),
  ];
  const judged = async (about: readonly Statement[], laboratory: Laboratory) => {
    const { populations, verdicts } = await judge({ statements: about, laboratory, seed: 3 });
    return {
      verdicts,
      populations: populations.map(({ trials, events, claims: all, population }) => ({
        law: population.law.hash,
        trials,
        verdicts: events.map(({ key, verdict }) => [key, verdict]),
        ledgers: all.map(({ key, ledger }) => [key, ledger]),
      })),
    };
  };
  const bySuite = await judged(declarations.statements, laboratoryOf(declarations, { workers: 2 }));
  expect(bySuite).toEqual(await judged(statements, here(statements)));
  expect(bySuite.populations.map(({ verdicts }) => (verdicts[0]![1] as { kind: string }).kind)).toEqual([
    "certified",
    "refuted",
  ]);
  const [own, its] = [statements, declarations.statements].map((each) =>
    each.map(({ kind, id, title, claimsOn, laws, experiment: about, ...rest }) => ({
      ...{ kind, id, title, laws: laws.map(({ hash, title }) => [hash, title]) },
      claims: claimsOn(laws[0]!).map(({ title, relation }) => ({ title, relation })),
      rest: { ...rest, declaredAt: undefined },
      fields: about.parameters.fields,
    })),
  );
  expect(its).toEqual(own);
}, 60_000);
