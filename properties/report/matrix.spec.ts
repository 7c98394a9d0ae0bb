import { beforeAll, describe, expect, test } from "vitest";
import { coin, headsNearBias, independent, remembering, shortRuns, withMemory } from "../../examples/coin/coin.ts";
import { atMost } from "../../src/claim/claim.ts";
import { eventsOf, populationsOf } from "../../src/claim/population.ts";
import { derived } from "../../src/claim/provenance.ts";
import { here } from "../../src/experiment/laboratory.ts";
import { statementsOf } from "../../src/experiment/statements-of.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { matrixOf } from "../../src/report/matrix.ts";
import { matrixSection } from "../../src/report/page/matrix.ts";
import type { ClaimTried, Results } from "../../src/report/results.ts";
import { judge } from "../../src/verdict/judge.ts";

const { theorem, control } = statementsOf(coin);

/** Nothing that a coin does breaks it. */
const atMostAll = theorem({
  id: "at-most-all",
  title: "There are no more heads than tosses",
  provenance: derived("counting"),
  law: independent,
  noControl: "nothing can break it",
  triedInVain: [{ claim: "heads over tosses", tried: ["a coin with a memory"] }],
  claims: [atMost("heads over tosses", 1, (run) => run.heads / run.theta.tosses)],
});

/** Another claim of the same models, in the place of the theorem's. */
const onItsOwnLaw = control({
  id: "ten-in-a-row",
  of: shortRuns.id,
  title: "No side comes more than twice in a row",
  leaves: { how: "twice in the place of five times" },
  provenance: derived(),
  law: independent,
  inPlaceOf: { "longest run, twice": "longest run" },
  claims: [atMost("longest run, twice", 2, (run) => run.longestRun)],
});

const statements = [headsNearBias, shortRuns, atMostAll, withMemory, onItsOwnLaw];

describe("claims and controls", () => {
  let matrix: ClaimTried[];
  let verdicts: number;

  beforeAll(async () => {
    const judgement = await judge({ statements, laboratory: here(statements) });
    matrix = matrixOf(judgement);
    verdicts = judgement.verdicts;
  });

  const row = (theoremId: string) => matrix.find((each) => each.theorem === theoremId)!;

  test("have a row for each claim of each theorem, in their order", () => {
    expect(matrix.map(({ theorem, claim }) => [theorem, claim])).toEqual([
      ["heads-near-bias", "√n·|heads/n − p|"],
      ["short-runs", "longest run"],
      ["at-most-all", "heads over tosses"],
    ]);
  });

  test("a control's own claim is broken by its verdict", () => {
    expect(row("heads-near-bias")).toMatchObject({ broken: true, triedInVain: [] });
    expect(row("heads-near-bias").controls).toMatchObject([
      { control: "with-memory", law: "remembering", refuted: true },
    ]);
  });

  test("claims of other theorems are counted on the models that a control trains anyway, without a verdict", () => {
    const [own, beside] = row("short-runs").controls;
    expect(own).toMatchObject({ control: "ten-in-a-row", law: "independent", refuted: true });
    expect(beside).toMatchObject({ control: "with-memory", law: "remembering", refuted: false });
    expect(beside!.violations).toBe(beside!.models);
    expect(beside!.limits.lower).toBeGreaterThan(0.05);
    expect(beside!.models).toBe(row("heads-near-bias").controls[0]!.models);
    // three theorems and two controls
    expect(verdicts).toBe(5);
  });

  test("a claim that nothing broke says what was tried", () => {
    expect(row("at-most-all")).toMatchObject({ broken: false, triedInVain: ["a coin with a memory"] });
    expect(row("at-most-all").controls).toMatchObject([{ control: "with-memory", violations: 0 }]);
  });

  test("are a table of the report, with what broke nothing", () => {
    const { markup } = matrixSection({ matrix, statements: [] } as unknown as Results)!;
    expect(markup).toContain("2 of 3 claims are broken by one at least");
    expect(markup).toContain('<strong><a href="#with-memory">with-memory</a></strong>');
    expect(markup).toContain("nothing; tried in vain: a coin with a memory");
  });

  test("without controls there is nothing to show", () => {
    const none = { matrix: matrix.map((each) => ({ ...each, controls: [] })), statements: [] };
    expect(matrixSection(none as unknown as Results)).toBeUndefined();
    expect(matrixSection({ statements: [] } as unknown as Results)).toBeUndefined();
  });
});

describe("a law that controls alone speak about", () => {
  test("counts the claims of all theorems beside its own, each once, and gives them no verdict", () => {
    const populations = populationsOf(statements);
    expect(populations.map(({ law, beside }) => [law.id, beside.map(({ key }) => key)])).toEqual([
      ["independent", []],
      ["remembering", ["short-runs: longest run @ remembering", "at-most-all: heads over tosses @ remembering"]],
    ]);
    const { claims } = populations[1]!;
    expect(eventsOf(claims).map(({ key }) => key)).toEqual(["with-memory: √n·|heads/n − p| @ remembering"]);
  });

  test("takes what nobody can observe there as a violation, and lets the run go on", async () => {
    const unseen = theorem({
      id: "unseen",
      title: "A number on one law only",
      provenance: derived(),
      law: independent,
      noControl: "none",
      claims: [atMost("unseen", 1, ({ theta }) => (theta.memory === 0 ? 0 : ("?" as unknown as number)))],
    });
    const all = [headsNearBias, unseen, withMemory];
    const [tried] = matrixOf(await judge({ statements: all, laboratory: here(all) })).at(-1)!.controls;
    expect(tried!.violations).toBe(tried!.models);
  });
});

describe("a declaration", () => {
  test("of what was tried in vain is of the theorem's own claims", () => {
    const triedInVain = [{ claim: "tails", tried: ["heads"] }];
    expect(() => theorem({ ...words(headsNearBias), triedInVain })).toThrow(
      new InvalidInput('theorem heads-near-bias: triedInVain[0].claim must be among "√n·|heads/n − p|", got "tails"'),
    );
  });

  test("of what a claim stands for is of the control's own claims", () => {
    expect(() =>
      control({ ...words(withMemory), of: "x", leaves: { how: "y" }, inPlaceOf: { tails: "heads" } }),
    ).toThrow(
      new InvalidInput('control with-memory: inPlaceOf must be of its own claims, "√n·|heads/n − p|", got "tails"'),
    );
  });

  /** What both kinds are declared with. */
  function words({ id, title, provenance, claimsOn }: typeof headsNearBias | typeof withMemory) {
    const law = id === withMemory.id ? remembering : independent;
    return { id, title, provenance, law, claims: claimsOn(law) as never };
  }
});
