import { pruningMustBeSmall } from "../../theorems/pruning-must-be-small.ts";
import { judged } from "../judged.ts";

judged(pruningMustBeSmall);
