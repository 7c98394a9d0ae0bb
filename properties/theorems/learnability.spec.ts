import { learnability } from "../../theorems/learnability.ts";
import { judged } from "../judged.ts";

judged(learnability);
