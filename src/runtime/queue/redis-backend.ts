// Jobs in Redis, shared by any number of listeners and workers.

import type { Log } from "../../core/runtime.ts";
import { connectRedis, PREFIX, type RedisSettings } from "../redis.ts";
import { construct, type Backend } from "./backend.ts";
import { createRedisTurns } from "./fair-schedule.ts";

const BELL = `${PREFIX}:stop`;

export async function openRedisBackend(settings: RedisSettings, log: Log): Promise<Backend> {
  const [adding, working] = await Promise.all([
    connectRedis(settings, "fail", log),
    connectRedis(settings, "wait", log),
  ]);
  let bell: Awaited<ReturnType<typeof connectRedis>> | undefined;
  const bullmq = await construct(
    // A worker's blocking connection is a copy of `working`.
    { adding: { connection: adding, prefix: PREFIX }, working: { connection: working, prefix: PREFIX } },
    log,
  );
  return {
    ...bullmq,
    turns: (jobs) => createRedisTurns(adding, jobs.name),
    ring: async (id) => void (await adding.publish(BELL, id)),
    async onRing(listen) {
      const hearing = await connectRedis(settings, "wait", log);
      bell = hearing;
      hearing.on("message", (_channel: string, id: string) => listen(id));
      hearing.on("ready", () => {
        // What was rung while the connection was away went unheard.
        hearing.subscribe(BELL).then(
          () => listen(),
          (error: unknown) => log.debug("the bell is not heard yet", { error }),
        );
      });
      await hearing.subscribe(BELL);
    },
    ping: async () => void (await adding.ping()),
    async close() {
      for (const redis of [adding, working, bell]) redis?.disconnect();
    },
  };
}
