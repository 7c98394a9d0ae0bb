import { lowRankUpdate } from "../../theorems/low-rank-update.ts";
import { judged } from "../judged.ts";

judged(lowRankUpdate);
