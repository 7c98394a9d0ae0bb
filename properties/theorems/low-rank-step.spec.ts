import { lowRankStep } from "../../theorems/low-rank-step.ts";
import { judged } from "../judged.ts";

judged(lowRankStep);
