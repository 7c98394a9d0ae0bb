import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { inject } from "vitest";

/** A server of a test's own. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again, with the same files. */
  start(): Promise<void>;
}

/** @param folder where its files lie @param options of redis-server */
export async function startRedis(folder: string, ...options: readonly string[]): Promise<RedisServer> {
  const port = await freePort();
  let server: ChildProcess | undefined;
  const start = async () => {
    const tls = options.includes("--tls-port") ? [] : ["--port", String(port)];
    const words = [...tls, "--bind", "127.0.0.1", "--dir", folder, "--save", "", ...options];
    const started = spawn(
      inject("redisServer"),
      words.map((word) => word.replace("PORT", String(port))),
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    server = started;
    let said = "";
    for await (const chunk of started.stdout) {
      said += chunk;
      if (said.includes("Ready to accept connections")) break;
    }
    if (!said.includes("Ready to accept connections")) throw new Error(`redis-server did not start: ${said}`);
    started.stdout.destroy();
  };
  const kill = async () => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, "exit");
    server.kill("SIGKILL");
    await ended;
  };
  await start();
  return { port, url: `redis://127.0.0.1:${port}`, kill, start };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
