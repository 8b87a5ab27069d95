// Shows an answer's sources, and marks the sentences that a cited source contradicts.

import type { Mark } from "../../core/citations.ts";
import { passagePlace, type CitationCheck, type Hit } from "../../core/knowledge.ts";
import type { Phrase } from "../../core/language.ts";
import type { Source } from "../../core/reply.ts";
import { clip, oneLine } from "../../core/text.ts";

const LONGEST_WORDS = 80;

export function sourceOf(hit: Hit, number: number, say: (phrase: Phrase) => string): Source {
  const { documentId, title, quote, url } = hit;
  const words = hit.text.slice(quote.start - hit.start, quote.end - hit.start);
  const place = say(passagePlace(hit));
  return { number, documentId, title, place, start: quote.start, end: quote.end, quote: words, ...(url && { url }) };
}

/** A text and its citations. */
export interface Cited {
  text: string;
  marks: readonly Mark[];
}

/** The same with a warning behind each sentence that its source contradicts; nothing else is changed. */
export function withWarnings(
  { text, marks }: Cited,
  checked: readonly CitationCheck[],
  say: (phrase: Phrase) => string,
): Cited {
  const warnings = checked
    .flatMap(({ verdict, says, end }) =>
      verdict === "contradicted" && says ? [{ end, words: say(warning(says)) }] : [],
    )
    .toSorted((a, b) => a.end - b.end);
  const before = (at: number) =>
    warnings.filter(({ end }) => end <= at).reduce((sum, { words }) => sum + words.length, 0);
  return {
    text: warnings.reduceRight((rest, { end, words }) => `${rest.slice(0, end)}${words}${rest.slice(end)}`, text),
    marks: marks.map((mark) => ({
      ...mark,
      start: mark.start + before(mark.start),
      end: mark.end + before(mark.start),
    })),
  };
}

/** In brackets of its own, so that it does not run into the next sentence. */
function warning(says: string): Phrase {
  const words = clip(oneLine(says), LONGEST_WORDS);
  const isQuote = words.length > 24;
  return {
    en: ` (⚠ the source says ${isQuote ? `"${words}"` : words})`,
    "zh-TW": `（⚠ 原文寫${isQuote ? `「${words}」` : words}）`,
  };
}
