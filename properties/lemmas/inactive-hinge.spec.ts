import { inactiveHinge } from "../../theorems/lemmas/inactive-hinge.ts";
import { describeLemma } from "./describe-lemma.ts";

describeLemma(inactiveHinge);
