import { gradient } from "../../theorems/lemmas/gradient.ts";
import { describeLemma } from "./describe-lemma.ts";

describeLemma(gradient);
