import { queryDirectionsBase } from "../../theorems/findings/query-directions-base.ts";
import { judged } from "../judged.ts";

judged(queryDirectionsBase);
