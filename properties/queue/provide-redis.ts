import type { TestProject } from "vitest/node";
import { findRedis, thisMachine } from "../find-redis.ts";
import "../built-program.ts";

/** Tells the tests of queues where the server's program is; ends the run where they must run and cannot. */
export default function provideRedis(project: TestProject): void {
  const redis = findRedis(thisMachine);
  if (redis.kind !== "found") throw new Error(redis.why);
  project.provide("redisServer", redis.path);
}

declare module "vitest" {
  export interface ProvidedContext {
    /** Path of redis-server or valkey-server. */
    readonly redisServer: string;
  }
}
