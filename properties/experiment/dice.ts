import { experiment } from "../../src/experiment/experiment.ts";
import { statementsOf } from "../../src/experiment/statements-of.ts";
import { integer } from "../../src/law/range.ts";

/** Dice of some sides, thrown together: an experiment for tests. */
export const dice = experiment({
  id: "dice",
  fields: {
    sides: {
      kind: "integer",
      from: 2,
      to: 100,
      symbol: "s",
      meaning: "sides of each",
      hypothesis: "shape",
      widest: integer(2, 20),
      simplest: "low",
    },
    count: {
      kind: "integer",
      from: 1,
      to: 50,
      symbol: "n",
      meaning: "dice",
      hypothesis: "number",
      widest: integer(1, 50),
      simplest: "low",
      cost: 1,
    },
    colour: { kind: "choice", values: ["white", "black"], symbol: "c", meaning: "their colour", hypothesis: "paint" },
  },
  rules: [
    {
      field: "count",
      rule: "at most 10 where dice are black",
      holds: ({ colour, count }) => colour === "white" || count <= 10,
      got: ({ count }) => `${count}`,
    },
  ],
  measure: ({ sides, count }, random) => {
    const throwing = random("throw");
    const thrown = Array.from({ length: count }, () => throwing.integer(1, sides));
    return { sum: thrown.reduce((sum, each) => sum + each, 0), first: thrown[0]!, luck: random("luck").uniform() };
  },
});

export const { law, theorem, control, finding } = statementsOf(dice);
