// Handles slash commands and the message shortcut, which bring a response URL.

import { isForAskerAlone } from "../../../src/core/audience.ts";
import type { User } from "../../../src/core/invocation.ts";
import { languageOfLocale, type Phrase } from "../../../src/core/language.ts";
import { FOLLOWS, FOLLOWS_ALWAYS, FOLLOWS_NOT, STOPPING } from "../../kit/phrases.ts";
import type { Asked, Typed } from "../../kit/read-typed.ts";
import { remarksOn } from "../../kit/remarks.ts";
import { SlackRefusal, SlackSilence } from "../api.ts";
import {
  languageFor,
  enqueueAndAck,
  type ListenerContext,
  type WorkspaceClient,
  type PendingInvocation,
} from "./context.ts";
import type { Shortcut, SlashCommand } from "./payloads.ts";
import type { ShortcutCommand } from "../install/manifest.ts";
import { ONLY_YOU, READS_NO_FILE, READS_NO_QUESTION, SLOW_QUEUE } from "../messages.ts";
import { privacyOf, type ChannelRef } from "../destination.ts";
import { readThread } from "./messages.ts";
import { attachmentsOf, decode, idOfRequest, readSlash, stampBefore, withoutMention } from "./receive.ts";
import { respond } from "../send/ephemeral.ts";

/** Bolt's: Slack takes the acknowledgement's body as a message, for commands alone. */
export type Acknowledge = (reply?: { response_type: "ephemeral"; text: string }) => Promise<void>;

export async function receiveSlash(
  command: SlashCommand,
  client: WorkspaceClient,
  listener: ListenerContext,
  acknowledge: Acknowledge,
): Promise<void> {
  const receivedAt = listener.runtime.now();
  const typed = readSlash(command.command, command.text, listener.dispatcher.commands);
  const { user_id, user_name, channel_id, channel_name, response_url } = command;
  const user = await listener.people.find(user_id, client.team, client.call, user_name ?? undefined);
  const isDirect = channel_id.startsWith("D");
  if (typed.kind === "stop" || typed.kind === "follow-ups") {
    const said = await obey(typed, { team: client.team, channel: channel_id, user, isDirect }, listener);
    return acknowledge({ response_type: "ephemeral", text: said[languageOfLocale(user.locale)] });
  }
  const isAskedAlone = typed.isPrivate && !isDirect;
  const id = idOfRequest(client.team, command);
  const asked = { command: typed.command, input: { text: typed.text }, attachments: [], context: [], user };
  const isPrivate = isForAskerAlone(asked, listener.dispatcher.commands, {
    isPrivate: isAskedAlone,
    beside: isDirect ? "nothing" : "all",
  });
  const destination = {
    id,
    team: client.team,
    enterprise: client.enterprise,
    user: user_id,
    channel: channel_id,
    since: stampBefore(receivedAt),
    // Slack shows nobody what was typed, so the answer carries it.
    asked: { by: user.name, text: `/${typed.command} ${typed.text}`.trim() },
    isPrivate,
    privacy: isAskedAlone ? ("private" as const) : privacyOf(channel_id, channel_name),
    isDirect,
    responseUrl: response_url ?? undefined,
    replacesResponse: isPrivate,
  };
  const question = { typed, user, destination, remarks: remarksOn(typed, isDirect), receivedAt };
  const language = languageFor(question);
  await enqueueWithAck(question, listener, acknowledge, isPrivate ? ONLY_YOU[language] : undefined);
}

/** A message's menu: a question about it, or its files for the knowledge base. */
export async function receiveShortcut(
  command: ShortcutCommand,
  shortcut: Shortcut,
  client: WorkspaceClient,
  listener: ListenerContext,
  acknowledge: Acknowledge,
): Promise<void> {
  const receivedAt = listener.runtime.now();
  const { message, channel, response_url } = shortcut;
  const user = await listener.people.find(shortcut.user.id, client.team, client.call, shortcut.user.name ?? undefined);
  const attachments = attachmentsOf(message.files, client);
  const text = decode(withoutMention(message.text, client.mine));
  const typed = askedBy(command, text, attachments.length > 0);
  if (!typed) {
    await acknowledge();
    const phrase = command === "ask" ? READS_NO_QUESTION : READS_NO_FILE;
    if (response_url) await tellByUrl(response_url, phrase[languageOfLocale(user.locale)], listener);
    return;
  }
  const root = message.thread_ts ?? message.ts;
  const channelRef = { team: client.team, channel: channel.id };
  const thread = await listener.threads.find(channelRef, root);
  const around = { channel: channel.id, thread: root, before: message.ts };
  const context = command === "ask" && !thread && root !== message.ts ? await readThread(around, client, listener) : [];
  const id = idOfRequest(client.team, shortcut);
  const asked = {
    command: typed.command,
    input: typed.options ? { options: typed.options } : { text: typed.text ?? "" },
    attachments,
    context,
    user,
  };
  const isPrivate = isForAskerAlone(asked, listener.dispatcher.commands, { isPrivate: false, beside: "refusals" });
  const destination = {
    ...channelRef,
    id,
    enterprise: client.enterprise,
    user: shortcut.user.id,
    thread: root,
    since: stampBefore(receivedAt),
    memory: thread?.memory ?? root,
    isPrivate,
    privacy: privacyOf(channel.id, channel.name),
    isDirect: channel.id.startsWith("D"),
    responseUrl: response_url ?? undefined,
    replacesResponse: false,
  };
  if (!isPrivate)
    await listener.threads.join(channelRef, root, { memory: destination.memory, asker: destination.user });
  await enqueueWithAck({ typed, user, destination, attachments, context, receivedAt }, listener, acknowledge);
}

/** What a shortcut asks for; undefined where the message holds nothing for it. Another's words are read as no options. */
function askedBy(command: ShortcutCommand, text: string, hasFiles: boolean): PendingInvocation["typed"] | undefined {
  if (command === "ask") return text ? { command, text, options: { question: text } } : undefined;
  if (hasFiles) return { command, options: { action: "add" } };
  const [address] = /https?:\/\/[^\s)]+/.exec(text) ?? [];
  return address ? { command, options: { action: "add", target: address } } : undefined;
}

interface Obeyed extends ChannelRef {
  user: User;
  isDirect: boolean;
}

/** A stop or a switch, typed behind "/heed". */
async function obey(
  typed: Exclude<Typed, Asked>,
  { team, channel, user, isDirect }: Obeyed,
  listener: ListenerContext,
): Promise<Phrase> {
  if (typed.kind === "stop")
    return (await listener.dispatcher.stopLatest({ workspace: team, channel }, user)) ?? STOPPING;
  if (isDirect) return FOLLOWS_ALWAYS;
  await listener.followUps.set(team, channel, typed.isOn);
  return typed.isOn ? FOLLOWS : FOLLOWS_NOT;
}

/** Acknowledges once the question is safe, or says in the acknowledgement why it is not. */
export async function enqueueWithAck(
  question: PendingInvocation,
  listener: ListenerContext,
  acknowledge: Acknowledge,
  aside?: string,
): Promise<void> {
  const language = languageFor(question);
  const say = (text: string) => acknowledge({ response_type: "ephemeral", text });
  await enqueueAndAck(question, listener, {
    taken: async (isSlow) => {
      if (!isSlow) await (aside ? say(aside) : acknowledge());
    },
    slow: () => say(SLOW_QUEUE[language]),
    refused: async (phrase, isSlow) => {
      const { responseUrl } = question.destination;
      if (!isSlow) await say(phrase[language]);
      if (responseUrl && (isSlow || !question.destination.asked))
        await tellByUrl(responseUrl, phrase[language], listener);
    },
  });
}

async function tellByUrl(url: string, text: string, { runtime }: ListenerContext): Promise<void> {
  try {
    await respond(url, { response_type: "ephemeral", replace_original: false, text }, runtime);
  } catch (error) {
    if (!(error instanceof SlackRefusal || error instanceof SlackSilence)) throw error;
    runtime.log.error("slack could not be told", { error });
  }
}
