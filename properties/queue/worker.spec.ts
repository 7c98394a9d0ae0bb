import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { addressOf } from "../../src/laboratory/queue/address.ts";
import { connect } from "../../src/laboratory/queue/redis.ts";
import { JOINT_STATEMENTS, SMALL_STATEMENTS } from "../cli/command-line.ts";
import { writtenSuite } from "../cli/written-suite.ts";
import { endPrograms, type Program, program } from "./program.ts";
import { freePort, type RedisServer, startRedis } from "./redis-server.ts";

const folder = mkdtempSync(join(tmpdir(), "theorycheck-worker-"));
const servers: RedisServer[] = [];
afterEach(async () => {
  endPrograms();
  for (const server of servers.splice(0)) await server.kill();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function redis(...options: readonly string[]): Promise<RedisServer> {
  const server = await startRedis(folder, ...options);
  servers.push(server);
  return server;
}

const SMALL = ["--theorems", SMALL_STATEMENTS];
const JUDGED = ["verify", ...SMALL, "--theorem", "pairs", "--no-store"];

test("with a password and TLS, from URL and environment: neither side prints it, and a wrong one is refused in a line", async () => {
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  const named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  execFileSync("openssl", [...made, "-keyout", key, "-out", certificate, ...named], { stdio: "ignore" });
  const tls = ["--port", "0", "--tls-port", "PORT", "--tls-cert-file", certificate, "--tls-key-file", key];
  const auth = ["--tls-auth-clients", "no", "--requirepass", "s3cret"];
  const { port } = await redis(...tls, ...auth);
  const trust = { NODE_EXTRA_CA_CERTS: certificate };
  const worker = program(["worker", "--queue", `rediss://:s3cret@localhost:${port}`, ...SMALL], trust);
  await worker.says(`is connected to rediss://localhost:${port}, prefix theorycheck`);
  const asked = [...JUDGED, "--queue", `rediss://127.0.0.1:${port}`, "--audit", "10%"];
  const verify = program(asked, { ...trust, REDISCLI_AUTH: "s3cret" });
  expect(await verify.ended).toEqual({ code: 0, signal: null });
  expect(verify.err).toMatch(/^queue: audit: \d+ answers were trained again here, and are the same$/m);
  const wrong = program(["worker", "--queue", `rediss://:wr0ng@localhost:${port}`, ...SMALL], trust);
  expect(await wrong.ended).toEqual({ code: 2, signal: null });
  expect(wrong.err).toMatch(
    /^error: --queue must name a Redis .* got of rediss:\/\/localhost:\d+: (WRONGPASS|ERR) .*\n$/,
  );
  const untrusted = program([...JUDGED, "--queue", `rediss://:s3cret@localhost:${port}`]);
  expect(await untrusted.ended).toEqual({ code: 2, signal: null });
  expect(untrusted.err).toContain("certificate");
  for (const { err, out } of [worker, verify, wrong, untrusted]) expect(err + out).not.toMatch(/s3cret|wr0ng/);
});

test("a worker with another theorem file takes none of the orders: each says so of the other, once", async () => {
  const { url } = await redis();
  const other = program(["worker", "--queue", url, "--theorems", JOINT_STATEMENTS, "--places", "1"]);
  await other.says("is connected to");
  const verify = program([...JUDGED, "--queue", url]);
  const why = "its declarations' hash is [0-9a-f]{12} and not [0-9a-f]{12}";
  await verify.says(new RegExp(`^queue: worker .*/${other.child.pid} does not take these orders: ${why}$`, "m"));
  await other.says(new RegExp(`^refuses the orders of .*/${verify.child.pid}: ${why}$`, "m"));
  const right = program(["worker", "--queue", url, ...SMALL, "--places", "1"]);
  expect(await verify.ended).toEqual({ code: 0, signal: null });
  expect(verify.err.split("does not take these orders")).toHaveLength(2);
  expect(verify.err).toMatch(new RegExp(`^queue: worker .*/${right.child.pid} takes orders: 1 place$`, "m"));
});

test("a suite's command is run by workers, and judged as here to the byte, a share of it twice", async () => {
  const { url } = await redis();
  const suite = ["--suite", writtenSuite(folder)];
  const worker = program(["worker", "--queue", url, ...suite, "--places", "2", "--json"]);
  await worker.says('{"event":"connected","text":"worker ');
  const judged = ["verify", ...suite, "--no-store", "--out"];
  const farm = program([...judged, join(folder, "farm"), "--queue", url, "--audit", "10%"]);
  const here = program([...judged, join(folder, "here"), "--workers", "2"]);
  for (const each of [farm, here]) expect(await each.ended).toEqual({ code: 0, signal: null });
  expect(farm.err).toMatch(/^queue: audit: \d+ answers were trained again here, and are the same$/m);
  expect(
    worker.err
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).event),
  ).toEqual(expect.arrayContaining(["connected", "works-for"]));
  const [one, other] = ["farm", "here"].map((name) =>
    ["results.json", "models.jsonl"].map((file) => readFileSync(join(folder, name, file), "utf8")),
  );
  expect(one).toEqual(other);
  worker.child.kill("SIGTERM");
  expect(await worker.ended).toEqual({ code: 143, signal: null });
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("a worker ends quietly on %s", async (signal, code) => {
  const { url } = await redis();
  const worker = program(["worker", "--queue", url, ...SMALL, "--places", "1"]);
  await worker.says("is connected to");
  worker.child.kill(signal);
  expect(await worker.ended).toEqual({ code, signal: null });
  expect(worker.err).toMatch(/^worker .* is connected to .*\nended: 0 trials trained\n$/);
});

test("Ctrl-C ends a run on a farm: nothing is judged, and nothing of it is left in the queue", async () => {
  const { url } = await redis();
  const lasting = fileURLToPath(new URL("./lasting-statements.ts", import.meta.url));
  const worker = program(["worker", "--queue", url, "--theorems", lasting, "--places", "1"]);
  await worker.says("is connected to");
  const verify = program(["verify", "--theorems", lasting, "--no-store", "--queue", url]);
  await worker.says("works for");
  verify.child.kill("SIGINT");
  expect(await verify.ended).toEqual({ code: 130, signal: null });
  expect([verify.out, verify.err]).toEqual(["", expect.stringContaining("Interrupted: nothing was judged")]);
  await worker.says(/, 0 under way\n$/);
  const connection = await connect(addressOf(url, {}), "theorycheck", () => {});
  const left = await connection.redis.keys("theorycheck:answers-*");
  await connection.close();
  expect(left).toEqual([]);
});

test("boundary and search run on a farm too, and find what threads find", async () => {
  const { url } = await redis();
  const worker = program(["worker", "--queue", url, ...SMALL, "--places", "2"]);
  await worker.says("is connected to");
  const both = async (words: readonly string[]) => {
    const [farm, threads] = [program([...words, ...SMALL, "--queue", url]), program([...words, ...SMALL])];
    expect([await farm.ended, await threads.ended]).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ]);
    expect(farm.out).toBe(threads.out);
    expect(farm.out.length).toBeGreaterThan(100);
  };
  await both(["boundary", "often", "--vary", "eta=1..2", "--cells", "3", "--seeds", "4", "--json"]);
  await both(["search", "always", "--budget-models", "24", "--json"]);
  expect(worker.err).not.toContain("error");
});

describe("without --queue", () => {
  /** Says of each thread of the process, as soon as it is so, that something of a queue was loaded in it. */
  const WATCH = `data:text/javascript,${encodeURIComponent(
    `import { createRequire } from "node:module";
     const { cache } = createRequire(process.execPath);
     const told = new Set();
     setInterval(() => {
       for (const name of ["bullmq", "ioredis"]) {
         if (told.has(name) || !Object.keys(cache).some((file) => file.includes("/node_modules/" + name + "/"))) continue;
         told.add(name);
         console.error("loaded: " + name);
       }
     }, 5).unref();`,
  )}`;
  const watched = { NODE_OPTIONS: `--import ${WATCH}` };
  const loaded = ({ err }: Program) => [...err.matchAll(/^loaded: (.*)$/gm)].map(([, name]) => name).sort();

  test("nothing of it is loaded; with it, it is, and a server that is not there is named", async () => {
    const plain = program(JUDGED, watched);
    expect((await plain.ended).code).toBe(0);
    expect(loaded(plain)).toEqual([]);
    const queued = program([...JUDGED, "--queue", `redis://:s3cret@127.0.0.1:${await freePort()}`], watched);
    expect((await queued.ended).code).toBe(2);
    expect(loaded(queued)).toEqual(["bullmq", "ioredis"]);
    expect(queued.err).toMatch(
      /^error: --queue must name a Redis .* got of redis:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/m,
    );
    expect(queued.err).not.toContain("s3cret");
  });

  test("the package says of the two packages that they are optional, and its bundle holds neither", () => {
    const { peerDependenciesMeta, dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(peerDependenciesMeta).toMatchObject({ bullmq: { optional: true }, ioredis: { optional: true } });
    expect(Object.keys(dependencies)).not.toContain("bullmq");
    expect(readFileSync("dist/THIRD-PARTY-LICENSES.txt", "utf8")).not.toMatch(/^(bullmq|ioredis)@/m);
  });
});
