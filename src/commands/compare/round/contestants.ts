// Which models are asked: the ones a person named, or all that write.

import { BotError } from "../../../core/errors.ts";
import type { Phrase } from "../../../core/language.ts";
import type { Model, Models } from "../../../core/model.ts";
import { vendorVariables } from "../../vendor-variables.ts";

export const FEWEST = 2;
export const MOST = 6;

export interface Contestants {
  models: readonly Model[];
  /** Configured, but beyond the most that fit. */
  leftOut: readonly string[];
}

/** Throws BotError "usage" where there are too few or too many, and for a name that is not known. */
export function choose(models: Models, typed: string | undefined): Contestants {
  return typed === undefined ? allThatWrite(models) : named(models, typed);
}

function named(models: Models, typed: string): Contestants {
  const names = typed.split(/[,、，;\s]+/).filter(Boolean);
  const chosen = unique(names.map((name) => models.pick(name)));
  if (chosen.length < FEWEST || chosen.length > MOST) throw wrongNumber(chosen.length, models);
  return { models: chosen, leftOut: [] };
}

/** Every provider's first before any provider's second, so that six seats hold as many vendors as there are. */
function allThatWrite(models: Models): Contestants {
  const writing = unique(models.names().map((name) => models.pick(name))).filter(({ writes }) => writes);
  const providerOf = ({ name }: Model) => name.slice(0, name.indexOf("/"));
  const rank = (model: Model) => writing.filter((each) => providerOf(each) === providerOf(model)).indexOf(model);
  const seated = writing.toSorted((a, b) => rank(a) - rank(b));
  if (seated.length < FEWEST)
    throw tooFew(
      seated.map(({ name }) => name),
      vendorVariables(models),
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
