// The answer itself: written by a model from the passages as it streams, then checked against them, then its proof.

import type { Hit } from "../../core/knowledge.ts";
import type { Model, ModelEvent, Prompt } from "../../core/model.ts";
import type { Reply } from "../../core/reply.ts";
import { groundedPrompt } from "../grounded-prompt.ts";
import { historyOf, type Ask } from "./call.ts";
import { citedNumbers, putRight, sourceOf } from "./cite.ts";
import { afterAnswer } from "./next-actions.ts";
import {
  CUT_OFF,
  emptyAnswer,
  inLine,
  writingNow,
  notFromDocuments,
  reading,
  REFUSED,
  smallPrint,
  thinkingAlone,
  UNCITED_NOTE,
} from "./phrases.ts";

/** How many passages stand as sources when a model cites none of them. */
const UNCITED = 3;

/** Milliseconds since 1970, and how long the search took. */
export interface Clock {
  startedAt: number;
  search: number;
}

export async function* answerFrom(
  hits: readonly Hit[],
  model: Model,
  call: Ask,
  clock: Clock,
): AsyncGenerator<Reply, void, undefined> {
  const { args, tools, say, language, invocation } = call;
  const conversation = { window: model.window, language, history: historyOf(call), background: invocation.context };
  const prompt = groundedPrompt(args.question, hits, conversation);
  const { passages } = prompt;
  const documents = new Set(passages.map(({ documentId }) => documentId)).size;
  yield { type: "status", text: say(reading(passages.length, documents, model)) };
  const { text, firstToken } = yield* write(model, prompt, call, clock);
  // Quotes are their own proof.
  const checked = model.writes ? tools.knowledge.check(text, passages) : [];
  const right = putRight(text, checked, { passages: passages.length, say });
  if (right !== text) yield { type: "rewrite", text: right };
  const cited = citedNumbers(text, passages.length);
  for (const number of cited.length > 0 ? cited : passages.slice(0, UNCITED).map((_, i) => i + 1))
    yield { type: "source", source: sourceOf(passages[number - 1]!, number, say) };
  if (cited.length === 0) yield { type: "note", text: say(UNCITED_NOTE) };
  const total = tools.world.now() - clock.startedAt;
  yield { type: "note", text: say(smallPrint(model, total, documents)) };
  const verdicts = Object.fromEntries(
    ["carried", "contradicted", "unclear"].map((each) => [
      each,
      checked.filter(({ verdict }) => verdict === each).length,
    ]),
  );
  const timings = { search: clock.search, firstToken: firstToken ?? total, total };
  yield {
    type: "facts",
    facts: { model: model.name, timings, documents, ...(model.writes && { more: { checked: verdicts } }) },
  };
  yield { type: "actions", actions: afterAnswer(call, model) };
}

/** Without documents, because the person asked for that, and marked as such. */
export async function* answerAlone(model: Model, call: Ask, clock: Clock): AsyncGenerator<Reply, void, undefined> {
  const { args, tools, say, language, invocation } = call;
  const conversation = { window: model.window, language, history: historyOf(call), background: invocation.context };
  const prompt = { ...groundedPrompt(args.question, [], conversation), system: ALONE };
  yield { type: "status", text: say(thinkingAlone(model)) };
  const { text, firstToken } = yield* write(model, prompt, call, clock);
  // It was given no passages, so a number that looks like a citation would promise a proof that is not there.
  const right = putRight(text, [], { passages: 0, say });
  if (right !== text) yield { type: "rewrite", text: right };
  yield { type: "note", text: say(notFromDocuments(model)) };
  const total = tools.world.now() - clock.startedAt;
  yield {
    type: "facts",
    facts: { model: model.name, timings: { firstToken: firstToken ?? total, total }, documents: 0 },
  };
  yield { type: "actions", actions: afterAnswer(call, model) };
}

const ALONE = `You were asked without any documents of the team at hand. Answer from general knowledge, briefly, the answer first; no greeting.
Say so plainly where you do not know, and never pretend to know this team's own rules, people or figures. Cite nothing.`;

async function* write(
  model: Model,
  prompt: Prompt,
  { tools, signal, say }: Ask,
  { startedAt }: Clock,
): AsyncGenerator<Reply, { text: string; firstToken: number | undefined }, undefined> {
  let text = "";
  let firstToken: number | undefined;
  let waited = false;
  for await (const event of model.generate(prompt, signal)) {
    waited ||= event.type === "waiting";
    if (event.type === "text") {
      // Once its turn has come, an answer no longer stands in line.
      if (waited && firstToken === undefined) yield { type: "status", text: say(writingNow(model)) };
      firstToken ??= tools.world.now() - startedAt;
      text += event.text;
      yield event;
    } else yield* account(event, say);
  }
  if (!text.trim()) throw emptyAnswer(model);
  return { text, firstToken };
}

function* account(event: Exclude<ModelEvent, { type: "text" }>, say: Ask["say"]): Generator<Reply> {
  if (event.type === "usage") yield { type: "facts", facts: { usage: { input: event.input, output: event.output } } };
  else if (event.type === "waiting") yield { type: "status", text: say(inLine(event.place)) };
  else if (event.reason === "length") yield { type: "note", text: say(CUT_OFF) };
  else if (event.reason === "refused") yield { type: "note", text: say(REFUSED) };
}
