import { largeSteps } from "../../theorems/controls/large-steps.ts";
import { judged } from "../judged.ts";

judged(largeSteps);
