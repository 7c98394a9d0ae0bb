import { delimiter } from "node:path";
import { expect, test } from "vitest";
import { findRedis, type RedisSearch } from "./find-redis.ts";

/** What is found on a machine with these programs and this environment. */
function found(programs: readonly string[], env: Readonly<Record<string, string>> = {}): RedisSearch {
  return findRedis({ env, isProgram: (path) => programs.includes(path) });
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

test.each([[{}], [{ CI: "", REQUIRE_REDIS: "0" }], [{ CI: "false" }]])(
  "without one its tests are left out: %o",
  (env) => {
    const search = found(["/usr/bin/postgres"], { PATH: "/usr/bin", ...env });
    expect(search).toEqual({ kind: "left out", why: expect.stringMatching(/^.*left out.*apt-get.*REDIS_SERVER=.*$/) });
  },
);

test.each([
  [{ CI: "true" }, "CI"],
  [{ REQUIRE_REDIS: "1" }, "REQUIRE_REDIS"],
])("they fail where one is required: %o", (env, name) => {
  const why = new RegExp(`^.*need redis-server where ${name} is set.*apt-get.*$`);
  expect(found([], env)).toEqual({ kind: "missing", why: expect.stringMatching(why) });
});
