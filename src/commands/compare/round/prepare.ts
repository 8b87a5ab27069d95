// Before the first model is asked: who takes part, in which hidden order, and with which passages. A later attempt finds the same.

import { z } from "zod";
import { BotError } from "../../../core/errors.ts";
import type { Hit } from "../../../core/knowledge.ts";
import { languageOf } from "../../../core/language.ts";
import type { Model, Prompt } from "../../../core/model.ts";
import { groundedPrompt } from "../../grounded-prompt.ts";
import type { Compare } from "../compare-call.ts";
import { choose } from "./contestants.ts";
import { shuffle } from "../order.ts";
import { digestOf, keys, placeOf, Question, read, toJson, wordsTtl } from "../records.ts";

const PASSAGES = 8;

export interface Prepared {
  question: Question;
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
    window: Math.min(...models.map((model) => model.window)),
    thinks: models.some(({ card }) => card?.thinks),
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
): Promise<{ question: Question; leftOut: readonly string[] }> {
  const prompt = args.prompt;
  if (prompt === undefined) throw nothingToAsk();
  const key = keys.question(workspace, invocation.id);
  const kept = await read(tools.records, key, Question);
  if (kept) return { question: kept, leftOut: [] };
  const { models, leftOut } = choose(tools.models, args.models);
  const names = models.map(({ name }) => name);
  const question: Question = {
    id: invocation.id,
    channel: invocation.address.channel,
    place: placeOf(invocation.address),
    privacy: invocation.address.privacy,
    asker: digestOf(workspace, user.id),
    askerName: user.name,
    prompt,
    kb: args.kb ?? false,
    open: args.open ?? false,
    language: languageOf(prompt) ?? language,
    models: args.open ? names : shuffle(names),
    unsampled: args.temperature === undefined ? [] : namesOf(models, ({ card }) => card?.samples === false),
    thinking: namesOf(models, ({ card }) => card?.thinks === true),
    ...(args.system !== undefined && { system: args.system }),
    ...(args.temperature !== undefined && { temperature: args.temperature }),
    ...(args["max-tokens"] !== undefined && { maxTokens: args["max-tokens"] }),
    ...(judge && { judge: judge.name }),
  };
  // Where two attempts run at once, the order of the first one holds.
  if (await tools.records.claim(key, toJson(question), wordsTtl(question))) return { question, leftOut };
  return { question: (await read(tools.records, key, Question)) ?? question, leftOut };
}

function namesOf(models: readonly Model[], test: (model: Model) => boolean): string[] {
  return models.filter(test).map(({ name }) => name);
}

/** The very passages of the first attempt, since answers that cite them by number may be kept. */
const Kept = z.object({ hits: z.array(z.custom<Hit>((value) => typeof value === "object")), answerable: z.boolean() });

/** As many as fit the smallest of the windows, so that all models read the same. */
async function passagesOf(
  { tools, workspace, signal }: Compare,
  question: Question,
  room: { window: number; thinks: boolean },
) {
  const { id, prompt, language } = question;
  const key = keys.passages(workspace, id);
  const kept = await read(tools.records, key, Kept);
  if (kept) return kept;
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
