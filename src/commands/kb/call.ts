// What every `/kb` action is given, read from one schema, and how each shows a date and the beginning of a text.

import { clip, oneLine } from "../../core/text.ts";
import { z } from "zod";
import type { Call } from "../../core/command.ts";
import { BotError } from "../../core/errors.ts";
import type { Document } from "../../core/knowledge.ts";
import type { Phrase } from "../../core/language.ts";

export const kbArgs = z.object({
  action: z.enum(["add", "list", "show", "remove", "search", "keep", "questions", "answered", "status"]),
  target: z.string().min(1).max(2000).optional(),
});
export type Kb = Call<z.infer<typeof kbArgs>>;

/** What the action is about; without it, the person is told what is missing. */
export function target({ args }: Kb, missing: Phrase): string {
  const words = args.target?.trim();
  if (!words) throw new BotError("usage", missing);
  return words;
}

const EXCERPT = 240;

/** The beginning of a text in one line. */
export function excerpt(text: string): string {
  return clip(oneLine(text), EXCERPT);
}

export function dateOf({ addedAt }: Pick<Document, "addedAt">): string {
  return new Date(addedAt).toISOString().slice(0, 10);
}
