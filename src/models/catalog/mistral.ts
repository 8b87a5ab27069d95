// Exports Mistral's models: from its model and price pages, November 2026.

import { plain, thinking, type Family, type ModelEntry, type Traits } from "./entry.ts";

const LANGUAGES = ["en", "fr", "de", "es", "it", "pt", "nl"];
const SMALL: Traits = { openWeights: true, strengths: ["speed", "volume"], languages: LANGUAGES };
const LARGE: Traits = { openWeights: true, strengths: ["reasoning", "code", "writing"], languages: LANGUAGES };
const CODE: Traits = { strengths: ["code"], languages: LANGUAGES };
const OTHER: Traits = { strengths: ["reasoning", "writing"], languages: LANGUAGES };

const MODELS: readonly ModelEntry[] = [
  { pattern: /magistral/, can: thinking(128_000), traits: OTHER },
  { pattern: /mistral-7b|mistral-tiny|zephyr-7b/, can: plain(32_768), traits: SMALL },
  { pattern: /mixtral.*8x22b/, can: plain(65_536), traits: OTHER },
  { pattern: /mixtral/, can: plain(32_768), traits: OTHER },
  { pattern: /ministral|nemo(?!tron)/, can: plain(128_000), traits: SMALL },
  { pattern: /mistral-small-(?:3(?![.\d])|24b-.*2501|2501)/, can: plain(32_768), traits: SMALL },
  { pattern: /mistral-small/, can: plain(128_000), traits: SMALL },
  { pattern: /mathstral/, can: plain(32_768), traits: OTHER },
  { pattern: /(?:code|dev)stral/, can: plain(128_000), traits: CODE },
  { pattern: /mistral-large-4/, can: plain(1_050_000), traits: LARGE },
  {
    pattern: /mistral-medium-(?:3\.5|latest)/,
    can: plain(256_000),
    traits: LARGE,
    price: { ids: ["mistral-medium-latest", "mistral-medium-3.5"], input: 1.5, output: 7.5 },
  },
  { pattern: /mistral-large-(?:3|latest)/, can: plain(256_000), traits: LARGE },
  { pattern: /mistral-medium-[34]/, can: plain(128_000), traits: LARGE },
  { pattern: /m(?:i|ini|a|pi|ma)[a-z]*stral|pixtral/, can: plain(128_000), traits: OTHER },
];

export const mistralFamily: Family = {
  name: "Mistral",
  maker: "Mistral",
  names: ["mistral", "mixtral", "ministral", "magistral", "codestral", "devstral", "pixtral", "le chat"],
  tiers: ["ai", "large", "medium", "small", "nemo"],
  models: MODELS,
  versions: [
    {
      name: "Mistral Large 4",
      released: "2026-10",
      note: { en: "preview, then weights", "zh-TW": "預覽，隨後釋出權重" },
    },
    {
      name: "Mistral Medium 3.5",
      released: "2026-04",
      note: { en: "128B, 256K context, modified MIT", "zh-TW": "128B、256K 上下文、修改版 MIT" },
    },
    {
      name: "Mistral Small 4",
      released: "2026-03",
      note: { en: "119B, 6.5B active, Apache-2.0", "zh-TW": "119B、啟用 6.5B、Apache-2.0" },
    },
    {
      name: "Mistral Large 3, Ministral 3",
      released: "2025-12",
      note: { en: "Apache-2.0", "zh-TW": "Apache-2.0" },
    },
    {
      name: "Mistral Small 3",
      released: "2025-01",
      note: { en: "24B, Apache-2.0", "zh-TW": "24B，Apache-2.0" },
    },
    {
      name: "Mistral 7B",
      released: "2023-09",
      note: { en: "the first, Apache-2.0", "zh-TW": "第一個，Apache-2.0" },
    },
  ],
};
