import { largeAttention } from "../../theorems/controls/large-attention.ts";
import { judged } from "../judged.ts";

judged(largeAttention);
