import { lowRankAdaptation } from "../../theorems/low-rank-adaptation.ts";
import { judged } from "../judged.ts";

judged(lowRankAdaptation);
