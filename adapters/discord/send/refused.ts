// Tells which part of a message, place or verb a refusal of Discord's is about.

import { z } from "zod";
import { BotError, isRetryable } from "../../../src/core/errors.ts";
import type { Phrase } from "../../../src/core/language.ts";
import { truncate } from "../../../src/core/text.ts";
import { Refusal } from "../failures.ts";
import type { Blame } from "../../kit/ladder.ts";
import { hasLinks } from "../render/markdown.ts";
import { becauseOf, lacks, PERMISSIONS, REASONS } from "../messages.ts";

/** What can be left out of a message, what is missed least first. `large`: files above the size that every channel takes. */
export const PARTS = ["reference", "large", "files", "components", "links"] as const;
export type Part = (typeof PARTS)[number];

const LONGEST_MESSAGE = 200;

/** discord.js keeps the request beside the answer. */
const Cause = z.object({
  status: z.number().min(400).max(499),
  code: z.union([z.number(), z.string()]).optional(),
  method: z.string().default(""),
  url: z.string().default(""),
  rawError: z.object({ message: z.string().catch(""), errors: z.record(z.string(), z.unknown()).catch({}) }).optional(),
  requestBody: z
    .object({
      files: z.array(z.unknown()).nullish(),
      json: z
        .looseObject({
          content: z.string().optional(),
          components: z.array(z.unknown()).optional(),
          message_reference: z.unknown().optional(),
        })
        .nullish()
        .catch(null),
    })
    .optional(),
});

/** A final no: neither a limit of pace nor a failure that may pass. */
export interface Refused {
  status: number;
  code: number | undefined;
  /** Discord's own words. */
  message: string;
  isByToken: boolean;
  isEdit: boolean;
  /** Whether it was the opening of direct messages that was refused. */
  isOpening: boolean;
  held: readonly Part[];
  /** The fields that Discord found fault with. */
  about: readonly string[];
}

export function readRefused(error: unknown): Refused | undefined {
  if (isRetryable(error)) return undefined;
  const cause = Cause.safeParse(error instanceof BotError ? error.cause : error).data;
  if (!cause || cause.status === 429) return undefined;
  const { json, files } = cause.requestBody ?? {};
  const { content = "", components = [], message_reference } = json ?? {};
  const held: Part[] = [
    ...(message_reference ? (["reference"] as const) : []),
    ...(files?.length ? (["files"] as const) : []),
    ...(components.length > 0 ? (["components"] as const) : []),
    ...(hasLinks(content) ? (["links"] as const) : []),
  ];
  return {
    status: cause.status,
    code: typeof cause.code === "number" ? cause.code : undefined,
    message: truncate((cause.rawError?.message ?? "").replace(/[^\p{L}\p{N}\p{P}\p{Zs}]/gu, ""), LONGEST_MESSAGE),
    isByToken: cause.url.includes("/webhooks/"),
    isEdit: cause.method === "PATCH",
    isOpening: cause.url.endsWith("/users/@me/channels"),
    held,
    about: Object.keys(cause.rawError?.errors ?? {}),
  };
}

const ABOUT: Readonly<Record<string, Part>> = {
  message_reference: "reference",
  attachments: "files",
  files: "files",
  components: "components",
};
const REFERENCE = new Set<number>([Refusal.noHistory, Refusal.noHistoryToQuote, Refusal.adultReference]);
const SIZE = new Set<number>([Refusal.tooLarge, Refusal.fileTooLarge]);
/** What stands there cannot be changed, but a new message may be posted. */
const EDIT = new Set<number>([
  Refusal.unknownMessage,
  Refusal.notTheAuthor,
  Refusal.archived,
  // Editing one's own message takes no permission, so this says nothing of posting.
  Refusal.missingPermissions,
]);
/** The whole channel is closed. */
const PLACE = new Set<number>([
  Refusal.unknownChannel,
  Refusal.missingAccess,
  Refusal.missingPermissions,
  Refusal.cannotSendTo,
  Refusal.noCommonGuild,
  Refusal.archived,
  Refusal.locked,
]);

/** What to do otherwise next time. A refusal that is not known here blames nothing, and the ladder tries each rung. */
export function blameOf({ status, code = 0, isByToken, isEdit, isOpening, held, about }: Refused): Blame<Part> {
  if (isOpening) return "place";
  const named = about.map((field) => ABOUT[field]).find((part) => part !== undefined && held.includes(part));
  if (named) return named;
  if (REFERENCE.has(code)) return "reference";
  if (held.includes("files") && (SIZE.has(code) || status === 413)) return "large";
  if (held.includes("files") && code === Refusal.missingPermissions) return "files";
  if (code === Refusal.harmfulLink && held.includes("links")) return "links";
  if (isEdit && EDIT.has(code)) return "verb";
  if (status === 401 || (isByToken && status === 404)) return "by";
  if (!PLACE.has(code)) return undefined;
  // The token and the bot have rights of their own.
  return !isByToken ? "place" : isEdit ? "verb" : "by";
}

/** The parts that may be left out of what was refused. Smaller files are worth a try only where their size is at fault. */
export function heldBy({ held }: Refused, blame: Blame<Part>): readonly Part[] {
  return blame === "large" ? ["large", ...held] : held;
}

/** Why, for the people there: what Discord said and no guess. */
export function reasonFor(refused: Refused, isThread: boolean): Phrase {
  const { code = 0, status, held, isEdit, message } = refused;
  if (code === Refusal.noHistory || code === Refusal.noHistoryToQuote) return lacks(PERMISSIONS.history);
  if (code === Refusal.missingAccess) return lacks(PERMISSIONS.view);
  if (code === Refusal.missingPermissions && held.includes("files")) return lacks(PERMISSIONS.files);
  if (code === Refusal.missingPermissions && !isEdit) return lacks(PERMISSIONS[isThread ? "threads" : "send"]);
  return REASONS[code] ?? becauseOf([status, code].filter(Boolean).join("/"), message);
}
