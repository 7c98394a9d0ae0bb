import { attentionMovesToRelevant } from "../../theorems/attention-moves-to-relevant.ts";
import { judged } from "../judged.ts";

judged(attentionMovesToRelevant);
