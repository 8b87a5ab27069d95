// Writes a model's card in a line short enough for a phone; what is not known says so.

import { inEveryLanguage, LANGUAGES, type Language, type Phrase } from "../../core/language.ts";
import type { ModelCard, Price, Strength } from "../../core/model.ts";

const STRENGTHS: Readonly<Record<Strength, Phrase>> = {
  reasoning: { en: "reasoning", "zh-TW": "推理" },
  code: { en: "code", "zh-TW": "程式" },
  writing: { en: "writing", "zh-TW": "寫作" },
  speed: { en: "speed", "zh-TW": "速度" },
  volume: { en: "high volume at low cost", "zh-TW": "大量低成本" },
  "long-documents": { en: "long documents", "zh-TW": "長文件" },
  pictures: { en: "pictures", "zh-TW": "看圖" },
};

const PLACES: Readonly<Record<ModelCard["hosting"], Phrase>> = {
  vendor: { en: "runs at its vendor", "zh-TW": "在供應商端執行" },
  other: { en: "runs on another server", "zh-TW": "在其他伺服器執行" },
  local: { en: "runs locally", "zh-TW": "在本機執行" },
};

const WINDOW_UNKNOWN: Phrase = { en: "context unknown", "zh-TW": "長度不明" };
const PRICE_UNKNOWN: Phrase = { en: "price unknown", "zh-TW": "價格不明" };
const FREE: Phrase = { en: "free", "zh-TW": "免費" };
const OPEN: Phrase = { en: "open weights", "zh-TW": "開放權重" };
const CLOSED: Phrase = { en: "closed", "zh-TW": "不開放權重" };
const WEIGHTS_UNKNOWN: Phrase = { en: "weights unknown", "zh-TW": "權重是否開放不明" };
const MANY: Phrase = { en: "many languages", "zh-TW": "多種語言" };

export function describeCard(card: ModelCard | undefined, window: number | undefined): Phrase {
  return inEveryLanguage((language) =>
    [
      windowIn(window)[language],
      priceIn(card?.price)[language],
      weightsIn(card?.openWeights)[language],
      ...(card ? [PLACES[card.hosting][language]] : []),
      ...(card && card.strengths.length > 0 ? [strengthsIn(card, language)] : []),
      ...(card && card.languages.length > 0 ? [languagesIn(card, language)] : []),
    ].join(" · "),
  );
}

/** Input and output, per million tokens. */
export function priceIn(price: Price | undefined): Phrase {
  if (!price) return PRICE_UNKNOWN;
  if (price.input === 0 && price.output === 0) return FREE;
  const amounts = `$${price.input} / $${price.output}`;
  const { above } = price;
  const thousands = above && `${Math.round(above.tokens / 1000)}k`;
  return {
    en: `${amounts}${above ? ` ($${above.input} / $${above.output} above ${thousands})` : ""}`,
    "zh-TW": `${amounts}${above ? `（超過 ${thousands} 為 $${above.input} / $${above.output}）` : ""}`,
  };
}

export function windowIn(tokens: number | undefined): Phrase {
  if (tokens === undefined) return WINDOW_UNKNOWN;
  const size = tokens >= 1_000_000 ? `${Number((tokens / 1_000_000).toFixed(2))}M` : `${Math.round(tokens / 1000)}k`;
  return { en: `${size} tokens`, "zh-TW": `${size} token` };
}

function weightsIn(open: boolean | undefined): Phrase {
  if (open === undefined) return WEIGHTS_UNKNOWN;
  return open ? OPEN : CLOSED;
}

function strengthsIn({ strengths }: ModelCard, language: Language): string {
  return strengths.map((strength) => STRENGTHS[strength][language]).join(LANGUAGES[language].comma);
}

function languagesIn({ languages }: ModelCard, language: Language): string {
  const named = languages.filter((tag) => tag !== "mul").join(", ");
  return languages.includes("mul") ? `${MANY[language]} (${named})` : named;
}
