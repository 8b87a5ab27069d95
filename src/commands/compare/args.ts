// Defines the arguments of `/compare`: a prompt, or a press under an earlier comparison.

import { z } from "zod";
import type { CommandContext } from "../../core/command.ts";
import type { Phrase } from "../../core/language.ts";

const LONGEST_PROMPT = 12_000;
const LONGEST_SYSTEM = 4000;

export const compareArgs = z.object({
  prompt: z.string().trim().min(1).max(LONGEST_PROMPT).optional(),
  models: z.string().min(1).max(1000).optional(),
  open: z.boolean().optional(),
  kb: z.boolean().optional(),
  system: z.string().min(1).max(LONGEST_SYSTEM).optional(),
  temperature: z.number().min(0).max(2).optional(),
  "max-tokens": z.number().int().min(1).max(32_000).optional(),
  judge: z.string().min(1).max(200).optional(),
  votes: z.number().int().min(1).max(100).optional(),
  hours: z.number().min(0.001).max(720).optional(),
  scores: z.boolean().optional(),
  export: z.boolean().optional(),
  everywhere: z.boolean().optional(),
  from: z.number().int().min(1).optional(),
  vote: z.string().min(1).max(10).optional(),
  reveal: z.boolean().optional(),
  full: z.boolean().optional(),
  board: z.boolean().optional(),
  of: z
    .string()
    .regex(/^[^:]{1,150}$/)
    .optional(),
});
export type CompareArgs = z.infer<typeof compareArgs>;
export type Compare = CommandContext<CompareArgs>;

export const describeArgs: Readonly<Record<keyof CompareArgs, Phrase>> = {
  prompt: { en: "What every model is asked", "zh-TW": "要問每個模型的內容" },
  models: {
    en: "2 to 6 models with commas between them; all that are configured without it",
    "zh-TW": "2 到 6 個模型，以逗號分隔；不填就用全部已設定的模型",
  },
  open: { en: "Show names and stream side by side; no vote", "zh-TW": "公開名稱、同步顯示回答；不投票" },
  kb: { en: "Give all models the same passages of your documents", "zh-TW": "讓所有模型讀同樣的文件段落" },
  system: { en: "Instructions that all models are given", "zh-TW": "給所有模型的系統指示" },
  temperature: { en: "0 to 2, for models that take one", "zh-TW": "0 到 2，只對支援的模型有效" },
  "max-tokens": { en: "At most this many tokens per answer", "zh-TW": "每個回答最多幾個 token" },
  judge: {
    en: "A model that judges the answers by a published rubric, for example anthropic/claude-opus-5-5",
    "zh-TW": "請一個模型依公開的評分標準評審，例如 anthropic/claude-opus-5-5",
  },
  votes: { en: "Reveal the names after this many votes, 3 without it", "zh-TW": "幾票後揭曉名稱，預設 3 票" },
  hours: { en: "Reveal the names after this many hours, 24 without it", "zh-TW": "幾小時後揭曉名稱，預設 24 小時" },
  scores: { en: "The ranking by all votes so far", "zh-TW": "依目前所有投票的排名" },
  export: {
    en: "The votes as JSONL preference pairs, for admins",
    "zh-TW": "把投票匯出成 JSONL 偏好配對，限管理員",
  },
  everywhere: {
    en: "With --export: the whole workspace, not this channel alone",
    "zh-TW": "搭配 --export：整個工作區，而非只有這個頻道",
  },
  from: { en: "With --export: begin with this pair", "zh-TW": "搭配 --export：從第幾組配對開始" },
  vote: { en: "A letter, tie or bad; one vote a person", "zh-TW": "字母、tie（平手）或 bad（都不好）；每人一票" },
  reveal: { en: "Reveal the names now, for who asked", "zh-TW": "立刻揭曉名稱，限提問者" },
  full: { en: "The answers at full length", "zh-TW": "完整的回答" },
  board: { en: "The comparison as it stands now", "zh-TW": "這次比較目前的樣子" },
  of: { en: "Which comparison; the latest here without it", "zh-TW": "哪一次比較；不填就是這裡最近的一次" },
};
