import { exactRank } from "../../theorems/lemmas/exact-rank.ts";
import { describeLemma } from "./describe-lemma.ts";

describeLemma(exactRank);
