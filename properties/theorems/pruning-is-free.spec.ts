import { pruningIsFree } from "../../theorems/pruning-is-free.ts";
import { judged } from "../judged.ts";

judged(pruningIsFree);
