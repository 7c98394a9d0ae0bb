import { noMajority } from "../../theorems/controls/no-majority.ts";
import { judged } from "../judged.ts";

judged(noMajority);
