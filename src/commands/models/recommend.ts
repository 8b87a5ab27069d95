// Shows `/models --for ...`: the configured models that suit, with reasons for and against.

import { BotError } from "../../core/errors.ts";
import { oneOf, type Phrase } from "../../core/language.ts";
import type { Model, ModelCard } from "../../core/model.ts";
import type { Reply } from "../../core/reply.ts";
import { clip, LONGEST_ECHO } from "../../core/text.ts";
import type { ModelsCall } from "./args.ts";
import { readCriteria, type Grant, type Criterion } from "./criteria.ts";

const MOST_SHOWN = 3;
/** What an unknown counts: less than a yes, more than a no. */
const UNKNOWN = 0.3;

interface Candidate {
  model: Model;
  score: number;
  grants: readonly { criterion: Criterion; grant: Grant | undefined }[];
  isRuledOut: boolean;
}

/** Throws BotError "usage" where no wish is understood. */
export async function* recommend({ args, tools, say }: ModelsCall): AsyncGenerator<Reply, void, undefined> {
  const { known, unknown } = readCriteria(args.for ?? "");
  if (known.length === 0) throw notUnderstood(args.for ?? "");
  const models = tools.models.names().map((name) => tools.models.pick(name));
  const candidates = rankCandidates(models, known);
  const suiting = candidates.filter(({ isRuledOut }) => !isRuledOut);
  if (suiting.length === 0) yield { type: "text", text: `${say(noneSuits(known))}\n\n` };
  for (const [i, candidate] of (suiting.length > 0 ? suiting : candidates).slice(0, MOST_SHOWN).entries())
    yield { type: "text", text: `${i + 1}. ${candidateLine(candidate, say)}\n` };
  if (candidates.length === 0) yield { type: "text", text: say(noModels(oneOf(tools.models.variables()))) };
  if (unknown.length > 0) yield { type: "note", text: say(ignored(unknown)) };
  yield { type: "note", text: say(TRY) };
}

/** The best first. A strict wish that is not granted rules out, an unknown one does not. */
export function rankCandidates(models: readonly Model[], criteria: readonly Criterion[]): readonly Candidate[] {
  return models
    .flatMap((model): Candidate[] => {
      const { card } = model;
      return card ? [judge(model, card, criteria)] : [];
    })
    .toSorted((a, b) => Number(a.isRuledOut) - Number(b.isRuledOut) || b.score - a.score);
}

function judge(model: Model, card: ModelCard, criteria: readonly Criterion[]): Candidate {
  const grants = criteria.map((criterion) => ({ criterion, grant: criterion.grant(model, card) }));
  const score = grants.reduce((sum, { grant }) => sum + (grant?.degree ?? UNKNOWN), 0) / criteria.length;
  return {
    model,
    score,
    grants,
    isRuledOut: grants.some(({ criterion, grant }) => criterion.isStrict && grant?.degree === 0),
  };
}

function candidateLine({ model, grants }: Candidate, say: ModelsCall["say"]): string {
  const reasons = grants.map(({ criterion, grant }) => {
    if (!grant) return `? ${say(notKnown(criterion))}`;
    return `${grant.degree >= 0.5 ? "✓" : "✗"} ${say(grant.reason)}`;
  });
  return `**${model.name}** — ${reasons.join(" · ")}`;
}

function noModels({ en, "zh-TW": zh }: Phrase): Phrase {
  return {
    en: `No language model is configured. An admin can set ${en}.`,
    "zh-TW": `目前沒有設定語言模型。管理員可以設定 ${zh}。`,
  };
}

const TRY: Phrase = {
  en: "Cards tell only so much: `/compare` with your own questions tells more, and `/compare --scores` shows what people here prefer.",
  "zh-TW": "規格只能參考：用自己的題目 `/compare` 最準，`/compare --scores` 可以看這裡的人偏好哪個。",
};

function notKnown({ name: { en, "zh-TW": zh } }: Criterion): Phrase {
  return { en: `${en}: not known`, "zh-TW": `${zh}：不明` };
}

function noneSuits(criteria: readonly Criterion[]): Phrase {
  const strict = criteria.filter(({ isStrict }) => isStrict);
  return {
    en: `None of the configured models is ${strict.map(({ name }) => name.en).join(" and ")}. The closest:`,
    "zh-TW": `已設定的模型都不符合「${strict.map(({ name }) => name["zh-TW"]).join("、")}」。最接近的是：`,
  };
}

function ignored(parts: readonly string[]): Phrase {
  return {
    en: `I did not understand: ${parts.join(", ")}.`,
    "zh-TW": `我看不懂的條件：${parts.join("、")}。`,
  };
}

function notUnderstood(typed: string): BotError {
  const echo = clip(typed, LONGEST_ECHO);
  return new BotError("usage", {
    en: `I do not know how to look for "${echo}". I understand: cheap, local, open weights, fast, long context, Traditional Chinese, code, reasoning, writing, high volume, pictures.`,
    "zh-TW": `我不知道怎麼依「${echo}」挑選。我懂的條件有：便宜、本機、開放權重、快速、長上下文、繁體中文、程式、推理、寫作、大量、看圖。`,
  });
}
