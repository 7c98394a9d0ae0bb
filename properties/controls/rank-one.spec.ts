import { rankOne } from "../../theorems/controls/rank-one.ts";
import { judged } from "../judged.ts";

judged(rankOne);
