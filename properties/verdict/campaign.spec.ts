import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { CampaignLog } from "../../src/cli/campaign-log.ts";
import { beginNight } from "../../src/cli/night.ts";
import { Evidence } from "../../src/evidence/evidence.ts";
import type { Hashes } from "../../src/experiment/hashes.ts";
import { here } from "../../src/experiment/laboratory.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { campaignResult, contradictedBy } from "../../src/report/campaign.ts";
import {
  type CampaignEntry,
  type CampaignIdentity,
  campaignEvents,
  changesSince,
  earlierNights,
  identityOf,
  NIGHTLY_TRIALS,
  stateOf,
} from "../../src/verdict/campaign.ts";
import { judge } from "../../src/verdict/judge.ts";
import { prepare, type Question } from "../../src/verdict/prepare.ts";
import { statements } from "./fixtures/small-statements.ts";

const folder = mkdtempSync(join(tmpdir(), "theorycheck-campaign-"));
afterAll(() => rmSync(folder, { recursive: true }));

const question: Question = { statements, selects: ({ id }) => ["always", "half"].includes(id) };

const hashes: Hashes = {
  core: "c",
  statements: Object.fromEntries(statements.map(({ id }) => [id, `hash of ${id}`])),
  declarations: "m",
};

const identity: CampaignIdentity = {
  core: "c",
  declarations: "m",
  laws: { small: "l" },
  statements: { t: "s" },
  events: { "t @ small": 0.05 },
  alphaPerVerdict: 1e-3,
  beta: 1e-2,
};
const night = (seed: number, trials: number, violators: readonly number[]) => ({
  kind: "counts" as const,
  seed,
  trials: { small: trials },
  violators: { "t @ small": [...violators] },
});

describe("the nights of a campaign are one sequence of trials", () => {
  const nights = fc.array(
    fc.array(fc.integer({ min: 0, max: 19 }), { minLength: 1, maxLength: 90 }).map((draws) => ({
      trials: draws.length,
      violators: draws.flatMap((draw, index) => (draw < 2 ? [index] : [])),
    })),
    { minLength: 1, maxLength: 6 },
  );

  test("its verdict is that of one Evidence over all of them in order, however they are cut into nights", () => {
    fc.assert(
      fc.property(nights, (drawn) => {
        const [event] = campaignEvents(
          identity,
          drawn.map(({ trials, violators }, i) => night(i, trials, violators)),
        );
        const evidence = new Evidence({ p0: 0.05, alpha: 1e-3, beta: 1e-2, cap: 1_000_000 });
        for (const { trials, violators } of drawn) {
          for (let index = 0; index < trials; index++) evidence.observe(violators.includes(index));
        }
        const { n, violations, later } = evidence.verdict();
        expect(event).toMatchObject({
          verdict: evidence.decision,
          verdictAt: { n, violations },
          n: n + later.n,
          violations: violations + later.violations,
        });
      }),
      { numRuns: 100 },
    );
  });

  test("a later crossing of E is reported, and the certificate stays", () => {
    const clean = night(1, 200, []);
    const bad = night(
      2,
      200,
      Array.from({ length: 60 }, (_, i) => i),
    );
    const [event] = campaignEvents(identity, [clean, bad]);
    expect(event).toMatchObject({ verdict: "certified", n: 400, violations: 60 });
    const evidence = new Evidence({ p0: 0.05, alpha: 1e-3, beta: 1e-9, cap: 1_000_000 });
    for (let index = 0; index < 400; index++) evidence.observe(index >= 200 && index < 260);
    expect(evidence.verdict()).toMatchObject({ kind: "refuted", n: event!.refutedAt });
    const report = campaignResult({ number: 1, nights: [], falsePass: 0.01, events: [event!] });
    expect(contradictedBy(report)).toEqual([
      `t @ small was certified after ${event!.verdictAt.n} models, and later nights refute it, after ${event!.refutedAt}`,
    ]);
    expect(
      contradictedBy(
        campaignResult({ number: 1, nights: [], falsePass: 0, events: campaignEvents(identity, [clean]) }),
      ),
    ).toEqual([]);
  });

  test("what was decided goes into the next night with the counts of its verdict, what was not with all counts", () => {
    const decided = earlierNights(identity, [night(1, 300, [])]);
    const open = earlierNights(identity, [night(1, 30, [3]), night(2, 20, [4])]);
    expect(decided?.counts.get("t @ small")?.n).toBeLessThan(158);
    expect(open).toMatchObject({ seed: 2, trials: { small: 20 }, earlier: [{ seed: 1, trials: { small: 30 } }] });
    expect(open?.counts.get("t @ small")).toEqual({ n: 50, violations: 2, p0: 0.05 });
    expect(earlierNights(identity, [])).toBeUndefined();
  });
});

describe("the entries of a log", () => {
  const opened: CampaignEntry = { kind: "campaign", number: 1, identity };
  test.each<[string, CampaignEntry[], string]>([
    ["a night before any campaign", [{ kind: "night", seed: 1 }], "must follow a campaign"],
    [
      "a second night before the first has counts",
      [opened, { kind: "night", seed: 1 }, { kind: "night", seed: 2 }],
      "must follow the counts of the night with seed 1",
    ],
    ["counts of a night that was not begun", [opened, night(1, 5, [])], "must be of the night begun last, got seed 1"],
    [
      "a seed a second time",
      [opened, { kind: "night", seed: 1 }, night(1, 5, []), { kind: "night", seed: 1 }],
      "must have a new seed, got 1 again",
    ],
    ["a campaign with the number of another", [opened, opened], "must have number 2, got 1"],
    [
      "counts without the campaign's events",
      [opened, { kind: "night", seed: 1 }, { ...night(1, 5, []), violators: {} }],
      "must have the campaign's events",
    ],
  ])("%s is refused", (_, entries, message) => {
    expect(() => stateOf(entries)).toThrow(message);
  });

  test("a new campaign starts from nothing, and its price is added", () => {
    const entries: CampaignEntry[] = [opened, { kind: "night", seed: 1 }, night(1, 5, []), { kind: "night", seed: 2 }];
    expect(stateOf(entries)).toMatchObject({ number: 1, unfinished: 2, falsePass: 0.01 });
    const second = stateOf([...entries, { ...opened, number: 2 }]);
    expect(second).toMatchObject({ number: 2, nights: [], unfinished: undefined, falsePass: 0.02 });
  });

  test.each(["core", "declarations", "laws", "statements", "events", "alphaPerVerdict", "beta"] as const)(
    "a change of %s is one",
    (part) => {
      const other = {
        core: "d",
        declarations: "n",
        laws: { small: "m" },
        statements: { t: "u" },
        events: { "t @ small": 0.1 },
        alphaPerVerdict: 2e-3,
        beta: 2e-2,
      };
      expect(changesSince(identity, { ...identity, [part]: other[part] })).toEqual([part]);
      expect(changesSince(identity, identity)).toEqual([]);
    },
  );
});

describe("a log on the disk", () => {
  const file = join(folder, "log.jsonl");
  const write = () => {
    rmSync(file, { force: true });
    const log = new CampaignLog(file);
    log.append({ kind: "campaign", number: 1, identity });
    log.append({ kind: "night", seed: 1 });
    log.append(night(1, 5, [2]));
    log.append({ kind: "night", seed: 2 });
    log.close();
    return readFileSync(file, "utf8").split("\n").slice(0, -1);
  };
  const opens = (lines: readonly string[]) => {
    writeFileSync(file, lines.map((each) => `${each}\n`).join(""));
    const log = new CampaignLog(file);
    log.close();
    return log.state;
  };

  test("is read back as it was written", () => {
    expect(opens(write())).toMatchObject({ number: 1, nights: [night(1, 5, [2])], unfinished: 2 });
  });

  test("an edited, a missing and a misplaced line are refused, each by its number", () => {
    const lines = write();
    const edited = lines.map((each) => each.replace('"t @ small":[2]', '"t @ small":[]'));
    expect(() => opens(edited)).toThrow(/line 3 must have the checksum/);
    expect(() => opens(lines.filter((_, i) => i !== 1))).toThrow(/line 2 must have the checksum/);
    expect(() => opens([lines[0]!, lines[2]!, lines[1]!])).toThrow(InvalidInput);
    expect(() => opens(["{}"])).toThrow(/line 1: /);
    expect(() => opens(["nonsense"])).toThrow(/line 1: must be JSON/);
    // nothing is left locked
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  test("a last line that was cut off is removed: its night is unfinished again", () => {
    const lines = write();
    writeFileSync(file, `${lines.slice(0, 2).join("\n")}\n${lines[2]!.slice(0, 40)}`);
    const log = new CampaignLog(file);
    log.close();
    expect(log.mended).toBe(true);
    expect(log.state).toMatchObject({ nights: [], unfinished: 1 });
    expect(readFileSync(file, "utf8")).toBe(`${lines.slice(0, 2).join("\n")}\n`);
  });

  test("one process at a time: another is refused, a lock of one that is gone is taken over", () => {
    write();
    const log = new CampaignLog(file);
    expect(() => new CampaignLog(file)).toThrow(new RegExp(`process ${process.pid} is at this campaign`));
    log.close();
    writeFileSync(`${file}.lock`, "999999999");
    new CampaignLog(file).close();
    expect(existsSync(`${file}.lock`)).toBe(false);
  });
});

describe("nights that are judged", () => {
  const file = join(folder, "nights.jsonl");
  const told: string[] = [];
  const tell = (line: string) => told.push(line);
  const nightOf = async (options = {}) => {
    const asked = { ...question, ...options };
    const begun = beginNight(file, prepare(asked), hashes, tell);
    try {
      const judgement = await judge({
        ...asked,
        laboratory: here(statements),
        seed: begun.seed,
        resumes: begun.earlier === undefined ? undefined : { run: begun.earlier, hashes },
        leastTrials: NIGHTLY_TRIALS,
      });
      return { judgement, report: begun.finish(judgement), seed: begun.seed };
    } finally {
      begun.close();
    }
  };

  test("go on from each other, finish what was left, keep verdicts, and begin anew where a standard changes", async () => {
    const identity = identityOf(prepare(question), hashes);
    expect(Object.keys(identity.events)).toEqual(["always @ small", "half: chance @ small"]);
    const { core, declarations } = hashes;
    expect(identity).toMatchObject({ core, declarations, alphaPerVerdict: 1e-6 / 2, beta: 1e-3 });
    // of what is judged, and nothing else
    expect(identity.statements).toEqual({ always: "hash of always", half: "hash of half" });

    const first = await nightOf();
    expect(first.report.events.map(({ verdict }) => verdict)).toEqual(["certified", "refuted"]);

    // a night that ends without counts
    const abandoned = beginNight(file, prepare(question), hashes, tell);
    abandoned.close();
    const second = await nightOf();
    expect(second.seed).toBe(abandoned.seed);
    expect(told.at(-1)).toContain(`ended without counts: it is finished with its own seed, ${abandoned.seed}`);
    expect(second.report.nights.map(({ seed }) => seed)).toEqual([first.seed, second.seed]);

    // verdicts are kept, models are added
    for (const [i, event] of second.report.events.entries()) {
      const before = first.report.events[i]!;
      expect(event).toMatchObject({ verdict: before.verdict, verdictAt: before.verdictAt });
      expect(event.n).toBe(before.n + NIGHTLY_TRIALS);
    }
    expect(second.judgement.populations[0]!.trials.length).toBe(NIGHTLY_TRIALS);
    for (const { verdict, key } of second.judgement.populations[0]!.events) {
      const event = second.report.events.find((each) => each.key === key)!;
      expect([verdict.kind, verdict.n]).toEqual([event.verdict, event.verdictAt.n]);
    }
    expect(second.report.events[0]!.strongestP0).toBeLessThan(first.report.events[0]!.strongestP0 as number);

    const other = await nightOf({ beta: 0.01 });
    expect(other.report).toMatchObject({ number: 2, falsePass: 2 * 1e-3 + 2 * 0.01 });
    expect(other.report.nights.length).toBe(1);
    expect(told.some((line) => line.includes("Campaign 2 is opened, since this changed: beta."))).toBe(true);
  }, 60_000);

  test("are none where nobody knows what the declarations read", () => {
    const unknown = { ...hashes, declarations: { unknown: "mine.ts reads process" } };
    const beginning = () => beginNight(join(folder, "unknown.jsonl"), prepare(question), unknown, tell);
    expect(beginning).toThrow(InvalidInput);
    expect(beginning).toThrow(
      "--campaign requires declarations of which all that they read is known, but mine.ts reads process",
    );
    expect(existsSync(join(folder, "unknown.jsonl"))).toBe(false);
  });

  test.each<[string, Hashes]>([
    ["core", { ...hashes, core: "d" }],
    ["declarations", { ...hashes, declarations: "n" }],
    ["statements", { ...hashes, statements: { ...hashes.statements, half: "another" } }],
  ])("begin anew where the code changed: %s", (part, now) => {
    const log = join(folder, `${part}.jsonl`);
    const openedWith = (its: Hashes) => {
      const lines: string[] = [];
      beginNight(log, prepare(question), its, (line) => lines.push(line)).close();
      return lines.join("\n");
    };
    expect(openedWith(hashes)).toContain("Campaign 1 is opened:");
    expect(openedWith(hashes)).not.toContain("is opened");
    expect(openedWith(now)).toContain(`Campaign 2 is opened, since this changed: ${part}.`);
  });
});
