// Written messages: direct ones, mentions, and what is said in a thread that Heed opened.

import { isForAskerAlone } from "../../../src/core/audience.ts";
import type { Invocation } from "../../../src/core/invocation.ts";
import { languageOf, languageOfLocale, type Phrase } from "../../../src/core/language.ts";
import { accept } from "../../kit/accept.ts";
import { FOLLOWS, FOLLOWS_ALWAYS, FOLLOWS_NOT, NOTHING_TO_STOP } from "../../kit/phrases.ts";
import { remarksOn } from "../../kit/remarks.ts";
import type { Asked, Typed } from "../../kit/read-typed.ts";
import type { Guilds } from "./guilds.ts";
import type { Received } from "./receive-command.ts";
import { isWrittenByPerson, mentions, receiveMessage } from "./receive-message.ts";
import { Message, wordsOf } from "../payloads.ts";
import { PING_NOBODY } from "../send/request.ts";
import {
  addressOf,
  isThreadType,
  jobIdOf,
  nameOf,
  opensThreads,
  privacyOf,
  workspaceOf,
  type Scene,
} from "../scene.ts";
import { QUEUE_MAY_TAKE_MS, type Ear } from "./submit.ts";
import { isOwnThread } from "./thread.ts";

/** Who Heed is to Discord. */
export interface Self {
  id: string;
  application: string;
}

/** `raw` is the payload as the gateway sent it. What is not meant for Heed is left alone. */
export async function takeMessage(raw: unknown, self: Self, guilds: Guilds, ear: Ear): Promise<void> {
  const message = Message.parse(raw);
  if (!isWrittenByPerson(message, self.id)) return;
  const mine = [self.id, (message.guild_id && guilds.role(message.guild_id, self.id)) || self.id];
  const isCalled = !message.guild_id || mentions(message, mine);
  // Without a mention, words arrive only with the privileged intent; without words there is nothing to answer.
  const mayBeMeant = isCalled || (hasWords(message) && maybeThread(message, guilds));
  if (!mayBeMeant || !(isCalled || (await isOwnThread(message.channel_id, ear.records)))) return;
  const scene = await sceneOf(message, guilds, ear);
  if (!isCalled && (await ear.followUps.areOff(scene.workspace, scene.channel))) return;
  const received = receiveMessage(message, ear.door.commands, mine);
  if (received.kind !== "stop" && received.kind !== "follow-ups") return submit(message, received, scene, self, ear);
  const said = await obey(received, Boolean(message.guild_id), scene, ear);
  // Where nothing runs, and nobody called Heed, the word was meant for somebody else.
  if (said && (isCalled || said !== NOTHING_TO_STOP)) await reply(message, said, scene, ear);
}

/** A stop that finds its answer says nothing: the answer itself says that it was stopped. */
async function obey(
  control: Exclude<Typed, Asked>,
  isGuild: boolean,
  { user, workspace, channel, thread }: Scene,
  { door, followUps }: Ear,
): Promise<Phrase | undefined> {
  if (control.kind === "stop") return door.stopLatest({ workspace, channel, thread }, user);
  if (!isGuild) return FOLLOWS_ALWAYS;
  await followUps.set(workspace, channel, control.isOn);
  return control.isOn ? FOLLOWS : FOLLOWS_NOT;
}

async function reply(message: Message, phrase: Phrase, { place, user }: Scene, { send }: Ear): Promise<void> {
  const language = languageOf(message.content) ?? languageOfLocale(user.locale);
  const answered = { message_id: message.id, fail_if_not_exists: false };
  const body = { content: phrase[language], allowed_mentions: PING_NOBODY, message_reference: answered };
  await send({ method: "POST", path: `/channels/${place}/messages`, body });
}

function hasWords(message: Message): boolean {
  const { attachments } = message;
  return wordsOf(message) !== "" || attachments.length > 0;
}

function maybeThread({ channel_id }: Message, guilds: Guilds): boolean {
  const known = guilds.knownChannel(channel_id);
  return known === undefined || isThreadType(known.type);
}

async function sceneOf(message: Message, guilds: Guilds, { settings }: Ear): Promise<Scene> {
  const { guild_id: guild, channel_id: place, author, member } = message;
  const speaker = { id: author.id, roles: member?.roles ?? [] };
  const [channel, isAdmin] = guild
    ? await Promise.all([guilds.channel(place), guilds.isAdmin(guild, speaker, settings.adminRoles)])
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
async function submit(message: Message, received: Received, scene: Scene, self: Self, ear: Ear): Promise<void> {
  const { door, send, world } = ear;
  const { command, input, attachments, context } = received;
  const asked = { command, input, attachments, context };
  const { guild_id: guild } = message;
  // In direct messages the asker is alone with Heed as it is.
  const isPrivate = received.isPrivate && Boolean(guild);
  const way = { isPrivate, beside: "nothing" } as const;
  const facing = {
    job: jobIdOf(message.id),
    application: self.application,
    isPrivate: Boolean(guild) && isForAskerAlone({ ...asked, user: scene.user }, door.commands, way),
    privacy: isPrivate ? ("private" as const) : scene.privacy,
    replyTo: message.id,
  };
  const remarks = remarksOn(received, !guild);
  const invocation: Invocation = {
    ...asked,
    id: facing.job,
    user: scene.user,
    address: addressOf(scene, facing, asked, door.commands),
    remarks: [...remarks],
    receivedAt: world.now(),
  };
  const writes = () =>
    send({ method: "POST", path: `/channels/${scene.place}/typing` }).then(
      () => {},
      (error: unknown) => world.log.info("discord: cannot show that I write", { channel: scene.place, error }),
    );
  await accept(invocation, QUEUE_MAY_TAKE_MS, ear, {
    taken: writes,
    slow: writes,
    refused: (phrase) => reply(message, phrase, scene, ear),
  });
}
