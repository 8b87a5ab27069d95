// An answer held against the passages it cites, sentence by sentence, without a model: words, names, numbers and signs.

import { codeBlocks } from "../../core/markdown.ts";
import { citedBy, marksIn, withoutMarks, type Mark } from "../../core/citations.ts";
import type { CitationCheck, Passage } from "../../core/knowledge.ts";
import { sentencesIn, trimSpan, type Span } from "../../core/sentences.ts";
import { truncate } from "../../core/text.ts";
import type { Tokenize } from "../search/tokens.ts";
import { overlap, partsOf, comparable, readPart, type Part } from "./clauses.ts";
import { contradictionOf } from "./contradiction.ts";
import { quantitiesIn } from "./numbers.ts";

/** The share of a sentence's words that its sources must have between them to be said to carry it. */
const CARRIES = 0.6;
/** UTF-16 units of an answer that are looked at. */
const LONGEST_ANSWER = 50_000;

export function checkAnswer(
  answer: string,
  passages: readonly Pick<Passage, "text">[],
  tokenize: Tokenize,
): readonly CitationCheck[] {
  const read = new Map<number, readonly Part[]>();
  const partsAt = (number: number) => {
    const parts = read.get(number) ?? partsOf(passages[number - 1]!.text, tokenize);
    read.set(number, parts);
    return parts;
  };
  const all = passages.flatMap(({ text }) => quantitiesIn(text.normalize("NFKC").toLowerCase()));
  return citingSentences(truncate(answer, LONGEST_ANSWER), passages).map(
    ({ start, end, words, cited }): CitationCheck => {
      const sentence = comparable(words);
      const sources = cited.map(partsAt);
      const says = contradictionOf(sentence, sources, all, tokenize);
      if (says) {
        const texts = cited.map((n) => passages[n - 1]!.text);
        return { start, end, cited, verdict: "contradicted", says: asWritten(says, texts) };
      }
      const carries = isCarried(sentence, sources.flat(), tokenize);
      return { start, end, cited, verdict: carries ? "carried" : "unclear" };
    },
  );
}

/** The source's words in its own capitals. */
function asWritten(says: string, texts: readonly string[]): string {
  for (const text of texts.map((text) => text.normalize("NFKC"))) {
    const at = text.toLowerCase().indexOf(says);
    if (at >= 0) return text.slice(at, at + says.length);
  }
  return says;
}

interface Citing extends Span {
  /** The sentence without its citations. */
  words: string;
  /** Counted from 1. */
  cited: readonly number[];
}

/** Sentences that cite, with the citations behind their stop. What stands at the head of a line is cited by all of it. */
function citingSentences(answer: string, passages: readonly Pick<Passage, "text">[]): Citing[] {
  const marks = marksIn(answer, passages);
  if (marks.length === 0) return [];
  const hasLeads = marks.some(({ leads }) => leads);
  return sentencesWith(answer, marks).flatMap((span) => {
    const own = marks.filter(({ start, end }) => start >= span.start && end <= span.end);
    const cited = citedBy(own.length > 0 || !hasLeads ? own : leadsOf(answer, span, marks));
    const shift = (mark: Mark) => ({ ...mark, start: mark.start - span.start, end: mark.end - span.start });
    return cited.length === 0
      ? []
      : [{ ...span, cited, words: withoutMarks(answer.slice(span.start, span.end), own.map(shift)) }];
  });
}

/** The marks at the head of the line that a sentence stands in, where no others stand in that line. */
function leadsOf(answer: string, { start }: Span, marks: readonly Mark[]): readonly Mark[] {
  const lineEnd = answer.indexOf("\n", start);
  const line = { start: answer.lastIndexOf("\n", start) + 1, end: lineEnd < 0 ? answer.length : lineEnd };
  const there = marks.filter((mark) => mark.start >= line.start && mark.end <= line.end);
  return there.every(({ leads }) => leads) ? there : [];
}

/** Sentences outside blocks of code, each as far as the citations behind its stop. */
function sentencesWith(answer: string, marks: readonly Mark[]): Span[] {
  const code = codeBlocks(answer);
  const spans: Span[] = [];
  for (const raw of sentencesIn(answer)) {
    const before = spans.at(-1);
    const behind = before ? endOfMarks(answer, raw, marks) : raw.start;
    if (before && behind > raw.start) before.end = behind;
    const span = trimSpan(answer, { start: behind, end: raw.end });
    if (span.end > span.start) spans.push(span);
  }
  return spans.filter(({ start }) => !code.some((block) => start >= block.start && start < block.end));
}

/** Where the marks end that a sentence begins with and that belong to the one before. */
function endOfMarks(answer: string, { start, end }: Span, marks: readonly Mark[]): number {
  let at = start;
  for (const mark of marks) {
    if (mark.leads || mark.end <= at || mark.end > end) continue;
    if (answer.slice(at, Math.max(at, mark.start)).trim() !== "") break;
    at = mark.end;
  }
  return at;
}

/** Its words are there, and every name and number of it. */
function isCarried(sentence: string, parts: readonly Part[], tokenize: Tokenize): boolean {
  const { words, quantities, isNegated } = readPart(sentence, tokenize);
  const there = new Set(parts.flatMap((part) => [...part.words]));
  const values = new Set(parts.flatMap((part) => part.quantities.map(({ value }) => value)));
  const isSigned = !isNegated || parts.some((part) => part.isNegated);
  return isSigned && quantities.every(({ value }) => values.has(value)) && overlap(words, there) >= CARRIES;
}
