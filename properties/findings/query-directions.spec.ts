import { queryDirections } from "../../theorems/findings/query-directions.ts";
import { judged } from "../judged.ts";

judged(queryDirections);
