// Defines `/ask`: retrieve, answer from what was found, cite it, or say that nothing was found.

import { defineCommand } from "../../core/command.ts";
import type { Reply } from "../../core/reply.ts";
import { answerAboutHeed, smallTalkOf } from "./about-heed.ts";
import { answerAlone, answerFrom } from "./answer.ts";
import { askArgs, type Ask } from "./args.ts";
import { findPassages, accountFor } from "./sources.ts";
import { afterNothing } from "./actions.ts";
import { nothingToSearch, notFound, noWritingModel } from "./messages.ts";

export const ask = defineCommand({
  name: "ask",
  summary: { en: "Answer a question from your documents, with sources", "zh-TW": "依據文件回答問題，並附上出處" },
  access: "everyone",
  args: askArgs,
  describe: {
    question: { en: "What you want to know", "zh-TW": "你想知道的事" },
    model: {
      en: "Which model answers, for example openai/gpt-6-luna",
      "zh-TW": "由哪個模型回答，例如 openai/gpt-6-luna",
    },
    plain: { en: "Ask the model alone, without documents", "zh-TW": "不參考文件，直接問模型" },
  },
  prose: "question",
  isSpoken: true,
  converses: true,
  takesFiles: true,
  suggests: { model: "model" },
  names: { "zh-TW": { ask: "提問", question: "問題", model: "模型", plain: "不看文件" } },
  examples: ["/ask What is multi-head attention?", "/ask 什麼是多頭注意力？"],
  audience: "everyone",
  run: answer,
});

async function* answer(call: Ask): AsyncGenerator<Reply, void, undefined> {
  const { args, tools, attachments, invocation, say } = call;
  const startedAt = tools.runtime.now();
  const said = smallTalkOf(call);
  if (said) return yield* answerAboutHeed(said, call);
  const hasMore = attachments.length > 0 || invocation.context.length > 0;
  if (!/[\p{L}\p{N}]/u.test(args.question) && !hasMore) throw nothingToSearch();
  const model = tools.models.pick(args.model);
  if (args.plain) {
    if (!model.isGenerative) throw noWritingModel();
    return yield* answerAlone(model, call, { startedAt, search: 0 });
  }
  const { hits, files, found } = yield* findPassages(call);
  const search = tools.runtime.now() - startedAt;
  if (hits.length > 0) yield* answerFrom(hits, model, call, { startedAt, search });
  else {
    yield { type: "text", text: say(notFound(found)) };
    yield { type: "facts", facts: { timings: { search, total: tools.runtime.now() - startedAt }, documents: 0 } };
    yield { type: "actions", actions: afterNothing(call, model) };
  }
  yield* accountFor(files, say);
}
