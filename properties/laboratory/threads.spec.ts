import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { populationsOf } from "../../src/claim/population.ts";
import { here } from "../../src/experiment/laboratory.ts";
import type { Order, TrialRecord } from "../../src/experiment/trial.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { threads } from "../../src/laboratory/threads.ts";
import { answer } from "../../src/laboratory/worker.ts";
import { type Draws, drawTrial } from "../../src/law/law.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import { smallLaw, trainedLaw } from "../verdict/fixtures/small-laws.ts";
import { statements } from "../verdict/fixtures/small-statements.ts";

const fixture = (name: string) => fileURLToPath(new URL(`../verdict/fixtures/${name}`, import.meta.url));
const STATEMENTS = fixture("small-statements.ts");
const ODD = fixture("odd-statements.ts");
const ENDING = fixture("ending-statements.ts");

const populations = populationsOf(statements);

/** All that is claimed on a law, of the trial with this seed or of these models. */
function orderOf(lawId: string, models?: Draws): Order {
  const { law, claims } = populations.find((each) => each.law.id === lawId)!;
  const wanted = claims.map(({ key }) => key);
  return { experiment: transformer.id, models: models ?? drawTrial(law, 7), wanted, detail: "none" };
}

const order = orderOf("trained");
const [{ theta, seed }] = drawTrial(trainedLaw, 7);

/** The order of a model of which nothing is claimed. */
const modelOf = (changes: object = {}): Order => ({
  ...order,
  models: [{ theta: { ...theta, ...changes }, seed }],
  wanted: [],
});

/** The order of a claim of another file, on its first model. */
const oddly = (key: string): Order => ({ ...order, models: drawTrial(smallLaw, 7), wanted: [key] });

describe("threads", () => {
  test("do what this process does, to the bit: a trial, one with models of the caller's, a pair, and a single model", async () => {
    const laboratory = threads({ statementsFile: STATEMENTS, workers: 2 });
    try {
      expect(laboratory.places).toBe(2);
      const chosen = orderOf("trained", [{ theta: { ...theta, eta: 1.25 }, seed: 8 }]);
      const portrayed: Order = { ...order, detail: "on the way" };
      const orders = [order, order, chosen, orderOf("small-pairs"), orderOf("diverging"), portrayed, modelOf()];
      const found = await Promise.all(orders.map((each) => laboratory.run(each)));
      const expected: (TrialRecord | undefined)[] = [];
      for (const each of orders) expected.push(await here(statements).run(each));
      expect(found).toEqual(expected);
      expect(found[2]!.models[0]).toMatchObject({ seed: 8, theta: { eta: 1.25 } });
      expect(found[6]).toMatchObject({ observed: {}, models: found[0]!.models });
      expect(await answer({ statementsFile: STATEMENTS, order })).toEqual({ record: expected[0] });
    } finally {
      await laboratory.close();
    }
  }, 60_000);

  test("do nothing that is not wanted any more, and nothing after an abort", async () => {
    const abort = new AbortController();
    const laboratory = threads({ statementsFile: STATEMENTS, workers: 1, signal: abort.signal });
    try {
      expect(await laboratory.run(order, () => false)).toBeUndefined();
      abort.abort(new Error("enough"));
      await expect(laboratory.run(order, () => true)).rejects.toThrow("enough");
      await expect(laboratory.run(modelOf())).rejects.toThrow("enough");
    } finally {
      await laboratory.close();
    }
  });

  test("end in the middle of a model where they are aborted, with the reason of who aborted", async () => {
    const abort = new AbortController();
    const laboratory = threads({ statementsFile: STATEMENTS, workers: 1, signal: abort.signal });
    try {
      await laboratory.run(modelOf());
      // a quarter of an hour of steps, too small to converge
      const endless = laboratory.run(modelOf({ Tmax: 1e6, eta: 1e-9, m: 2000 }));
      const queued = laboratory.run(modelOf());
      await new Promise(setImmediate);
      abort.abort(new Error("enough"));
      await expect(endless).rejects.toThrow("enough");
      await expect(queued).rejects.toThrow("enough");
    } finally {
      await laboratory.close();
    }
  });

  test("answer with bad input as data, and with a record otherwise: an error loses its class on the way", async () => {
    expect(await answer({ statementsFile: STATEMENTS, order })).toEqual({ record: await here(statements).run(order) });
    const throwing = { statementsFile: ODD, order: oddly("odd: nothing to see @ small") };
    expect(await answer(throwing)).toEqual({ invalidInput: expect.stringContaining(" it threw RangeError: odd at ") });
    expect(await answer({ statementsFile: ODD, order })).toEqual({
      invalidInput: `order: wanted must be keys of claims about transformer, got ${order.wanted[0]}`,
    });
    expect(await answer({ statementsFile: ODD, order: { ...order, experiment: "coin" } })).toEqual({
      invalidInput: "order: experiment must be one of transformer, got coin",
    });
  });

  test("bring back bad input as what it is, with its message, and go on with other trials", async () => {
    const laboratory = threads({ statementsFile: ODD, workers: 1 });
    try {
      const failed = laboratory.run(oddly("odd: nothing to see @ small"));
      await expect(failed).rejects.toThrow(InvalidInput);
      const [{ theta }] = drawTrial(smallLaw, 7);
      await expect(failed).rejects.toThrow(/^theorem odd: claim "nothing to see" on law small: observe must return/);
      await expect(failed).rejects.toThrow(`; seed 7, theta ${JSON.stringify(theta)}`);
      expect(await laboratory.run({ ...order, wanted: [] })).toMatchObject({ seed: 7 });
    } finally {
      await laboratory.close();
    }
  }, 60_000);

  test("that are ended by a declaration are bad input, with seed and θ of the trial, and others take their place", async () => {
    const laboratory = threads({ statementsFile: ENDING, workers: 1 });
    try {
      const ended = laboratory.run(oddly("ending: nothing to see @ small"));
      await expect(ended).rejects.toThrow(InvalidInput);
      const [{ theta }] = drawTrial(smallLaw, 7);
      await expect(ended).rejects.toThrow(
        `a declaration must not end its process, got "worker exited with code: 0" in the trial of seed 7, theta ${JSON.stringify(theta)}`,
      );
      expect(await laboratory.run({ ...order, wanted: [] })).toMatchObject({ seed: 7 });
    } finally {
      await laboratory.close();
    }
  }, 60_000);
});
