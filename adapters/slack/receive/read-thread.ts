// What people said in a thread before they called Heed into it.

import { z } from "zod";
import type { Invocation } from "../../../src/core/invocation.ts";
import type { World } from "../../../src/core/world.ts";
import type { CallSlack } from "../api.ts";
import type { Desk, Office } from "./desk.ts";
import { Message } from "./payloads.ts";
import { decode } from "./receive.ts";

/** Slack gives a thread's oldest messages first, in pages; apps outside its marketplace get one page of 15. */
const PAGE = 200;
const MOST_PAGES = 5;
const KEPT = 40;
const LONGEST = 2000;
const MOST_NAMES = 10;
/** A question does not wait longer for what stands around it. */
const PATIENCE_MS = 1200;

const Replies = z.looseObject({
  messages: z.array(Message).default([]),
  response_metadata: z.looseObject({ next_cursor: z.string().nullish() }).nullish(),
});

interface Around {
  channel: string;
  thread: string;
  /** The message that asks: what stands before it is read. */
  before: string;
}

/** The newest of them, oldest first. Empty where Slack does not tell in time: the question is answered all the same. */
export async function readThread(
  around: Around,
  { call, team, botUser }: Office,
  { people, world }: Pick<Desk, "people" | "world">,
): Promise<Invocation["context"]> {
  const said = (await fetchReplies(around, call, world))
    .filter(({ ts, text }) => Number(ts) < Number(around.before) && text.trim())
    .toSorted((a, b) => Number(a.ts) - Number(b.ts))
    .slice(-KEPT);
  const users = [...new Set(said.map(({ user }) => user).filter((user) => user !== null && user !== undefined))];
  const known = await Promise.all(users.slice(0, MOST_NAMES).map((user) => people.find(user, team, call)));
  const names = new Map([...known.map(({ id, name }) => [id, name] as const), [botUser, "Heed"]]);
  return said.map(({ user, text }) => ({
    author: names.get(user ?? "") ?? user ?? "app",
    text: decode(text).slice(0, LONGEST),
  }));
}

/** As many pages as come in time. */
async function fetchReplies(
  { channel, thread, before }: Around,
  call: CallSlack,
  { log }: Pick<World, "log">,
): Promise<Message[]> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const all: Message[] = [];
  try {
    for (let page = 1, cursor: string | undefined; page <= MOST_PAGES; page++) {
      const args = { channel, ts: thread, latest: before, limit: PAGE, cursor };
      const { messages, response_metadata } = Replies.parse(await call("conversations.replies", args, patience));
      all.push(...messages);
      cursor = response_metadata?.next_cursor || undefined;
      if (!cursor) break;
    }
  } catch (error) {
    log.warn("slack does not show a whole thread", { messages: all.length, error });
  }
  return all;
}
