import { expect, test } from "vitest";
import { tightestClaim } from "../../src/report/events.ts";
import { resultsToReport } from "./example-results.ts";

const [, results] = resultsToReport()[0]!;
const [example] = results.statements[0]!.claims;
const headroom = (title: string, kind: "ratio" | "difference", value: number) => ({
  ...example!,
  title,
  ledger: { ...example!.ledger, headroom: { kind, value, loose: false } },
});

test("the claim nearest to its bound has the least ratio, also below 1; a difference is no ratio", () => {
  const claims = [headroom("far", "ratio", 40), headroom("near", "ratio", 1.2), headroom("apart", "difference", 0.1)];
  expect(tightestClaim(claims).title).toBe("near");
  expect(tightestClaim([...claims, headroom("violated", "ratio", 0.9)]).title).toBe("violated");
  expect(tightestClaim([claims[2]!, claims[0]!]).title).toBe("far");
});
