// Defines the arguments of `/ask`.

import { z } from "zod";
import type { CommandContext } from "../../core/command.ts";
import type { ChatMessage } from "../../core/model.ts";
import { smallTalkIn } from "./small-talk.ts";

const LONGEST_QUESTION = 12_000;

export const askArgs = z.object({
  question: z.string().min(1).max(LONGEST_QUESTION),
  model: z.string().min(1).optional(),
  plain: z.boolean().optional(),
});
export type Ask = CommandContext<z.infer<typeof askArgs>>;

/** What was said before the question, small talk left out: "thanks" is no subject to go on with. A question asked again, of another model, has no longer a history than the first time. */
export function historyOf({ args, history }: Ask): readonly ChatMessage[] {
  const isAgain = args.model !== undefined || args.plain === true;
  const before = isAgain
    ? history.findLastIndex(({ role, text }) => role === "user" && text === args.question.trim())
    : -1;
  return aboutDocuments(before < 0 ? history : history.slice(0, before));
}

/** Question and answer come in turn; small talk goes with its answer. */
function aboutDocuments(history: readonly ChatMessage[]): readonly ChatMessage[] {
  const isSmallTalk = ({ role, text }: ChatMessage) => role === "user" && smallTalkIn(text) !== undefined;
  return history.filter((message, i) => !isSmallTalk(message) && !(i > 0 && isSmallTalk(history[i - 1]!)));
}
