import { delimiter } from "node:path";
import { expect, test } from "vitest";
import { findRedis, type RedisSearch } from "./find-redis.ts";

/** What is found on a machine with these programs and this environment. */
function found(programs: readonly string[], env: Readonly<Record<string, string>> = {}): RedisSearch {
  return findRedis({ env: { REQUIRE_REDIS: "1", ...env }, isProgram: (path) => programs.includes(path) });
}

const everywhere = [
  "/own/redis",
  "/opt/db/redis-server",
  "/opt/db/valkey-server",
  "/usr/bin/redis-server",
  "/usr/bin/valkey-server",
  "/usr/local/bin/redis-server",
  "/opt/homebrew/bin/redis-server",
];

test.each(everywhere.map((path, i) => [path, i] as const))(
  "a server is found at %s, where none is before",
  (path, i) => {
    const env = { PATH: ["", "/bin", "/opt/db"].join(delimiter), CI: "true", REDIS_SERVER: i === 0 ? path : "" };
    expect(found(everywhere.slice(i), env)).toEqual({ kind: "found", path });
  },
);

test("where REDIS_SERVER says and nowhere else: a path without a program is a mistake, and named", () => {
  const why = "REDIS_SERVER must be the path of redis-server, got /own/redi";
  expect(found(everywhere, { REDIS_SERVER: "/own/redi" })).toEqual({ kind: "missing", why });
});

test.each([[{ REQUIRE_REDIS: "" }], [{ CI: "true", REQUIRE_REDIS: "0" }], [{ REQUIRE_REDIS: "false" }]])(
  "where nobody asks for them its tests are left out, and it is said how to run them: %o",
  (env) => {
    const search = found(everywhere, { PATH: "/usr/bin", ...env });
    expect(search).toEqual({ kind: "left out", why: expect.stringMatching(/^.*left out.*apt-get.*REDIS_SERVER=.*$/) });
  },
);

test("they fail where they are asked for and there is none", () => {
  const why = /^.*need redis-server where REQUIRE_REDIS is set.*apt-get.*$/;
  expect(found([])).toEqual({ kind: "missing", why: expect.stringMatching(why) });
});
