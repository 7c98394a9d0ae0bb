import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { here } from "../../src/experiment/laboratory.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { buildResults } from "../../src/report/build-results.ts";
import { earlierRunOf } from "../../src/report/earlier-run.ts";
import { toJson } from "../../src/report/encode.ts";
import { plain } from "../../src/report/presentation.ts";
import { parseResults, type Results } from "../../src/report/results.ts";
import { type JudgeOptions, judge } from "../../src/verdict/judge.ts";
import { statements as joint } from "../verdict/fixtures/joint-statements.ts";
import { statements as small } from "../verdict/fixtures/small-statements.ts";
import { isPossible } from "./possible-counts.ts";
import { alignClaims, arbitraryEdit, type Editable, edit } from "./wrong-counts.ts";

const hashes = {
  core: "c".repeat(64),
  statements: Object.fromEntries([...small, ...joint].map(({ id }) => [id, "a".repeat(64)])),
  declarations: "d".repeat(64),
};
const NAME = "earlier.json";

/** Results as they come back from a file. */
async function verified(options: Partial<JudgeOptions>): Promise<Results> {
  const { statements = small } = options;
  const judged = await judge({ laboratory: here(statements), ...options, statements });
  return parseResults(toJson(buildResults("1.2.3", judged, hashes, plain(), [])));
}

/** Runs that decide all, or little, or go on from one of the others: once, twice, by a stricter standard, in part. */
const runs: Record<string, Results> = {};

beforeAll(async () => {
  const resumed = (from: Results | undefined, options: Partial<JudgeOptions>) =>
    verified({ resumes: { run: earlierRunOf(from as Results, NAME), hashes }, ...options });
  const ofJoint = { statements: joint, alpha: 0.05 };
  runs.decided = await verified({ seed: 1, beta: 0.2 });
  runs.besides = await resumed(runs.decided, { seed: 2, beta: 0.2 });
  runs.stricter = await resumed(runs.decided, { seed: 2, beta: 0.01, alpha: 1e-9, maxModels: 30 });
  const selects: JudgeOptions["selects"] = ({ id }) => id !== "measured";
  runs.capped = await verified({ seed: 1, maxModels: 15, selects });
  runs.again = await resumed(runs.capped, { seed: 2, maxModels: 12, beta: 0.2, selects });
  runs.thrice = await resumed(runs.again, { seed: 3, beta: 0.2, selects });
  runs.whole = await verified({ ...ofJoint, seed: 1, p0: 0.01, selects: ({ id }) => id === "disjoint" });
  runs.part = await verified({ ...ofJoint, seed: 1, maxModels: 25, selects: ({ kind }) => kind === "theorem" });
  runs.more = await resumed(runs.part, { ...ofJoint, seed: 2, beta: 0.1, maxModels: 40 });
}, 120_000);

const eventsOf = ({ statements }: Results) => statements.flatMap(({ events }) => events);

describe("results as evidence to go on from", () => {
  test("are taken whenever a run had them, and are possible by the rules", () => {
    const kinds = new Set<string>();
    for (const results of Object.values(runs)) {
      expect(earlierRunOf(results, NAME).counts.size).toBe(results.run.verdicts);
      for (const event of eventsOf(results)) {
        expect(isPossible(event, results)).toBe(true);
        kinds.add(`${event.verdict.kind}${event.claim === undefined ? " as a whole" : ""}`);
      }
    }
    expect(kinds.size).toBe(6);
  });

  test("with wrong counts are refused, or are counts that a run can have had", () => {
    const outcomes = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(
        fc.constantFrom("decided", "besides", "stricter", "capped", "again", "thrice", "whole", "part", "more"),
        fc.nat(),
        fc.array(arbitraryEdit, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        (which, at, edits, withCare) => {
          const results = structuredClone(runs[which]) as Editable<Results>;
          const events = results.statements.flatMap((statement) => statement.events);
          const event = events[at % events.length]!;
          for (const each of edits) edit(event, results.laws.find(({ id }) => id === event.law)!, each);
          if (withCare) alignClaims(results);
          try {
            earlierRunOf(results as Results, NAME);
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidInput);
            outcomes.refused++;
            return;
          }
          if (toJson(results) !== toJson(runs[which])) outcomes.accepted++;
          for (const each of eventsOf(results as Results)) {
            if (each.law === event.law) expect(isPossible(each, results as Results)).toBe(true);
          }
        },
      ),
      { numRuns: 2000 },
    );
    // both ways are walked
    expect(outcomes.accepted).toBeGreaterThan(50);
    expect(outcomes.refused).toBeGreaterThan(500);
  });

  const edited = (change: (results: Editable<Results>) => void, which = "decided") => {
    const results = structuredClone(runs[which]) as Editable<Results>;
    change(results);
    return () => earlierRunOf(results as Results, NAME);
  };
  const statementOf = ({ statements }: Editable<Results>, id: string) => statements.find((each) => each.id === id)!;

  test.each<[string, (results: Editable<Results>) => void, string, RegExp]>([
    [
      "joint counts that are missing",
      (results) => {
        statementOf(results, "always").events = [];
        results.run.verdicts--;
      },
      "decided",
      /^earlier\.json must have joint counts of each theorem's claims to be resumed, got none of always on law small$/,
    ],
    [
      "counts of a claim in the place of its theorem's",
      (results) => {
        const [event] = statementOf(results, "same-run").events;
        event!.claim = "runs that nobody looked at";
      },
      "decided",
      /joint counts .* got none of same-run on law small$/,
    ],
    [
      "counts that stand twice",
      (results) => {
        const { events } = statementOf(results, "half");
        events.push(...events);
        results.run.verdicts++;
        results.run.alpha *= 2;
      },
      "decided",
      /^earlier\.json: no run can have had these counts of half: chance @ small: they stand there twice$/,
    ],
    [
      "counts of a claim that there is not",
      (results) => {
        statementOf(results, "half").events[0]!.claim = "luck";
      },
      "decided",
      /these counts of half: luck @ small: the statement has no such claim$/,
    ],
    [
      "a K that is another",
      (results) => {
        results.run.verdicts = 7;
      },
      "decided",
      /^earlier\.json: no run can have had these verdicts: K is 7, got 10$/,
    ],
    [
      "a share of α that is none",
      (results) => {
        results.run.alphaPerVerdict = 1e-6;
      },
      "decided",
      /no run can have had this share of alpha: got 0\.000001 of 0\.000001 for 10 verdicts$/,
    ],
    [
      "models that would count twice",
      (results) => {
        results.run.earlier[0]!.seed = results.run.seed;
      },
      "again",
      /no run can have had these runs before it: got the seeds 2, 2$/,
    ],
    [
      "fewer models of a law than its claims were held against",
      (results) => {
        results.laws.find(({ id }) => id === "small")!.trials--;
      },
      "besides",
      /these counts of always @ small: its claims were not held against all \d+ models$/,
    ],
    [
      "more models after the verdict than the run had",
      (results) => {
        statementOf(results, "half").events[0]!.verdict.later.n += 1;
      },
      "besides",
      /these counts of half: chance @ small: \d+ and \d+ models, where the run had \d+ and those before it \d+$/,
    ],
    [
      "fewer models than the run had",
      (results) => {
        statementOf(results, "capped").events[0]!.verdict.n -= 1;
      },
      "capped",
      /these counts of capped @ small: 14 and 0 models, where the run had 15 and those before it 0$/,
    ],
    [
      "violations that nobody is named for",
      (results) => {
        statementOf(results, "capped").events[0]!.verdict.violations += 1;
      },
      "capped",
      /these counts of capped @ small: 1 and 0 violations, where the run names 0$/,
    ],
    [
      "a violation before the verdict that came after it",
      (results) => {
        const { verdict } = statementOf(results, "half").events[0]!;
        verdict.violations += 1;
        verdict.later.violations -= 1;
      },
      "decided",
      /these counts of half: chance @ small: 11 violations of 16 models, where 10 are named$/,
    ],
    [
      "a cap that had been reached before",
      (results) => {
        const { verdict } = statementOf(results, "capped").events[0]!;
        verdict.later.n = 12;
        verdict.n -= 12;
      },
      "again",
      /these counts of capped @ small: its cap had been reached before the run began$/,
    ],
    [
      "a p0 that is none",
      (results) => {
        statementOf(results, "half").events[0]!.p0 = 1;
      },
      "decided",
      /these counts of half: chance @ small: p0 is 1$/,
    ],
    [
      "a law that was not judged",
      (results) => {
        statementOf(results, "half").events[0]!.law = "moon";
      },
      "decided",
      /these counts of half: chance @ moon: law moon is not among those of the run$/,
    ],
    [
      "more models than any run has",
      (results) => {
        statementOf(results, "half").events[0]!.verdict.n = 1e6;
      },
      "decided",
      /these counts of half: chance @ small: 1000000 models are too many$/,
    ],
    [
      "more models over all verdicts than anybody counts again",
      (results) => {
        statementOf(results, "half").events[0]!.verdict.n = 1e15;
      },
      "decided",
      /no run can have had so many models: 1000000000000690 over all verdicts, of 100000000 at most$/,
    ],
    [
      "violators of the event who violated none of its claims",
      (results) => {
        statementOf(results, "rarely-violated").events[0]!.violators = [0];
      },
      "capped",
      /these counts of rarely-violated @ small: its violators are not those of its claims$/,
    ],
    [
      "a verdict that fell before the run began, but later than it can have fallen",
      (results) => {
        // fewer had been enough
        const { verdict } = statementOf(results, "half").events[0]!;
        verdict.violations = verdict.n - 1;
      },
      "besides",
      /these counts of half: chance @ small: it was decided before the last of them, whatever that was$/,
    ],
  ])("with %s are refused by name", (_, change, which, message) => {
    expect(edited(change, which)).toThrow(InvalidInput);
    expect(edited(change, which)).toThrow(message);
  });
});
