import { perPositionSteps } from "../../theorems/controls/per-position-steps.ts";
import { judged } from "../judged.ts";

judged(perPositionSteps);
