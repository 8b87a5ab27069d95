// `npm run failed` as an operator types it, in a process of its own.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventually, recorder } from "../contracts/queue.ts";
import { createQueueRig } from "../fakes/queue-rig.ts";
import { describeWithRedis, RedisServer } from "../fakes/redis-server.ts";
import { invocation } from "../fakes/toolbox.ts";

const ROOT = join(import.meta.dirname, "../..");

describeWithRedis("the list of what failed for good", () => {
  const folder = mkdtempSync(join(tmpdir(), "heed-failed-"));
  let redis: RedisServer;
  const rig = createQueueRig(() => ({ REDIS_URL: redis.url }));
  beforeAll(async () => void (redis = await RedisServer.start()));
  afterAll(async () => {
    await rig.reset();
    await redis.end();
    rmSync(folder, { recursive: true });
  });

  const run = (...words: string[]) =>
    new Promise<{ status: number; output: string }>((resolve) => {
      const { PATH = "" } = process.env;
      const env = { PATH, HOME: folder, LANG: "en_US.UTF-8", REDIS_URL: redis.url, LOG_LEVEL: "silent" };
      const args = ["--disable-warning=ExperimentalWarning", join(ROOT, "workers/failed.ts"), ...words];
      execFile(process.execPath, args, { cwd: folder, env }, (error, output, errors) =>
        resolve({ status: error ? Number(error.code) : 0, output: output + errors }),
      );
    });

  test("says that there is nothing, how it is used, shows what failed and runs it again", async () => {
    expect(await run()).toEqual({ status: 0, output: "Nothing has failed for good.\n" });
    expect(await run("again")).toEqual({ status: 2, output: expect.stringContaining("npm run failed -- retry ID") });
    const queue = await rig.open();
    let isMended = false;
    const { handler, calls } = recorder(async (_, attempt) => {
      if (isMended) return { ...(await recorder().handler(invocation("/ask"), attempt)) };
      throw new TypeError("a defect");
    });
    const asked = invocation("/ask break");
    await queue.add(asked);
    await queue.work(handler, 1);
    await eventually(async () => (await queue.failures(1)).length);
    const { output } = await run();
    expect(output.trim().split("\t").slice(1)).toEqual([
      asked.id,
      "questions",
      "test/w1",
      "ask",
      "1",
      "TypeError: a defect",
    ]);
    isMended = true;
    expect(await run("retry", asked.id)).toEqual({ status: 0, output: "1 will run again.\n" });
    await eventually(() => queue.recall(asked.id));
    expect(calls).toHaveLength(2);
    expect(await run("retry", asked.id)).toMatchObject({ status: 1, output: expect.stringContaining("no failed job") });
  });
});
