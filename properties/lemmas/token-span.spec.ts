import { tokenSpan } from "../../theorems/lemmas/token-span.ts";
import { describeLemma } from "./describe-lemma.ts";

describeLemma(tokenSpan);
