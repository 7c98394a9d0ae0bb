import { scaling } from "../../theorems/scaling.ts";
import { judged } from "../judged.ts";

judged(scaling);
