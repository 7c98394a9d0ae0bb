import { noiseLeak } from "../../theorems/lemmas/noise-leak.ts";
import { describeLemma } from "./describe-lemma.ts";

describeLemma(noiseLeak);
