// Finds a message of Heed's by its metadata, where Slack's confirmation was lost.

import { z } from "zod";
import type { Json } from "../../../src/core/runtime.ts";
import { SlackRefusal, type CallSlack } from "../api.ts";
import type { Destination, Receipt } from "../destination.ts";

type Message = Receipt["messages"][number];

/** The first ones behind the question in a thread, the newest ones in a channel. Some apps get no more. */
const LOOKED_AT = 15;
const EVENT = "heed_answer";

const Listed = z.looseObject({
  messages: z
    .array(
      z.looseObject({
        ts: z.string(),
        metadata: z
          .looseObject({
            event_payload: z.looseObject({ id: z.string().nullish(), page: z.number().nullish() }).nullish(),
          })
          .nullish(),
      }),
    )
    .default([]),
});

/** The mark of one message of a job's: its page from 0 on, or a number below that for what is no page. */
export function markOf(job: string, page: number): Json {
  return { event_type: EVENT, event_payload: { id: job, page } };
}

/** Among what was posted since the question, but not `known`; undefined also where Slack does not let Heed look. */
export async function findPosted(
  page: number,
  { channel, thread, id, since }: Destination,
  known: readonly Message[],
  call: CallSlack,
  signal: AbortSignal,
): Promise<Message | undefined> {
  const method = thread ? "conversations.replies" : "conversations.history";
  const args = { channel, ts: thread, oldest: since, limit: LOOKED_AT, include_all_metadata: true };
  try {
    const { messages } = Listed.parse(await call(method, args, signal));
    const found = messages.find(({ ts, metadata }) => {
      const { id: of, page: at } = metadata?.event_payload ?? {};
      return of === id && at === page && !known.some((message) => message.ts === ts);
    });
    return found && { channel, ts: found.ts };
  } catch (error) {
    if (error instanceof SlackRefusal) return undefined;
    throw error;
  }
}
