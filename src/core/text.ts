// Shortens text and puts it on one line without tearing a character. Lengths count UTF-16 units.

const MARK = "…";
/** The most of what a person typed that a message says back. */
export const LONGEST_ECHO = 80;
/** A character of more units than this is cut all the same: an attack, not a letter. */
const LONGEST_CHARACTER = 64;
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** All white space as single spaces, none at either end. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** The text itself where it has at most `most` units; else its beginning and "…", together at most `most` units. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  return truncate(text, most - MARK.length).trimEnd() + MARK;
}

/** The beginning of a text, at most `most` units, without a mark: for what is searched, stored or must fit exactly. */
export function truncate(text: string, most: number): string {
  return text.slice(0, wholeCharacters(text, Math.max(0, most)));
}

/** The last place at or before `at` that is inside no character: no surrogate pair, accent or joined emoji is torn. */
export function wholeCharacters(text: string, at: number): number {
  if (at >= text.length) return text.length;
  const from = wholePairs(text, Math.max(0, at - LONGEST_CHARACTER));
  let end = from;
  for (const { index, segment } of graphemes.segment(text.slice(from, at + LONGEST_CHARACTER))) {
    if (from + index + segment.length > at) break;
    end = from + index + segment.length;
  }
  return end > from || from === 0 ? end : wholePairs(text, at);
}

/** The same for surrogate pairs alone: never 0 for an `at` above 1. */
export function wholePairs(text: string, at: number): number {
  return /[\uDC00-\uDFFF]/.test(text.charAt(at)) && /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) ? at - 1 : at;
}
