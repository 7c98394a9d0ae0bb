import { rankNeedsR } from "../../theorems/rank-needs-r.ts";
import { judged } from "../judged.ts";

judged(rankNeedsR);
