import { largeOutput } from "../../theorems/controls/large-output.ts";
import { judged } from "../judged.ts";

judged(largeOutput);
