import { describe, expect, test } from "vitest";
import {
  eventKey,
  eventsOf,
  type JudgedEvent,
  type Population,
  populationsOf,
  trialSeed,
} from "../../src/claim/population.ts";
import type { Hashes } from "../../src/experiment/hashes.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { continueFrom, type EarlierRun } from "../../src/verdict/resume.ts";
import { statements } from "./fixtures/small-statements.ts";

const small = populationsOf(statements)[0] as Population;
const [judged, other] = eventsOf(small.claims) as [JudgedEvent, JudgedEvent];
const KEY = eventKey("always", undefined, "small");

const earlier: EarlierRun = {
  seed: 7,
  trials: { small: 100, trained: 3 },
  coreHash: "c".repeat(64),
  lawHashes: { small: small.law.hash },
  statementHashes: { always: "hash of always" },
  declarations: "a".repeat(64),
  counts: new Map([[KEY, { n: 100, violations: 1, p0: 0.05 }]]),
  alphaPerVerdict: 1e-7,
  beta: 1e-4,
  earlier: [{ seed: 6, trials: { small: 50 } }],
};

const same: Hashes = {
  core: earlier.coreHash,
  statements: { always: "hash of always" },
  declarations: earlier.declarations as string,
};

const goOn = (changes: Partial<EarlierRun> = {}, hashes: Partial<Hashes> = {}, seed = 8) =>
  continueFrom({ ...earlier, ...changes }, { ...same, ...hashes }, seed);

describe("a run that goes on from an earlier one", () => {
  test("has the earlier counts of an event, and none where the event was not judged", () => {
    expect(goOn().countsOf(judged, 0.05)).toEqual({ n: 100, violations: 1 });
    expect(goOn().countsOf(other, 0.05)).toBeUndefined();
  });

  test("remembers every run before it, oldest first, the least share of α and the least β", () => {
    expect(goOn().runs).toEqual([
      { seed: 6, trials: { small: 50 } },
      { seed: 7, trials: { small: 100, trained: 3 } },
    ]);
    expect(goOn()).toMatchObject({ alphaPerVerdict: 1e-7, beta: 1e-4 });
  });

  test("may judge new models, and refuses every one that an earlier run judged: it would count twice", () => {
    const { requireNew } = goOn();
    const used: [string, number, number][] = [
      ["small", 7, 0],
      ["small", 7, 99],
      ["small", 6, 0],
      ["small", 6, 49],
      ["trained", 7, 2],
    ];
    for (const [law, seed, index] of used) {
      const again = trialSeed(seed, law, index);
      expect(() => requireNew(law, again)).toThrow(
        new InvalidInput(`resume requires new models, got seed ${again} of law ${law} a second time`),
      );
    }
    const unused: [string, number, number][] = [
      ["small", 7, 100],
      ["small", 6, 50],
      ["trained", 7, 3],
      ["small", 8, 0],
    ];
    for (const [law, seed, index] of unused) expect(requireNew(law, trialSeed(seed, law, index))).toBeUndefined();
    expect(requireNew("trained", trialSeed(7, "small", 0))).toBeUndefined();
  });

  test.each<[string, () => unknown, RegExp]>([
    [
      "the core changed",
      () => goOn({}, { core: "d".repeat(64) }),
      /^resume requires the same core, got c{12} then and d{12} now/,
    ],
    [
      "the declarations are others",
      () => goOn({ declarations: "b".repeat(64) }),
      /^resume requires the same declarations: their module, or what it imports, has changed since$/,
    ],
    [
      "the earlier run did not know what its declarations read",
      () => goOn({ declarations: undefined }),
      /^resume requires results that state the hash of all declarations, got none$/,
    ],
    [
      "nobody knows what the declarations read now",
      () => goOn({}, { declarations: { unknown: "mine.ts reads process" } }),
      /^resume requires declarations of which all that they read is known, but mine\.ts reads process$/,
    ],
    [
      "nobody knew it then, nor does now",
      () => goOn({ declarations: undefined }, { declarations: { unknown: "mine.ts reads process" } }),
      /but mine\.ts reads process$/,
    ],
    [
      "it has the seed of the run",
      () => goOn({}, {}, 7),
      /^resume requires a seed that no earlier run had, got 7 again/,
    ],
    [
      "it has the seed of a run before that",
      () => goOn({}, {}, 6),
      /^resume requires a seed that no earlier run had, got 6/,
    ],
    [
      "the law changed",
      () => goOn({ lawHashes: { small: "another" } }).countsOf(judged, 0.05),
      /^resume requires the same law small, which has changed since/,
    ],
    [
      "the declaration changed",
      () => goOn({}, { statements: { always: "another hash" } }).countsOf(judged, 0.05),
      /^resume requires the same declaration of always, which has changed since/,
    ],
    [
      "the declaration is gone",
      () => goOn({}, { statements: {} }).countsOf(judged, 0.05),
      /^resume requires the same declaration of always, which has changed since/,
    ],
    [
      "p0 changed",
      () => goOn().countsOf(judged, 0.1),
      /^resume requires the same p0 for always, got 0.05 then and 0.1 now/,
    ],
  ])("is refused where %s", (_, attempt, message) => {
    expect(attempt).toThrow(InvalidInput);
    expect(attempt).toThrow(message);
  });
});
