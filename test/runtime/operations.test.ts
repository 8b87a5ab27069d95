import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readSettings } from "../../src/runtime/config.ts";
import { createMetrics } from "../../src/runtime/metrics.ts";
import { PORT_LIMITS } from "../../src/core/port.ts";
import { openOperations, type Operations } from "../../src/runtime/operations.ts";
import { openQueue, type DurableQueue } from "../../src/runtime/queue/open-queue.ts";
import { BROKEN_OFF, ODD_REQUESTS, speak, statusOf } from "../fakes/raw-http.ts";
import { liveRuntime } from "../fakes/queue-rig.ts";
import { describeWithRedis, RedisServer } from "../fakes/redis-server.ts";
import { freePort } from "../fakes/free-port.ts";
import { invocation } from "../fakes/toolbox.ts";

const authorized = (secret: string) => ({ authorization: `Basic ${btoa(`anyone:${secret}`)}` });

describeWithRedis("the operators' door", () => {
  const password = "correct horse";
  const runtime = liveRuntime();
  let redis: RedisServer;
  let queue: DurableQueue;
  let operations: Operations;
  let url = "";
  beforeAll(async () => {
    redis = await RedisServer.start();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const env = { REDIS_URL: redis.url, HEED_OPS_PORT: String(port), HEED_DASHBOARD_PASSWORD: password };
    const settings = readSettings(env);
    queue = await openQueue(settings, runtime);
    const metrics = await createMetrics();
    metrics.count("errors", { command: "ask", platform: "slack", code: "timeout" });
    metrics.time("first_reply", { command: "ask", platform: "slack" }, 1500);
    operations = await openOperations(settings, { queue, metrics, runtime });
  });
  afterAll(async () => {
    await operations.close();
    await queue.close();
    await redis.end();
  });

  test("says that it lives, and that it is ready", async () => {
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
  });

  test("shows metrics in Prometheus' format, the queue's depth among them", async () => {
    await queue.add(invocation("/ask a"));
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toContain('heed_errors_total{command="ask",platform="slack",code="timeout"} 1');
    expect(text).toContain('heed_first_reply_seconds_sum{command="ask",platform="slack"} 1.5');
    expect(text).toContain('heed_jobs{lane="questions",state="waiting"} 1');
    expect(text).toContain('heed_jobs{lane="documents",state="waiting"} 0');
  });

  test("shows the queues to whoever knows the password, and to nobody else", async () => {
    expect((await fetch(`${url}/queues`)).status).toBe(401);
    expect((await fetch(`${url}/queues/api/queues`, { headers: authorized("wrong horse") })).status).toBe(401);
    const page = await fetch(`${url}/queues`, { headers: authorized(password) });
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("<html")]);
    const api = await fetch(`${url}/queues/api/queues`, { headers: authorized(password) });
    expect(JSON.stringify(await api.json())).toContain('"name":"questions"');
  });

  test("another site's page cannot change anything with the browser's password", async () => {
    const headers = { ...authorized(password), origin: "https://elsewhere.example" };
    const answer = await fetch(`${url}/queues/api/queues/questions/pause`, { method: "PUT", headers });
    expect(answer.status).toBe(403);
  });

  test.each(ODD_REQUESTS)("%s gets an answer, and so does the next request", async (_, bytes) => {
    const answer = await speak(Number(new URL(url).port), bytes);
    expect(statusOf(answer)).toBeGreaterThanOrEqual(400);
    expect(statusOf(answer)).toBeLessThan(500);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test.each(BROKEN_OFF)("%s, and then silence, harms nobody else", async (_, bytes) => {
    const port = Number(new URL(url).port);
    await Promise.all([speak(port, bytes, { ends: true }), speak(port, bytes, { dropsAfterMs: 5 })]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test.each([
    ["PUT", "/api/queues/questions/pause", "null"],
    ["PUT", "/api/queues/questions/pause", "{"],
    ["POST", "/api/queues/questions/add", "[]"],
    ["POST", "/api/queues/questions/add", "{}"],
    ["PUT", "/api/queues/nowhere/pause", ""],
    ["GET", "/api/queues?activeQueue=%ff&page=x&jobsPerPage=-1", undefined],
    ["GET", "/%", undefined],
    ["GET", "/queue/..%2f..%2fetc", undefined],
  ])("the dashboard answers %s %s with %s, and shows no stack", async (method, path, body) => {
    const headers = { ...authorized(password), "content-type": "application/json" };
    const answer = await fetch(`${url}/queues${path}`, { method, headers, ...(body !== undefined && { body }) });
    expect(await answer.text()).not.toMatch(/node_modules|\bat .*:\d+:\d+/);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test("whoever dawdles is cut off", async () => {
    const port = await freePort();
    const settings = readSettings({ REDIS_URL: redis.url, HEED_OPS_PORT: String(port) });
    const quick = { ...PORT_LIMITS, headersTimeout: 50, requestTimeout: 50, connectionsCheckingInterval: 20 };
    const own = await openOperations(settings, { queue, metrics: await createMetrics(), runtime }, quick);
    // Resolves only when the port hangs up.
    expect(statusOf(await speak(port, "GET /healthz HTTP/1.1\r\nX: never"))).toBe(408);
    await own.close();
  });

  test("no page can be framed, and none says what it is made with", async () => {
    for (const path of ["/healthz", "/queues", "/elsewhere"]) {
      const { headers } = await fetch(`${url}${path}`, { headers: authorized(password) });
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("x-powered-by")).toBeNull();
    }
  });

  test("a port that is taken is named with its fix", async () => {
    const env = { REDIS_URL: redis.url, HEED_OPS_PORT: new URL(url).port };
    const opening = openOperations(readSettings(env), { queue, metrics: await createMetrics(), runtime });
    await expect(opening).rejects.toMatchObject({
      code: "misconfigured",
      message: expect.stringContaining("HEED_OPS_PORT"),
    });
  });

  test("is not ready without Redis, and says that it leaves", async () => {
    await redis.stop();
    const answer = await fetch(`${url}/readyz`);
    expect([answer.status, await answer.text()]).toEqual([503, "the queue is away"]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain("heed_errors_total{");
    expect(metrics).not.toContain("heed_jobs{");
    operations.leave();
    expect(await (await fetch(`${url}/readyz`)).text()).toBe("leaving");
    await redis.start();
  });
});
