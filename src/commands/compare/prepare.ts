// Before the first model is asked: who takes part, in which hidden order, and with which passages. A later attempt finds the same.

import { z } from "zod";
import { BotError } from "../../core/errors.ts";
import { toJson } from "../../core/json.ts";
import type { Hit } from "../../core/knowledge.ts";
import { languageOf, oneOf, type Phrase } from "../../core/language.ts";
import type { Model, Prompt, Models } from "../../core/model.ts";
import { groundedPrompt } from "../grounded-prompt.ts";
import type { Compare } from "./args.ts";
import { shuffle } from "./order.ts";
import { wordsDigest, keys, comparisonPlace, Comparison, readRecord, wordsTtl } from "./records.ts";

const PASSAGES = 8;

export interface Prepared {
  question: Comparison;
  models: readonly Model[];
  prompt: Prompt;
  judge: Model | undefined;
  leftOut: readonly string[];
  /** Where passages were asked for: whether the search was sure of them. */
  answerable: boolean | undefined;
}

/** Throws BotError "usage" where the call cannot be compared. */
export async function prepare(call: Compare): Promise<Prepared> {
  const { args, tools } = call;
  const judge = args.judge === undefined ? undefined : tools.models.pick(args.judge);
  const { question, leftOut } = await settleQuestion(call, judge);
  const models = question.models.map((name) => tools.models.pick(name));
  const room = {
    window: Math.min(...models.map((model) => model.contextWindow)),
    thinks: models.some(({ card }) => card?.isReasoning),
  };
  const found = question.kb ? await passagesOf(call, question, room) : undefined;
  const { prompt: text, system, temperature, maxTokens, language } = question;
  const prompt = groundedPrompt(text, found?.hits ?? [], { ...room, language });
  return {
    question,
    models,
    judge,
    leftOut,
    answerable: found?.answerable,
    prompt: {
      ...prompt,
      passages: found?.hits ?? [],
      ...(system !== undefined && { system }),
      ...(temperature !== undefined && { temperature }),
      ...(maxTokens !== undefined && { maxTokens }),
    },
  };
}

async function settleQuestion(
  { args, tools, workspace, invocation, user, language }: Compare,
  judge: Model | undefined,
): Promise<{ question: Comparison; leftOut: readonly string[] }> {
  const prompt = args.prompt;
  if (prompt === undefined) throw nothingToAsk();
  const key = keys.question(workspace, invocation.id);
  const stored = await readRecord(tools.records, key, Comparison);
  if (stored) return { question: stored, leftOut: [] };
  const { models, leftOut } = choose(tools.models, args.models);
  const names = models.map(({ name }) => name);
  const question: Comparison = {
    id: invocation.id,
    channel: invocation.address.channel,
    place: comparisonPlace(invocation.address),
    privacy: invocation.address.privacy,
    asker: wordsDigest(workspace, user.id),
    askerName: user.name,
    prompt,
    kb: args.kb ?? false,
    open: args.open ?? false,
    language: languageOf(prompt) ?? language,
    models: args.open ? names : shuffle(names),
    unsampled: args.temperature === undefined ? [] : namesOf(models, ({ card }) => card?.supportsTemperature === false),
    thinking: namesOf(models, ({ card }) => card?.isReasoning === true),
    ...(args.system !== undefined && { system: args.system }),
    ...(args.temperature !== undefined && { temperature: args.temperature }),
    ...(args["max-tokens"] !== undefined && { maxTokens: args["max-tokens"] }),
    ...(judge && { judge: judge.name }),
  };
  // Where two attempts run at once, the order of the first one holds.
  if (await tools.records.claim(key, toJson(question), wordsTtl(question))) return { question, leftOut };
  return { question: (await readRecord(tools.records, key, Comparison)) ?? question, leftOut };
}

function namesOf(models: readonly Model[], test: (model: Model) => boolean): string[] {
  return models.filter(test).map(({ name }) => name);
}

/** The very passages of the first attempt, since answers that cite them by number may be kept. */
const StoredSources = z.object({
  hits: z.array(z.custom<Hit>((value) => typeof value === "object")),
  answerable: z.boolean(),
});

/** As many as fit the smallest of the windows, so that all models read the same. */
async function passagesOf(
  { tools, workspace, signal }: Compare,
  question: Comparison,
  room: { window: number; thinks: boolean },
) {
  const { id, prompt, language } = question;
  const key = keys.passages(workspace, id);
  const stored = await readRecord(tools.records, key, StoredSources);
  if (stored) return stored;
  const { hits: found, answerable } = await tools.knowledge.search(prompt, { workspace, limit: PASSAGES }, signal);
  const hits = [...groundedPrompt(prompt, found, { ...room, language }).passages];
  await tools.records.set(key, toJson({ hits, answerable }), wordsTtl(question));
  return { hits, answerable };
}

function nothingToAsk(): BotError {
  return new BotError("usage", {
    en: "Compare what? Give a prompt, for example: `/compare Explain the KV cache in five sentences. --kb`",
    "zh-TW": "要比較什麼？請給我題目，例如：`/compare 用五句話解釋 KV cache --kb`",
  });
}

export const FEWEST = 2;
export const MOST = 6;

export interface Contestants {
  models: readonly Model[];
  /** Configured, but beyond the most that fit. */
  leftOut: readonly string[];
}

/** Throws BotError "usage" where there are too few or too many, and for a name that is not known. */
export function choose(models: Models, typed: string | undefined): Contestants {
  return typed === undefined ? allThatWrite(models) : pickNamed(models, typed);
}

function pickNamed(models: Models, typed: string): Contestants {
  const names = typed.split(/[,、，;\s]+/).filter(Boolean);
  const chosen = unique(names.map((name) => models.pick(name)));
  if (chosen.length < FEWEST || chosen.length > MOST) throw wrongNumber(chosen.length, models);
  return { models: chosen, leftOut: [] };
}

/** Every provider's first before any provider's second, so that six seats hold as many vendors as there are. */
function allThatWrite(models: Models): Contestants {
  const writing = unique(models.names().map((name) => models.pick(name))).filter(({ isGenerative: writes }) => writes);
  const providerOf = ({ name }: Model) => name.slice(0, name.indexOf("/"));
  const rank = (model: Model) => writing.filter((each) => providerOf(each) === providerOf(model)).indexOf(model);
  const seated = writing.toSorted((a, b) => rank(a) - rank(b));
  if (seated.length < FEWEST)
    throw tooFew(
      seated.map(({ name }) => name),
      oneOf(models.variables()),
    );
  return { models: seated.slice(0, MOST), leftOut: seated.slice(MOST).map(({ name }) => name) };
}

function unique(models: readonly Model[]): readonly Model[] {
  return models.filter(({ name }, i) => models.findIndex((model) => model.name === name) === i);
}

function wrongNumber(number: number, models: Models): BotError {
  const there = models.names().join(", ");
  return new BotError("usage", {
    en: `${number} different model${number === 1 ? "" : "s"} cannot be compared; name ${FEWEST} to ${MOST}, with commas between them. There are: ${there}.`,
    "zh-TW": `${number} 個不同的模型無法比較；請列出 ${FEWEST} 到 ${MOST} 個，以逗號分隔。可以用的有：${there}。`,
  });
}

function tooFew(names: readonly string[], variables: Phrase): BotError {
  const only = names[0];
  return new BotError("usage", {
    en: `${only ? `Only ${only} is` : "No language model is"} configured, and a comparison needs two. An admin can set ${variables.en}; or name a second model: \`--models ${only ?? "openai"},...\`.`,
    "zh-TW": `${only ? `目前只設定了 ${only}` : "目前沒有設定語言模型"}，比較至少需要兩個。管理員可以設定 ${variables["zh-TW"]}；也可以自己指定：\`--models ${only ?? "openai"},...\`。`,
  });
}
