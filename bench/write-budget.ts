import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { writeWhole } from "../src/laboratory/write-whole.ts";
import { toJson } from "../src/report/encode.ts";
import { type Budget, countTrials, modelsOf } from "./budget.ts";

/** `npm run bench:budget`: writes bench/budget.json from what the code now does, and from the committed report. */
const results = JSON.parse(readFileSync(new URL("../reports/results.json", import.meta.url), "utf8"));
const budget: Budget = { trials: await countTrials(), modelsOfVerify: modelsOf(results) };
writeWhole(fileURLToPath(new URL("./budget.json", import.meta.url)), toJson(budget));
