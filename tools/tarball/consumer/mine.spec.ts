import { describeStatements } from "theorycheck/vitest";
import { fewSteps } from "./mine.ts";

describeStatements([fewSteps], { module: "mine.ts", store: false, workers: 1, beta: 0.3 });
