import { noTraining } from "../../theorems/controls/no-training.ts";
import { judged } from "../judged.ts";

judged(noTraining);
