import { largestFirst } from "../../theorems/controls/largest-first.ts";
import { judged } from "../judged.ts";

judged(largestFirst);
