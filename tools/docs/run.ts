/** `npm run docs`: writes the pages that are made from the code. */
import { resolve } from "node:path";
import { writeWhole } from "../../src/laboratory/write-whole.ts";
import { commandLinePage, PAGE } from "./command-line.ts";

writeWhole(resolve(PAGE), await commandLinePage());
