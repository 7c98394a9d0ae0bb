import { perPositionGradients } from "../../theorems/controls/per-position-gradients.ts";
import { judged } from "../judged.ts";

judged(perPositionGradients);
