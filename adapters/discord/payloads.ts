// Checks what comes over Discord's wire; the schemas hold only the fields that Heed reads.

import { z } from "zod";

export const InteractionType = { ping: 1, command: 2, component: 3, autocomplete: 4, modal: 5 } as const;
export const CommandType = { slash: 1, user: 2, message: 3 } as const;
export const ChannelType = {
  text: 0,
  direct: 1,
  groupDirect: 3,
  announcement: 5,
  privateThread: 12,
  threads: [10, 11, 12],
} as const;

/** The flag of a message that only one person sees. */
export const EPHEMERAL = 64;

export const Person = z.object({
  id: z.string(),
  username: z.string().default("someone"),
  global_name: z.string().nullish(),
  bot: z.boolean().default(false),
});
export type Person = z.infer<typeof Person>;

export const File = z.object({
  id: z.string(),
  filename: z.string(),
  content_type: z.string().nullish(),
  size: z.number().optional(),
  url: z.string(),
});
export type File = z.infer<typeof File>;

/** The words and files of a message, and those that it forwards. */
export const Written = z.object({
  content: z.string().default(""),
  attachments: z.array(File).default([]),
  message_snapshots: z
    .array(z.object({ message: z.object({ content: z.string().default(""), attachments: z.array(File).default([]) }) }))
    .default([]),
});

/** What is forwarded is another's: its words stay apart from those that the person wrote. */
function withForwarded<Message extends z.infer<typeof Written>>(message: Message): Message & { forwarded: string } {
  const forwarded = message.message_snapshots.map((snapshot) => snapshot.message);
  return {
    ...message,
    forwarded: forwarded
      .map(({ content }) => content)
      .filter(Boolean)
      .join("\n\n"),
    attachments: [...message.attachments, ...forwarded.flatMap(({ attachments }) => attachments)],
  };
}

/** All words of a message that somebody points at, whoever wrote them. */
export function wordsOf({ content, forwarded }: { content: string; forwarded: string }): string {
  return [content, forwarded]
    .map((words) => words.trim())
    .filter(Boolean)
    .join("\n\n");
}

/** The message that a menu command was used on, or that another message answers. */
export const QuotedMessage = Written.extend({
  id: z.string(),
  channel_id: z.string().optional(),
  author: Person.optional(),
}).transform(withForwarded);
export type QuotedMessage = z.infer<typeof QuotedMessage>;

/** A message as the gateway sends it: only the fields that Heed reads. */
export const DiscordMessage = Written.extend({
  id: z.string(),
  channel_id: z.string(),
  guild_id: z.string().nullish(),
  type: z.number().default(0),
  author: Person,
  webhook_id: z.string().nullish(),
  member: z.object({ nick: z.string().nullish(), roles: z.array(z.string()).default([]) }).nullish(),
  mentions: z.array(z.object({ id: z.string() })).optional(),
  mention_roles: z.array(z.string()).optional(),
  referenced_message: QuotedMessage.nullish(),
}).transform(withForwarded);
export type DiscordMessage = z.infer<typeof DiscordMessage>;

const Value = z.union([z.string(), z.number(), z.boolean()]);
const Leaf = z.object({
  name: z.string(),
  type: z.number(),
  value: Value.optional(),
  focused: z.boolean().default(false),
});
const Option = Leaf.extend({ options: z.array(Leaf.extend({ options: z.array(Leaf).optional() })).optional() });
export type Option = z.infer<typeof Option>;

export const CommandData = z.object({
  name: z.string(),
  type: z.number().default(CommandType.slash),
  options: z.array(Option).default([]),
  target_id: z.string().optional(),
  resolved: z
    .object({
      attachments: z.record(z.string(), File).optional(),
      messages: z.record(z.string(), QuotedMessage).optional(),
    })
    .default({}),
});
export type CommandData = z.infer<typeof CommandData>;

export const ComponentData = z.object({ custom_id: z.string(), values: z.array(z.string()).default([]) });

const Field = z.object({
  custom_id: z.string(),
  value: z.string().optional(),
  values: z.array(z.string()).optional(),
});
/** A field of a modal stands in a row, or under a label. */
const Row = z.object({ components: z.array(Field).optional(), component: Field.optional() });
export const ModalData = z.object({ custom_id: z.string(), components: z.array(Row).default([]) });

/** What an interaction can be answered by, whatever else is wrong with it. */
export const Call = z.object({
  id: z.string(),
  application_id: z.string(),
  token: z.string(),
  locale: z.string().nullish().catch(undefined),
  guild_locale: z.string().nullish().catch(undefined),
});
export type Call = z.infer<typeof Call>;

export const Interaction = Call.extend({
  type: z.number(),
  guild_id: z.string().nullish(),
  channel_id: z.string().nullish(),
  channel: z.object({ id: z.string(), type: z.number().default(0), parent_id: z.string().nullish() }).nullish(),
  member: z
    .object({
      user: Person,
      nick: z.string().nullish(),
      roles: z.array(z.string()).default([]),
      permissions: z.union([z.string(), z.number()]).transform(String).default("0"),
    })
    .nullish(),
  user: Person.nullish(),
  /** By kind of installation, "0" in a guild, "1" for a person: whose it is. */
  authorizing_integration_owners: z.record(z.string(), z.string()).optional().catch(undefined),
  attachment_size_limit: z.number().optional().catch(undefined),
  /** The message that the pressed button stands under. */
  message: z.object({ id: z.string(), flags: z.number().default(0) }).nullish(),
  data: z.unknown(),
});
export type Interaction = z.infer<typeof Interaction>;

/** The person's own locale; where the platform does not say, the guild's. */
export function localeOf({ locale, guild_locale }: Call): string | undefined {
  return locale ?? guild_locale ?? undefined;
}

/** The guild that Heed is a member of. In any other, someone brought it along for themselves alone. */
export function guildOf({ guild_id, authorizing_integration_owners: owners = {} }: Interaction): string | undefined {
  const isBroughtAlong = "1" in owners && !("0" in owners);
  return isBroughtAlong ? undefined : (guild_id ?? undefined);
}

/** Whether the button stands under a message that only the presser sees: what follows from it is private too. */
export function isUnderPrivate({ message }: Interaction): boolean {
  return ((message?.flags ?? 0) & EPHEMERAL) !== 0;
}
