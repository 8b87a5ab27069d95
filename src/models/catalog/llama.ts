// Exports Meta's Llama and what others tuned from it: from the model cards, November 2026.

import { plain, thinking, type Family, type ModelEntry, type Traits } from "./entry.ts";

const LLAMA: Traits = {
  openWeights: true,
  strengths: ["writing"],
  languages: ["en", "de", "fr", "it", "pt", "es"],
};
/** Trained further on the Chinese that Taiwan writes. */
const TAIWAN: Traits = { openWeights: true, strengths: ["writing"], languages: ["zh-TW", "zh", "en"] };

const MODELS: readonly ModelEntry[] = [
  {
    pattern: /nemotron/,
    can: thinking(128_000),
    traits: { ...LLAMA, strengths: ["reasoning", "code"], languages: ["en"] },
  },
  {
    pattern: /llama-?3\.[1-9].*(?:taiwan|taide)|(?:taiwan|taide).*llama-?3\.[1-9]/,
    can: plain(128_000),
    traits: TAIWAN,
  },
  { pattern: /llama-?breeze-?2|breeze-?2/, can: plain(128_000), traits: TAIWAN },
  { pattern: /gemma-?3.*taide|taide.*gemma-?3/, can: plain(128_000), traits: TAIWAN },
  { pattern: /llama-?3.*(?:taiwan|taide)|(?:taiwan|taide).*llama-?3|breeze/, can: plain(8192), traits: TAIWAN },
  { pattern: /taiwan|taide/, can: plain(4096), traits: TAIWAN },
  { pattern: /tinyllama/, can: plain(2048), traits: LLAMA },
  { pattern: /code-?llama/, can: plain(16_384), traits: { ...LLAMA, strengths: ["code"] } },
  { pattern: /llama-?(?:3\.[1-9]|[4-9](?!b))/, can: plain(128_000), traits: LLAMA },
  { pattern: /llama-?3/, can: plain(8192), traits: LLAMA },
  { pattern: /llama-?2|vicuna|alpaca/, can: plain(4096), traits: LLAMA },
  { pattern: /llama/, can: plain(4096), traits: LLAMA },
];

export const llama: Family = {
  name: "Llama",
  maker: "Meta",
  names: ["llama", "meta ai", "ollama"],
  tiers: ["instruct", "scout", "maverick"],
  models: MODELS,
  versions: [
    {
      name: "Llama 4 Scout, Maverick",
      released: "2025-04",
      note: { en: "mixture of experts; text and images", "zh-TW": "混合專家；文字與圖像" },
    },
    {
      name: "Llama 3.3 70B",
      released: "2024-12",
      note: { en: "better 70B, text only", "zh-TW": "更好的 70B，僅文字" },
    },
    {
      name: "Llama 3.2",
      released: "2024-09",
      note: { en: "1B and 3B for devices; 11B and 90B see", "zh-TW": "1B、3B 適合裝置；11B、90B 能看圖" },
    },
    {
      name: "Llama 3.1",
      released: "2024-07",
      note: { en: "8B, 70B, 405B; 128K context", "zh-TW": "8B、70B、405B；128K 上下文" },
    },
    { name: "Llama 3", released: "2024-04", note: { en: "8B, 70B; 8K context", "zh-TW": "8B、70B；8K 上下文" } },
    { name: "Llama 2", released: "2023-07", note: { en: "commercial use allowed", "zh-TW": "開放商用" } },
  ],
};
