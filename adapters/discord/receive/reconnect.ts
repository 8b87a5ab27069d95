// A pause before each new connection. By itself discord.js tries twice a second for as long as the gateway closes early.

import type { WebSocketOptions } from "discord.js";
import type { World } from "../../../src/core/world.ts";

type Manager = Parameters<NonNullable<WebSocketOptions["buildStrategy"]>>[0];

/** A connection that held this long was a good one. */
const GOOD_MS = 30_000;
const FIRST_PAUSE_MS = 1000;
/** Discord takes 1,000 new sessions a day and resets the token of a bot that asks for more. */
const LONGEST_PAUSE_MS = 3 * 60_000;
/** Taking up a session again is free, and what was said meanwhile is only there for a while. */
const LONGEST_RESUME_PAUSE_MS = 10_000;

/** What of the manager's events matters here. Their names are an enum that discord.js does not hand on. */
interface Events {
  on(event: "hello" | "ready" | "resumed" | "closed", listener: (of: { shardId: number }) => void): unknown;
}

interface Shard {
  /** When it became ready; undefined while it is not. */
  readyAt: number | undefined;
  isConnected: boolean;
  failures: number;
}

/** The first new try comes at once, the next after 1 s, 2 s, 4 s, ... up to the longest, each shortened by chance. */
export function pauseAfter(failures: number, resumes: boolean, chance: number): number {
  if (failures < 2) return 0;
  const longest = resumes ? LONGEST_RESUME_PAUSE_MS : LONGEST_PAUSE_MS;
  return Math.min(FIRST_PAUSE_MS * 2 ** (failures - 2), longest) * (1 - chance / 2);
}

/** discord.js asks for a shard's session right before it connects: that is the moment to wait. */
export function paceReconnects(manager: Manager, world: World, closing: AbortSignal): void {
  const shards = new Map<number, Shard>();
  const shardOf = (id: number) => {
    const shard = shards.get(id) ?? { readyAt: undefined, isConnected: false, failures: 0 };
    shards.set(id, shard);
    return shard;
  };
  const events = manager as unknown as Events;
  events.on("hello", ({ shardId }) => void (shardOf(shardId).isConnected = true));
  events.on("ready", ({ shardId }) => void (shardOf(shardId).readyAt = world.now()));
  events.on("resumed", ({ shardId }) => void (shardOf(shardId).readyAt = world.now()));
  events.on("closed", ({ shardId }) => {
    const shard = shardOf(shardId);
    const wasGood = shard.readyAt !== undefined && world.now() - shard.readyAt >= GOOD_MS;
    Object.assign(shard, { readyAt: undefined, isConnected: false, failures: wasGood ? 1 : shard.failures + 1 });
  });
  const retrieve = manager.options.retrieveSessionInfo.bind(manager.options);
  manager.options.retrieveSessionInfo = async (id) => {
    const { isConnected, failures } = shardOf(id);
    const session = await retrieve(id);
    const pause = isConnected ? 0 : pauseAfter(failures, session !== null, Math.random());
    if (pause > 0) {
      world.log.warn("discord: connecting again", { shard: id, failures, inMs: Math.round(pause) });
      await world.sleep(pause, closing).catch(() => {});
    }
    // Who is closing connects no more: this never resolves, and nobody waits for it.
    if (closing.aborted && !isConnected) await new Promise<never>(() => {});
    return session;
  };
}
