// Tells what a refusal of Slack's is about: the form, the thread, the verb, the place or a right.

import type { Blame } from "../../kit/ladder.ts";
import type { SlackRefusal } from "../api.ts";
import { isRevoked } from "../failures.ts";

/** What can be left out of a message, what is missed least first. */
export const PARTS = ["blocks", "thread"] as const;
export type Part = (typeof PARTS)[number];

/** Cut finer, the same message may pass. */
const TOO_LONG = new Set([
  "msg_too_long",
  "msg_blocks_too_long",
  "invalid_blocks",
  "invalid_blocks_format",
  "invalid_attachments",
]);
/** Slack has ended the stream, or the message is gone. After any other refusal it may still be open. */
const STREAM_IS_OVER = new Set(["message_not_in_streaming_state", "message_not_found"]);
/** What stands there cannot be changed, but a new message may be posted. */
const EDIT = new Set([
  "message_not_found",
  "cant_update_message",
  "edit_window_closed",
  "streaming_state_conflict",
  "is_inactive",
]);
const THREAD = new Set(["cannot_reply_to_message", "invalid_thread_ts", "restricted_action_non_threadable_channel"]);
const PLACE = new Set([
  "not_in_channel",
  "channel_not_found",
  "is_archived",
  "thread_not_found",
  "thread_locked",
  "restricted_action",
  "restricted_action_read_only_channel",
  "restricted_action_thread_only_channel",
  "restricted_action_thread_locked",
  "posting_to_general_channel_denied",
  "channel_type_not_supported",
  "user_not_in_channel",
]);

export function isTooLong({ code }: SlackRefusal): boolean {
  return TOO_LONG.has(code);
}

export function isStreamOver({ code }: SlackRefusal): boolean {
  return STREAM_IS_OVER.has(code);
}

/** What to do otherwise next time. A code that is not known here blames nothing, and the ladder tries each rung. */
export function blameOf(refusal: SlackRefusal): Blame<Part> {
  const { code, method } = refusal;
  if (isRevoked(refusal)) return "by";
  if (THREAD.has(code)) return "thread";
  if (method === "chat.update" && EDIT.has(code)) return "verb";
  return PLACE.has(code) ? "place" : undefined;
}
