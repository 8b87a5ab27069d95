// What every part of `/ask` is given, read from one schema.

import { z } from "zod";
import type { CommandContext } from "../../core/command.ts";
import type { ChatMessage } from "../../core/model.ts";

const LONGEST_QUESTION = 12_000;

export const askArgs = z.object({
  question: z.string().min(1).max(LONGEST_QUESTION),
  model: z.string().min(1).optional(),
  plain: z.boolean().optional(),
});
export type Ask = CommandContext<z.infer<typeof askArgs>>;

/** What was said before the question. A question asked again, of another model, has no longer a history than the first time. */
export function historyOf({ args, history }: Ask): readonly ChatMessage[] {
  const isAgain = args.model !== undefined || args.plain === true;
  const before = isAgain
    ? history.findLastIndex(({ role, text }) => role === "user" && text === args.question.trim())
    : -1;
  return before < 0 ? history : history.slice(0, before);
}
