import { z } from "zod";
import { DEFAULT_P0 } from "../claim/defaults.ts";

/** As much of the form of version 1 as differs from today's; what is wrong in the rest is for today's schema to say. */
const claim = z.looseObject({
  title: z.unknown(),
  law: z.unknown(),
  p0: z.unknown(),
  verdict: z.looseObject({ kind: z.unknown() }),
  ledger: z.looseObject({ limits: z.unknown(), violators: z.unknown() }),
});
const resultsOfVersion1 = z.looseObject({
  version: z.literal(1),
  run: z.looseObject({ alphaPerClaim: z.unknown() }),
  statements: z.array(z.looseObject({ claims: z.array(claim) })),
});

/**
 * Results of version 1 in today's form: each claim's verdict is an event of its own. `formerVersion` says so, since a
 * theorem of several claims was not judged as a whole then. Anything else is given back as it is.
 *
 * @throws z.ZodError where version 1 has not its form
 */
export function upgraded(data: unknown): unknown {
  if (!z.looseObject({ version: z.literal(1) }).safeParse(data).success) return data;
  const old = resultsOfVersion1.parse(data);
  const { alphaPerClaim, ...run } = old.run;
  return {
    ...old,
    version: 2,
    formerVersion: 1,
    run: { ...run, alphaPerVerdict: alphaPerClaim, p0: DEFAULT_P0, changed: [] },
    statements: old.statements.map(({ claims, ...statement }) => ({
      ...statement,
      events: claims
        .filter(({ verdict }) => verdict.kind !== "measured")
        .map(({ title, law, p0, verdict, ledger: { limits, violators } }) => ({
          law,
          claim: title,
          p0,
          verdict,
          limits,
          violators,
        })),
      claims: claims.map(({ p0, verdict, ...rest }) => rest),
    })),
  };
}
