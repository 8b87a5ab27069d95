// Exports the one catalogue of models: how each may be asked, what it costs, what it is good at, when it ends, and what its family is called.

import type { ModelFamily, Price, Retirement } from "../../core/model.ts";
import { claude } from "./anthropic.ts";
import { plain, type Capabilities, type Family, type ModelEntry, type Traits } from "./entry.ts";
import { llama } from "./llama.ts";
import { mistralFamily } from "./mistral.ts";
import { gpt } from "./openai.ts";
import { others } from "./others.ts";

export type { Capabilities, Traits } from "./entry.ts";

/** The days on which prices, unless they say another, and all else were read. */
export const PRICED = "2026-11-23";
const READ = "2026-11-28";

/** In the order in which names are looked up: distillates bear the names of what they were made from. */
const LOOKED_UP: readonly Family[] = [gpt, claude, ...others.slice(0, 2), mistralFamily, llama, ...others.slice(2)];
const MODELS: readonly ModelEntry[] = LOOKED_UP.flatMap(({ models }) => models);

/** Model ids that each vendor's provider offers unless told otherwise, the default first. */
export const DEFAULTS = {
  openai: "gpt-6.1-terra,gpt-6-luna",
  anthropic: "claude-sonnet-5-5,claude-haiku-5-5",
  mistral: "mistral-medium-latest,mistral-small-latest",
  huggingface: "meta-llama/Llama-3.3-70B-Instruct,openai/gpt-oss-120b",
  ollama: "llama3.1",
} as const;

const UNKNOWN: Capabilities = plain(16_384);

/** A name may say by itself that its model thinks, or that it does not. */
const THINKS = /(?:^|[^a-z])(?:think(?:ing|er)?|reason(?:ing|er)|r1)(?![a-z\d])/;
const DOES_NOT = /(?:no|non)[-_]?(?:think|reason)/;
/** "-32k" says how much a model reads. */
const WINDOW_IN_NAME = /[-_:](\d{1,4})k(?![a-z\d])/;

/** How a model may be asked. An unknown name gets the careful answer. `context` is what a person configured, in tokens. */
export function capabilitiesOf(id: string, context?: number): Capabilities {
  const name = bareName(id);
  const known = entryOf(id)?.can ?? UNKNOWN;
  const thousands = Number(WINDOW_IN_NAME.exec(name)?.[1] ?? 0);
  return {
    ...known,
    contextWindow: context ?? (thousands > 0 ? thousands * 1024 : known.contextWindow),
    isReasoning: !DOES_NOT.test(name) && (known.isReasoning || THINKS.test(name)),
  };
}

/** What a thinking model may think, in tokens, beside the answer itself. */
const ROOM_TO_THINK = 8192;

/** Tokens of answer and thoughts together, at most what the context window has left beside a prompt of `promptTokens`. */
export function withRoomToThink(
  answerTokens: number,
  { isReasoning, contextWindow }: Capabilities,
  promptTokens = 0,
): number {
  if (!isReasoning) return answerTokens;
  return Math.max(answerTokens, Math.min(answerTokens + ROOM_TO_THINK, contextWindow - promptTokens));
}

export function modelTraits(id: string): Traits {
  return entryOf(id)?.traits ?? { strengths: [], languages: [] };
}

/** Undefined where its vendor has not said that it ends. */
export function retirementOf(id: string): Retirement | undefined {
  return entryOf(id)?.retires;
}

/** What the vendors' own servers ask for, under "provider/model". */
export const bundledPrices: ReadonlyMap<string, Price> = new Map(
  [["openai", gpt] as const, ["anthropic", claude] as const, ["mistral", mistralFamily] as const].flatMap(
    ([provider, { models }]) =>
      models.flatMap(({ price }) => {
        if (!price) return [];
        const { ids, ...dollars } = price;
        return ids.map((id): [string, Price] => [`${provider}/${id}`, { asOf: PRICED, ...dollars }]);
      }),
  ),
);

/** The families as people speak of them, those with a history first. */
export const families: readonly ModelFamily[] = [gpt, claude, llama, mistralFamily, ...others].map(
  ({ name, maker, names, tiers, versions }) => ({ name, maker, names, tiers, versions, asOf: READ }),
);

function entryOf(id: string): ModelEntry | undefined {
  const name = bareName(id);
  return MODELS.find(({ pattern }) => pattern.test(name));
}

/**
 * A model's own name, in lower case: "ft:gpt-6-luna:team::abc", "accounts/x/models/gpt-6-luna" and
 * "us.openai.gpt-6-luna" are all gpt-6-luna. What follows a colon stays, since a tag may say what is under it.
 */
export function bareName(id: string): string {
  const name = id.toLowerCase();
  const tuned = /^ft:([^:]+)/.exec(name)?.[1] ?? name;
  return tuned.slice(tuned.lastIndexOf("/") + 1).replace(/^(?:[a-z]+\.){1,3}(?=[a-z])/, "");
}
