// Runs `/models test`: one tiny prompt to each at once, and who answered how fast.

import { explain } from "../../core/errors.ts";
import { oneOf, type Phrase } from "../../core/language.ts";
import type { Model, Prompt } from "../../core/model.ts";
import type { Reply } from "../../core/reply.ts";
import { mergeStreams, startDeadline } from "../../core/async.ts";
import { isVotable, prepareModels, runModel, type Outcome } from "../../core/run-model.ts";
import { failureWords } from "../../core/failure-words.ts";
import { seconds } from "../../core/figures.ts";
import { clip, oneLine } from "../../core/text.ts";
import type { ModelsCall } from "./args.ts";

/** Milliseconds for all together. */
const PATIENCE = 45_000;
const MOST_TESTED = 20;
/** One word needs a few; the rest is for models that think although nobody knows it of them. */
const ANSWER_TOKENS = 512;
const LONGEST_ECHO = 40;

export async function* testModels(call: ModelsCall): AsyncGenerator<Reply, void, undefined> {
  const { tools, say } = call;
  const models = tools.models
    .names()
    .map((name) => tools.models.pick(name))
    .filter(({ isGenerative: writes }) => writes);
  if (models.length === 0) return yield { type: "text", text: say(nothingToTest(oneOf(tools.models.variables()))) };
  const tested = models.slice(0, MOST_TESTED);
  const outcomes = yield* tryAll(tested, call);
  const rows = tested.map((model, i) => rowOf(model, outcomes[i], call));
  yield { type: "table", table: { columns: COLUMNS.map(say), rows } };
  for (const [i, { name }] of tested.entries()) {
    const failure = outcomes[i]?.failure;
    if (failure && failure.code !== "limit-spent")
      yield { type: "note", text: `${name}: ${say({ en: failure.en, "zh-TW": failure["zh-TW"] })}` };
  }
  if (models.length > tested.length) yield { type: "note", text: say(untested(models.slice(MOST_TESTED))) };
}

async function* tryAll(models: readonly Model[], call: ModelsCall): AsyncGenerator<Reply, readonly Outcome[]> {
  const { tools, signal, say, language } = call;
  const { runtime } = tools;
  const prompt: Prompt = {
    messages: [{ role: "user", text: say(TINY) }],
    passages: [],
    language,
    maxTokens: ANSWER_TOKENS,
  };
  const deadline = startDeadline(PATIENCE, runtime, () => new Error("the time for all is up"));
  const outcomes: Outcome[] = [];
  try {
    await prepareModels(models);
    const turns = models.map((model) => runModel(model, prompt, { runtime, signal, deadline: deadline.signal }));
    yield { type: "status", text: say(trying(0, models.length)) };
    for await (const piece of mergeStreams(turns)) {
      if ("ended" in piece || piece.value.type !== "ended") continue;
      outcomes[piece.index] = piece.value.outcome;
      yield { type: "status", text: say(trying(Object.keys(outcomes).length, models.length)) };
    }
  } finally {
    deadline.cancel();
  }
  return outcomes;
}

function rowOf({ name }: Model, outcome: Outcome | undefined, { say }: ModelsCall): readonly string[] {
  if (!outcome) return [name, say(explain(undefined)), "–", "–", ""];
  const { text, firstToken, total } = outcome;
  const first = firstToken === undefined ? "–" : seconds(firstToken);
  const verdict = verdictOn(outcome, say);
  return [name, verdict, first, seconds(total), clip(oneLine(text), LONGEST_ECHO)];
}

function verdictOn(outcome: Outcome, say: ModelsCall["say"]): string {
  if (isVotable(outcome)) return "✓";
  const code = outcome.failure?.code ?? outcome.end;
  // It works: only this test's limit was too small for its thoughts.
  return code === "limit-spent" ? `✓ ${say(THINKS)}` : `✗ ${say(failureWords(code))}`;
}

const THINKS: Phrase = {
  en: "thinks, beyond the limit of this test",
  "zh-TW": "會思考，超過了這次測試的上限",
};
const TINY: Phrase = { en: "Reply with the single word: ready", "zh-TW": "請只回覆兩個字：好了" };
const COLUMNS: readonly Phrase[] = [
  { en: "Model", "zh-TW": "模型" },
  { en: "Answers", "zh-TW": "結果" },
  { en: "First word", "zh-TW": "第一個字" },
  { en: "In all", "zh-TW": "總時間" },
  { en: "Says", "zh-TW": "回覆" },
];

function nothingToTest({ en, "zh-TW": zh }: Phrase): Phrase {
  return {
    en: `No language model is configured, so there is nothing to test. An admin can set ${en}.`,
    "zh-TW": `目前沒有設定語言模型，沒有可以測試的對象。管理員可以設定 ${zh}。`,
  };
}

function trying(done: number, of: number): Phrase {
  return { en: `Trying ${of} models, ${done} done`, "zh-TW": `正在測試 ${of} 個模型，已完成 ${done} 個` };
}

function untested(models: readonly Model[]): Phrase {
  const names = models.map(({ name }) => name).join(", ");
  return { en: `Not tested: ${names}`, "zh-TW": `未測試：${names}` };
}
