// Written messages: direct ones, mentions, and what is said in a thread that Heed opened.

import { isForAskerAlone } from "../../../src/core/audience.ts";
import { explain } from "../../../src/core/errors.ts";
import type { Invocation } from "../../../src/core/invocation.ts";
import { languageOf, languageOfLocale } from "../../../src/core/language.ts";
import type { Guilds } from "./guilds.ts";
import type { Received } from "./receive-command.ts";
import { isWrittenByPerson, mentions, receiveMessage } from "./receive-message.ts";
import { Message } from "../payloads.ts";
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
import type { Ear } from "./submit.ts";
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
  const received = receiveMessage(message, ear.door.commands, mine);
  await submit(message, received, scene, self, ear);
}

function hasWords({ content, attachments }: Message): boolean {
  return content.trim() !== "" || attachments.length > 0;
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
  const { isPrivate, ...asked } = received;
  const { guild_id: guild } = message;
  const way = { isPrivate, beside: "nothing" } as const;
  const facing = {
    job: jobIdOf(message.id),
    application: self.application,
    // In direct messages the asker is alone with Heed as it is.
    isPrivate: Boolean(guild) && isForAskerAlone({ ...asked, user: scene.user }, door.commands, way),
    privacy: guild && isPrivate ? ("private" as const) : scene.privacy,
    replyTo: message.id,
  };
  const invocation: Invocation = {
    ...asked,
    id: facing.job,
    user: scene.user,
    address: addressOf(scene, facing, asked, door.commands),
    receivedAt: world.now(),
  };
  try {
    await door.enqueue(invocation);
  } catch (error) {
    world.log.error("discord: not queued", { message: message.id, error });
    const language = languageOf(message.content) ?? languageOfLocale(scene.user.locale);
    const reply = { message_id: message.id, fail_if_not_exists: false };
    const body = { content: explain(error)[language], allowed_mentions: PING_NOBODY, message_reference: reply };
    return void (await send({ method: "POST", path: `/channels/${scene.place}/messages`, body }));
  }
  await send({ method: "POST", path: `/channels/${scene.place}/typing` }).catch((error: unknown) =>
    world.log.info("discord: cannot show that I write", { channel: scene.place, error }),
  );
}
