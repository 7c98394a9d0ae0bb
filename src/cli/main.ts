import { readFileSync } from "node:fs";
import { Command, CommanderError, Help } from "commander";
import { isInvalidInput } from "../invalid-input.ts";
import { isLaboratoryFault } from "../laboratory/laboratory-fault.ts";
import { visibleLines } from "../visible-text.ts";
import { COMMANDS } from "./commands.ts";
import { ExitWith, FAULT, USAGE } from "./exit.ts";
import { helpAfter } from "./help-text.ts";
import { refuseRepeats } from "./options.ts";
import { print, tell } from "./print.ts";

/** The version in package.json. */
export const VERSION: string = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;

/**
 * Runs a command line and returns the exit code: 0 all holds; 1 refuted, a control not refuted, or a lemma broken;
 * 2 bad usage or bad input; 3 inconclusive; 70 what runs the trials failed; the signal's where one ended it.
 *
 * @param signal ends what is under way; its reason is an `ExitWith`
 * @throws whatever is a fault of the program or the machine
 */
export async function main(
  args: readonly string[],
  signal: AbortSignal = new AbortController().signal,
): Promise<number> {
  const program = await programFor(args, signal);
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    // what else is thrown then comes of it: aborted work, a compiler that the same Ctrl-C ended
    if (signal.aborted) return signal.reason instanceof ExitWith ? signal.reason.code : FAULT;
    if (error instanceof ExitWith) return error.code;
    // commander has printed its message; help and version are no mistake
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    if (isInvalidInput(error)) {
      // several rules that one declaration breaks are several lines of its message
      tell(`error: ${error.message.trim().replace(/\s*\n\s*/g, "; ")}`);
      return USAGE;
    }
    // of what runs the trials, an experiment's own program or a queue: a stack says nothing to whoever has that
    if (isLaboratoryFault(error)) {
      tell(`error: ${error.message}`);
      return FAULT;
    }
    throw error;
  }
}

/** The program with the command that is asked for; of the others it knows what its help says. */
async function programFor(args: readonly string[], signal: AbortSignal): Promise<Command> {
  const program = new Command("theorycheck")
    .description("An ML-theory paper that you can run: theorems as properties with statistical verdicts.")
    .version(VERSION)
    .configureHelp({ subcommandTerm })
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: (text) => process.stderr.write(visibleLines(text)) })
    .addHelpText("after", helpAfter());
  usageBeforeErrors(program);
  const asked = args.find((word) => Object.hasOwn(COMMANDS, word));
  for (const [name, { description, load }] of Object.entries(COMMANDS)) {
    const command = name === asked ? refuseRepeats(await load(VERSION, signal)) : new Command(name);
    program.addCommand(command.description(description).exitOverride().copyInheritedSettings(program));
    if (name === asked) command.addHelpText("after", helpAfter(name));
    usageBeforeErrors(command);
  }
  return program;
}

/** What is wrong stands last, where one looks: the usage scrolls. */
function usageBeforeErrors(command: Command): void {
  command.configureOutput({ outputError: (text, write) => write(`${command.helpInformation()}\n${text}`) });
}

function subcommandTerm(command: Command): string {
  return COMMANDS[command.name()]?.usage ?? new Help().subcommandTerm(command);
}
