// Where sentences end, in Chinese and in Latin writing. Packing, quoting and ranking all cut at the same places.

/** Offsets in UTF-16 units, the end not included. */
export interface Span {
  start: number;
  end: number;
}

// A Chinese stop ends a sentence by itself, a Latin one only before a space, and every line break does.
const ENDING = /[。！？；]+[」』”’）)】》〉]*|[.!?]+["'”’)\]]*(?=\s)|\n+/gu;
const INITIAL = /(?:^|[\s(.])\p{Lu}\.$/u;
const ABBREVIATED = /(?:^|[\s(])(?:e\.g|i\.e|mr|mrs|ms|dr|st|no|vs|fig|cf|inc|jr|sr|prof|gen|col|etc|approx)\.$/iu;
const LOWER_NEXT = /^\s+\p{Ll}/u;
const LONGEST_ABBREVIATION = 8;

/** Spans that lie end to end from `start` to `end`; the space after a sentence belongs to it. */
export function sentencesIn(text: string, start = 0, end = text.length): Span[] {
  const spans: Span[] = [];
  let from = start;
  ENDING.lastIndex = start;
  for (let match = ENDING.exec(text); match && match.index < end; match = ENDING.exec(text)) {
    const stop = match.index + match[0].length;
    if (match[0].startsWith(".") && continues(text, stop)) continue;
    const to = Math.min(end, afterSpace(text, stop));
    // A line break after a stop makes no second, empty sentence.
    if (to > from) spans.push({ start: from, end: to });
    from = Math.max(from, to);
    ENDING.lastIndex = Math.max(ENDING.lastIndex, to);
  }
  if (from < end) spans.push({ start: from, end });
  return spans;
}

/** The span without the white space around it; empty where there is nothing else. */
export function trimSpan(text: string, { start, end }: Span): Span {
  const inner = text.slice(start, end);
  const from = start + inner.length - inner.trimStart().length;
  return { start: from, end: Math.max(from, start + inner.trimEnd().length) };
}

function continues(text: string, stop: number): boolean {
  if (LOWER_NEXT.test(text.slice(stop, stop + 4))) return true;
  const before = text.slice(Math.max(0, stop - LONGEST_ABBREVIATION), stop);
  return INITIAL.test(before) || ABBREVIATED.test(before);
}

function afterSpace(text: string, from: number): number {
  let i = from;
  while (i < text.length && /\s/.test(text.charAt(i))) i++;
  return i;
}
