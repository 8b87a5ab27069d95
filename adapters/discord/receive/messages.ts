// Handles written messages: direct ones, mentions, and follow-ups in Heed's threads.

import { isForAskerAlone } from "../../../src/core/audience.ts";
import type { Invocation } from "../../../src/core/invocation.ts";
import { languageOf, languageOfLocale, type Phrase } from "../../../src/core/language.ts";
import { accept } from "../../kit/accept.ts";
import { FOLLOWS, FOLLOWS_ALWAYS, FOLLOWS_NOT, NOTHING_TO_STOP } from "../../kit/phrases.ts";
import { remarksOn } from "../../kit/remarks.ts";
import { type Asked, type Typed, readTyped } from "../../kit/read-typed.ts";
import type { Guilds } from "./guilds.ts";
import { type Received, contextOfTarget } from "./command.ts";
import { DiscordMessage, wordsOf } from "../payloads.ts";
import { PING_NOBODY } from "../send/request.ts";
import {
  addressOf,
  isThreadType,
  jobIdOf,
  nameOf,
  opensThreads,
  privacyOf,
  workspaceOf,
  type ChannelContext,
  attachmentOf,
} from "../context.ts";
import { QUEUE_MAY_TAKE_MS, type ListenerContext } from "./submit.ts";
import { isOwnThread } from "./thread.ts";
import type { Command } from "../../../src/core/command.ts";
import { mentionsAny, withoutMentions } from "../../kit/mentions.ts";

/** Who Heed is to Discord. */
export interface BotIdentity {
  id: string;
  application: string;
}

/** `raw` is the payload as the gateway sent it. What is not meant for Heed is left alone. */
export async function takeMessage(
  raw: unknown,
  self: BotIdentity,
  guilds: Guilds,
  listener: ListenerContext,
): Promise<void> {
  const message = DiscordMessage.parse(raw);
  if (!isWrittenByPerson(message, self.id)) return;
  const mine = [self.id, (message.guild_id && guilds.role(message.guild_id, self.id)) || self.id];
  const isCalled = !message.guild_id || mentions(message, mine);
  // Without a mention, words arrive only with the privileged intent; without words there is nothing to answer.
  const mayBeMeant = isCalled || (hasWords(message) && maybeThread(message, guilds));
  if (!mayBeMeant || !(isCalled || (await isOwnThread(message.channel_id, listener.records)))) return;
  const channelContext = await contextOfMessage(message, guilds, listener);
  if (!isCalled && (await listener.followUps.areOff(channelContext.workspace, channelContext.channel))) return;
  const received = receiveMessage(message, listener.dispatcher.commands, mine);
  if (received.kind !== "stop" && received.kind !== "follow-ups")
    return submit(message, received, channelContext, self, listener);
  const notice = await obey(received, Boolean(message.guild_id), channelContext, listener);
  // Where nothing runs, and nobody called Heed, the word was meant for somebody else.
  if (notice && (isCalled || notice !== NOTHING_TO_STOP)) await reply(message, notice, channelContext, listener);
}

/** A stop that finds its answer says nothing: the answer itself says that it was stopped. */
async function obey(
  control: Exclude<Typed, Asked>,
  isGuild: boolean,
  { user, workspace, channel, thread }: ChannelContext,
  { dispatcher, followUps }: ListenerContext,
): Promise<Phrase | undefined> {
  if (control.kind === "stop") return dispatcher.stopLatest({ workspace, channel, thread }, user);
  if (!isGuild) return FOLLOWS_ALWAYS;
  await followUps.set(workspace, channel, control.isOn);
  return control.isOn ? FOLLOWS : FOLLOWS_NOT;
}

async function reply(
  message: DiscordMessage,
  phrase: Phrase,
  { place, user }: ChannelContext,
  { send }: ListenerContext,
): Promise<void> {
  const language = languageOf(message.content) ?? languageOfLocale(user.locale);
  const answered = { message_id: message.id, fail_if_not_exists: false };
  const body = { content: phrase[language], allowed_mentions: PING_NOBODY, message_reference: answered };
  await send({ method: "POST", path: `/channels/${place}/messages`, body });
}

function hasWords(message: DiscordMessage): boolean {
  const { attachments } = message;
  return wordsOf(message) !== "" || attachments.length > 0;
}

function maybeThread({ channel_id }: DiscordMessage, guilds: Guilds): boolean {
  const known = guilds.knownChannel(channel_id);
  return known === undefined || isThreadType(known.type);
}

async function contextOfMessage(
  message: DiscordMessage,
  guilds: Guilds,
  { settings }: ListenerContext,
): Promise<ChannelContext> {
  const { guild_id: guild, channel_id: place, author, member } = message;
  const writer = { id: author.id, roles: member?.roles ?? [] };
  const [channel, isAdmin] = guild
    ? await Promise.all([guilds.channel(place), guilds.isAdmin(guild, writer, settings.adminRoles)])
    : [undefined, true];
  const isThread = channel !== undefined && isThreadType(channel.type);
  const locale = guild ? guilds.locale(guild) : undefined;
  const parent = (isThread && channel.parent) || place;
  return {
    user: {
      id: author.id,
      name: member?.nick ?? nameOf(author),
      isAdmin,
      isLocal: false,
      ...(locale && { locale }),
    },
    workspace: workspaceOf(guild, author),
    channel: parent,
    thread: isThread || !guild ? place : undefined,
    place,
    privacy: guild && guilds.isClosed(guild, parent) ? "closed" : privacyOf(guild, channel?.type),
    canOpenThread: Boolean(guild) && opensThreads(channel?.type),
  };
}

/** Queued first; then the person sees that Heed writes, or why it does not. */
async function submit(
  message: DiscordMessage,
  received: Received,
  channelContext: ChannelContext,
  self: BotIdentity,
  listener: ListenerContext,
): Promise<void> {
  const { dispatcher, send, runtime } = listener;
  const { command, input, attachments, context } = received;
  const asked = { command, input, attachments, context };
  const { guild_id: guild } = message;
  // In direct messages the asker is alone with Heed as it is.
  const isPrivate = received.isPrivate && Boolean(guild);
  const wayIn = { isPrivate, beside: "nothing" } as const;
  const destinationOptions = {
    job: jobIdOf(message.id),
    application: self.application,
    isPrivate: Boolean(guild) && isForAskerAlone({ ...asked, user: channelContext.user }, dispatcher.commands, wayIn),
    privacy: isPrivate ? ("private" as const) : channelContext.privacy,
    replyTo: message.id,
  };
  const remarks = remarksOn(received, !guild);
  const invocation: Invocation = {
    ...asked,
    id: destinationOptions.job,
    user: channelContext.user,
    address: addressOf(channelContext, destinationOptions, asked, dispatcher.commands),
    remarks: [...remarks],
    receivedAt: runtime.now(),
  };
  const writes = () =>
    send({ method: "POST", path: `/channels/${channelContext.place}/typing` }).then(
      () => {},
      (error: unknown) =>
        runtime.log.info("discord: cannot show that I write", { channel: channelContext.place, error }),
    );
  await accept(invocation, QUEUE_MAY_TAKE_MS, listener, {
    taken: writes,
    slow: writes,
    refused: (phrase) => reply(message, phrase, channelContext, listener),
  });
}

/** Messages that a person wrote: a plain one, a reply. The rest are joins, pins, boosts. */
const WRITTEN_TYPES: ReadonlySet<number> = new Set([0, 19]);

const MENTION = /<@[!&]?(\d+)>/g;

export function isWrittenByPerson(message: DiscordMessage, self: string): boolean {
  return WRITTEN_TYPES.has(message.type) && !message.author.bot && !message.webhook_id && message.author.id !== self;
}

/** `mine` are the ids that mean Heed: the bot's own, and its role's. Where Discord names none, the words tell. */
export function mentions({ mentions, mention_roles, content }: DiscordMessage, mine: readonly string[]): boolean {
  if (!mentions && !mention_roles) return mentionsAny(content, MENTION, mine);
  return [...(mentions ?? []).map(({ id }) => id), ...(mention_roles ?? [])].some((id) => mine.includes(id));
}

/** What was written, or a stop or a switch. What is quoted or forwarded is context, and never read as a command. */
export function receiveMessage(
  message: DiscordMessage,
  commands: readonly Command[],
  mine: readonly string[],
): (Received & { kind: Asked["kind"] }) | Exclude<Typed, Asked> {
  const { attachments, referenced_message: answered, forwarded } = message;
  const written = withoutMentions(message.content, MENTION, mine);
  const typed = readTyped(written, commands, { hasFiles: attachments.length > 0 });
  if (typed.kind === "stop" || typed.kind === "follow-ups") return typed;
  const pointedAt = [...contextOfTarget({ content: "", forwarded }), ...contextOfTarget(answered)];
  // A bare mention in answer to a message asks about that message, and a forward without a word about what it forwards.
  const isBare = typed.kind === "question" && !typed.text && (forwarded || attachments.length === 0);
  const [about] = isBare ? pointedAt : [];
  const { kind, command, isPrivate, text } = typed;
  const files = [...attachments, ...(answered?.attachments ?? [])];
  return {
    kind,
    command,
    input: about ? { options: { question: about.text } } : { text },
    attachments: files.map((file) =>
      attachmentOf(file, { channel: message.channel_id, id: holderOf(file.id, message) }),
    ),
    context: pointedAt.filter((one) => one !== about),
    isPrivate,
  };
}

function holderOf(file: string, { id, referenced_message: quoted }: DiscordMessage): string {
  return quoted?.attachments.some((attachment) => attachment.id === file) ? quoted.id : id;
}
