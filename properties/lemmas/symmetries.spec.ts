import { symmetries } from "../../theorems/lemmas/symmetries.ts";
import { describeLemma } from "./describe-lemma.ts";

describeLemma(symmetries);
