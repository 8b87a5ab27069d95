// Defines `/forget`: the conversation here is forgotten.

import { z } from "zod";
import { defineCommand, type CommandContext } from "../core/command.ts";
import type { Phrase } from "../core/language.ts";
import type { Reply } from "../core/reply.ts";

const args = z.object({});

export const forget = defineCommand({
  name: "forget",
  summary: { en: "Forget what was said here and start afresh", "zh-TW": "忘掉這裡的對話，重新開始" },
  access: "everyone",
  args,
  describe: {},
  names: { "zh-TW": { forget: "忘記對話" } },
  examples: ["/forget"],
  audience: "typist",
  run: forgetConversation,
});

async function* forgetConversation({ forget, say }: CommandContext<z.infer<typeof args>>): AsyncGenerator<Reply> {
  yield { type: "text", text: say((await forget()) ? FORGOTTEN : NOTHING) };
}

const FORGOTTEN: Phrase = {
  en: "Forgotten. Your next question starts a new conversation.",
  "zh-TW": "已經忘掉了。下一個問題會是新的對話。",
};
const NOTHING: Phrase = {
  en: "There was nothing to forget: your next question is the first here.",
  "zh-TW": "這裡沒有需要忘掉的對話，下一個問題就是第一題。",
};
