import { z } from "zod";
import { strongestP0 } from "../evidence/strength.ts";
import { jsonIn, ofForm } from "../json.ts";
import type { Judgement } from "../verdict/judge.ts";
import { shortNumber } from "./encode.ts";
import { id } from "./id.ts";
import { percent } from "./percent.ts";
import { type Together, togetherOf, togetherSchema } from "./together.ts";

/** Models of a law after which a theorem stays undecided: what 1 % needs where few models violate. */
export const STRENGTH_MODELS = 2000;

const count = z.int().min(0);
const probability = z.number().min(0).max(1);

/** reports/strength.json: how strongly each theorem is certified, on each law. `verify --strength` writes it. */
export const strengthSchema = z.object({
  format: z.literal("theorycheck strength"),
  version: z.literal(1),
  theorycheck: z.string().describe("version of the package"),
  seed: count,
  p0: probability.describe("what was asked for, of every theorem that declares no p0"),
  beta: probability.describe("chance that a verdict or a p0 is a false one, at most, for each row"),
  cap: count.describe("models of a law, at most"),
  anyFalse: z.number().describe("K·beta: chance that any of the K rows says what is false, at most"),
  theorems: z.array(
    z.object({
      theorem: id,
      title: z.string(),
      law: id,
      verdict: z.enum(["certified", "refuted", "inconclusive"]).describe("at p0"),
      models: count.describe("models judged"),
      violations: count.describe("models among them that violate the theorem"),
      limits: z.object({ lower: z.number(), upper: z.number() }).describe("of that share, anytime-valid at 95 %"),
      strongestP0: probability
        .optional()
        .describe("the smallest p0 that was certified at some moment; missing where none below 1 was"),
    }),
  ),
  laws: z.array(z.object({ law: id, title: z.string(), together: togetherSchema })),
});

export type Strength = z.infer<typeof strengthSchema>;

/** What a run at a smaller p₀ says of its theorems. */
export function strengthOf(
  version: string,
  cap: number,
  { seed, p0, beta, verdicts, populations }: Judgement,
): Strength {
  return strengthSchema.parse({
    format: "theorycheck strength",
    version: 1,
    theorycheck: version,
    seed,
    p0,
    beta,
    cap,
    anyFalse: verdicts * beta,
    theorems: populations.flatMap(({ events, trials }) =>
      events.map(({ statement, law, verdict, violators, limits }) => {
        const strongest = strongestP0({ trials: trials.length, violators }, beta);
        return {
          theorem: statement.id,
          title: statement.title,
          law: law.id,
          verdict: verdict.kind,
          models: trials.length,
          violations: violators.length,
          limits,
          ...(strongest === undefined ? {} : { strongestP0: strongest }),
        };
      }),
    ),
    laws: populations.flatMap((population) => {
      const together = togetherOf(population);
      const { id, title } = population.population.law;
      return together === undefined ? [] : [{ law: id, title, together }];
    }),
  });
}

/** @throws InvalidInput naming the field that is wrong */
export function parseStrength(text: string, name = "strength.json"): Strength {
  return ofForm(strengthSchema.parse, jsonIn(text, name), name);
}

/** What a cell of the table says: "0.84 %, certified". */
export interface StrengthCell {
  readonly law: string;
  readonly verdict: Strength["theorems"][number]["verdict"];
  readonly strongest: string;
  readonly counts: string;
}

/** The table that is quoted: a line a theorem, a column a law. */
export function strengthRows(strength: Strength): {
  readonly laws: readonly string[];
  readonly rows: readonly {
    readonly id: string;
    readonly title: string;
    readonly cells: readonly (StrengthCell | undefined)[];
  }[];
} {
  const speaking = (law: string) => strength.theorems.filter((row) => row.law === law).length;
  const laws = [...new Set(strength.theorems.map(({ law }) => law))].sort(
    (one, other) => speaking(other) - speaking(one),
  );
  const ids = [...new Set(strength.theorems.map(({ theorem }) => theorem))];
  return {
    laws,
    rows: ids.map((id) => {
      const its = strength.theorems.filter(({ theorem }) => theorem === id);
      return {
        id,
        title: its[0]?.title ?? id,
        cells: laws.map((law): StrengthCell | undefined => {
          const row = its.find((each) => each.law === law);
          if (row === undefined) return undefined;
          return {
            law,
            verdict: row.verdict,
            strongest: row.strongestP0 === undefined ? "none" : percent(row.strongestP0, "up"),
            counts: `${row.violations} of ${row.models}`,
          };
        }),
      };
    }),
  };
}

/** What holds of all its rows together. */
export function strengthSentence({ p0, beta, cap, theorems, anyFalse }: Strength): string {
  const certified = theorems.filter(({ verdict }) => verdict === "certified").length;
  return (
    `${certified} of ${theorems.length} verdicts are certified at p₀ = ${percent(p0)}, with at most ${shortNumber(cap)} models of each law. ` +
    `The strongest p₀ is the smallest that the evidence certified at some moment: each is too small with a chance of at most β = ${shortNumber(beta)}, any of them with at most K·β = ${shortNumber(anyFalse)}.`
  );
}

/** "1,980 of 2,000 models keep all 17 theorems: 98.1 to 99.4 %" */
export function togetherSentence({ theorems, models, satisfying, limits }: Together): string {
  return `${shortNumber(satisfying)} of ${shortNumber(models)} models keep all ${theorems} theorems at once: between ${percent(limits.lower, "down")} and ${percent(limits.upper, "up")} of the law’s models do.`;
}
