import type { JudgedClaim } from "../claim/population.ts";
import { experimentOf } from "../experiment/experiment.ts";
import type { Theta } from "../law/parameters.ts";
import { shellWord } from "../shell-word.ts";
import { transformer } from "../transformer/experiment.ts";
import { explorerLink } from "../transformer/link.ts";
import type { DeclaredIn } from "./laboratory.ts";

/** A model that nobody drew. */
export interface Chosen {
  readonly theta: Theta;
  readonly seed: number;
}

/** The command that trains a model again and holds the claims of its theorem against it. */
export function replayCommandFor(
  { statement, law }: Pick<JudgedClaim, "statement" | "law">,
  { theta, seed }: Chosen,
  { theorems, suite }: DeclaredIn = {},
): string {
  const words = ["npx theorycheck replay", `--theta ${shellWord(JSON.stringify(theta))}`, `--seed ${seed}`];
  words.push(`--law ${law.id}`, `--theorem ${statement.id}`);
  if (theorems !== undefined) words.push(`--theorems ${shellWord(theorems)}`);
  if (suite !== undefined) words.push(`--suite ${shellWord(suite)}`);
  return words.join(" ");
}

/** Lines that name a model: the command that trains it again, and the link that opens the explorer there, if one can. */
export function linesToReplay(
  judged: Pick<JudgedClaim, "statement" | "law">,
  chosen: Chosen,
  from: DeclaredIn = {},
): readonly string[] {
  const own = from.theorems === undefined && from.suite === undefined;
  const link =
    own && experimentOf(judged.statement).id === transformer.id
      ? explorerLink({ ...chosen, lawId: judged.law.id })
      : undefined;
  const replay = `replay: ${replayCommandFor(judged, chosen, from)}`;
  return link === undefined ? [replay] : [replay, `npm run explore, then: ${link}`];
}
