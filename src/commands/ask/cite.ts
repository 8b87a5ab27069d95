// The small numbers in an answer: which passages they name, and the answer put right where they name nothing or mislead.

import { placeOf, type Checked, type Hit } from "../../core/knowledge.ts";
import type { Phrase } from "../../core/language.ts";
import type { Source } from "../../core/reply.ts";

const MARKS = /[[【](\d{1,3}(?:\s*[,、，]\s*\d{1,3})*)[\]】]/g;
/** The same with the space before it; code is matched too, so that it is passed over, and a link's text is not. */
const REMOVABLE = /```[^]*?(?:```|$)|`[^`\n]*`|[ \t]*[[【](\d{1,3}(?:\s*[,、，]\s*\d{1,3})*)[\]】](?![(:])/g;
const LONGEST_WORDS = 80;

/** The passages that a text cites as [1], [2, 3] or 【4】, in rising order; numbers that stand for nothing are left out. */
export function citedNumbers(text: string, passages: number): readonly number[] {
  const numbers = [...text.matchAll(MARKS)].flatMap(([, list = ""]) => numbersIn(list));
  return [...new Set(numbers)].filter((number) => isOne(number, passages)).toSorted((a, b) => a - b);
}

export function sourceOf(hit: Hit, number: number, say: (phrase: Phrase) => string): Source {
  const { documentId, title, quote, url } = hit;
  const words = hit.text.slice(quote.start - hit.start, quote.end - hit.start);
  const place = say(placeOf(hit));
  return { number, documentId, title, place, start: quote.start, end: quote.end, quote: words, ...(url && { url }) };
}

/** The answer with a mark behind each sentence that its source contradicts, and without numbers that stand for nothing. */
export function putRight(
  text: string,
  checked: readonly Checked[],
  { passages, say }: { passages: number; say: (phrase: Phrase) => string },
): string {
  const marked = checked
    .filter(({ verdict, says }) => verdict === "contradicted" && says)
    .toSorted((a, b) => b.end - a.end)
    .reduce((text, { end, says = "" }) => `${text.slice(0, end)}${say(warning(says))}${text.slice(end)}`, text);
  return marked.replace(REMOVABLE, (whole: string, list: string | undefined, at: number) => {
    const numbers = numbersIn(list ?? "");
    const left = numbers.filter((number) => isOne(number, passages));
    // list[3] is a name.
    const isName = /^[[【]/.test(whole) && /[\w)]/.test(marked.charAt(at - 1));
    if (left.length === numbers.length || isName) return whole;
    return left.length > 0 ? whole.replace(/[[【][^\]】]*[\]】]/, `[${left.join(", ")}]`) : "";
  });
}

function numbersIn(list: string): readonly number[] {
  return list ? list.split(/[,、，]/).map(Number) : [];
}

function isOne(number: number, passages: number): boolean {
  return number >= 1 && number <= passages;
}

/** In brackets of its own, so that it does not run into the next sentence. */
function warning(says: string): Phrase {
  const flat = says.replaceAll(/[()（）[\]【】\s]+/g, " ").trim();
  const words = flat.length > LONGEST_WORDS ? `${flat.slice(0, LONGEST_WORDS)}…` : flat;
  const isQuote = words.length > 24;
  return {
    en: ` (⚠ the source says ${isQuote ? `"${words}"` : words})`,
    "zh-TW": `（⚠ 原文寫${isQuote ? `「${words}」` : words}）`,
  };
}
