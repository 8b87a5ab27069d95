// Says why a model has no answer, or not a whole one, without giving the model away.

import type { Phrase } from "./language.ts";

/** By the code of an error, or by how an outcome ended. */
const FAILURES: Readonly<Record<string, Phrase>> = {
  refused: { en: "the model refused", "zh-TW": "模型拒絕回答" },
  filtered: { en: "its vendor's content filter stopped it", "zh-TW": "被供應商的內容過濾器擋下" },
  "limit-spent": {
    en: "it used up its limit before its first word, most likely on thinking",
    "zh-TW": "還沒開始回答就用完了 token 上限，多半是花在思考上",
  },
  "thoughts-only": { en: "it thought, and then wrote no answer", "zh-TW": "思考之後沒有寫出回答" },
  "tool-calls": { en: "it called for a tool, and it is given none", "zh-TW": "要求使用工具，但這裡不提供" },
  paused: { en: "it paused before it was done", "zh-TW": "還沒寫完就暫停了" },
  "bad-key": { en: "its key was not accepted", "zh-TW": "金鑰不被接受" },
  "no-access": { en: "its vendor does not open it to this key", "zh-TW": "供應商不開放這把金鑰使用" },
  "no-such-model": { en: "its vendor does not know it", "zh-TW": "供應商沒有這個模型" },
  "context-too-long": { en: "the prompt is too long for it", "zh-TW": "內容超過它的長度上限" },
  "rate-limited": { en: "its vendor is busy", "zh-TW": "供應商忙碌中" },
  overloaded: { en: "its vendor is busy", "zh-TW": "供應商忙碌中" },
  "connection-lost": { en: "the connection broke", "zh-TW": "連線中斷" },
  unavailable: { en: "it could not be reached", "zh-TW": "連不上供應商" },
  misconfigured: { en: "its vendor did not accept the request", "zh-TW": "供應商不接受這個請求" },
  timeout: { en: "it took too long", "zh-TW": "等太久沒有回應" },
  late: { en: "it was not done in time", "zh-TW": "時間到了還沒寫完" },
  empty: { en: "it sent back nothing", "zh-TW": "傳回了空白" },
};
const FAILED: Phrase = { en: "it failed", "zh-TW": "發生錯誤" };

export function failureWords(code: string): Phrase {
  return FAILURES[code] ?? FAILED;
}
