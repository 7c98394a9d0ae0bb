import { delimiter, join } from "node:path";
import { type Machine as BrowserMachine, thisMachine } from "./find-chromium.ts";

/** What the search for a server reads of a machine. */
export type Machine = Pick<BrowserMachine, "env" | "isProgram">;

/** `left out` is no failure: the tests with a server are then no part of the run. `missing` is one. */
export type RedisSearch =
  | { readonly kind: "found"; readonly path: string }
  | { readonly kind: "left out" | "missing"; readonly why: string };

const NAMES = ["redis-server", "valkey-server"];

const FOLDERS = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];

const HOW = "Debian's apt-get install redis-server, or REDIS_SERVER=/path/of/redis-server gets one";

/**
 * Redis or Valkey: the one that `REDIS_SERVER` names, or else the first in `PATH` and the usual places. Its tests wait
 * for locks to run out, and are run where `REQUIRE_REDIS` asks for them.
 */
export function findRedis({ env, isProgram }: Machine): RedisSearch {
  const { REDIS_SERVER = "", PATH = "", REQUIRE_REDIS = "" } = env;
  if (["", "0", "false"].includes(REQUIRE_REDIS)) {
    return { kind: "left out", why: `the tests of queues are left out: REQUIRE_REDIS=1 runs them; ${HOW}` };
  }
  if (REDIS_SERVER !== "") {
    if (isProgram(REDIS_SERVER)) return { kind: "found", path: REDIS_SERVER };
    return { kind: "missing", why: `REDIS_SERVER must be the path of redis-server, got ${REDIS_SERVER}` };
  }
  const folders = [...PATH.split(delimiter), ...FOLDERS].filter((folder) => folder !== "");
  const path = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isProgram);
  if (path !== undefined) return { kind: "found", path };
  return { kind: "missing", why: `the tests of queues need redis-server where REQUIRE_REDIS is set; ${HOW}` };
}

export { thisMachine };
