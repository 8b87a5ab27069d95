// Builds what every way in on Discord shares: the asker, the guild and the channel of an invocation.

import type { Command } from "../../src/core/command.ts";
import type { Address, Attachment, Invocation, User } from "../../src/core/invocation.ts";
import type { Privacy } from "../../src/core/privacy.ts";
import type { Destination } from "./destination.ts";
import { ChannelType, guildOf, localeOf, type File, type Interaction, type Person } from "./payloads.ts";
import { isAdmin } from "./member.ts";

/** What Discord takes in one message unless it says otherwise: 10 MiB. */
export const USUAL_FILE_LIMIT = 10 * 1024 * 1024;

const JOB_PREFIX = "discord-";

export interface ChannelContext {
  user: User;
  /** A guild's own, or a person's own in direct messages. */
  workspace: string;
  /** The channel; for a thread, the one it hangs from. */
  channel: string;
  thread: string | undefined;
  /** Where to post: the thread itself, for a thread. */
  place: string;
  /** Who can read what is said there. */
  privacy: Privacy;
  /** Whether a thread can be opened from a message here. */
  canOpenThread: boolean;
}

export function contextOf(interaction: Interaction, adminRoles: readonly string[]): ChannelContext {
  const { member, channel } = interaction;
  const [guild, locale] = [guildOf(interaction), localeOf(interaction)];
  const person = member?.user ?? interaction.user ?? { id: "unknown", username: "someone", bot: false };
  const place = channel?.id ?? interaction.channel_id ?? "unknown";
  const isThread = channel !== undefined && channel !== null && isThreadType(channel.type);
  return {
    user: {
      id: person.id,
      name: member?.nick ?? nameOf(person),
      // In direct messages the documents are the person's own.
      isAdmin: guild ? isAdmin(member ?? { roles: [], permissions: "0" }, adminRoles) : true,
      isLocal: false,
      ...(locale && { locale }),
    },
    workspace: workspaceOf(guild, person),
    channel: isThread ? (channel.parent_id ?? place) : place,
    thread: isThread || !guild ? place : undefined,
    place,
    privacy: privacyOf(guild, channel?.type),
    canOpenThread: Boolean(guild) && opensThreads(channel?.type),
  };
}

/** Direct messages and private threads are for those who are in there. */
export function privacyOf(guild: string | null | undefined, type: number | undefined): Privacy {
  return guild && type !== ChannelType.privateThread ? "public" : "closed";
}

export function workspaceOf(guild: string | null | undefined, person: Pick<Person, "id">): string {
  return guild ?? `dm-${person.id}`;
}

export function nameOf({ global_name, username }: Person): string {
  return global_name ?? username;
}

export function isThreadType(type: number): boolean {
  return (ChannelType.threads as readonly number[]).includes(type);
}

/** Where the kind of channel is not known, Discord says so soon enough. */
export function opensThreads(type: number | undefined): boolean {
  return type === undefined || type === ChannelType.text || type === ChannelType.announcement;
}

/** BullMQ refuses ids that are bare numbers, and another platform may use the same number. */
export function jobIdOf(snowflake: string): string {
  return `${JOB_PREFIX}${snowflake}`;
}

/** Discord's own id of what a job answers. */
export function snowflakeOf(job: string): string {
  return job.slice(JOB_PREFIX.length);
}

/** What the listener knows beyond the channel context. */
export type DestinationOptions = Pick<
  Destination,
  "application" | "isPrivate" | "interaction" | "replyTo" | "inPlace"
> & {
  job: string;
  privacy: Privacy;
  fileLimit?: number | undefined;
};

export function addressOf(
  channelContext: ChannelContext,
  destinationOptions: DestinationOptions,
  asked: Asked,
  commands: readonly Command[],
): Address {
  const { fileLimit, interaction, replyTo, inPlace, job, application, isPrivate, privacy } = destinationOptions;
  const command = commands.find(({ name }) => name === asked.command);
  const destination: Destination = {
    job,
    asker: channelContext.user.id,
    application,
    channel: channelContext.place,
    isPrivate,
    canAskAgain: canAskAgain(asked, command),
    canOpenThread: channelContext.canOpenThread && !isPrivate && command?.converses === true,
    fileLimit: fileLimit ?? USUAL_FILE_LIMIT,
    ...(interaction && { interaction }),
    ...(replyTo && { replyTo }),
    ...(inPlace && { inPlace }),
  };
  const { workspace, channel, thread } = channelContext;
  const where = { platform: "discord", workspace, channel, ...(thread && { thread }) };
  // What one person alone is told must not come up in an answer for all.
  const isAlone = isPrivate && command?.converses === true;
  return { ...where, privacy: isAlone ? "private" : privacy, data: destination as Address["data"] };
}

/** Whether there is a question, and a choice of models to put it to. */
function canAskAgain({ input }: Asked, command: Command | undefined): boolean {
  if (!command?.prose || !("model" in command.args.shape || "models" in command.args.shape)) return false;
  return "text" in input || Boolean(input.options[command.prose]);
}

/**
 * `message` is where fresh addresses of the files can be asked for, once these have run out. An address that runs out
 * is nothing for others to keep or to link to, so only `download` learns it.
 */
export function attachmentOf(file: File, message?: { channel: string; id: string }): Attachment {
  const { id, filename, content_type: mediaType, size, url } = file;
  return {
    name: filename,
    data: { id, url, ...(message && { message }) },
    ...(mediaType && { mediaType }),
    ...(size !== undefined && { bytes: size }),
  };
}

export type Asked = Pick<Invocation, "command" | "input" | "attachments" | "context">;
