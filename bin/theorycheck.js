#!/usr/bin/env node
// The sources are TypeScript, and so may be the theorems of others: tsx loads both.
import { register } from "tsx/esm/api";

register();
const { main } = await import("../src/cli/main.ts");
process.exitCode = await main(process.argv.slice(2));
