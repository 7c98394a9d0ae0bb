import { valueDirections } from "../../theorems/findings/value-directions.ts";
import { judged } from "../judged.ts";

judged(valueDirections);
