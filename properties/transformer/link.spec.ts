import { expect, test } from "vitest";
import { decodeLink } from "../../explorer/input/link.ts";
import { baseLaw, drawTheta, fourPatternsLaw, targetLaw } from "../../src/transformer/laws.ts";
import { explorerLink } from "../../src/transformer/link.ts";

test.each([baseLaw, fourPatternsLaw])("a link of a report opens the explorer at the model: law $id", (law) => {
  const theta = drawTheta(law, 7);
  const link = new URL(explorerLink({ lawId: law.id, theta, seed: 7 }) as string);
  expect(decodeLink(link.hash)).toMatchObject({ theta, seed: 7, lawId: law.id });
});

test("of a law that the explorer does not show there is none", () => {
  expect(explorerLink({ lawId: targetLaw.id, theta: drawTheta(targetLaw, 7), seed: 7 })).toBeUndefined();
});
