// Defines an invocation: what was asked, by whom, and where the answer goes. A schema guards the queue.

import { z } from "zod";
import { Privacy } from "./privacy.ts";

/** Where an answer goes. Only the adapter that wrote `data` reads it. */
export const Address = z.object({
  platform: z.string(),
  /** The tenant: documents and conversations never cross from one workspace to another. */
  workspace: z.string(),
  channel: z.string(),
  thread: z.string().optional(),
  /** Whether the thread began with this very question: then it was asked in the channel itself. */
  beginsThread: z.boolean().optional(),
  /** Who can read there what was asked. */
  privacy: Privacy.default("private"),
  data: z.json().default(null),
});

export const User = z.object({
  id: z.string(),
  name: z.string(),
  isAdmin: z.boolean().default(false),
  /** Whether the person sits at the machine itself and may name files on its disk. */
  isLocal: z.boolean().default(false),
  /** As the platform says it, for example "zh-TW" or "en-US". */
  locale: z.string().optional(),
});

/** A file that came along. `data` tells the adapter that wrote it how to fetch it. */
export const Attachment = z.object({
  name: z.string(),
  mediaType: z.string().optional(),
  bytes: z.number().optional(),
  url: z.string().optional(),
  data: z.json().default(null),
});

const OptionValue = z.union([z.string(), z.number(), z.boolean()]);

/** A typed line, or a platform's named options. */
export const Input = z.union([
  z.object({ text: z.string() }),
  z.object({ options: z.record(z.string(), OptionValue) }),
]);

/** One request; it is the job's payload, checked at both ends of the queue. */
export const Invocation = z.object({
  /** The platform's own event or interaction id. It is the job's id, so a repeat runs once; no ":" in it. */
  id: z.string().regex(/^[^:]+$/),
  command: z.string(),
  input: Input,
  user: User,
  address: Address,
  attachments: z.array(Attachment).max(50).default([]),
  /** What was said before and around the question, oldest first: a human thread, a quoted message. */
  context: z
    .array(z.object({ author: z.string(), text: z.string() }))
    .max(50)
    .default([]),
  /** What the person is to know of how the words were taken, said below the answer. */
  remarks: z
    .array(z.object({ en: z.string(), "zh-TW": z.string() }))
    .max(5)
    .optional(),
  /** Milliseconds since 1970. */
  receivedAt: z.number(),
});

export type Address = z.infer<typeof Address>;
export type User = z.infer<typeof User>;
export type Attachment = z.infer<typeof Attachment>;
export type Input = z.infer<typeof Input>;
export type Invocation = z.infer<typeof Invocation>;
