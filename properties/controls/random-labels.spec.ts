import { randomLabels } from "../../theorems/controls/random-labels.ts";
import { judged } from "../judged.ts";

judged(randomLabels);
