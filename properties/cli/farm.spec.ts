import { fileURLToPath } from "node:url";
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

test("a suite is not run by workers, and says so before anything is asked of a server", async () => {
  const suite = fileURLToPath(new URL("../../examples/random-walk/suite.yaml", import.meta.url));
  const { code, err } = await commandLine(
    "verify",
    "--suite",
    suite,
    "--no-store",
    "--queue",
    "redis://nowhere.invalid",
  );
  expect(code).toBe(2);
  expect(err).toContain(
    "--queue takes the declarations of a module: workers do not run a suite's command, got --suite",
  );
});

test("a worker must be told where its orders come from", async () => {
  const { code, err } = await commandLine("worker", "--theorems", SMALL_STATEMENTS);
  expect(code).toBe(2);
  expect(err).toContain("required option '--queue <url>' not specified");
});
