// Commands that do as a test tells them, and a toolbox to run them with.

import { z } from "zod";
import { defineCommand, type CommandContext, type Command, type Toolbox } from "../../../src/core/command.ts";
import type { Reply } from "../../../src/core/reply.ts";
import { createTestToolbox, hit, scriptedModel } from "../toolbox.ts";

const args = z.object({ question: z.string().min(1), model: z.string().optional(), deep: z.boolean().optional() });
export type AskCall = CommandContext<z.infer<typeof args>>;

/** An "ask" with the real one's arguments; `run` is the test's. */
export function scriptedAsk(run: (call: AskCall) => AsyncIterable<Reply>): Command {
  return defineCommand({
    name: "ask",
    names: { "zh-TW": { ask: "提問", question: "問題", model: "模型" } },
    summary: { en: "Answer a question", "zh-TW": "回答問題" },
    access: "everyone",
    audience: "everyone",
    args,
    describe: {
      question: { en: "What you want to know", "zh-TW": "你想知道的事" },
      model: { en: "Which model answers", "zh-TW": "由哪個模型回答" },
      deep: { en: "Think longer", "zh-TW": "想久一點" },
    },
    prose: "question",
    isSpoken: true,
    converses: true,
    examples: ["/ask What?"],
    takesFiles: true,
    suggests: { model: "model" },
    run,
  });
}

const kbArgs = z.object({ action: z.enum(["add", "list"]), target: z.string().optional() });

/** A "kb" that says what it was given. */
export const scriptedKb = defineCommand({
  name: "kb",
  names: { "zh-TW": { kb: "知識庫", add: "加入", list: "列出" } },
  summary: { en: "Documents", "zh-TW": "文件" },
  access: "everyone",
  audience: "everyone",
  args: kbArgs,
  describe: { action: { en: "add or list", "zh-TW": "add 或 list" }, target: { en: "What", "zh-TW": "對象" } },
  prose: "target",
  examples: ["/kb list"],
  takesFiles: ["add"],
  suggests: { target: "document" },
  async *run({ args, user, workspace, attachments, download }) {
    const sizes = await Promise.all(attachments.map(async (file) => `${file.name}=${(await download(file)).length}`));
    const who = user.isAdmin ? "admin" : "member";
    yield { type: "text", text: [args.action, args.target ?? "", who, workspace, ...sizes].join(" ") };
  },
});

/** Says the question back. */
export const echo = scriptedAsk(async function* ({ args, user, workspace, invocation, attachments, history }) {
  const context = invocation.context.map(({ author, text }) => `${author}: ${text}`).join(" | ");
  const { thread = "none", channel } = invocation.address;
  yield {
    type: "text",
    text: [
      `Q: ${args.question}`,
      `by ${user.name} ${user.isAdmin ? "admin" : "member"} in ${workspace}`,
      `channel ${channel} thread ${thread}`,
      `model ${args.model ?? "none"}`,
      `context ${context}`,
      `history ${history.map(({ role, text }) => `${role}: ${text.split("\n")[0]}`).join(" | ")}`,
      `files ${attachments.map(({ name }) => name).join(",")}`,
    ].join("\n"),
  };
});

/** Yields these and ends. */
export function saying(...replies: readonly Reply[]): Command {
  return scriptedAsk(async function* () {
    yield* replies;
  });
}

export function text(words: string): Reply {
  return { type: "text", text: words };
}

export function toolsFor(...commands: readonly Command[]): Toolbox {
  const tools = createTestToolbox({ hits: [hit("Handbook", "Three days.")], model: scriptedModel([]).model });
  return { ...tools, commands };
}
