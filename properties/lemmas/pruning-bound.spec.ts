import { pruningBoundLemma } from "../../theorems/lemmas/pruning-bound.ts";
import { describeLemma } from "./describe-lemma.ts";

describeLemma(pruningBoundLemma);
