import { iterationComplexity } from "../../theorems/iteration-complexity.ts";
import { judged } from "../judged.ts";

judged(iterationComplexity);
