// How the tokenizer cut the text: a word a line, its pieces parted by bars.

import { printable, tokensOfWords } from "../tokens.ts";
import type { Scene } from "../scene.ts";
import { clip, letterOf, MOST_COLUMNS } from "./layout.ts";

const MOST_LINES = 33;

export function drawPieces({ trace, language }: Scene): string[] {
  const words = tokensOfWords(trace.pieces).tokens;
  const left = words.length - MOST_LINES;
  return [
    {
      en: `${words.length} words, ${trace.pieces.length} pieces; count, pieces:`,
      "zh-TW": `${words.length} 個詞、${trace.pieces.length} 個片段；片段數、切法：`,
    }[language],
    ...words.slice(0, MOST_LINES).map(({ pieces, unknown }, i) => {
      const parts = pieces.map((piece) => printable(trace.pieces[piece]!.text)).join("|");
      const count = String(pieces.length).padStart(2);
      return `${letterOf(i)} ${count}  ${clip(parts, MOST_COLUMNS - 8)}${unknown ? "?" : ""}`;
    }),
    ...(left > 0 ? [{ en: `(${left} more)`, "zh-TW": `（還有 ${left} 個）` }[language]] : []),
  ];
}
