// Saves what an edit of the question and follow-ups in its thread need to know of an answer.

import { toJson } from "../../../src/core/json.ts";
import type { Records } from "../../../src/core/records.ts";
import type { Json } from "../../../src/core/runtime.ts";
import { AskedMessage, keys, REMEMBERED_MS, type Destination, type Receipt } from "../destination.ts";

/** Does nothing where no message of the answer stands in the chat. */
export async function rememberAnswer(destination: Destination, receipt: Receipt, records: Records): Promise<void> {
  const { team, channel, question, thread, memory, id } = destination;
  const [first] = receipt.messages;
  if (!first) return;
  if (question) {
    const value = toJson({ owner: id, receipt });
    const keep = (old: Json | undefined) => (old && AskedMessage.parse(old).owner !== id ? old : value);
    await records.update(keys.asked(team, channel, question), keep, REMEMBERED_MS);
  }
  if (thread) return;
  const key = keys.thread(team, first.channel, first.ts);
  await records.claim(key, { memory: memory ?? first.ts }, REMEMBERED_MS);
}
