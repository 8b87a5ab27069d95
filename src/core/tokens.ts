// Estimates how many tokens a text takes.

/** One token a character: Han, kana, hangul, and the full-width punctuation around them. */
const DENSE = /[\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFF00-\uFFEF]/g;
/** Everything else beyond ASCII: Cyrillic, Thai, emoji. Vendors' tokenizers differ most here, so it is counted high. */
const SPARSE = /[^\p{ASCII}\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFF00-\uFFEF]/gu;
const ASCII_PER_TOKEN = 4;

/** Tokens, give or take a third: every vendor cuts differently, so whoever fills a window leaves a margin. */
export function estimateTokens(text: string): number {
  const dense = text.match(DENSE)?.length ?? 0;
  const sparse = text.match(SPARSE)?.join("").length ?? 0;
  return dense + sparse + Math.ceil((text.length - dense - sparse) / ASCII_PER_TOKEN);
}
