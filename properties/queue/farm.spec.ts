import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { networkTo } from "./network.ts";
import { endPrograms, program } from "./program.ts";
import { startRedis } from "./redis-server.ts";

const LASTING = fileURLToPath(new URL("./lasting-statements.ts", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "theorycheck-farm-"));
afterAll(() => {
  endPrograms();
  rmSync(folder, { recursive: true });
});

const judged = ["verify", "--theorems", LASTING, "--no-store", "--out"];
const reportOf = (name: string) =>
  ["results.json", "models.jsonl"].map((file) => readFileSync(join(folder, name, file), "utf8"));

// each step waits for what the one before it brings about, and the run cannot end before the last: until then there is
// nobody who could answer
test("a worker killed in the middle of a model, a network down for a while and a server that was killed change no byte", async () => {
  const redis = await startRedis(folder, "--appendonly", "yes", "--appendfsync", "always");
  const network = await networkTo(redis.port);
  try {
    const work = async (url: string) => {
      const worker = program(["worker", "--queue", url, "--theorems", LASTING, "--places", "1"]);
      await worker.says(/worker .* is connected to redis:/);
      return worker;
    };
    const killed = await work(redis.url);
    const verify = program([...judged, join(folder, "queue"), "--queue", redis.url]);
    await verify.says("1 worker on 1 machine, 1 place");
    await killed.says(/^works for .*\/\d+$/m);
    killed.child.kill("SIGKILL");
    const cutOff = await work(`redis://127.0.0.1:${network.port}`);
    await cutOff.says(/^works for /m);
    network.cut();
    await verify.says(`/${killed.child.pid} is lost`);
    await verify.says(`/${cutOff.child.pid} is lost`);
    await redis.kill();
    await verify.says(`${redis.url} does not answer`);
    await redis.start();
    await verify.says(`${redis.url} answers again`);
    network.mend();
    await verify.says(`/${cutOff.child.pid} is back`);
    const lucky = await work(redis.url);
    expect(await verify.ended).toEqual({ code: 0, signal: null });
    expect(verify.out).toContain("1 of 1 theorems certified.");
    for (const worker of [cutOff, lucky]) worker.child.kill("SIGTERM");
    for (const worker of [cutOff, lucky]) {
      expect(await worker.ended).toEqual({ code: 143, signal: null });
      expect(worker.err).toMatch(/\nended: \d+ trials trained\n$/);
    }
    const threads = program([...judged, join(folder, "threads")]);
    expect(await threads.ended).toEqual({ code: 0, signal: null });
    expect(reportOf("queue")).toEqual(reportOf("threads"));
  } finally {
    network.close();
    await redis.kill();
  }
});
