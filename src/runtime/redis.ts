// Connects to Redis: a single server, a master behind Sentinels, or a Cluster; TLS for rediss://.

import type { Cluster, Redis } from "ioredis";
import type { Log } from "../core/runtime.ts";
import type { Settings } from "./config.ts";

export type RedisClient = Redis | Cluster;
export type RedisSettings = Pick<Settings, "REDIS_SENTINELS" | "REDIS_CLUSTER"> & { REDIS_URL: string };

/** Everything of Heed's lies in one slot of a Cluster, so that a script may touch several keys. */
export const PREFIX = "{heed}";

const LONGEST_PAUSE_MS = 1000;
export const CONNECT_LIMIT_MS = 5000;
const COMMAND_LIMIT_MS = 5000;

/**
 * "wait" keeps a command until Redis is back: for workers, whose work outlives a restart.
 * "fail" refuses it at once while Redis is away: for whoever has a person waiting.
 */
export type Patience = "wait" | "fail";

export async function connectRedis(settings: RedisSettings, patience: Patience, log: Log): Promise<RedisClient> {
  const [{ Cluster }, { BatchedRedis }] = await Promise.all([import("ioredis"), import("./batched-redis.ts")]);
  const { host, port, sentinels, login } = readAddress(settings);
  const redisOptions = { ...login, ...patienceOptions(patience) };
  const enableOfflineQueue = patience === "wait";
  // Who subscribes does so again by themselves: ioredis leaves that promise without anyone to catch it.
  const single = { ...redisOptions, enableOfflineQueue, retryStrategy: pause, autoResubscribe: false };
  const client = settings.REDIS_CLUSTER
    ? new Cluster([{ host, port }], { redisOptions, enableOfflineQueue, clusterRetryStrategy: pause })
    : sentinels.length > 0
      ? new BatchedRedis({ ...single, name: host, sentinels, enableTLSForSentinelMode: "tls" in login })
      : new BatchedRedis({ ...single, host, port });
  watch(client, log);
  return client;
}

function patienceOptions(patience: Patience) {
  return {
    connectTimeout: CONNECT_LIMIT_MS,
    // Not pipelined: of a pipeline that a dying connection cuts, ioredis gives up what it would otherwise send again.
    enableAutoPipelining: false,
    // After a failover the old master answers that it is read-only: the address must be looked up again.
    reconnectOnError: (error: Error) => (error.message.startsWith("READONLY") ? 2 : false),
    maxRetriesPerRequest: patience === "wait" ? null : 1,
    ...(patience === "fail" && { commandTimeout: COMMAND_LIMIT_MS }),
  };
}

function pause(times: number): number {
  return Math.min(50 * 2 ** Math.min(times, 10), LONGEST_PAUSE_MS);
}

function readAddress({ REDIS_URL, REDIS_SENTINELS = "" }: RedisSettings) {
  const url = new URL(REDIS_URL);
  const sentinels = REDIS_SENTINELS.split(",")
    .filter(Boolean)
    .map((sentinel) => new URL(`redis://${sentinel.trim()}`))
    .map(({ hostname, port }) => ({ host: hostname, port: Number(port || 26_379) }));
  const login = {
    ...(url.username && { username: decodeURIComponent(url.username) }),
    ...(url.password && { password: decodeURIComponent(url.password) }),
    ...(url.pathname.length > 1 && { db: Number(url.pathname.slice(1)) }),
    ...(url.protocol === "rediss:" && { tls: { servername: url.hostname } }),
  };
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 6379), sentinels, login };
}

/** One line when Redis goes and one when it is back, however often the connection was tried in between. */
function watch(client: RedisClient, log: Log): void {
  let isAway = false;
  client.on("error", (error: unknown) => {
    if (!isAway) log.error("redis is away", { error });
    isAway = true;
  });
  client.on("ready", () => {
    if (isAway) log.warn("redis is back");
    isAway = false;
  });
}
