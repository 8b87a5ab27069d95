// Whose turn it is: a busy workspace's questions stand in their own row, and the rows are served in rounds.
// Start-time fair queueing (Goyal, Vin, Cheng 1996) every question counting the same.

import type { Queue as BullQueue } from "bullmq";
import { PREFIX, type RedisClient } from "../redis.ts";

export interface FairSchedule {
  /** The round in which this workspace's next job is served: BullMQ's priority, from 1; lower is earlier. */
  nextRound(workspace: string): Promise<number>;
}

/** BullMQ's highest priority. Past it the order is that of arrival. */
const LAST_ROUND = 2 ** 21 - 1;
/** From here on the count starts over as soon as nothing waits. */
const FAR = 2 ** 20;

/**
 * The round being served is that of BullMQ's first waiting job, whose score is priority * 2^32 + order of arrival.
 * KEYS: the waiting jobs, the rounds given out last, by workspace. ARGV: workspace, LAST_ROUND, FAR.
 */
const NEXT = `
  local head = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
  local serving = tonumber(redis.call('HGET', KEYS[2], '') or '1')
  if head then serving = math.floor(tonumber(head) / 4294967296)
  elseif serving > tonumber(ARGV[3]) then redis.call('DEL', KEYS[2]) serving = 1 end
  local last = tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or '0')
  local round = math.min(math.max(serving, last + 1), tonumber(ARGV[2]))
  redis.call('HSET', KEYS[2], ARGV[1], round, '', serving)
  return round`;

export function createRedisSchedule(redis: RedisClient, queue: string): FairSchedule {
  redis.defineCommand("heedNextRound", { numberOfKeys: 2, lua: NEXT });
  const call = redis as unknown as { heedNextRound(...args: (string | number)[]): Promise<number> };
  const keys = [`${PREFIX}:${queue}:prioritized`, `${PREFIX}:turns:${queue}`];
  return { nextRound: (workspace) => call.heedNextRound(...keys, `/${workspace}`, LAST_ROUND, FAR) };
}

/** For the one process that holds the queue. */
export function createEmbeddedSchedule(queue: Pick<BullQueue, "getPrioritized">): FairSchedule {
  const last = new Map<string, number>();
  let serving = 1;
  return {
    async nextRound(workspace) {
      const [head] = await queue.getPrioritized(0, 0);
      if (head) serving = head.priority;
      else if (serving > FAR) {
        last.clear();
        serving = 1;
      }
      const round = Math.min(Math.max(serving, (last.get(workspace) ?? 0) + 1), LAST_ROUND);
      last.set(workspace, round);
      return round;
    },
  };
}
