import { truncation } from "../../theorems/lemmas/truncation.ts";
import { describeLemma } from "./describe-lemma.ts";

describeLemma(truncation);
