import { createHash } from "node:crypto";
import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { trialSeed } from "../../../src/claim/population.ts";
import { baseLaw, drawTheta, perPositionLaw } from "../../../src/transformer/laws.ts";
import { arbitraryModelAndData } from "../../../src/transformer/model/arbitrary/arbitrary-model.ts";
import { kernelEngine } from "../../../src/transformer/model/kernel/engine.ts";
import { TRAINED_MATRICES } from "../../../src/transformer/notation.ts";
import { allFinite, weightsDigest } from "../../../src/transformer/train/digest.ts";
import { train } from "../../../src/transformer/train/sgd.ts";
import { GATE_SEED } from "../../../src/verdict/judge.ts";

const arbitraryWeights = arbitraryModelAndData().map(({ weights }) => weights);

describe("the digest of weights", () => {
  test("is SHA-256 of their little-endian doubles, row by row, in the order WQ, WK, WV, WO", () => {
    fc.assert(
      fc.property(arbitraryWeights, (weights) => {
        const hash = createHash("sha256");
        for (const matrix of [weights.WQ, weights.WK, weights.WV, weights.WO]) {
          for (const row of matrix.to2DArray()) {
            for (const entry of row) {
              const bytes = Buffer.alloc(8);
              bytes.writeDoubleLE(entry);
              hash.update(bytes);
            }
          }
        }
        expect(weightsDigest(weights)).toBe(hash.digest("hex"));
      }),
    );
  });

  test("is what another program makes of the same bytes: python's sha256(struct.pack('<4d', 1, 2, 3, 4))", () => {
    const [WQ, WK, WV, WO, a] = [1, 2, 3, 4, 5].map((entry) => new Matrix([[entry]])) as [
      Matrix,
      Matrix,
      Matrix,
      Matrix,
      Matrix,
    ];
    expect(weightsDigest({ WQ, WK, WV, WO, a })).toBe(
      "6bab56d2f81d4b5a2dbf102bf6a6ff7d5211a475fc5f97813f977e8ba714b07d",
    );
  });

  test("changes with the last bit of any entry, and not with a", () => {
    fc.assert(
      fc.property(arbitraryWeights, fc.constantFrom(...TRAINED_MATRICES), fc.nat(), (weights, name, at) => {
        const matrix = weights[name].clone();
        const [i, j] = [at % matrix.rows, at % matrix.columns];
        const bits = new DataView(new ArrayBuffer(8));
        bits.setFloat64(0, matrix.get(i, j));
        bits.setUint8(7, bits.getUint8(7) ^ 1);
        matrix.set(i, j, bits.getFloat64(0));
        expect(weightsDigest({ ...weights, [name]: matrix })).not.toBe(weightsDigest(weights));
        expect(weightsDigest({ ...weights, a: weights.a.clone().mul(-1) })).toBe(weightsDigest(weights));
      }),
    );
  });
});

test("of the gate's first model of two laws is what the first release found", () => {
  const digests = [baseLaw, perPositionLaw].map((law) => {
    const seed = trialSeed(GATE_SEED, law.id, 0);
    return train(drawTheta(law, seed), seed, { engine: kernelEngine }).digest;
  });
  expect(digests).toEqual([
    "55cc3101ceda5efba81d6642f2409de366aa74a0b7dcdbdbc5df5880737dc269",
    "a2be1804b7ff86a159ec5552a69662f0aaae8dc9543e765679d0841298a091cb",
  ]);
});

describe("weights are finite", () => {
  test("where every trained entry is, and not where any is NaN or infinite", () => {
    const notFinite = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    fc.assert(
      fc.property(
        arbitraryWeights,
        fc.constantFrom(...TRAINED_MATRICES),
        fc.nat(),
        notFinite,
        (weights, name, at, x) => {
          expect(allFinite(weights)).toBe(true);
          const matrix = weights[name].clone();
          matrix.set(at % matrix.rows, at % matrix.columns, x);
          expect(allFinite({ ...weights, [name]: matrix })).toBe(false);
        },
      ),
    );
  });
});
