import { largeOutputNeurons } from "../../theorems/controls/large-output-neurons.ts";
import { judged } from "../judged.ts";

judged(largeOutputNeurons);
