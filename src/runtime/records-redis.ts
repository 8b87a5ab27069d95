// Keeps records in Redis, shared by all processes; a sorted set keeps the keys in order.

import type { Records } from "../core/records.ts";
import type { Json } from "../core/runtime.ts";
import { PREFIX, type RedisClient } from "./redis.ts";
import { sleep } from "./sleep.ts";

const RECORD = `${PREFIX}:record:`;
/** All keys with score 0, so that Redis keeps them in the order of their bytes. */
const KEYS = `${PREFIX}:records`;
const MOST_TRIES = 20;
const BACKOFF_MS = 10;

const CLAIM = `
  local set
  if ARGV[2] == '' then set = redis.call('SET', KEYS[1], ARGV[1], 'NX')
  else set = redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) end
  if set then redis.call('ZADD', KEYS[2], 0, ARGV[3]) return 1 end
  return 0`;

/** Replaces the value only if it is still what was read; ARGV[4] is the value read, ARGV[5] whether there was one. */
const REPLACE = `
  local now = redis.call('GET', KEYS[1])
  if (now or '') ~= ARGV[4] or (now and '1' or '0') ~= ARGV[5] then return 0 end
  if ARGV[2] == '' then redis.call('SET', KEYS[1], ARGV[1]) else redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
  redis.call('ZADD', KEYS[2], 0, ARGV[3])
  return 1`;

export function createRedisRecords(redis: RedisClient): Records {
  const inLine = createLines();
  return {
    get: async (key) => parse(await redis.get(RECORD + key)),
    async set(key, value, ttlMs) {
      const write = redis.multi().zadd(KEYS, 0, key);
      const json = JSON.stringify(value);
      await (ttlMs === undefined ? write.set(RECORD + key, json) : write.set(RECORD + key, json, "PX", ttlMs)).exec();
    },
    async claim(key, value, ttlMs) {
      return (await redis.eval(CLAIM, 2, RECORD + key, KEYS, JSON.stringify(value), ttlMs ?? "", key)) === 1;
    },
    update: (key, change, ttlMs) => inLine(key, () => update(redis, key, change, ttlMs)),
    async delete(key) {
      await redis
        .multi()
        .del(RECORD + key)
        .zrem(KEYS, key)
        .exec();
    },
    list: (prefix, limit) => list(redis, prefix, limit),
  };
}

/** One process's changes to a key, one after another: at the same time, all but one of them would fail. */
function createLines() {
  const last = new Map<string, Promise<unknown>>();
  return async <Value>(key: string, work: () => Promise<Value>): Promise<Value> => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (last.get(key) === turn) last.delete(key);
    }
  };
}

/**
 * Waits a little longer after each failed try, by chance, so that two processes do not keep meeting. Not retry(): a race
 * that is lost is no error, and what is one ends it at once.
 */
async function update(redis: RedisClient, key: string, change: (value: Json | undefined) => Json, ttlMs?: number) {
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    if (attempt > 0) await sleep(Math.random() * attempt * BACKOFF_MS);
    const before = await redis.get(RECORD + key);
    const value = change(parse(before));
    const args = [JSON.stringify(value), ttlMs ?? "", key, before ?? "", before === null ? "0" : "1"];
    if ((await redis.eval(REPLACE, 2, RECORD + key, KEYS, ...args)) === 1) return value;
  }
  throw new Error(`record ${key} changed ${MOST_TRIES} times while it was being updated`);
}

/** Keys whose record has expired are dropped from the order as they are met. */
async function list(redis: RedisClient, prefix: string, limit: number) {
  const found: { key: string; value: Json }[] = [];
  let from = `[${prefix}`;
  while (found.length < limit) {
    const keys = await redis.zrange(KEYS, from, `(${prefix}\u{10FFFF}`, "BYLEX", "LIMIT", 0, limit);
    if (keys.length === 0) break;
    const values = await redis.mget(keys.map((key) => RECORD + key));
    const gone = keys.filter((_, i) => values[i] === null);
    if (gone.length > 0) await redis.zrem(KEYS, ...gone);
    for (const [i, key] of keys.entries()) {
      const value = parse(values[i]);
      if (value !== undefined && found.length < limit) found.push({ key, value });
    }
    from = `(${keys.at(-1)}`;
  }
  return found;
}

function parse(value: string | null | undefined): Json | undefined {
  return value === null || value === undefined ? undefined : (JSON.parse(value) as Json);
}
