// What Discord's Chinese interface calls commands, options and choices. A word that is not here keeps its English name.

import type { Language } from "../../../src/core/language.ts";

const CHINESE: Readonly<Record<string, string>> = {
  // Commands
  ask: "提問",
  compare: "比較",
  "explain-attention": "解釋注意力",
  kb: "知識庫",
  models: "模型",
  feedback: "回饋",
  forget: "忘記對話",
  help: "說明",
  // What a command does, where it does several things
  add: "加入",
  list: "列出",
  show: "檢視",
  remove: "移除",
  search: "搜尋",
  rollback: "還原",
  keep: "留下問題",
  questions: "待答問題",
  answered: "已解決",
  families: "家族",
  test: "測試",
  // Options
  question: "問題",
  prompt: "提示詞",
  text: "文字",
  model: "模型",
  plain: "不看文件",
  command: "指令",
  action: "動作",
  target: "對象",
  view: "檢視方式",
  layer: "層",
  head: "注意力頭",
  token: "詞元",
  pieces: "詞元片段",
  skipfirst: "略過首詞",
  picture: "圖片",
  toy: "手算範例",
  causal: "因果遮罩",
  language: "語言",
  open: "公開名稱",
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
  board: "目前結果",
  vote: "投票",
  reveal: "揭曉",
  full: "全文",
  of: "哪一場",
  for: "用途",
  verdict: "評價",
  about: "哪個回答",
  private: "僅自己可見",
  file: "檔案",
  // Choices
  en: "英文",
  "zh-TW": "中文",
  overview: "總覽",
  steps: "一步步算",
  heads: "所有的頭",
  rollout: "各層合併",
  guide: "怎麼看",
  good: "有幫助",
  bad: "沒有幫助",
};

export function nameIn(language: Language, name: string): string {
  return (language === "zh-TW" && CHINESE[name]) || name;
}

/** Discord takes a localised name of 1 to 32 letters, digits, "-" and "_"; of a choice, 1 to 100 of any kind. */
export function localizedName(name: string): { name_localizations?: Record<string, string> } {
  const chinese = CHINESE[name];
  return chinese ? { name_localizations: { "zh-TW": chinese } } : {};
}
