import { sparseNeurons } from "../../theorems/sparse-neurons.ts";
import { judged } from "../judged.ts";

judged(sparseNeurons);
