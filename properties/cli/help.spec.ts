import { Help } from "commander";
import { expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { VERSION } from "../../src/cli/main.ts";
import { commandLine } from "./command-line.ts";

test.each(Object.entries(COMMANDS))("the help says of %s what the command itself says", async (name, listed) => {
  const command = (await listed.load(VERSION, new AbortController().signal)).description(listed.description);
  expect(command.name()).toBe(name);
  expect(new Help().subcommandTerm(command)).toBe(listed.usage);
  const { code, out } = await commandLine("--help");
  expect([code, out.includes(`\n  ${listed.usage} `)]).toEqual([0, true]);
});

test.each([
  ["train", "--help"],
  ["help", "train"],
])("%s %s: a command's own help has its options", async (...words) => {
  const { code, out } = await commandLine(...words);
  expect(code).toBe(0);
  expect(out).toContain("Usage: theorycheck train [options]");
  expect(out).toContain(COMMANDS.train!.description.slice(0, 40));
  expect(out).toContain("--engine <name>");
});

test.each([["--help"], ["verify", "--help"], ["search", "--help"]])(
  "%s %s: an example, and the exit codes",
  async (...words) => {
    const { out } = await commandLine(...words);
    expect(out).toMatch(/\nExample:\n {2}npx theorycheck /);
    expect(out).toMatch(/\nExit codes: 0 all holds; 1 refuted, .*\n {2}2 bad usage/);
  },
);

test.each([
  [["search", "learnability", "--relase", "x"], /Did you mean --release\?\)\n$/],
  [["search"], /error: missing required argument 'theorem'\n$/],
  [["verify", "--max-models", "0"], /got "0"\.\n$/],
])("of %j the usage stands before what is wrong, which is last", async (words, last) => {
  const { code, out, err } = await commandLine(...words);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toMatch(/^Usage: theorycheck /);
  expect(err).toMatch(last);
});

test("a command that there is none of is bad usage, and the nearest is suggested", async () => {
  const { code, err } = await commandLine("verfy");
  expect(code).toBe(2);
  expect(err).toContain("(Did you mean verify?)");
});
