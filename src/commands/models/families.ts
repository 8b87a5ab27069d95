// `/models families`: the families people ask about and their versions, with the day on which this was known.

import type { Phrase } from "../../core/language.ts";
import type { Reply } from "../../core/reply.ts";
import type { ModelsCall } from "./models-call.ts";

const AS_OF = "2026-11-23";

/** Version, month of release, and what it brought. */
type Version = readonly [name: string, released: string, note: Phrase];

/** The vendors' release notes and model pages; what could not be confirmed is left out. The newest first. */
const FAMILIES: readonly [family: string, versions: readonly Version[]][] = [
  [
    "GPT (OpenAI)",
    [
      ["GPT-6.1 Terra", "2026-10", { en: "1.05M context, cheaper", "zh-TW": "105 萬上下文、更便宜" }],
      ["GPT-6 (Astra, Sol, Luna)", "2026-09", { en: "current generation, in tiers", "zh-TW": "現行世代，分級" }],
      ["GPT-5.6 (Sol, Terra, Luna)", "2026-07", { en: "named tiers", "zh-TW": "改以名稱分級" }],
      [
        "GPT-5",
        "2025-08",
        { en: "answers and reasoning in one; ends 2026-12", "zh-TW": "快答與推理合一；2026-12 停用" },
      ],
      ["gpt-oss 120b, 20b", "2025-08", { en: "open weights, Apache-2.0", "zh-TW": "開放權重，Apache-2.0" }],
      ["GPT-4.1", "2025-04", { en: "1M context", "zh-TW": "100 萬上下文" }],
      ["GPT-4o", "2024-05", { en: "text, image and sound in one", "zh-TW": "文字、圖像、語音合一" }],
    ],
  ],
  [
    "Claude (Anthropic)",
    [
      ["Claude Haiku 5.5", "2026-10", { en: "1M context, high volume", "zh-TW": "100 萬上下文、大量使用" }],
      ["Claude Opus 5", "2026-07", { en: "fifth generation", "zh-TW": "第五代" }],
      ["Claude Fable 5", "2026-06", { en: "a tier above Opus", "zh-TW": "比 Opus 更高一級" }],
      ["Claude Sonnet, Haiku, Opus 4.5", "2025-09", { en: "better code", "zh-TW": "程式能力提升" }],
      ["Claude Opus 4, Sonnet 4", "2025-05", { en: "long agent tasks", "zh-TW": "長時間代理任務" }],
      ["Claude 3", "2024-03", { en: "three tiers; reads images", "zh-TW": "三個等級；能看圖" }],
    ],
  ],
  [
    "Llama (Meta)",
    [
      [
        "Llama 4 Scout, Maverick",
        "2025-04",
        { en: "mixture of experts; text and images", "zh-TW": "混合專家；文字與圖像" },
      ],
      ["Llama 3.3 70B", "2024-12", { en: "better 70B, text only", "zh-TW": "更好的 70B，僅文字" }],
      [
        "Llama 3.2",
        "2024-09",
        { en: "1B and 3B for devices; 11B and 90B see", "zh-TW": "1B、3B 適合裝置；11B、90B 能看圖" },
      ],
      ["Llama 3.1", "2024-07", { en: "8B, 70B, 405B; 128K context", "zh-TW": "8B、70B、405B；128K 上下文" }],
      ["Llama 2", "2023-07", { en: "commercial use allowed", "zh-TW": "開放商用" }],
    ],
  ],
  [
    "Mistral",
    [
      ["Mistral Large 4", "2026-10", { en: "preview, then weights", "zh-TW": "預覽，隨後釋出權重" }],
      [
        "Mistral Medium 3.5",
        "2026-04",
        { en: "128B, 256K context, modified MIT", "zh-TW": "128B、256K 上下文、修改版 MIT" },
      ],
      ["Mistral Small 4", "2026-03", { en: "119B, 6.5B active, Apache-2.0", "zh-TW": "119B、啟用 6.5B、Apache-2.0" }],
      ["Mistral Large 3, Ministral 3", "2025-12", { en: "Apache-2.0", "zh-TW": "Apache-2.0" }],
      ["Mistral Small 3", "2025-01", { en: "24B, Apache-2.0", "zh-TW": "24B，Apache-2.0" }],
      ["Mistral 7B", "2023-09", { en: "the first, Apache-2.0", "zh-TW": "第一個，Apache-2.0" }],
    ],
  ],
];

export async function* showFamilies({ say }: ModelsCall): AsyncGenerator<Reply, void, undefined> {
  for (const [section, versions] of FAMILIES) {
    const rows = versions.map(([name, released, note]) => [name, released, say(note)]);
    yield { type: "table", section, table: { columns: COLUMNS.map(say), rows } };
  }
  yield { type: "note", text: say(DATED) };
}

const COLUMNS: readonly Phrase[] = [
  { en: "Version", "zh-TW": "版本" },
  { en: "Released", "zh-TW": "發布" },
  { en: "What it brought", "zh-TW": "特點" },
];

const DATED: Phrase = {
  en: `As of ${AS_OF}, as far as the vendors' own pages confirm it. /models shows what is available here right now.`,
  "zh-TW": `截至 ${AS_OF}，以供應商公布的資訊為準。這裡目前可用的模型請看 /models。`,
};
