import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { InvalidInput } from "../../src/invalid-input.ts";
import { earlierRunOf } from "../../src/report/earlier-run.ts";
import { eventOf } from "../../src/report/events.ts";
import { reportFiles } from "../../src/report/files.ts";
import { parseResults } from "../../src/report/results.ts";
import { upgraded } from "../../src/report/version-1.ts";
import { presentation } from "../../theorems/presentation.ts";
import { exampleResults, VERSION_1 } from "./example-results.ts";

/** As much of version 1 as is read below. */
interface OldClaim {
  readonly title: string;
  readonly law: string;
  readonly p0: number;
  readonly verdict: { readonly kind: string };
  readonly ledger: { readonly limits: unknown; readonly violators: unknown };
}
interface OldResults {
  readonly run: { readonly alphaPerClaim: number; readonly verdicts: number };
  readonly statements: readonly { readonly id: string; readonly verdict: string; readonly claims: OldClaim[] }[];
}

const text = readFileSync(VERSION_1, "utf8");
const old = JSON.parse(text) as OldResults;
const results = parseResults(text, "old.json");

describe("results of version 1, whose claims had a verdict each", () => {
  test("are read on, and say what they were", () => {
    expect(results).toMatchObject({ version: 2, formerVersion: 1 });
    expect(results.run).toMatchObject({ alphaPerVerdict: old.run.alphaPerClaim, p0: 0.05, changed: [] });
    expect(results.run.verdicts).toBe(old.run.verdicts);
    expect(results.run).not.toHaveProperty("alphaPerClaim");
  });

  test("keep the verdict of every statement, and every claim's verdict as that of an event of its own", () => {
    expect(results.statements.map(({ id, verdict }) => [id, verdict])).toEqual(
      old.statements.map(({ id, verdict }) => [id, verdict]),
    );
    const kinds = new Set<string>();
    for (const [i, statement] of results.statements.entries()) {
      for (const [j, claim] of statement.claims.entries()) {
        const { title, law, p0, verdict, ledger } = old.statements[i]!.claims[j]!;
        kinds.add(verdict.kind);
        expect(claim).toMatchObject({ title, law, ledger });
        const { limits, violators } = ledger;
        expect(eventOf(statement, claim)).toEqual(
          verdict.kind === "measured" ? undefined : { law, claim: title, p0, verdict, limits, violators },
        );
      }
    }
    expect(kinds).toEqual(new Set(["certified", "refuted", "measured"]));
  });

  test("are said to be about single claims wherever today's are about whole theorems", async () => {
    const words = "These results are of version 1, which judged each claim by itself";
    const files = await reportFiles(results, presentation);
    const whole = await reportFiles(exampleResults(), presentation);
    for (const name of ["index.html", "tolerances.md", "tolerances.tex"]) {
      expect(files[name], name).toContain(words);
      expect(files[name], name).not.toMatch(/claims together|as a whole/i);
      expect(whole[name], name).not.toContain(words);
      expect(whole[name], name).toContain("A theorem is judged as a whole");
    }
    expect(files["index.html"]).toContain("Each claim by itself holds with probability at least 1 − p₀");
    expect(files["tolerances.md"]).toMatch(/^\| \*\*certified\*\* at 158 \| low-rank-update \| energy of ΔW_K /m);
  });

  test("are no evidence to go on from: they have no joint counts", () => {
    expect(() => earlierRunOf(results, "old.json")).toThrow(
      new InvalidInput(
        "old.json must have joint counts of each theorem's claims to be resumed, got results of version 1, which counted each claim by itself",
      ),
    );
  });

  test.each([
    ["a verdict that is none", '"kind": "certified"', '"kind": "verified"', "statements"],
    ["no p0", '"p0": 0.05', '"p1": 0.05', "p0"],
    ["no share of α", '"alphaPerClaim"', '"alphaPerHead"', "run.alphaPerClaim"],
    ["no verdict", '"verdict": {', '"judgement": {', "statements"],
    ["no limits", '"limits"', '"borders"', "limits"],
  ])("are refused with %s, naming the file and the field", (_, right, wrong, field) => {
    const broken = text.replace(right, wrong);
    expect(broken).not.toBe(text);
    expect(() => parseResults(broken, "old.json")).toThrow(InvalidInput);
    expect(() => parseResults(broken, "old.json")).toThrow(new RegExp(`^old\\.json: .*${field}`));
  });

  test("what is of no version 1 is left as it is", () => {
    for (const data of [null, 1, [], {}, { version: 3, run: {}, statements: [] }, exampleResults()]) {
      expect(upgraded(data)).toBe(data);
    }
  });
});
