// Exports OpenAI's models: from its model, price and deprecation pages, November 2026.

import type { Strength } from "../../core/model.ts";
import { fixed, MANY, plain, reasoning, thinking, type Family, type ModelEntry, type Traits } from "./entry.ts";

const closed = (...strengths: Strength[]): Traits => ({ openWeights: false, strengths, languages: MANY });
const TOP = closed("reasoning", "code", "writing");
const TERRA = closed("speed", "writing", "code");
const LUNA = closed("speed", "volume");
const OTHER = closed("reasoning", "code");

/** Prompts of more than 272,000 tokens cost twice the input price and one and a half times the output price. */
const priced = (input: number, output: number, ...ids: string[]): NonNullable<ModelEntry["price"]> => ({
  ids,
  input,
  output,
  above: { tokens: 272_000, input: 2 * input, output: Number((1.5 * output).toFixed(6)) },
});

const SHUT = "2026-10-23";

const MODELS: readonly ModelEntry[] = [
  {
    pattern: /gpt-oss/,
    can: thinking(131_072),
    traits: { openWeights: true, strengths: ["reasoning", "code"], languages: ["en"] },
  },
  { pattern: /^gpt-[5-9].*(?:chat|pro)/, can: fixed(128_000), traits: OTHER },
  {
    pattern: /^gpt-6\.2-astra/,
    can: reasoning(922_000),
    traits: TOP,
    price: { ...priced(8, 40, "gpt-6.2-astra"), asOf: "2026-11-28" },
  },
  {
    pattern: /^gpt-6\.2-sol/,
    can: reasoning(922_000),
    traits: TOP,
    price: { ...priced(2, 10, "gpt-6.2-sol"), asOf: "2026-11-28" },
  },
  { pattern: /^gpt-6\.1-terra/, can: reasoning(922_000), traits: TERRA, price: priced(1, 5, "gpt-6.1-terra") },
  {
    pattern: /^gpt-6(?:\.1)?-sol/,
    can: reasoning(922_000),
    traits: TOP,
    price: priced(2, 10, "gpt-6.1-sol", "gpt-6-sol"),
  },
  { pattern: /^gpt-6-luna/, can: reasoning(922_000), traits: LUNA, price: priced(0.1, 0.5, "gpt-6-luna") },
  { pattern: /^gpt-[6-9].*luna/, can: reasoning(922_000), traits: LUNA },
  { pattern: /^gpt-[6-9].*terra/, can: reasoning(922_000), traits: TERRA },
  { pattern: /^gpt-6.*(?:astra|sol)/, can: reasoning(922_000), traits: TOP },
  { pattern: /^gpt-[6-9]/, can: reasoning(922_000), traits: OTHER },
  { pattern: /^gpt-5\.6-terra/, can: reasoning(1_050_000), traits: TERRA, price: priced(2, 12, "gpt-5.6-terra") },
  { pattern: /^gpt-5\.6-luna/, can: reasoning(400_000), traits: LUNA, price: priced(0.2, 1.2, "gpt-5.6-luna") },
  { pattern: /^gpt-5\.6-sol/, can: reasoning(1_050_000), traits: TOP },
  { pattern: /^gpt-5\.[45](?!-(?:mini|nano))/, can: reasoning(1_050_000), traits: OTHER },
  { pattern: /^gpt-5\./, can: reasoning(400_000), traits: OTHER },
  {
    pattern: /^gpt-5-mini/,
    can: reasoning(400_000),
    traits: OTHER,
    retires: { on: "2026-12-11", replacedBy: "gpt-6.1-terra" },
  },
  {
    pattern: /^gpt-5-nano/,
    can: reasoning(400_000),
    traits: OTHER,
    retires: { on: "2026-12-11", replacedBy: "gpt-6-luna" },
  },
  {
    pattern: /^gpt-5/,
    can: reasoning(400_000),
    traits: OTHER,
    retires: { on: "2026-12-11", replacedBy: "gpt-6.1-sol" },
  },
  {
    pattern: /^o3(?!-mini)/,
    can: reasoning(200_000),
    traits: OTHER,
    retires: { on: "2026-12-11", replacedBy: "gpt-6.1-sol" },
  },
  {
    pattern: /^o4-mini/,
    can: reasoning(200_000),
    traits: OTHER,
    retires: { on: SHUT, replacedBy: "gpt-5.6-terra" },
  },
  {
    pattern: /^o[13](?![a-z\d])/,
    can: reasoning(200_000),
    traits: OTHER,
    retires: { on: SHUT, replacedBy: "gpt-5.6-sol" },
  },
  { pattern: /^o[1-9](?![a-z\d])/, can: reasoning(200_000), traits: OTHER },
  {
    pattern: /^gpt-4\.1-nano/,
    can: plain(1_000_000),
    traits: OTHER,
    retires: { on: SHUT, replacedBy: "gpt-6-luna" },
  },
  {
    pattern: /^gpt-4\.1/,
    can: plain(1_000_000),
    traits: OTHER,
    retires: { on: "2027-01-14", replacedBy: "gpt-6-luna" },
  },
  {
    pattern: /^(?:chat)?gpt-4o/,
    can: plain(128_000),
    traits: OTHER,
    retires: { on: "2027-01-14", replacedBy: "gpt-6-luna" },
  },
  {
    pattern: /^gpt-4-(?:turbo|1106|0125|vision)/,
    can: plain(128_000),
    traits: OTHER,
    retires: { on: SHUT, replacedBy: "gpt-5.6-sol" },
  },
  {
    pattern: /^gpt-4-32k/,
    can: plain(32_768),
    traits: OTHER,
    retires: { on: "2025-06-06", replacedBy: "gpt-5.6-sol" },
  },
  { pattern: /^gpt-4(?![\d.])/, can: plain(8192), traits: OTHER, retires: { on: SHUT, replacedBy: "gpt-5.6-sol" } },
  {
    pattern: /^gpt-3\.5/,
    can: plain(16_385),
    traits: OTHER,
    retires: { on: SHUT, replacedBy: "gpt-5.6-terra" },
  },
  { pattern: /^gpt2|^gpt-2/, can: plain(1024), traits: { openWeights: true, strengths: [], languages: ["en"] } },
  { pattern: /^gpt-/, can: plain(16_384), traits: OTHER },
];

export const gpt: Family = {
  name: "GPT",
  maker: "OpenAI",
  names: ["open ai", "chatgpt", "gpt"],
  tiers: ["oss", "astra", "sol", "terra", "luna", "turbo", "mini", "nano", "pro", "latest"],
  models: MODELS,
  versions: [
    {
      name: "GPT-6.2 (Astra, Sol)",
      released: "2026-11",
      note: { en: "Astra a fifth cheaper; 1.05M context", "zh-TW": "Astra 便宜兩成；105 萬上下文" },
    },
    {
      name: "GPT-6.1 Terra",
      released: "2026-10",
      note: { en: "1.05M context, cheaper", "zh-TW": "105 萬上下文、更便宜" },
    },
    {
      name: "GPT-6 (Astra, Sol, Luna)",
      released: "2026-09",
      note: { en: "current generation, in tiers", "zh-TW": "現行世代，分級" },
    },
    {
      name: "GPT-5.6 (Sol, Terra, Luna)",
      released: "2026-07",
      note: { en: "named tiers", "zh-TW": "改以名稱分級" },
    },
    {
      name: "GPT-5",
      released: "2025-08",
      note: { en: "answers and reasoning in one; ends 2026-12", "zh-TW": "快答與推理合一；2026-12 停用" },
    },
    {
      name: "gpt-oss 120b, 20b",
      released: "2025-08",
      note: { en: "open weights, Apache-2.0", "zh-TW": "開放權重，Apache-2.0" },
    },
    {
      name: "GPT-4.1",
      released: "2025-04",
      note: { en: "1M context; ends 2027-01", "zh-TW": "100 萬上下文；2027-01 停用" },
    },
    {
      name: "GPT-4o",
      released: "2024-05",
      note: { en: "text, image and sound in one; ends 2027-01", "zh-TW": "文字、圖像、語音合一；2027-01 停用" },
    },
    {
      name: "GPT-4",
      released: "2023-03",
      note: { en: "a large step; reads images; shut down 2026-10", "zh-TW": "大幅進步、能看圖；2026-10 停用" },
    },
    {
      name: "GPT-3.5",
      released: "2022-11",
      note: { en: "ChatGPT begins; shut down 2026-10", "zh-TW": "ChatGPT 問世；2026-10 停用" },
    },
  ],
};
