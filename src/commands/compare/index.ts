// Defines `/compare`: the same prompt to several models, blind, and who was preferred.

import { defineCommand } from "../../core/command.ts";
import { compareArgs, describeArgs } from "./args.ts";
import { ADMINS_EXPORT, exportVotes } from "./scores/export.ts";
import { reveal, showBoard, showFull, vote } from "./actions.ts";
import { compareModels } from "./round.ts";
import { showScores } from "./scores/ranking.ts";

export const compare = defineCommand({
  name: "compare",
  summary: {
    en: "Put one prompt to several models, blind, and vote on the answers",
    "zh-TW": "讓多個模型回答同一題，盲測比較並投票",
  },
  access: "everyone",
  args: compareArgs,
  describe: describeArgs,
  prose: "prompt",
  suggests: { models: "model", judge: "model" },
  isSpoken: true,
  names: {
    "zh-TW": {
      compare: "比較",
      prompt: "提示詞",
      models: "模型",
      open: "公開名稱",
      kb: "知識庫",
      system: "系統提示",
      temperature: "溫度",
      "max-tokens": "回答長度上限",
      judge: "評審",
      votes: "票數",
      hours: "小時",
      scores: "排名",
      export: "匯出",
      everywhere: "整個工作區",
      from: "起始配對",
      vote: "投票",
      reveal: "揭曉",
      full: "全文",
      board: "目前結果",
      of: "哪一場",
    },
  },
  examples: [
    "/compare Explain the KV cache to a second-year student in five sentences. --kb",
    "/compare 用三句話介紹台灣的健保制度 --models openai,anthropic,mistral",
    "/compare --scores",
  ],
  views: {
    round: { audience: "everyone", run: compareModels },
    vote: { audience: "typist", run: vote },
    reveal: { audience: "everyone", run: reveal },
    full: { audience: "typist", run: showFull },
    board: { audience: "everyone", run: showBoard },
    scores: { audience: "everyone", run: showScores },
    export: { audience: "asker", admins: ADMINS_EXPORT, run: exportVotes },
  },
  choose(args) {
    if (args.vote !== undefined) return "vote";
    return (["reveal", "full", "board", "scores", "export"] as const).find((name) => args[name]) ?? "round";
  },
});
