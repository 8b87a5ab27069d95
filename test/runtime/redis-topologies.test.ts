// Redis in its other shapes: a Cluster, a master that Sentinel knows, a password and TLS.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { Redis } from "ioredis";
import { describeQueue, eventually, recorder, succeeds } from "../contracts/queue.ts";
import { createQueueRig } from "../fakes/queue-rig.ts";
import { describeWithRedis, RedisServer } from "../fakes/redis-server.ts";
import { freePort } from "../fakes/free-port.ts";
import { invocation } from "../fakes/toolbox.ts";

describeWithRedis("a Redis Cluster", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start([
      "--cluster-enabled",
      "yes",
      "--cluster-port",
      String(await freePort()),
      "--cluster-announce-ip",
      "127.0.0.1",
    ]);
    const client = new Redis(redis.url);
    await client.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    await eventually(async () => String(await client.call("CLUSTER", "INFO")).includes("cluster_state:ok"));
    client.disconnect();
  });
  afterAll(() => redis.end());
  describe("keeps the queue's contract", () =>
    describeQueue(createQueueRig(() => ({ REDIS_URL: redis.url, REDIS_CLUSTER: "true" }))));
});

describeWithRedis("a master behind a Sentinel", () => {
  let [master, replica]: (RedisServer | undefined)[] = [];
  let sentinel: RedisServer;
  const folder = mkdtempSync(join(tmpdir(), "heed-sentinel-"));
  const rig = createQueueRig(() => ({
    REDIS_URL: "redis://:secret@questions",
    REDIS_SENTINELS: `127.0.0.1:${sentinel.port}`,
  }));
  beforeAll(async () => {
    const locked = ["--requirepass", "secret", "--masterauth", "secret"];
    master = await RedisServer.start(locked);
    replica = await RedisServer.start([...locked, "--replicaof", "127.0.0.1", String(master.port)]);
    const port = await freePort();
    const file = join(folder, "sentinel.conf");
    writeFileSync(
      file,
      `port ${port}
sentinel monitor questions 127.0.0.1 ${master.port} 1
sentinel auth-pass questions secret
sentinel down-after-milliseconds questions 500
sentinel failover-timeout questions 3000
`,
    );
    sentinel = await RedisServer.startSentinel(port, file);
  });
  afterEach(() => rig.reset());
  afterAll(async () => {
    for (const server of [master, replica, sentinel]) await server?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  test("the queue finds the new master by itself after a failover", async () => {
    const queue = await rig.open();
    const [before, after] = [invocation("/ask before"), invocation("/ask after")];
    const { handler, ids } = recorder();
    await queue.work(handler, 1);
    await queue.add(before);
    await eventually(() => queue.recall(before.id));
    const watcher = new Redis({ port: sentinel.port });
    const knows = async () =>
      String(await watcher.call("SENTINEL", "REPLICAS", "questions")).includes("master-link-status,ok");
    await eventually(knows);
    watcher.disconnect();
    await master?.stop("SIGKILL");
    await eventually(() => succeeds(queue.add(after)));
    await eventually(() => queue.recall(after.id).catch(() => undefined));
    expect(ids()).toEqual([before.id, after.id]);
  });
});

describeWithRedis("Redis behind TLS", () => {
  test("is reached by rediss://, and refused where nobody vouches for its certificate", async () => {
    const folder = mkdtempSync(join(tmpdir(), "heed-tls-"));
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    const openssl = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"];
    execFileSync("openssl", [...openssl, "-keyout", key, "-out", certificate], { stdio: "ignore" });
    const port = await freePort();
    const tls = ["--tls-port", String(port), "--tls-cert-file", certificate, "--tls-key-file", key];
    const redis = await RedisServer.start([...tls, "--tls-ca-cert-file", certificate, "--tls-auth-clients", "no"]);
    const { connectRedis } = await import("../../src/runtime/redis.ts");
    const errors: unknown[] = [];
    const log = {
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: (_: string, fields = {}) => void errors.push(fields),
    };
    const settings = { REDIS_URL: `rediss://localhost:${port}`, REDIS_SENTINELS: undefined, REDIS_CLUSTER: false };
    const client = await connectRedis(settings, "fail", log);
    await eventually(() => errors.length);
    expect(errors).toMatchObject([{ error: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" } }]);
    await eventually(() => client.status === "reconnecting");
    client.disconnect();
    await redis.end();
    rmSync(folder, { recursive: true });
  });
});
