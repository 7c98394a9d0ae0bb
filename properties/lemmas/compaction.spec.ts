import { compaction } from "../../theorems/lemmas/compaction.ts";
import { describeLemma } from "./describe-lemma.ts";

describeLemma(compaction);
