import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { atMost } from "../../src/claim/claim.ts";
import { eventKey, eventsOf, type JudgedEvent, populationsOf } from "../../src/claim/population.ts";
import { derived } from "../../src/claim/provenance.ts";
import type { Statement } from "../../src/claim/theorem.ts";
import { Evidence } from "../../src/evidence/evidence.ts";
import { anytimeLimits } from "../../src/evidence/limits.ts";
import { control, finding, theorem } from "../../src/transformer/experiment.ts";
import { type Observed, Tally } from "../../src/verdict/tally.ts";
import { smallLaw } from "./fixtures/small-laws.ts";

/** Claims that hold where what is observed is at most 0, for statements of every kind. */
const claims = ["a", "b", "c"].map((title) => atMost(title, 0, () => 0));
const common = { title: "three claims", provenance: derived(), law: smallLaw, claims };
const statements: readonly Statement[] = [
  theorem({ id: "whole", ...common }),
  control({ id: "control", of: "whole", leaves: { how: "nothing" }, ...common, breaks: ["c", "a"] }),
  finding({ id: "refuted", expects: "refuted", ...common }),
  finding({ id: "measured", expects: "measured", ...common }),
];
const population = populationsOf(statements)[0]!;
const keys = population.claims.map(({ key }) => key);
const events = eventsOf(population.claims);

const standard = { p0: 0.3, alpha: 0.01, beta: 0.05, cap: 60 };
const tallyOf = (its: readonly JudgedEvent[] = events) => new Tally(its, () => standard);

/** What a trial observes: 1 for a violation. */
const arbitraryTrial: fc.Arbitrary<Observed> = fc
  .array(fc.constantFrom(0, 0, 0, 1), { minLength: keys.length, maxLength: keys.length })
  .map((values) => Object.fromEntries(keys.map((key, i) => [key, values[i] as number])));

describe("a tally", () => {
  test("is an Evidence for each event, violated where any of its claims is, whatever the trials", () => {
    fc.assert(
      fc.property(fc.array(arbitraryTrial, { maxLength: 120 }), (trials) => {
        const tally = tallyOf();
        const evidence = events.map(() => new Evidence(standard));
        for (const trial of trials) {
          tally.observe(trial);
          for (const [i, event] of events.entries()) {
            evidence[i]!.observe(event.claims.some(({ key }) => trial[key] === 1));
          }
          expect(tally.decided).toBe(evidence.filter(({ settled }) => settled).length);
          expect(tally.refuted).toBe(evidence.filter(({ decision }) => decision === "refuted").length);
          expect(tally.settled).toBe(evidence.every(({ settled }) => settled));
        }
        expect(tally.trials).toBe(trials.length);
        expect(tally.results().map(({ verdict }) => verdict)).toEqual(evidence.map((each) => each.verdict()));
      }),
      { numRuns: 50 },
    );
  });

  test("names who violated an event: who violated any of its claims, before its verdict and after", () => {
    fc.assert(
      fc.property(fc.array(arbitraryTrial, { maxLength: 120 }), (trials) => {
        const tally = tallyOf();
        for (const trial of trials) tally.observe(trial);
        for (const { claims, violators, verdict, limits } of tally.results()) {
          const named = claims.flatMap(({ key }) => trials.flatMap((trial, i) => (trial[key] === 1 ? [i] : [])));
          expect(violators).toEqual([...new Set(named)].sort((one, other) => one - other));
          const { n, violations, later } = verdict;
          expect([n + later.n, violations + later.violations]).toEqual([trials.length, violators.length]);
          const counts = { n: trials.length, violations: violators.length };
          expect(limits).toEqual(anytimeLimits({ ...counts, confidence: 0.95 }));
        }
      }),
      { numRuns: 50 },
    );
  });

  test("takes what is not observed, or is no number, for a violation", () => {
    const [whole] = events as [JudgedEvent];
    const clean = Object.fromEntries(keys.map((key) => [key, 0]));
    const { [keys[1]!]: _missing, ...lacking } = clean;
    const tally = tallyOf([whole]);
    for (const trial of [clean, lacking, { ...clean, [keys[2]!]: Number.NaN }, clean]) tally.observe(trial);
    expect(tally.results()[0]!.violators).toEqual([1, 2]);
  });

  test("goes on from what an event was counted before, and its limits are of all together", () => {
    const [whole] = events as [JudgedEvent];
    const continues = { n: 20, violations: 4 };
    const tally = new Tally([whole], () => ({ ...standard, continues }));
    tally.observe({});
    const [result] = tally.results();
    expect(result!.verdict).toMatchObject({ n: 21, violations: 5 });
    expect(result!.violators).toEqual([0]);
    expect(result!.limits).toEqual(anytimeLimits({ n: 21, violations: 5, confidence: 0.95 }));
  });

  test("without an event is settled, and before the first trial nothing is known of any", () => {
    expect(tallyOf([])).toMatchObject({ settled: true, events: 0, decided: 0 });
    expect(tallyOf()).toMatchObject({ settled: false, events: events.length, decided: 0, trials: 0 });
    expect(tallyOf().results()[0]).toMatchObject({ violators: [], limits: { lower: 0, upper: 1 } });
  });
});

describe("what gets a verdict", () => {
  test("is a theorem, each claim that a control breaks, each of a finding that must be refuted; in the order of the claims", () => {
    expect(events.map(({ key, claim, claims }) => [key, claim, claims.map((each) => each.claim.title)])).toEqual([
      ["whole @ small", undefined, ["a", "b", "c"]],
      ["control: a @ small", "a", ["a"]],
      ["control: c @ small", "c", ["c"]],
      ["refuted: a @ small", "a", ["a"]],
      ["refuted: b @ small", "b", ["b"]],
      ["refuted: c @ small", "c", ["c"]],
    ]);
  });

  test("has a key of its own, whatever the titles: ids of statements and laws have neither spaces nor colons", () => {
    const id = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,3}$/);
    const title = fc.oneof(
      fc.constant(undefined),
      fc.constantFrom("a", "a @ b", "b: a", ": ", " @ ", "a @ "),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.tuple(id, title, id), fc.tuple(id, title, id), (one, other) => {
        expect(eventKey(...one) === eventKey(...other)).toBe(one.every((part, i) => part === other[i]));
      }),
      { numRuns: 1000 },
    );
  });
});
