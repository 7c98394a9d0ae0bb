import { keyQueryRank } from "../../theorems/findings/key-query-rank.ts";
import { judged } from "../judged.ts";

judged(keyQueryRank);
