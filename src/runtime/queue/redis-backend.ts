// Keeps jobs in Redis, shared by any number of listeners and workers.

import type { Log } from "../../core/runtime.ts";
import { connectRedis, PREFIX, type RedisSettings } from "../redis.ts";
import { construct, type Backend } from "./backend.ts";
import { createRedisSchedule } from "./fair-schedule.ts";

const STOPS = `${PREFIX}:stop`;

export async function openRedisBackend(settings: RedisSettings, log: Log): Promise<Backend> {
  const [adding, working] = await Promise.all([
    connectRedis(settings, "fail", log),
    connectRedis(settings, "wait", log),
  ]);
  let stopChannel: Awaited<ReturnType<typeof connectRedis>> | undefined;
  const bullmq = await construct(
    // A worker's blocking connection is a copy of `working`.
    { adding: { connection: adding, prefix: PREFIX }, working: { connection: working, prefix: PREFIX } },
    log,
  );
  return {
    ...bullmq,
    schedule: (jobs) => createRedisSchedule(adding, jobs.name),
    publishStop: async (id) => void (await adding.publish(STOPS, id)),
    async onStop(listen) {
      const subscriber = await connectRedis(settings, "wait", log);
      stopChannel = subscriber;
      subscriber.on("message", (_channel: string, id: string) => listen(id));
      subscriber.on("ready", () => {
        // What was rung while the connection was away went unheard.
        subscriber.subscribe(STOPS).then(
          () => listen(),
          (error: unknown) => log.debug("not yet told of stops", { error }),
        );
      });
      await subscriber.subscribe(STOPS);
    },
    ping: async () => void (await adding.ping()),
    async close() {
      for (const redis of [adding, working, stopChannel]) redis?.disconnect();
    },
  };
}
