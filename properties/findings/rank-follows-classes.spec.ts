import { rankFollowsClasses } from "../../theorems/findings/rank-follows-classes.ts";
import { judged } from "../judged.ts";

judged(rankFollowsClasses);
