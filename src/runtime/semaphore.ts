// Limits how many use something at a time over all processes: a queue and a lease.

import { abortable, isLate } from "../core/async.ts";
import type { Runtime } from "../core/runtime.ts";
import type { Settings } from "./config.ts";
import { connectRedis, PREFIX, type RedisClient } from "./redis.ts";

/** Limits how many hold a name at the same time. */
export interface Semaphore {
  /** Yields the place in line, from 1, whenever it changes; returns when it is one's turn. Throws the signal's reason. */
  acquire(name: string, most: number, signal: AbortSignal): AsyncGenerator<number, Lease>;
  close(): Promise<void>;
}

/** Held until it is released; it lapses by itself where its process died. */
export interface Lease {
  release(): Promise<void>;
}

/** Where the lines stand. */
interface WaitQueue {
  /** Stands in line, or stays in it; 0 means inside. Asked again and again: whoever falls silent has left. */
  position(name: string, most: number, id: string): Promise<number>;
  release(name: string, id: string): Promise<void>;
}

const LOOK_MS = 200;
/** A pass that is not renewed for so long was held by a process that died. */
const LEASE_MS = 30_000;
/** The same for a place in line. */
const POSITION_MS = 3000;
const LONGEST_GOODBYE_MS = 1000;

export async function openSemaphore(settings: Settings, runtime: Runtime): Promise<Semaphore> {
  const { REDIS_URL } = settings;
  if (!REDIS_URL) return createSemaphore(createLocalQueue(), runtime);
  const redis = await connectRedis({ ...settings, REDIS_URL }, "wait", runtime.log);
  return { ...createSemaphore(createRedisQueue(redis), runtime), close: async () => redis.disconnect() };
}

function createSemaphore(lines: WaitQueue, { sleep, log }: Pick<Runtime, "sleep" | "log">): Semaphore {
  return {
    async *acquire(name, most, signal) {
      const id = crypto.randomUUID();
      const look = () => abortable(lines.position(name, most, id), signal);
      // Nobody waits for a Redis that is away to leave what runs out by itself.
      const leave = async () => {
        const released = lines.release(name, id);
        if (!(await isLate(released, LONGEST_GOODBYE_MS, { sleep }))) await released;
      };
      let isInside = false;
      try {
        let shown = 0;
        for (let position = await look(); position > 0; position = await look()) {
          if (position !== shown) yield position;
          shown = position;
          await sleep(LOOK_MS, signal);
        }
        signal.throwIfAborted();
        isInside = true;
      } finally {
        if (!isInside) await leave();
      }
      const renewal = setInterval(() => {
        lines.position(name, most, id).catch((error: unknown) => log.warn("a pass was not renewed", { name, error }));
      }, LEASE_MS / 3);
      renewal.unref();
      return {
        async release() {
          clearInterval(renewal);
          await leave();
        },
      };
    },
    close: async () => {},
  };
}

/** For one process: whoever stands in line here cannot die without the line. */
function createLocalQueue(): WaitQueue {
  const lines = new Map<string, { within: Set<string>; line: Set<string> }>();
  const find = (name: string) => {
    const found = lines.get(name) ?? { within: new Set(), line: new Set() };
    lines.set(name, found);
    return found;
  };
  return {
    async position(name, most, id) {
      const { within, line } = find(name);
      if (within.has(id)) return 0;
      line.add(id);
      const position = [...line].indexOf(id) + 1 - Math.max(0, most - within.size);
      if (position > 0) return position;
      line.delete(id);
      within.add(id);
      return 0;
    },
    async release(name, id) {
      const { within, line } = find(name);
      within.delete(id);
      line.delete(id);
    },
  };
}

/** KEYS: passes by when they run out, the line by arrival, the line by when its places run out. ARGV: id, most, PASS_MS, PLACE_MS. */
const POSITION = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
  if redis.call('ZSCORE', KEYS[1], ARGV[1]) then redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1]) return 0 end
  for _, silent in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now)) do
    redis.call('ZREM', KEYS[2], silent)
    redis.call('ZREM', KEYS[3], silent)
  end
  local last = redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')[2] or '0'
  redis.call('ZADD', KEYS[2], 'NX', last + 1, ARGV[1])
  redis.call('ZADD', KEYS[3], now + ARGV[4], ARGV[1])
  local place = redis.call('ZRANK', KEYS[2], ARGV[1]) + 1 - math.max(0, ARGV[2] - redis.call('ZCARD', KEYS[1]))
  if place > 0 then return place end
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('ZREM', KEYS[3], ARGV[1])
  redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
  return 0`;

function createRedisQueue(redis: RedisClient): WaitQueue {
  redis.defineCommand("heedPosition", { numberOfKeys: 3, lua: POSITION });
  const scripts = redis as unknown as { heedPosition(...args: (string | number)[]): Promise<number> };
  return {
    position: (name, most, id) => scripts.heedPosition(...keysOf(name), id, most, LEASE_MS, POSITION_MS),
    async release(name, id) {
      const leaving = redis.multi();
      for (const key of keysOf(name)) leaving.zrem(key, id);
      await leaving.exec();
    },
  };
}

function keysOf(name: string): readonly string[] {
  return ["inside", "line", "seen"].map((what) => `${PREFIX}:limit:${name}:${what}`);
}
