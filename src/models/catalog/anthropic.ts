// Exports Anthropic's models: from its model and price pages, November 2026.

import type { Strength } from "../../core/model.ts";
import { fixed, MANY, reasoning, type Family, type ModelEntry, type Traits } from "./entry.ts";

const closed = (...strengths: Strength[]): Traits => ({ openWeights: false, strengths, languages: MANY });
const TOP = closed("reasoning", "code", "writing", "long-documents");
const SONNET = closed("code", "writing", "long-documents");
const HAIKU = closed("speed", "volume");

/** Extended thinking is off unless asked for, and no effort is taken. */
const older = (contextWindow: number) => fixed(contextWindow);

const MODELS: readonly ModelEntry[] = [
  {
    pattern: /^claude-fable-5-2/,
    can: reasoning(1_000_000),
    traits: TOP,
    price: { ids: ["claude-fable-5-2"], input: 8, output: 40 },
  },
  {
    pattern: /^claude-opus-5-5/,
    can: reasoning(1_000_000),
    traits: TOP,
    price: { ids: ["claude-opus-5-5"], input: 4, output: 20 },
  },
  {
    pattern: /^claude-sonnet-5-5/,
    can: reasoning(1_000_000),
    traits: SONNET,
    price: { ids: ["claude-sonnet-5-5"], input: 2, output: 10 },
  },
  {
    pattern: /^claude-haiku-5-5/,
    can: reasoning(1_000_000),
    traits: HAIKU,
    // Prompts of more than 100,000 tokens cost five times as much.
    price: {
      ids: ["claude-haiku-5-5"],
      input: 0.1,
      output: 0.5,
      above: { tokens: 100_000, input: 0.5, output: 2.5 },
    },
  },
  {
    pattern: /^claude-haiku-4/,
    can: older(200_000),
    traits: HAIKU,
    price: { ids: ["claude-haiku-4-5"], input: 1, output: 5 },
  },
  {
    pattern: /^claude-sonnet-4-5/,
    can: older(200_000),
    traits: SONNET,
    retires: { on: "2026-11-30", replacedBy: "claude-sonnet-5-5" },
  },
  { pattern: /^claude-sonnet-4-[6-9](?!\d)/, can: older(1_000_000), traits: SONNET },
  { pattern: /^claude-opus-4-6/, can: older(1_000_000), traits: TOP },
  { pattern: /^claude-opus-4-[78](?!\d)/, can: reasoning(1_000_000), traits: TOP },
  { pattern: /^claude-sonnet-4/, can: older(200_000), traits: SONNET },
  { pattern: /^claude-opus-4/, can: older(200_000), traits: TOP },
  { pattern: /^claude-3.*haiku/, can: older(200_000), traits: HAIKU },
  { pattern: /^claude-3.*sonnet/, can: older(200_000), traits: SONNET },
  { pattern: /^claude-(?:3|v?2[.:]1)/, can: older(200_000), traits: TOP },
  { pattern: /^claude-(?:v?[12](?![\d])|instant)/, can: older(100_000), traits: TOP },
  { pattern: /^claude-.*haiku/, can: reasoning(1_000_000), traits: HAIKU },
  { pattern: /^claude-.*sonnet/, can: reasoning(1_000_000), traits: SONNET },
  { pattern: /^claude-/, can: reasoning(1_000_000), traits: TOP },
];

export const claude: Family = {
  name: "Claude",
  maker: "Anthropic",
  names: ["anthropic", "claude"],
  tiers: ["opus", "sonnet", "haiku", "fable", "mythos", "instant"],
  models: MODELS,
  versions: [
    {
      name: "Claude Haiku 5.5",
      released: "2026-10",
      note: { en: "1M context, high volume", "zh-TW": "100 萬上下文、大量使用" },
    },
    {
      name: "Claude Sonnet 5.5",
      released: "2026-09",
      note: { en: "speed and quality in balance", "zh-TW": "速度與品質均衡" },
    },
    {
      name: "Claude Opus 5.5",
      released: "2026-09",
      note: { en: "cheaper than Opus 5; always thinks", "zh-TW": "比 Opus 5 便宜；一律先思考" },
    },
    {
      name: "Claude Fable 5.1",
      released: "2026-09",
      note: { en: "a tier above Opus; 5.2 has followed", "zh-TW": "比 Opus 更高一級；之後有 5.2" },
    },
    { name: "Claude Opus 5", released: "2026-07", note: { en: "fifth generation", "zh-TW": "第五代" } },
    { name: "Claude Sonnet 5", released: "2026-06", note: { en: "adaptive thinking", "zh-TW": "自行決定思考多久" } },
    { name: "Claude Fable 5", released: "2026-06", note: { en: "a tier above Opus", "zh-TW": "比 Opus 更高一級" } },
    { name: "Claude Opus 4.5", released: "2025-11", note: { en: "cheaper Opus", "zh-TW": "較便宜的 Opus" } },
    { name: "Claude Haiku 4.5", released: "2025-10", note: { en: "fast, low cost", "zh-TW": "快速、低價" } },
    {
      name: "Claude Sonnet 4.5",
      released: "2025-09",
      note: { en: "better code; ends 2026-11", "zh-TW": "程式能力提升；2026-11 停用" },
    },
    {
      name: "Claude Opus 4, Sonnet 4",
      released: "2025-05",
      note: { en: "long agent tasks", "zh-TW": "長時間代理任務" },
    },
    { name: "Claude 3", released: "2024-03", note: { en: "three tiers; reads images", "zh-TW": "三個等級；能看圖" } },
    { name: "Claude 2.1", released: "2023-11", note: { en: "200K context", "zh-TW": "20 萬上下文" } },
    { name: "Claude 2", released: "2023-07", note: { en: "100K context", "zh-TW": "10 萬上下文" } },
    { name: "Claude 1", released: "2023-03", note: { en: "the first", "zh-TW": "第一代" } },
  ],
};
