// Deletes the messages that an answer left behind elsewhere, or edits them into a sentence.

import type { Log } from "../../../src/core/runtime.ts";
import { SlackRefusal, SlackSilence, type CallSlack } from "../api.ts";
import type { Receipt } from "../destination.ts";
import { stopStream } from "./messages.ts";

type Message = Receipt["messages"][number];

interface Clearing {
  call: CallSlack;
  log: Log;
  /** The job's id. */
  id: string;
  /** Says where the answer is, in mrkdwn. */
  words: string;
  /** Whether the first message is turned into those words rather than taken away. */
  isTold: boolean;
}

/** Never throws a refusal: what cannot be changed is told to the log. */
export async function clearLeft(left: readonly Message[], clearing: Clearing, signal: AbortSignal): Promise<void> {
  for (const [i, message] of left.entries())
    await clear(message, { ...clearing, isTold: clearing.isTold && i === 0 }, signal);
}

async function clear(message: Message, { call, log, id, words, isTold }: Clearing, signal: AbortSignal): Promise<void> {
  const remove = () => call("chat.delete", message, signal);
  const settle = () => call("chat.update", { ...message, text: words, blocks: [], parse: "none" }, signal);
  let failure: unknown;
  for (const change of isTold ? [settle, remove] : [remove, settle]) {
    try {
      await afterItsStream(change, message, call, signal);
      return;
    } catch (error) {
      if (!(error instanceof SlackRefusal || error instanceof SlackSilence)) throw error;
      failure = error;
    }
  }
  if (failure instanceof SlackRefusal && failure.code === "message_not_found") return;
  log.error("slack: a message of an answer that is elsewhere cannot be taken away", {
    id,
    ts: message.ts,
    error: failure,
  });
}

/** A message that still streams is ended first. */
async function afterItsStream(
  change: () => Promise<unknown>,
  message: Message,
  call: CallSlack,
  signal: AbortSignal,
): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (!(error instanceof SlackRefusal && error.code === "streaming_state_conflict")) throw error;
    await stopStream(message, call, signal);
    await change();
  }
}
