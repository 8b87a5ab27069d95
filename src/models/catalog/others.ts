// Exports open and other makers' models, which come through routers and local servers: from their model cards, November 2026.

import { plain, thinking, type Family, type ModelEntry, type Traits } from "./entry.ts";

/** Models from China: strong in both languages, the Chinese more often Simplified. */
const CHINESE: Traits = { openWeights: true, strengths: ["reasoning", "code"], languages: ["en", "zh"] };
const GEMMA: Traits = { openWeights: true, strengths: ["writing", "pictures"], languages: ["mul", "en"] };
const OPEN: Traits = { openWeights: true, strengths: ["reasoning"], languages: ["en"] };
const UNKNOWN: Traits = { strengths: [], languages: [] };

const model = (pattern: RegExp, can: ModelEntry["can"], traits: Traits): ModelEntry => ({ pattern, can, traits });

function family(name: string, maker: string, names: readonly string[], ...models: readonly ModelEntry[]): Family {
  return { name, maker, names, tiers: ["max", "plus", "flash", "coder"], models, versions: [] };
}

/** Looked up in this order. */
export const others: readonly Family[] = [
  // Before all whose names its distillates bear.
  family(
    "DeepSeek",
    "DeepSeek",
    ["deepseek"],
    model(/deepseek-(?:r\d|reasoner)/, thinking(128_000), CHINESE),
    model(/deepseek-(?:v3\.[1-9]|v[4-9])/, thinking(128_000), CHINESE),
    model(/deepseek-(?:llm|7b|67b)/, plain(4096), CHINESE),
    model(/deepseek/, plain(128_000), CHINESE),
  ),
  family(
    "Qwen",
    "Alibaba",
    ["qwen", "qwq", "通義千問", "通义千问"],
    model(/qwq|qvq/, thinking(32_768), CHINESE),
    model(/qwen-?3.*(?:instruct|coder|embedding|non-?thinking)/, plain(32_768), CHINESE),
    model(/qwen-?[3-9]/, thinking(32_768), CHINESE),
    model(/qwen-?(?:1\.5|2)/, plain(32_768), CHINESE),
    model(/qwen/, plain(16_384), CHINESE),
  ),
  family(
    "Kimi",
    "Moonshot AI",
    ["kimi", "moonshot"],
    model(/kimi-k2(?:[:-](?:instruct|base|0711|0905|1t)|$)/, plain(128_000), CHINESE),
    model(/kimi/, thinking(128_000), CHINESE),
    model(/moonshot/, plain(128_000), CHINESE),
  ),
  family(
    "GLM",
    "Zhipu AI",
    ["chatglm", "glm"],
    model(/glm-?(?:4\.[5-9]|[5-9]|z\d)/, thinking(128_000), CHINESE),
    model(/glm-?4/, plain(128_000), CHINESE),
    model(/glm/, plain(8192), CHINESE),
  ),
  family("MiniMax", "MiniMax", ["minimax"], model(/minimax-m\d/, thinking(128_000), CHINESE)),
  family(
    "Gemma",
    "Google",
    ["gemma", "google deepmind"],
    model(/gemma-?3.*[:-](?:1b|270m)/, plain(32_768), GEMMA),
    model(/gemma-?[3-9]/, plain(128_000), GEMMA),
    model(/gemma/, plain(8192), GEMMA),
  ),
  family(
    "Gemini",
    "Google",
    ["gemini"],
    model(/gemini-(?:2\.5|[3-9])/, thinking(1_000_000), { ...UNKNOWN, openWeights: false }),
    model(/gemini/, plain(1_000_000), { ...UNKNOWN, openWeights: false }),
  ),
  family(
    "Grok",
    "xAI",
    ["grok", "xai"],
    model(/grok-(?:3-mini|[4-9]|code)(?!.*non-?reasoning)/, thinking(128_000), { ...UNKNOWN, openWeights: false }),
    model(/grok/, plain(128_000), { ...UNKNOWN, openWeights: false }),
  ),
  family(
    "Phi",
    "Microsoft",
    [],
    model(/phi-?4.*reasoning/, thinking(32_768), OPEN),
    model(/phi-?4-mini/, plain(128_000), OPEN),
    model(/phi-?4/, plain(16_384), OPEN),
    model(/phi-?3/, plain(4096), OPEN),
    model(/(?:^|[^a-z])phi(?![a-z])/, plain(2048), OPEN),
  ),
  family(
    "Other open models",
    "",
    ["hugging face", "文心一言", "豆包"],
    model(/smollm-?3|exaone-(?:deep|4)|seed-oss|hunyuan-(?:a13b|t\d)|ernie.*thinking/, thinking(32_768), OPEN),
    model(/smollm|command-r(?![a-z])/, plain(8192), OPEN),
    model(/falcon|stablelm|orca-mini/, plain(2048), OPEN),
    model(/(?:^|[^a-z])yi-/, plain(4096), CHINESE),
  ),
];
