/** `npm run docs`: writes the pages that are made from the code. */
import { resolve } from "node:path";
import { writeWhole } from "../../src/laboratory/write-whole.ts";
import { suiteJsonSchema } from "../../src/suite/schema.ts";
import { commandLinePage, PAGE } from "./command-line.ts";

writeWhole(resolve(PAGE), await commandLinePage());
writeWhole(resolve("docs/suite.schema.json"), `${JSON.stringify(suiteJsonSchema(), null, 2)}\n`);
