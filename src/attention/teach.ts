// The toy mode as an explanation like any other: worked on paper, read in a sentence, and painted if wished.

import type { AttentionRequest, Explanation, Toy } from "../core/attention.ts";
import type { Phrase } from "../core/language.ts";
import type { Painter } from "./picture/paint.ts";
import { quote } from "./reading.ts";
import { findToken } from "./scene.ts";
import { workToy, type Worked } from "./toy.ts";
import { percent } from "./views/layout.ts";
import { drawToy } from "./views/toy.ts";

const EXACT: Phrase = {
  en: "Computed in full precision, shown rounded; a printed sum may be off by one in its last digit.",
  "zh-TW": "以完整精度計算、四捨五入後顯示；印出來的總和可能差最後一位的 1。",
};

/** Throws BotError "usage" for numbers that cannot be read. */
export async function explainToy(
  { language, token, picture: format }: AttentionRequest,
  toy: Toy,
  painter: Painter,
  signal: AbortSignal,
): Promise<Explanation> {
  const worked = workToy(toy);
  const { names } = worked;
  const tokens = names.map((text, i) => ({ text, unknown: false, special: false, pieces: [i] }));
  const asking = findToken(tokens, token) ?? (worked.causal ? names.length - 1 : 0);
  const reading = read(worked, asking)[language];
  const heatmap = {
    title: "softmax(Q K^T / sqrt(d))",
    labels: names,
    weights: Float32Array.from(worked.weights.flat()),
  };
  const alt = reading.replaceAll("`", '"');
  return {
    view: "toy",
    reading,
    text: drawToy(worked, asking, language).join("\n"),
    notes: [EXACT[language]],
    ...(format ? { picture: await painter.paint({ ...heatmap, marked: asking }, format, alt, signal) } : {}),
    at: { layer: 0, head: 0, token: asking, pieces: false },
    choices: { layers: 1, heads: 1, tokens: names },
  };
}

function read({ names, weights }: Worked, asking: number): Phrase {
  const row = weights[asking]!;
  const most = row.indexOf(Math.max(...row));
  const share = percent(row[most]!);
  const [from, to] = [quote(names[asking]!), quote(names[most]!)];
  return {
    en: `softmax(Q K^T / sqrt(d)) V on paper: ${from} looks mostly at ${to} (${share}).`,
    "zh-TW": `用紙筆算 softmax(Q K^T / sqrt(d)) V：${from} 主要看向 ${to}（${share}）。`,
  };
}
