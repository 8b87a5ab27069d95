// Shows `/models`: what is configured, by provider, beside what each vendor lists now.

import type { Phrase } from "../../core/language.ts";
import type { ListedModel, Listing, Model, Retirement } from "../../core/model.ts";
import type { Reply } from "../../core/reply.ts";
import { describeCard } from "./card-words.ts";
import type { ModelsCall } from "./args.ts";

/** Models that a vendor has and nobody configured, named of each. */
const MOST_OTHERS = 8;

export async function* listModels(call: ModelsCall): AsyncGenerator<Reply, void, undefined> {
  const { tools, signal, say } = call;
  yield { type: "status", text: say(ASKING) };
  const configured = tools.models.names().map((name) => tools.models.pick(name));
  const listings = (await tools.models.list?.(signal)) ?? [];
  const providers = [...new Set(configured.map(providerOf))];
  for (const provider of providers) {
    const own = configured.filter((model) => providerOf(model) === provider);
    yield* drawProvider(
      provider,
      own,
      listings.find((listing) => listing.provider === provider),
      call,
    );
  }
  yield { type: "note", text: say(dated(configured)) };
}

function* drawProvider(
  section: string,
  models: readonly Model[],
  listing: Listing | undefined,
  { say }: ModelsCall,
): Generator<Reply> {
  const lines = models.map((model) => {
    const live = listing?.live?.find(({ id }) => isSame(id, modelId(model)));
    const window = live?.contextWindow ?? model.contextWindow;
    if (!model.isGenerative) return `- **${modelId(model)}** — ${say(QUOTES)}`;
    const price = model.card?.price ?? live?.price;
    const card = model.card && { ...model.card, ...(price && { price }) };
    const end = model.card?.retires;
    const warning = live?.retires || end ? ` ⚠ ${say(ending(end))}` : "";
    return `- **${modelId(model)}** — ${say(describeCard(card, window))}${warning}`;
  });
  yield { type: "text", section, text: lines.join("\n") };
  if (listing?.failure) yield { type: "note", section, text: say(noList(listing.failure)) };
  if (!listing?.live) return;
  const { live } = listing;
  const missing = models.filter((model) => !live.some(({ id }) => isSame(id, modelId(model))));
  if (missing.length > 0 && live.length > 0)
    yield { type: "note", section, text: say(notListed(missing.map(modelId))) };
  const others = live.filter(({ id }) => !models.some((model) => isSame(id, modelId(model))));
  yield { type: "note", section, text: say(listed(live.length, others)) };
}

/** Ollama lists "llama3.1:latest" for what is asked for as "llama3.1". */
function isSame(listed: string, configured: string): boolean {
  return listed === configured || listed === `${configured}:latest`;
}

function providerOf({ name }: Model): string {
  return name.slice(0, name.indexOf("/"));
}

function modelId({ name }: Model): string {
  return name.slice(name.indexOf("/") + 1);
}

const ASKING: Phrase = { en: "Asking the vendors for their lists", "zh-TW": "正在向供應商查詢模型清單" };
const QUOTES: Phrase = {
  en: "quotes the documents; no language model",
  "zh-TW": "直接引用文件，不是語言模型",
};
const EMPTY_LIST: Phrase = { en: "The vendor's own list is empty", "zh-TW": "供應商的清單是空的" };

function ending(end: Retirement | undefined): Phrase {
  if (!end) return { en: "its vendor is ending it", "zh-TW": "供應商即將停用" };
  const { on, replacedBy } = end;
  return {
    en: `its vendor is ending it on ${on}${replacedBy ? `; it names ${replacedBy} in its place` : ""}`,
    "zh-TW": `供應商將在 ${on} 停用${replacedBy ? `，建議改用 ${replacedBy}` : ""}`,
  };
}

function noList({ en, "zh-TW": zh }: Phrase): Phrase {
  return { en: `No live list: ${en}`, "zh-TW": `無法取得即時清單：${zh}` };
}

function notListed(ids: readonly string[]): Phrase {
  return {
    en: `⚠ Not in the vendor's list, so misspelt, retired or not open to this key: ${ids.join(", ")}`,
    "zh-TW": `⚠ 不在供應商的清單裡，可能是拼錯、已停用，或這把金鑰不能用：${ids.join("、")}`,
  };
}

function listed(number: number, others: readonly ListedModel[]): Phrase {
  if (number === 0) return EMPTY_LIST;
  const names = others
    .filter(({ retires }) => !retires)
    .slice(0, MOST_OTHERS)
    .map(({ id }) => id);
  const more = others.length > names.length ? " …" : "";
  return {
    en: `The vendor lists ${number} now${names.length > 0 ? `; also: ${names.join(", ")}${more}` : ""}`,
    "zh-TW": `供應商目前列出 ${number} 個${names.length > 0 ? `；另有：${names.join("、")}${more}` : ""}`,
  };
}

function dated(models: readonly Model[]): Phrase {
  const days = models.flatMap(({ card }) => (card?.price && card.price.input > 0 ? [card.price.asOf] : [])).toSorted();
  const day = days[0];
  return {
    en: `Prices are US dollars per million tokens, input / output${day ? `, as of ${day}` : ""}; HEED_PRICES overrules them.`,
    "zh-TW": `價格為每百萬 token 美元（輸入 / 輸出）${day ? `，${day} 查得` : ""}；可用 HEED_PRICES 覆寫。`,
  };
}
