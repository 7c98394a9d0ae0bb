import { EXAMPLE } from "../../src/cli/help-text.ts";
import { main } from "../../src/cli/main.ts";

/** What the command line prints for some words, as it prints it where nobody looks: 80 columns. */
export async function printed(...words: readonly string[]): Promise<string> {
  const { write, isTTY } = process.stdout;
  let text = "";
  process.stdout.isTTY = false;
  process.stdout.write = (chunk: string | Uint8Array) => {
    text += chunk;
    return true;
  };
  try {
    await main(words);
  } finally {
    Object.assign(process.stdout, { write, isTTY });
  }
  return text;
}

/** The commands of `theorycheck --help`, in its order. */
export async function commandNames(): Promise<string[]> {
  const [, listed = ""] = (await printed("--help")).split("\nCommands:\n");
  const [commands = ""] = listed.split(`\n${EXAMPLE}`);
  return [...commands.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name as string).filter((name) => name !== "help");
}
