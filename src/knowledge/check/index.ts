// An answer held against the passages it cites, sentence by sentence, without a model: words, names, numbers and signs.

import type { Checked, Passage } from "../../core/knowledge.ts";
import { sentencesIn, trimSpan, type Span } from "../sentences.ts";
import type { Tokenize } from "../tokens.ts";
import { overlap, partsOf, plainOf, readPart, type Part } from "./clauses.ts";
import { contradictionOf } from "./contradiction.ts";
import { quantitiesIn } from "./quantities.ts";

/** The share of a sentence's words that its sources must have between them to be said to carry it. */
const CARRIES = 0.6;
/** UTF-16 units of an answer that are looked at. */
const LONGEST_ANSWER = 50_000;

const MARK = String.raw`[[【]\d{1,3}(?:\s*[,、，]\s*\d{1,3})*[\]】]`;
const LEADING = new RegExp(String.raw`^(?:\s*${MARK})+`);

export function checkAnswer(
  answer: string,
  passages: readonly Pick<Passage, "text">[],
  tokenize: Tokenize,
): readonly Checked[] {
  const read = new Map<number, readonly Part[]>();
  const partsAt = (number: number) => {
    const parts = read.get(number) ?? partsOf(passages[number - 1]!.text, tokenize);
    read.set(number, parts);
    return parts;
  };
  const all = passages.flatMap(({ text }) => quantitiesIn(text.normalize("NFKC").toLowerCase()));
  return citingSentences(answer.slice(0, LONGEST_ANSWER)).flatMap(({ start, end }): Checked[] => {
    const written = answer.slice(start, end);
    const cited = citedIn(written).filter((number) => number >= 1 && number <= passages.length);
    if (cited.length === 0) return [];
    const sentence = plainOf(written);
    const sources = cited.map(partsAt);
    const says = contradictionOf(sentence, sources, all, tokenize);
    if (says)
      return [
        {
          start,
          end,
          cited,
          verdict: "contradicted",
          says: asWritten(
            says,
            cited.map((n) => passages[n - 1]!.text),
          ),
        },
      ];
    const carries = isCarried(sentence, sources.flat(), tokenize);
    return [{ start, end, cited, verdict: carries ? "carried" : "unclear" }];
  });
}

/** The source's words in its own capitals. */
function asWritten(says: string, texts: readonly string[]): string {
  for (const text of texts.map((text) => text.normalize("NFKC"))) {
    const at = text.toLowerCase().indexOf(says);
    if (at >= 0) return text.slice(at, at + says.length);
  }
  return says;
}

/** The numbers in [1], [2, 3] or 【4】, each once, in rising order. */
export function citedIn(text: string): number[] {
  const lists = [...text.matchAll(new RegExp(MARK, "g"))].map(([mark]) => mark.slice(1, -1));
  return [...new Set(lists.flatMap((list) => list.split(/[,、，]/).map(Number)))].toSorted((a, b) => a - b);
}

/** Sentences outside code, each with the citations that stand behind its stop. */
function citingSentences(answer: string): Span[] {
  const code = [...answer.matchAll(/^```[^]*?(?:^```|$(?![^]))/gm)].map(({ index, 0: block }) => [
    index,
    index + block.length,
  ]);
  const spans: Span[] = [];
  for (const raw of sentencesIn(answer)) {
    const [behind = ""] = LEADING.exec(answer.slice(raw.start, raw.end)) ?? [];
    const before = spans.at(-1);
    if (behind && before) before.end = raw.start + behind.length;
    const from = behind && before ? raw.start + behind.length : raw.start;
    const span = trimSpan(answer, { start: from, end: raw.end });
    if (span.end > span.start) spans.push(span);
  }
  return spans.filter(({ start }) => !code.some(([from, to]) => start >= from! && start < to!));
}

/** Its words are there, and every name and number of it. */
function isCarried(sentence: string, parts: readonly Part[], tokenize: Tokenize): boolean {
  const { words, quantities, isNegated } = readPart(sentence, tokenize);
  const there = new Set(parts.flatMap((part) => [...part.words]));
  const values = new Set(parts.flatMap((part) => part.quantities.map(({ value }) => value)));
  const isSigned = !isNegated || parts.some((part) => part.isNegated);
  return isSigned && quantities.every(({ value }) => values.has(value)) && overlap(words, there) >= CARRIES;
}
