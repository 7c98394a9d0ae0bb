import { describe, expect, test } from "vitest";
import { populationsOf } from "../../src/claim/population.ts";
import { here } from "../../src/experiment/laboratory.ts";
import type { Order, TrialRecord } from "../../src/experiment/trial.ts";
import { ClaimNumbers } from "../../src/laboratory/queue/claim-numbers.ts";
import {
  encoded,
  inFull,
  readAnswer,
  readOrder,
  shortened,
  writtenOrder,
} from "../../src/laboratory/queue/messages.ts";
import { drawTrial } from "../../src/law/law.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import { statements } from "../verdict/fixtures/small-statements.ts";

const numbers = new ClaimNumbers(statements);
const keys = populationsOf(statements).flatMap(({ claims }) => claims.map(({ key }) => key));
const orders: Order[] = populationsOf(statements).map(({ law, claims }) => ({
  experiment: transformer.id,
  models: drawTrial(law, 5),
  wanted: claims.map(({ key }) => key),
  detail: "none",
}));

describe("what coordinators and workers say to each other", () => {
  test("an order comes as it was sent, and says which claims are wanted by their numbers alone", () => {
    for (const order of orders) {
      const message = { run: "0".repeat(16), id: "7", identity: "f".repeat(16), order };
      const written = writtenOrder(message, numbers);
      expect(readOrder(written, numbers)).toEqual(message);
      expect(JSON.stringify(readOrder(written, numbers).order)).toBe(JSON.stringify(order));
      expect(JSON.stringify(written)).not.toContain(order.wanted[0]);
    }
  });

  test("claims in any order, some of them, none, and one twice", () => {
    for (const wanted of [keys, [...keys].reverse(), keys.slice(2, 5), [], [keys[3]!, keys[3]!, keys[0]!]]) {
      expect(numbers.keysOf(numbers.rangesOf(wanted))).toEqual(wanted);
    }
    expect(numbers.rangesOf(keys)).toEqual([[0, keys.length]]);
    expect(() => numbers.rangesOf(["steps"])).toThrow("wanted must be keys of declared claims, got steps");
    expect(() => numbers.keysOf([[keys.length - 1, 2]])).toThrow(`claims must be claims below ${keys.length}, got 2`);
  });

  test("a record comes as it was, to the byte, NaN included, without θ or keys on its way", async () => {
    for (const order of orders) {
      const record = (await here(statements).run(order)) as TrialRecord;
      const said = { id: "7", worker: { host: "a", pid: 1 }, said: { record: shortened(record, order) } };
      const answer = readAnswer(encoded(said)).said as (typeof said)["said"];
      const again = inFull(answer.record, order);
      expect(again).toEqual(record);
      expect(JSON.stringify(again)).toBe(JSON.stringify(record));
      expect(JSON.stringify(encoded(said))).not.toMatch(/"theta"|: /);
    }
  });
});
