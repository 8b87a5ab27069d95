// Checks the parts of Slack's payloads that Heed reads.

import { z } from "zod";

const text = z.string().nullish();

/** The outside of every request: of what Bolt reads before any listener does, the parts that it would stumble over. */
export const Body = z.looseObject({
  type: text,
  challenge: text,
  event: z
    .looseObject({
      type: z.string(),
      channel: z.union([z.string(), z.looseObject({})]).optional(),
      item: z.looseObject({}).optional(),
    })
    .optional(),
  command: z.string().optional(),
  actions: z.array(z.looseObject({})).min(1).optional(),
  channel: z.union([z.string(), z.looseObject({})]).optional(),
});
export type Body = z.infer<typeof Body>;

/** What a socket says of itself; everything else on it carries a request. */
const OF_THE_SOCKET: ReadonlySet<string> = new Set(["hello", "disconnect"]);

/** A message of Socket Mode. */
export const SocketMessage = z
  .looseObject({ type: z.string(), payload: Body.optional() })
  .refine(({ type, payload }) => OF_THE_SOCKET.has(type) || payload !== undefined, "there is no payload")
  .refine(({ type, payload }) => type !== "events_api" || payload?.event !== undefined, "there is no event");

export const SlackFile = z.looseObject({
  id: z.string(),
  name: text,
  title: text,
  mimetype: text,
  size: z.number().nullish(),
  mode: text,
  file_access: text,
  url_private: text,
  url_private_download: text,
});
export type SlackFile = z.infer<typeof SlackFile>;

/** A message as it was written, in an event or inside another. */
export const SlackMessage = z.looseObject({
  type: text,
  subtype: text,
  user: text,
  bot_id: text,
  text: z.string().default(""),
  ts: z.string(),
  thread_ts: text,
  user_team: text,
  team: text,
  files: z.array(SlackFile).nullish(),
  edited: z.looseObject({ ts: z.string() }).nullish(),
});
export type SlackMessage = z.infer<typeof SlackMessage>;

/** `app_mention`, or `message` of any kind; for an edit, the message is inside. */
export const MessageEvent = z.looseObject({
  type: z.enum(["app_mention", "message"]),
  subtype: text,
  channel: z.string(),
  channel_type: text,
  ts: z.string(),
  message: SlackMessage.nullish(),
  previous_message: SlackMessage.nullish(),
  deleted_ts: text,
});
export type MessageEvent = z.infer<typeof MessageEvent>;

export const SlashCommand = z.looseObject({
  command: z.string(),
  text: z.string().default(""),
  response_url: text,
  channel_id: z.string(),
  channel_name: text,
  user_id: z.string(),
  user_name: text,
});
export type SlashCommand = z.infer<typeof SlashCommand>;

const Presser = z.looseObject({ id: z.string(), username: text, name: text, team_id: text });
const Group = z.looseObject({ id: z.string() }).nullish();

/** A press of a button, or a choice from a menu. */
export const Pressed = z.looseObject({
  type: z.literal("block_actions"),
  response_url: text,
  user: Presser,
  channel: Group,
  container: z
    .looseObject({ channel_id: text, message_ts: text, thread_ts: text, is_ephemeral: z.boolean().nullish() })
    .nullish(),
  message: z.looseObject({ ts: z.string(), thread_ts: text }).nullish(),
  actions: z
    .array(
      z.looseObject({
        action_id: z.string(),
        value: text,
        selected_option: z.looseObject({ value: z.string() }).nullish(),
      }),
    )
    .min(1),
});
export type Pressed = z.infer<typeof Pressed>;

/** "Ask Heed about this", on a message. */
export const Shortcut = z.looseObject({
  type: z.literal("message_action"),
  callback_id: z.string(),
  response_url: text,
  user: Presser,
  channel: z.looseObject({ id: z.string(), name: text }),
  message: SlackMessage,
});
export type Shortcut = z.infer<typeof Shortcut>;

/** Slack's own stop button under a stream. */
export const SessionStopped = z.looseObject({
  channel: z.string(),
  streaming_message_ts: z.array(z.string()).default([]),
});

/** Somebody opens the agent's conversation, in today's experience or the older one. */
export const Opened = z.looseObject({
  type: z.string(),
  tab: text,
  channel: text,
  user: text,
  assistant_thread: z.looseObject({ channel_id: z.string(), thread_ts: z.string(), user_id: z.string() }).nullish(),
});
