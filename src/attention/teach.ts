// Explains the toy mode: worked on paper, read in a sentence, painted on request.

import type { AttentionRequest, Explanation, Toy } from "../core/attention.ts";
import type { Phrase } from "../core/language.ts";
import type { Paint } from "./picture/heatmap-picture.ts";
import { CAPTION } from "./picture/subject.ts";
import { quote } from "./reading.ts";
import { workToy, type Worked } from "./toy.ts";
import { percent } from "./views/layout.ts";
import { drawToy } from "./views/toy.ts";
import { namedTokens, wishedToken } from "./wishes.ts";

const ON_PAPER: Phrase = {
  en: "Rounded at every step, as on paper: each number follows from the printed ones, and weights may add up to 0.9999 or 1.0001.",
  "zh-TW": "和紙筆計算一樣，每一步都四捨五入：每個數字都由印出來的數字算得，權重加起來可能是 0.9999 或 1.0001。",
};

/** Throws BotError "usage" for numbers that cannot be read. */
export async function explainToy(
  { language, token, picture: format }: AttentionRequest,
  toy: Toy,
  paint: (format: "png" | "svg") => Paint,
): Promise<Explanation> {
  const worked = workToy(toy);
  const { names } = worked;
  const tokens = names.map((text, i) => ({ text, unknown: false, special: false, pieces: [i] }));
  const asking = wishedToken(tokens, token) ?? (worked.causal ? names.length - 1 : 0);
  const reading = readingOf(worked, asking)[language];
  const heatmap = {
    title: "softmax(Q K^T / sqrt(d))",
    caption: CAPTION[language],
    labels: names,
    weights: Float32Array.from(worked.weights.flat()),
  };
  const alt = reading.replaceAll("`", '"');
  return {
    view: "toy",
    reading,
    text: drawToy(worked, asking, language).join("\n"),
    notes: [ON_PAPER[language]],
    ...(format
      ? { picture: await paint(format)({ ...heatmap, marked: asking }, { name: `attention-toy-${asking}`, alt }) }
      : {}),
    at: { layer: 0, head: 0, token: asking, pieces: false },
    choices: { layers: 1, heads: 1, tokens: namedTokens(tokens), causal: worked.causal },
  };
}

function readingOf({ names, weights }: Worked, asking: number): Phrase {
  const row = weights[asking]!;
  const most = row.indexOf(Math.max(...row));
  const share = percent(row[most]!);
  const [from, to] = [quote(names[asking]!), quote(names[most]!)];
  return {
    en: `softmax(Q K^T / sqrt(d)) V on paper: ${from} looks most at ${to} (${share}).`,
    "zh-TW": `用紙筆算 softmax(Q K^T / sqrt(d)) V：${from} 看得最多的是 ${to}（${share}）。`,
  };
}
