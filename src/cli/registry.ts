import { fileURLToPath } from "node:url";
import type { JudgedClaim, Population } from "../claim/population.ts";
import type { Statement } from "../claim/theorem.ts";
import { InvalidInput } from "../invalid-input.ts";
import type { Law } from "../law/law.ts";
import { fourPatternsLaw, perPositionLaw, sixPatternsLaw } from "../transformer/laws.ts";

/** The module that declares this project's theorems, controls and findings. */
export const THEOREMS_FILE = fileURLToPath(new URL("../../theorems/index.ts", import.meta.url));

/** Laws beside the base law: `verify` and the tests judge all, `search all` looks into them when asked to. */
const FURTHER_LAWS: readonly string[] = [fourPatternsLaw.id, sixPatternsLaw.id, perPositionLaw.id];

/** What `--law` means: every law, one law, or, where nothing is asked for, the base law with its controls and doublings. */
export function lawSelection(asked: string | undefined, statements: readonly Statement[]): (law: Law) => boolean {
  if (asked === undefined) return ({ id }) => !FURTHER_LAWS.includes(id);
  if (asked === "all") return () => true;
  const { id } = lawNamed(asked, statements);
  return (law) => law.id === id;
}

/** @throws InvalidInput where no statement is about a law with this id */
export function lawNamed(id: string, statements: readonly Statement[]): Law {
  const laws = lawsOf(statements);
  const law = laws.find((each) => each.id === id);
  if (law === undefined) {
    throw new InvalidInput(`--law must be one of ${laws.map((each) => each.id).join(", ")}, got ${id}`);
  }
  return law;
}

export function lawsOf(statements: readonly Statement[]): Law[] {
  return [...new Map(statements.flatMap(({ laws }) => laws.map((law) => [law.id, law] as const))).values()];
}

/** Theorems with their controls, or any other statements. @throws InvalidInput where there is none of one of these ids */
export function statementSelection(
  asked: readonly string[] | undefined,
  statements: readonly Statement[],
): (statement: Statement) => boolean {
  if (asked === undefined) return () => true;
  const unknown = asked.find((each) => !statements.some(({ id }) => id === each));
  if (unknown !== undefined) {
    throw new InvalidInput(`--theorem must be one of ${statements.map(({ id }) => id).join(", ")}, got ${unknown}`);
  }
  return (statement) =>
    asked.includes(statement.id) || (statement.kind === "control" && asked.includes(statement.of as string));
}

/**
 * The claims on a law of one statement, or of all, whose titles have a text.
 *
 * @throws InvalidInput where there is none
 */
export function claimsNamed({ law, claims }: Population, theorem?: string, text = ""): readonly JudgedClaim[] {
  const ofTheorem = claims.filter(({ statement }) => theorem === undefined || statement.id === theorem);
  if (ofTheorem.length === 0) {
    const ids = [...new Set(claims.map(({ statement }) => statement.id))].join(", ");
    throw new InvalidInput(`--theorem must be one of ${ids} on law ${law.id}, got ${theorem}`);
  }
  const named = ofTheorem.filter(({ claim }) => claim.title.includes(text));
  if (named.length === 0) {
    const titles = ofTheorem.map(({ claim }) => JSON.stringify(claim.title)).join(", ");
    throw new InvalidInput(`--claim must be part of one of the titles ${titles}, got ${JSON.stringify(text)}`);
  }
  return named;
}
