import { expect, test } from "vitest";
import { populationsOf } from "../../src/claim/population.ts";
import type { Laboratory } from "../../src/experiment/laboratory.ts";
import type { Order } from "../../src/experiment/trial.ts";
import { probe } from "../../src/explore/probe.ts";
import { drawTrial } from "../../src/law/law.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import { claimsOf, pairsPopulation, tinyLaboratory, tinyPopulation, tinyProbe } from "./tiny-laboratory.ts";
import { attentionEdge, hinge } from "./tiny-theorems.ts";

test("a probe knows its population and the experiment that it is about", () => {
  expect(tinyProbe).toMatchObject({ population: tinyPopulation, experiment: transformer });
  expect(tinyProbe.experiment).toBe(transformer);
});

test("it orders every claim of its law, on the models that it is given, always", async () => {
  const asked: { order: Order; wanted: boolean }[] = [];
  const spying: Laboratory = {
    ...tinyLaboratory,
    run: (order, wanted = () => true) => {
      asked.push({ order, wanted: wanted() });
      return tinyLaboratory.run(order, wanted);
    },
  };
  const [{ theta }] = drawTrial(tinyPopulation.law, 7);
  const models = [{ theta: { ...theta, delta: 1.5 }, seed: 3 }] as const;
  const record = await probe(spying, tinyPopulation).run(models);
  const wanted = tinyPopulation.claims.map(({ key }) => key);
  expect(asked).toEqual([{ order: { experiment: "transformer", models, wanted, detail: "none" }, wanted: true }]);
  expect(record).toMatchObject({ seed: 3, models: [models[0]] });
  expect(Object.keys(record.observed)).toEqual(wanted);
  expect(record.observed[claimsOf("attention-edge")[0]!.key]).toBe(1.5);
  expect(record).not.toHaveProperty("portrait");
});

test("pairs are one trial of two models", async () => {
  const record = await probe(tinyLaboratory, pairsPopulation).run(drawTrial(pairsPopulation.law, 7));
  expect(record.models).toHaveLength(2);
  expect(record.observed).toEqual({ "pairs: quotient of the step sizes @ tiny-pairs": 2 });
});

test("a probe of fewer statements observes fewer claims", async () => {
  const [one] = populationsOf([attentionEdge]);
  const { observed } = await probe(tinyLaboratory, one!).run(drawTrial(one!.law, 7));
  expect(Object.keys(observed)).toEqual(claimsOf("attention-edge").map(({ key }) => key));
  expect(Object.keys(observed)).not.toContain(hinge.id);
});
