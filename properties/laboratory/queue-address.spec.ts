import { describe, expect, test } from "vitest";
import { addressOf, requirePrefix } from "../../src/laboratory/queue/address.ts";

describe("the address of a queue", () => {
  test.each([
    ["redis://host", {}, { host: "host", port: 6379, db: 0 }, "redis://host:6379"],
    ["redis://host:7000/3", {}, { host: "host", port: 7000, db: 3 }, "redis://host:7000/3"],
    ["redis://[::1]:7000", {}, { host: "::1", port: 7000, db: 0 }, "redis://[::1]:7000"],
    [
      "redis://me:s%40cret@host",
      {},
      { host: "host", port: 6379, db: 0, username: "me", password: "s@cret" },
      "redis://host:6379",
    ],
    [
      "redis://me@host",
      { REDISCLI_AUTH: "hidden" },
      { host: "host", port: 6379, db: 0, username: "me", password: "hidden" },
      "redis://host:6379",
    ],
    [
      "rediss://:own@host",
      { REDISCLI_AUTH: "hidden" },
      { host: "host", port: 6379, db: 0, password: "own", tls: { servername: "host" } },
      "rediss://host:6379",
    ],
    ["rediss://127.0.0.1", {}, { host: "127.0.0.1", port: 6379, db: 0, tls: {} }, "rediss://127.0.0.1:6379"],
  ])("%s, with %o in the environment", (url, env, options, shown) => {
    expect(addressOf(url, env)).toEqual({ options, shown });
  });

  test.each([
    ["http://me:s3cret@host", "the protocol http://"],
    ["me:s3cret@host", "the protocol me://"],
    ["redis://me:s3cret@", "what is no URL"],
    ["//me:s3cret@host", "what is no URL"],
    ["redis://:s3cret@host/name", "a path that is no number of a database"],
    ["redis://:s3cret@host/?x=s3cret", "more after the path"],
  ])("%s is none, and nothing of it is repeated", (url, got) => {
    const refused = () => addressOf(url, {});
    expect(refused).toThrow(/^--queue must be redis:\/\/HOST/);
    expect(refused).not.toThrow("s3cret");
    expect(refused).toThrow(got);
  });
});

test.each(["a", "team:me", "a.b-c_d:1"])("%s can begin keys", (prefix) => expect(requirePrefix(prefix)).toBe(prefix));

test.each(["", ":", "a:", "a b", "ä", "{a}"])("%j cannot", (prefix) => {
  expect(() => requirePrefix(prefix)).toThrow(`got ${JSON.stringify(prefix)}`);
});
