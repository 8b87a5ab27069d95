// What people said in a thread before they called Heed into it.

import { z } from "zod";
import type { Invocation } from "../../src/core/invocation.ts";
import type { Desk, Office } from "./desk.ts";
import { Message } from "./payloads.ts";
import { decode } from "./receive.ts";

/** Slack gives apps outside its marketplace 15, whatever is asked for. */
const READ = 50;
const KEPT = 40;
const LONGEST = 2000;
const MOST_NAMES = 10;
/** A question does not wait longer for what stands around it. */
const PATIENCE_MS = 1200;

const Replies = z.looseObject({ messages: z.array(Message).default([]) });

/** Oldest first. Empty where Slack does not tell in time: the question is answered all the same. */
export async function readThread(
  { channel, thread, before }: { channel: string; thread: string; before: string },
  { call, team, botUser }: Office,
  { people, world }: Pick<Desk, "people" | "world">,
): Promise<Invocation["context"]> {
  try {
    const args = { channel, ts: thread, latest: before, limit: READ };
    const { messages } = Replies.parse(await call("conversations.replies", args, AbortSignal.timeout(PATIENCE_MS)));
    const said = messages.filter(({ ts, text }) => Number(ts) < Number(before) && text.trim()).slice(-KEPT);
    const users = [...new Set(said.map(({ user }) => user).filter((user) => user !== null && user !== undefined))];
    const known = await Promise.all(users.slice(0, MOST_NAMES).map((user) => people.find(user, team, call)));
    const names = new Map([...known.map(({ id, name }) => [id, name] as const), [botUser, "Heed"]]);
    return said.map(({ user, text }) => ({
      author: names.get(user ?? "") ?? user ?? "app",
      text: decode(text).slice(0, LONGEST),
    }));
  } catch (error) {
    world.log.warn("slack does not show a thread", { error });
    return [];
  }
}
