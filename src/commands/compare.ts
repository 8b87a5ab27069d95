// The same prompt to several models, blind and fair, and a memory of who was right.

import { defineCommand } from "../core/command.ts";
import { compareArgs, describeArgs } from "./compare/compare-call.ts";
import { exportVotes } from "./compare/scores/export.ts";
import { reveal, showBoard, showFull, vote } from "./compare/board/press.ts";
import { compareModels } from "./compare/round/round.ts";
import { showScores } from "./compare/scores/scores.ts";

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
  examples: [
    "/compare Explain the KV cache to a second-year student in five sentences. --kb",
    "/compare 用三句話介紹台灣的健保制度 --models openai,anthropic,mistral",
    "/compare --scores",
  ],
  run(call) {
    const { args } = call;
    if (args.vote !== undefined) return vote(call);
    if (args.reveal) return reveal(call);
    if (args.full) return showFull(call);
    if (args.board) return showBoard(call);
    if (args.scores) return showScores(call);
    if (args.export) return exportVotes(call);
    return compareModels(call);
  },
});
