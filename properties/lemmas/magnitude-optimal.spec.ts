import { magnitudeOptimal } from "../../theorems/lemmas/magnitude-optimal.ts";
import { describeLemma } from "./describe-lemma.ts";

describeLemma(magnitudeOptimal);
