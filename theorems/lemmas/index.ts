import type { Lemma } from "../../src/claim/lemma.ts";
import { compaction } from "./compaction.ts";
import { exactRank } from "./exact-rank.ts";
import { gradient } from "./gradient.ts";
import { inactiveHinge } from "./inactive-hinge.ts";
import { magnitudeOptimal } from "./magnitude-optimal.ts";
import { noiseLeak } from "./noise-leak.ts";
import { pruningBoundLemma } from "./pruning-bound.ts";
import { symmetries } from "./symmetries.ts";
import { tokenSpan } from "./token-span.ts";
import { truncation } from "./truncation.ts";

/** The lemmas in the order of their dependence: each rests on those before it. One file each, of the same base name. */
export const lemmas: readonly Lemma[] = [
  gradient,
  tokenSpan,
  exactRank,
  noiseLeak,
  symmetries,
  inactiveHinge,
  pruningBoundLemma,
  magnitudeOptimal,
  compaction,
  truncation,
];
