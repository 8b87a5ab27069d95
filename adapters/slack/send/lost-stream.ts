// A stream that Slack began without saying so, found again among what stands in the thread.

import { z } from "zod";
import { SlackRefusal, SlackSilence, type CallSlack } from "../api.ts";
import type { Place, Receipt } from "../place.ts";

type Message = Receipt["messages"][number];

/** The newest messages of a thread that are looked at. */
const LOOKED_AT = 15;

const Listed = z.looseObject({
  messages: z
    .array(z.looseObject({ ts: z.string(), text: z.string().default(""), bot_id: z.string().nullish() }))
    .default([]),
});

/**
 * The one message by an app since the question that says just this and that nobody knows of. Slack keeps no metadata
 * of a stream, so its words are the mark. Undefined where there is none, or where Slack does not let Heed look.
 */
export async function findLostStream(
  text: string,
  { channel, thread, since }: Place,
  known: readonly Message[],
  call: CallSlack,
  signal: AbortSignal,
): Promise<Message | undefined> {
  const words = wordsOf(text);
  const args = { channel, ts: thread, oldest: since, limit: LOOKED_AT };
  try {
    const { messages } = Listed.parse(await call("conversations.replies", args, signal));
    const isIt = ({ ts, text, bot_id }: (typeof messages)[number]) =>
      bot_id && wordsOf(text) === words && !known.some((message) => message.ts === ts);
    const found = words === "" ? undefined : messages.findLast(isIt);
    return found && { channel, ts: found.ts };
  } catch (error) {
    if (error instanceof SlackRefusal || error instanceof SlackSilence) return undefined;
    throw error;
  }
}

/** Slack gives Markdown back in its own dialect: letters and digits are what stays. */
function wordsOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, "");
}
