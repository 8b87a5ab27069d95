// What Discord's Chinese interface calls commands and options. A word that is not here keeps its English name.

const NAMES: Readonly<Record<string, string>> = {
  ask: "提問",
  compare: "比較",
  "explain-attention": "解釋注意力",
  kb: "知識庫",
  models: "模型",
  help: "說明",
  memory: "記憶",
  question: "問題",
  prompt: "提示詞",
  text: "文字",
  model: "模型",
  command: "指令",
  action: "動作",
  target: "對象",
  view: "檢視方式",
  layer: "層",
  head: "注意力頭",
  token: "詞元",
  pieces: "詞元片段",
  picture: "圖片格式",
  toy: "手算範例",
  causal: "因果遮罩",
  open: "公開名稱",
  system: "系統提示",
  temperature: "溫度",
  judge: "評審",
  votes: "票數",
  hours: "小時",
  scores: "戰績",
  export: "匯出",
  everywhere: "所有工作區",
  vote: "投票",
  reveal: "揭曉",
  full: "全文",
  for: "用途",
  private: "僅自己可見",
  file: "檔案",
  add: "加入",
  list: "列出",
  show: "檢視",
  remove: "移除",
  search: "搜尋",
  rollback: "還原",
};

/** Discord takes a localised name of 1 to 32 letters, digits, "-" and "_". */
export function localizedName(name: string): { name_localizations?: Record<string, string> } {
  const chinese = NAMES[name];
  return chinese ? { name_localizations: { "zh-TW": chinese } } : {};
}
