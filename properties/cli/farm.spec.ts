import { expect, test } from "vitest";
import { commandLine, SMALL_STATEMENTS } from "./command-line.ts";

const JUDGED = ["verify", "--theorems", SMALL_STATEMENTS, "--no-store"];

test.each([
  [["--audit", "2%"], "--audit belongs to --queue, got it without"],
  [["--prefix", "mine"], "--prefix belongs to --queue, got it without"],
  [
    ["--queue", "http://me:s3cret@host"],
    "--queue must be redis://HOST[:PORT][/DB], or rediss:// for TLS, got the protocol http://",
  ],
  [["--queue", "redis://host", "--audit", "0"], 'It must be a share above 0 and at most 100%, got "0".'],
  [["--queue", "redis://host", "--audit", "101%"], 'It must be a share above 0 and at most 100%, got "101%".'],
  [["--queue", "redis://host", "--audit", "2 percent"], "It must be a share above 0 and at most 100%"],
  [["--queue", "redis://host", "--prefix", "a b"], "--prefix must be letters"],
])("verify %j is bad usage", async (words, message) => {
  const { code, err } = await commandLine(...JUDGED, ...words);
  expect(code).toBe(2);
  expect(err).toContain(message);
  expect(err).not.toContain("s3cret");
});

test("a worker must be told where its orders come from", async () => {
  const { code, err } = await commandLine("worker", "--theorems", SMALL_STATEMENTS);
  expect(code).toBe(2);
  expect(err).toContain("required option '--queue <url>' not specified");
});
