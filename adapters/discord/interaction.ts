// An interaction as it comes over the wire, checked where it enters: only the fields that Heed reads.

import { z } from "zod";

export const InteractionType = { ping: 1, command: 2, component: 3, autocomplete: 4, modal: 5 } as const;
export const CommandType = { slash: 1, user: 2, message: 3 } as const;
export const ChannelType = { text: 0, direct: 1, groupDirect: 3, announcement: 5, threads: [10, 11, 12] } as const;

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

/** The message that a menu command was used on, or that another message answers. */
export const QuotedMessage = z.object({
  id: z.string(),
  channel_id: z.string().optional(),
  author: Person.optional(),
  content: z.string().default(""),
  attachments: z.array(File).default([]),
});
export type QuotedMessage = z.infer<typeof QuotedMessage>;

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

export const Interaction = z.object({
  id: z.string(),
  application_id: z.string(),
  type: z.number(),
  token: z.string(),
  guild_id: z.string().nullish(),
  channel_id: z.string().nullish(),
  channel: z.object({ id: z.string(), type: z.number().default(0), parent_id: z.string().nullish() }).nullish(),
  member: z
    .object({
      user: Person,
      nick: z.string().nullish(),
      roles: z.array(z.string()).default([]),
      permissions: z.string().default("0"),
    })
    .nullish(),
  user: Person.nullish(),
  locale: z.string().optional().catch(undefined),
  attachment_size_limit: z.number().optional().catch(undefined),
  /** The message that the pressed button stands under. */
  message: z.object({ id: z.string(), flags: z.number().default(0) }).nullish(),
  data: z.unknown(),
});
export type Interaction = z.infer<typeof Interaction>;

/** Whether the button stands under a message that only the presser sees: what follows from it is private too. */
export function isUnderPrivate({ message }: Interaction): boolean {
  return ((message?.flags ?? 0) & EPHEMERAL) !== 0;
}
