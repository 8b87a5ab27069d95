// Slack's Web API as far as Heed uses it, with the checks that make the real one refuse.

import { z } from "zod";
import type { Json } from "../../../src/core/runtime.ts";
import { Blocks } from "./block-kit.ts";
import type { Shown, SlackState } from "./state.ts";
import { wordOf } from "../word-of.ts";

export type Args = Readonly<Record<string, Json>>;
type Method = (args: Args, state: SlackState) => Record<string, Json>;

/** Thrown for `{ok: false, error}`; `why` is what Slack says in `response_metadata`. */
export class Refused extends Error {
  readonly why: string | undefined;

  constructor(error: string, why?: string) {
    super(error);
    this.why = why;
  }
}

const STAMP = /^\d{9,10}\.\d{6}$/;

const MOST_PAYLOAD = 13_200;

export const methods: Readonly<Record<string, Method>> = {
  "auth.test": (_, { team, botUser }) => ({
    team_id: team,
    user_id: botUser,
    bot_id: "BHEED",
    url: "https://x.slack.com/",
  }),
  "users.info": ({ user }, { people, team }) => {
    const person = people.get(wordOf(user));
    if (!person) throw new Refused("user_not_found");
    const { name, isAdmin = false, locale = "en-US", team: home = team } = person;
    const profile = { display_name: name, real_name: name };
    return { user: { id: user!, team_id: home, name, locale, is_admin: isAdmin, is_owner: false, profile } };
  },
  "chat.postMessage": (args, state) => {
    const channel = reach(args, state);
    const message = write(args, state, channel);
    return { channel, ts: message.ts, message: {} };
  },
  "chat.postEphemeral": (args, state) => {
    const channel = reach(args, state);
    if (!state.people.has(wordOf(args["user"]))) throw new Refused("user_not_in_channel");
    const message = write(args, state, channel);
    message.only = wordOf(args["user"]);
    return { message_ts: message.ts };
  },
  "chat.update": (args, state) => {
    const message = find(args, state);
    if (message.streaming === "open") throw new Refused("streaming_state_conflict");
    check(args);
    Object.assign(message, {
      text: wordOf(args["text"] ?? ""),
      blocks: args["blocks"] ?? [],
      edits: message.edits + 1,
    });
    return { channel: message.channel, ts: message.ts };
  },
  "chat.delete": (args, state) => {
    state.messages.splice(state.messages.indexOf(find(args, state)), 1);
    return {};
  },
  "chat.startStream": (args, state) => {
    const channel = reach(args, state);
    if (!args["thread_ts"]) throw new Refused("invalid_thread_ts");
    if (!channel.startsWith("D") && !args["recipient_team_id"]) throw new Refused("missing_recipient_team_id");
    if (!channel.startsWith("D") && !args["recipient_user_id"]) throw new Refused("missing_recipient_user_id");
    const message = write({ ...args, text: markdownOf(args) }, state, channel);
    message.streaming = "open";
    return { channel, ts: message.ts };
  },
  "chat.appendStream": (args, state) => {
    const message = streamOf(args, state);
    message.text += markdownOf(args);
    return { channel: message.channel, ts: message.ts };
  },
  "chat.stopStream": (args, state) => {
    const message = streamOf(args, state);
    check(args);
    message.text += markdownOf(args);
    message.streaming = "closed";
    const tail = (args["blocks"] ?? []) as Shown["blocks"];
    message.blocks = [{ type: "markdown", text: message.text }, ...tail];
    return { channel: message.channel, ts: message.ts };
  },
  "conversations.open": ({ users }) => ({ channel: { id: `D${wordOf(users)}` } }),
  "conversations.replies": (args, state) => {
    const channel = reach(args, state);
    const all = state.messages.filter((m) => m.channel === channel && !m.only);
    const thread = all.filter((m) => m.ts === args["ts"] || m.thread === args["ts"]);
    return page(thread, args, 1000);
  },
  "conversations.history": (args, state) => {
    const channel = reach(args, state);
    const all = state.messages.filter((m) => m.channel === channel && !m.only && !m.thread);
    return page(all.toReversed(), args, 999);
  },
  "assistant.threads.setStatus": ({ channel_id, thread_ts, status }, state) => {
    if (!STAMP.test(wordOf(thread_ts ?? ""))) throw new Refused("invalid_thread_ts");
    reach({ channel: channel_id! }, state);
    state.statuses.push({ channel: wordOf(channel_id), thread: wordOf(thread_ts), status: wordOf(status) });
    return {};
  },
  "assistant.threads.setSuggestedPrompts": ({ channel_id, prompts }, state) => {
    state.prompts.push({ channel: wordOf(channel_id), prompts: prompts! });
    return {};
  },
  "files.info": ({ file }) => ({ file: { id: file!, url_private_download: `FILES/${wordOf(file)}` } }),
  "files.getUploadURLExternal": ({ filename, length, alt_txt }, state) => {
    if (!filename || !(Number(length) > 0)) throw new Refused("invalid_arguments");
    const id = `F${state.uploads.length + 1}`;
    const alt = wordOf(alt_txt ?? "");
    state.uploads.push({ id, name: wordOf(filename), alt, length: Number(length), bytes: new Uint8Array() });
    return { upload_url: `UPLOAD/${id}`, file_id: id };
  },
  "files.completeUploadExternal": ({ files, channel_id, thread_ts }, state) => {
    const channel = reach({ channel: channel_id! }, state);
    for (const { id } of files as { id: string }[]) {
      const upload = state.uploads.find((upload) => upload.id === id);
      if (!upload || upload.bytes.length !== upload.length) throw new Refused("file_not_found");
      Object.assign(upload, { channel, ...(thread_ts && { thread: wordOf(thread_ts) }) });
    }
    return { files: files! };
  },
};

/** Messages between `oldest` and `latest`, from the cursor on; Slack's cursors are opaque, ours is an index. */
function page(all: readonly Shown[], args: Args, most: number): Record<string, Json> {
  const [oldest, latest] = [Number(args["oldest"] ?? 0), Number(args["latest"] ?? Infinity)];
  const within = all.filter(({ ts, thread }) => (Number(ts) > oldest && Number(ts) < latest) || (!thread && !oldest));
  const from = Number(args["cursor"] ?? 0);
  const to = from + Math.min(Number(args["limit"] ?? 100), most);
  const next_cursor = to < within.length ? String(to) : "";
  return {
    messages: within.slice(from, to).map(outline),
    has_more: next_cursor !== "",
    response_metadata: { next_cursor },
  };
}

/** The channel that a message goes to, or the reason why it may not. */
function reach(args: Args, { joined, people }: SlackState): string {
  const channel = wordOf(args["channel"]);
  if (people.has(channel)) return `D${channel}`;
  if (channel === "CGONE") throw new Refused("channel_not_found");
  if (!joined.has(channel) && !channel.startsWith("D")) throw new Refused("not_in_channel");
  return channel;
}

function write(args: Args, state: SlackState, channel: string): Shown {
  check(args);
  const thread = args["thread_ts"] ? wordOf(args["thread_ts"]) : undefined;
  const message: Shown = {
    channel,
    ts: state.nextTs(),
    thread,
    text: wordOf(args["text"] ?? ""),
    blocks: (args["blocks"] ?? []) as Shown["blocks"],
    only: undefined,
    streaming: "no",
    metadata: args["metadata"] ?? null,
    user: state.botUser,
    edits: 0,
  };
  state.messages.push(message);
  return message;
}

export function check(args: Args): void {
  const blocks = Blocks.safeParse(args["blocks"] ?? []);
  const text = wordOf(args["text"] ?? args["markdown_text"] ?? "");
  if (!blocks.success) throw new Refused("invalid_blocks", z.prettifyError(blocks.error));
  if (!text && blocks.data.length === 0 && args["ts"] === undefined) throw new Refused("no_text");
  if (text.length > 40_000 || wordOf(args["markdown_text"] ?? "").length > 12_000) throw new Refused("msg_too_long");
  if (JSON.stringify(blocks.data).length > MOST_PAYLOAD) throw new Refused("msg_blocks_too_long");
  if (args["thread_ts"] && !STAMP.test(wordOf(args["thread_ts"]))) throw new Refused("invalid_thread_ts");
}

function find(args: Args, { messages }: SlackState): Shown {
  const message = messages.find(({ channel, ts, only }) => channel === args["channel"] && ts === args["ts"] && !only);
  if (!message) throw new Refused("message_not_found");
  return message;
}

function streamOf(args: Args, state: SlackState): Shown {
  const message = find(args, state);
  if (message.streaming !== "open") throw new Refused("message_not_in_streaming_state");
  return message;
}

function markdownOf(args: Args): string {
  const text = wordOf(args["markdown_text"] ?? "");
  if (text.length > 12_000) throw new Refused("msg_too_long");
  return text;
}

function outline({ ts, thread, text, user, metadata }: Shown): Json {
  const isByApp = user.startsWith("UHEED");
  return {
    type: "message",
    ts,
    ...(thread && { thread_ts: thread }),
    text,
    user,
    ...(isByApp && { bot_id: "BHEED" }),
    metadata,
  };
}
