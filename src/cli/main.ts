import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { isInvalidInput } from "../invalid-input.ts";
import { boundaryCommand } from "./boundary.ts";
import { evaluateCommand } from "./evaluate.ts";
import { evidenceCommand } from "./evidence.ts";
import { ExitWith, USAGE } from "./exit.ts";
import { listCommand } from "./list.ts";
import { queryCommand } from "./query.ts";
import { replayCommand } from "./replay.ts";
import { reportCommand } from "./report.ts";
import { searchCommand } from "./search.ts";
import { trainCommand } from "./train.ts";
import { verifyCommand } from "./verify.ts";

/** The version in package.json. */
export const VERSION: string = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;

/**
 * Runs a command line and returns the exit code: 0 all holds; 1 refuted, a control not refuted, or a lemma broken;
 * 2 bad usage or bad input; 3 inconclusive; 130 interrupted.
 */
export async function main(args: readonly string[]): Promise<number> {
  const program = new Command("theorycheck")
    .description("An ML-theory paper that you can run: theorems as properties with statistical verdicts.")
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError();
  for (const command of [
    verifyCommand(VERSION),
    listCommand(),
    trainCommand(),
    replayCommand(VERSION),
    searchCommand(VERSION),
    boundaryCommand(VERSION),
    evaluateCommand(),
    evidenceCommand(),
    reportCommand(),
    queryCommand(),
  ]) {
    program.addCommand(command.exitOverride().copyInheritedSettings(program));
  }
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof ExitWith) return error.code;
    // commander has printed its message; help and version are no mistake
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    if (isInvalidInput(error)) {
      process.stderr.write(`error: ${error.message}\n`);
      return USAGE;
    }
    throw error;
  }
}
