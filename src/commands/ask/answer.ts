// Answers from passages: streams a model's text, checks it against them, adds its sources.

import { citedBy, markAfter, marksIn, saysNothing, unknownNumbers, type Mark } from "../../core/citations.ts";
import type { Hit } from "../../core/knowledge.ts";
import type { Model, ModelEvent, Prompt, StopReason } from "../../core/model.ts";
import { noAnswer } from "../../core/no-answer.ts";
import type { Reply } from "../../core/reply.ts";
import { groundedPrompt } from "../grounded-prompt.ts";
import { historyOf, type Ask } from "./args.ts";
import { sourceOf, withWarnings, type Cited } from "./citations.ts";
import { afterAnswer } from "./actions.ts";
import {
  ENDINGS,
  numberInLine,
  writingNow,
  noSuchSource,
  notFromDocuments,
  reading,
  answeredBy,
  thinkingAlone,
  UNCITED_NOTE,
} from "./messages.ts";

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
  const conversation = {
    window: model.contextWindow,
    thinks: model.card?.isReasoning,
    language,
    history: historyOf(call),
    background: invocation.context,
  };
  const prompt = groundedPrompt(args.question, hits, conversation);
  const { passages } = prompt;
  const documents = new Set(passages.map(({ documentId }) => documentId)).size;
  yield { type: "status", text: say(reading(passages.length, documents, model)) };
  const { firstToken, ...written } = yield* write(model, prompt, call, clock);
  // Quotes are their own proof.
  const checked = model.isGenerative ? tools.knowledge.checkCitations(written.text, passages) : [];
  const { text, marks } = withWarnings(written, checked, say);
  if (text !== written.text) yield { type: "rewrite", text };
  yield { type: "marks", marks };
  const cited = written.quoted.length > 0 ? written.quoted : citedBy(marks);
  yield* proof(cited, prompt, written, call);
  const drawnFrom = new Set(cited.map((number) => passages[number - 1]!.documentId)).size || documents;
  const total = tools.runtime.now() - clock.startedAt;
  yield { type: "note", text: say(answeredBy(model, total, drawnFrom)) };
  const verdicts = Object.fromEntries(
    ["carried", "contradicted", "unclear"].map((each) => [
      each,
      checked.filter(({ verdict }) => verdict === each).length,
    ]),
  );
  const timings = { search: clock.search, firstToken: firstToken ?? total, total };
  yield {
    type: "facts",
    facts: {
      model: model.name,
      timings,
      documents: drawnFrom,
      ...(model.isGenerative && { more: { checked: verdicts } }),
    },
  };
  yield { type: "actions", actions: afterAnswer(call, model) };
}

/** The sources of an answer. Quotes are numbered as they come; a model cites by the numbers that it was given. */
function* proof(
  cited: readonly number[],
  { passages }: Prompt,
  { text, quoted, stop }: Pick<Written, "text" | "quoted" | "stop">,
  { say }: Pick<Ask, "say">,
): Generator<Reply> {
  // Whoever declines has nothing to prove.
  const isDeclined = stop === "refused" || stop === "filtered";
  const uncited = cited.length === 0 && !isDeclined ? passages.slice(0, UNCITED).map((_, i) => i + 1) : [];
  const shown = [...cited, ...uncited];
  for (const [i, number] of shown.entries()) {
    const shownAs = quoted.length > 0 ? i + 1 : number;
    yield { type: "source", source: sourceOf(passages[number - 1]!, shownAs, say) };
  }
  const unknown = quoted.length > 0 ? [] : unknownNumbers(text, passages);
  if (unknown.length > 0) yield { type: "note", text: say(noSuchSource(unknown)) };
  if (uncited.length > 0) yield { type: "note", text: say(UNCITED_NOTE) };
}

/** Without documents, because the person asked for that, and marked as such. */
export async function* answerAlone(model: Model, call: Ask, clock: Clock): AsyncGenerator<Reply, void, undefined> {
  const { args, tools, say, language, invocation } = call;
  const conversation = {
    window: model.contextWindow,
    thinks: model.card?.isReasoning,
    language,
    history: historyOf(call),
    background: invocation.context,
  };
  const prompt = { ...groundedPrompt(args.question, [], conversation), system: ALONE };
  yield { type: "status", text: say(thinkingAlone(model)) };
  // It was given no passages, so that no bracket of it cites anything.
  const { firstToken } = yield* write(model, prompt, call, clock);
  yield { type: "note", text: say(notFromDocuments(model)) };
  const total = tools.runtime.now() - clock.startedAt;
  yield {
    type: "facts",
    facts: { model: model.name, timings: { firstToken: firstToken ?? total, total }, documents: 0 },
  };
  yield { type: "actions", actions: afterAnswer(call, model) };
}

const ALONE = `You were asked without any documents of the team at hand. Answer from general knowledge, briefly, the answer first; no greeting.
Say so plainly where you do not know, and never pretend to know this team's own rules, people or figures. Cite nothing.`;

interface Written extends Cited {
  /** Milliseconds from the question to the first word. */
  firstToken: number | undefined;
  /** The passages that were quoted word for word, in the order of their quotes; empty for a model that writes. */
  quoted: readonly number[];
  stop: StopReason;
}

async function* write(
  model: Model,
  prompt: Prompt,
  { tools, signal, say }: Ask,
  { startedAt }: Clock,
): AsyncGenerator<Reply, Written, undefined> {
  const quotes = new Quotes();
  let text = "";
  let firstToken: number | undefined;
  let stop: StopReason = "empty";
  let waited = false;
  for await (const event of model.generate(prompt, signal)) {
    waited ||= event.type === "waiting";
    if (event.type === "stop") stop = event.reason;
    if (event.type === "text") {
      // Once its turn has come, an answer no longer stands in line.
      if (waited && firstToken === undefined) yield { type: "status", text: say(writingNow(model)) };
      firstToken ??= tools.runtime.now() - startedAt;
      const said = quotes.cite(event, text.length);
      text += said;
      yield { type: "text", text: said };
    } else yield* account(event, say);
  }
  const marks = quotes.passages.length > 0 ? quotes.marks : marksIn(text, prompt.passages);
  if (saysNothing(text, marks)) throw noAnswer(model.name, stop);
  const ending = ENDINGS[stop];
  if (ending) yield { type: "note", text: say(ending) };
  return { text, marks, firstToken, quoted: quotes.passages, stop };
}

/** The citations of a model that quotes: written behind its words here, and nowhere read back from them. */
class Quotes {
  readonly passages: number[] = [];
  readonly marks: Mark[] = [];

  /** What is said of an event at an offset of the whole text. */
  cite({ text, quotes }: Extract<ModelEvent, { type: "text" }>, at: number): string {
    if (quotes === undefined) return text;
    if (!this.passages.includes(quotes)) this.passages.push(quotes);
    const number = this.passages.indexOf(quotes) + 1;
    const mark = markAfter(text, number);
    const start = at + text.length;
    this.marks.push({ start, end: start + mark.length, numbers: [number], leads: false });
    return text + mark;
  }
}

function* account(event: ModelEvent, say: Ask["say"]): Generator<Reply> {
  if (event.type === "usage") yield { type: "facts", facts: { usage: { input: event.input, output: event.output } } };
  if (event.type === "waiting") yield { type: "status", text: say(numberInLine(event.place)) };
}
