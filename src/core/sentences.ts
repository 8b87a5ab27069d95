// Finds where sentences end, in Chinese and in Latin writing.

/** Offsets in UTF-16 units, the end not included. */
export interface Span {
  start: number;
  end: number;
}

// A Chinese stop ends a sentence by itself, a Latin one only before a space, and every line break does.
const ENDING = /[。！？；]+[」』”’）)】》〉]*|[.!?]+["'”’)\]]*(?=\s)|\n+/gu;
const INITIAL = /(?:^|[\s(.])\p{Lu}\.$/u;
/** What always stands before more of the same sentence. */
const OPENING = /(?:^|[\s(])(?:e\.g|i\.e|viz|mr|mrs|ms|dr|st|vs|cf|prof|gen|col|approx)\.$/iu;
/** What may end a sentence too: it does before a word that begins most often a new one. */
const EITHER = /(?:^|[\s(])(?:al|eds?|inc|ltd|co|corp|jr|sr)\.$/iu;
/** What stands before a number: of a figure, a chapter, a page, a day. "No." alone is an answer. */
const NUMBERED =
  /(?:^|[\s(])(?:nos?|figs?|eqs?|secs?|ch|chap|vols?|pp?|pt|art|para|tab|app|ver|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.$/iu;
const LETTERED = /(?:^|[\s(])(?:figs?|eqs?|secs?|ch|chap|vols?|pt|art|tab|app)\.$/iu;
const ETC = /(?:^|[\s(])(?:etc|[ap]\.m)\.$/iu;
const LOWER_NEXT = /^\s+\p{Ll}/u;
const NUMBER_NEXT = /^\s+[([#§]?\p{Lu}?\d/u;
/** A Roman number or one letter. */
const LETTER_NEXT = /^\s+(?:[A-HVX]|[IVX]{2,5})(?![\p{L}'’])/u;
const CAPITAL_NEXT = /^\s+\p{Lu}/u;
const BEGINNER =
  /^\s+(?:A|An|The|This|That|These|Those|It|Its|In|On|At|As|If|When|While|For|From|By|To|He|She|We|They|You|I|Our|Their|But|And|So|Then|There|However|After|Before|Because|Since|Although|Both|Each|All|Most|Some|What|Who|Why|How)(?![\p{L}])/u;
/** UTF-16 units before and behind a stop that tell whether it ends a sentence. */
const BEFORE = 8;
const BEHIND = 12;

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

/** Whether the stop belongs to an abbreviation inside a sentence. */
function continues(text: string, stop: number): boolean {
  const before = text.slice(Math.max(0, stop - BEFORE), stop);
  const next = text.slice(stop, stop + BEHIND);
  if (LOWER_NEXT.test(next) || OPENING.test(before)) return true;
  if (NUMBERED.test(before)) return NUMBER_NEXT.test(next) || (LETTERED.test(before) && LETTER_NEXT.test(next));
  if (ETC.test(before)) return !CAPITAL_NEXT.test(next);
  return (INITIAL.test(before) || EITHER.test(before)) && !BEGINNER.test(next);
}

function afterSpace(text: string, from: number): number {
  let i = from;
  while (i < text.length && /\s/.test(text.charAt(i))) i++;
  return i;
}
