import { describe, expect, test } from "vitest";
import { commandLine, SMALL_STATEMENTS } from "./command-line.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { writtenSuite } from "./written-suite.ts";

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

describe("a suite whose runs nobody else may run is refused by name", () => {
  const { path } = temporaryFolder();

  test.each([
    ["chance", "experiment hits does not repeat itself"],
    ["no-versions", 'the command of hits prints no first line {"versions": {…}}'],
  ])("%s, before anything is asked of a server", async (way, why) => {
    const suite = ["--suite", writtenSuite(path(""), way)];
    const queue = ["--queue", "redis://nowhere.invalid"];
    for (const [use, ...words] of [
      ["--queue", "verify", "--no-store", ...queue, "--audit", "2%"],
      ["--queue", "search", "no-hit", ...queue],
      ["worker", "worker", ...queue],
      ["shard", "shard", "--index", "0", "--of", "2", "--models", "9", "--out", path("shard")],
      ["merge", "merge", path("shard")],
    ] as const) {
      const { code, err } = await commandLine(...words, ...suite);
      expect(code).toBe(2);
      expect(err).toContain(`error: ${use} requires declarations whose hash says all, got: ${why}\n`);
    }
  });
});

test("a worker must be told where its orders come from", async () => {
  const { code, err } = await commandLine("worker", "--theorems", SMALL_STATEMENTS);
  expect(code).toBe(2);
  expect(err).toContain("required option '--queue <url>' not specified");
});
