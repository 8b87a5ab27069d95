// Reads what a person wants of a model, and grades each model's card by it, with reasons.

import type { Phrase } from "../../core/language.ts";
import type { Model, ModelCard, Strength } from "../../core/model.ts";

/** How far a wish is granted, 0..1, and why; undefined where the card does not tell. */
export interface Grant {
  degree: number;
  reason: Phrase;
}

export interface Criterion {
  name: Phrase;
  /** A wish that rules out whoever does not grant it. */
  isStrict: boolean;
  grant(model: Model, card: ModelCard): Grant | undefined;
}

const yes = (en: string, zh: string): Grant => ({ degree: 1, reason: { en, "zh-TW": zh } });
const no = (en: string, zh: string): Grant => ({ degree: 0, reason: { en, "zh-TW": zh } });

/** What an answer with its question costs at most to be called cheap, in dollars per million tokens, both together. */
const CHEAP = 2;

const KNOWN: readonly [sign: RegExp, criterion: Criterion][] = [
  [
    /local|private|privacy|offline|on-?prem|self-?host|本機|本地|離線|隱私|機密|地端/i,
    {
      name: { en: "local", "zh-TW": "本機" },
      isStrict: true,
      grant: (_, { hosting: place }) =>
        place === "local"
          ? yes("what you ask stays on your own network", "內容不會離開你的網路")
          : no("prompts leave your network", "內容會送到外部"),
    },
  ],
  [
    /open|weights|開源|開放權重/i,
    {
      name: { en: "open weights", "zh-TW": "開放權重" },
      isStrict: true,
      grant(_, { openWeights }) {
        if (openWeights === undefined) return undefined;
        return openWeights
          ? yes("its weights can be downloaded", "可以下載權重")
          : no("its weights are closed", "權重不開放");
      },
    },
  ],
  [
    /cheap|free|budget|low.?cost|inexpensive|便宜|免費|平價|不要?太?貴|省錢|低價|划算/i,
    { name: { en: "cheap", "zh-TW": "便宜" }, isStrict: false, grant: (_, card) => cheapness(card) },
  ],
  [
    /chinese|mandarin|taiwan|zh|中文|臺灣|台灣|繁體/i,
    { name: { en: "Traditional Chinese", "zh-TW": "繁體中文" }, isStrict: false, grant: (_, card) => chinese(card) },
  ],
  [
    /long|context|window|book|長文|上下文|整本/i,
    {
      name: { en: "long context", "zh-TW": "長上下文" },
      isStrict: false,
      grant: ({ contextWindow: window }) => ({
        degree: Math.min(1, Math.log2(Math.max(1, window / 8000)) / 7),
        reason: {
          en: `reads ${Math.round(window / 1000)}k tokens at once`,
          "zh-TW": `一次可讀 ${Math.round(window / 1000)}k token`,
        },
      }),
    },
  ],
  [/fast|quick|speed|latency|快|速度|即時/i, strength("speed", "speed", "速度")],
  [/cod(?:e|ing)|program|程式|寫碼/i, strength("code", "code", "程式")],
  [/reason|math|logic|hard|推理|數學|邏輯|困難/i, strength("reasoning", "reasoning", "推理")],
  [/writ|essay|letter|寫作|文案|文章/i, strength("writing", "writing", "寫作")],
  [/volume|bulk|classif|大量|分類/i, strength("volume", "high volume", "大量處理")],
  [/image|picture|vision|photo|圖|照片|影像/i, strength("pictures", "pictures", "看圖")],
];

export interface Criteria {
  known: readonly Criterion[];
  /** What was typed and is not understood. */
  unknown: readonly string[];
}

export function readCriteria(typed: string): Criteria {
  const parts = typed
    .split(/[,;，、；]|\band\b|和|且/i)
    .map((part) => part.trim())
    .filter(Boolean);
  const found = parts.map((part) => KNOWN.filter(([sign]) => sign.test(part)).map(([, criterion]) => criterion));
  return {
    known: [...new Set(found.flat())],
    unknown: parts.filter((_, i) => found[i]!.length === 0),
  };
}

function strength(wanted: Strength, en: string, zh: string): Criterion {
  return {
    name: { en, "zh-TW": zh },
    isStrict: false,
    grant(_, { strengths }) {
      if (strengths.length === 0) return undefined;
      return strengths.includes(wanted)
        ? yes(`known for ${en}`, `以${zh}見長`)
        : no(`not known for ${en}`, `${zh}不是強項`);
    },
  };
}

/** On a scale of tenfolds: free is 1, cheap a half or more, a hundred times dearer nothing. */
function cheapness({ price, hosting: place }: ModelCard): Grant | undefined {
  if (!price) return undefined;
  const sum = price.input + price.output;
  if (sum === 0) return place === "local" ? yes("free on your own machine", "在自己的機器上免費") : yes("free", "免費");
  const words: Phrase = {
    en: `$${price.input} / $${price.output} per million tokens`,
    "zh-TW": `每百萬 token $${price.input} / $${price.output}`,
  };
  return { degree: Math.max(0, Math.min(0.9, 0.5 + Math.log10(CHEAP / sum) / 2)), reason: words };
}

function chinese({ languages }: ModelCard): Grant | undefined {
  if (languages.length === 0) return undefined;
  if (languages.includes("zh-TW")) return yes("writes Traditional Chinese", "能寫繁體中文");
  const half = { en: "writes Chinese, more often Simplified", "zh-TW": "能寫中文，但偏簡體" };
  const many = { en: "writes many languages; which Chinese is not said", "zh-TW": "能寫多種語言，未註明是哪種中文" };
  if (languages.includes("mul")) return { degree: 0.6, reason: many };
  if (languages.includes("zh")) return { degree: 0.5, reason: half };
  return no("Traditional Chinese is not among its languages", "繁體中文不在它擅長的語言之列");
}
