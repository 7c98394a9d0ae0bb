import { relevantDirections } from "../../theorems/relevant-directions.ts";
import { judged } from "../judged.ts";

judged(relevantDirections);
