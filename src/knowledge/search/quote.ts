// Finds the sentences of a passage that speak to a question, to rank and to quote it.

import type { Passage } from "../../core/knowledge.ts";
import { blocksOfChunk, type Block } from "../ingest/chunk.ts";
import { sentencesIn, trimSpan, type Span } from "../../core/sentences.ts";
import type { Tokenize } from "./tokens.ts";

/** A question's terms with their idf. */
export type TermWeights = ReadonlyMap<string, number>;

interface Sentence extends Span {
  /** The question's terms that it has. */
  covers: ReadonlySet<string>;
  kind: Block["kind"];
}

/** UTF-16 units. A quote grows by whole sentences up to this; one longer sentence stays whole. */
const LONGEST_QUOTE = 240;
/** A further sentence is quoted only for at least this share of the question's idf. */
const WORTH_ADDING = 0.1;
/** What a line of code is worth of a sentence: an example's made-up question or answer says nothing of the world. */
const CODE = 0.5;

/** The passage's sentences without the white space around them, by offsets into the document. */
function readSentences({ text, start }: Passage, question: TermWeights, tokenize: Tokenize): Sentence[] {
  const blocks = blocksOfChunk(text);
  return sentencesIn(text)
    .map((span) => trimSpan(text, span))
    .filter((span) => span.end > span.start)
    .map((span) => ({
      start: start + span.start,
      end: start + span.end,
      covers: common(tokenize(text.slice(span.start, span.end), "passage").terms, question),
      kind: blocks.findLast((block) => block.start <= span.start)?.kind ?? "prose",
    }));
}

export interface Best {
  quote: Span;
  /** The question's idf that the best single sentence covers together with the title and headings above it. */
  coverage: number;
  /** Whether a sentence says what the question asks the meaning of. */
  isDefined: boolean;
}

/** Headings, code and tables rank their passage but are not quoted, unless there is nothing else. */
export function bestSentences(
  passage: Passage,
  question: TermWeights,
  tokenize: Tokenize,
  wantsDefinition = false,
): Best {
  const sentences = readSentences(passage, question, tokenize);
  const titled = common(tokenize([passage.title, ...passage.headings].join("\n"), "passage").terms, question);
  const above = idfOf(titled, question);
  const coverage = Math.max(
    0,
    ...sentences.map(({ covers, kind }) => above + worthOf(kind) * (idfOf([...covers, ...titled], question) - above)),
  );
  const prose = sentences.filter((sentence) => isProse(passage, sentence));
  const quotable = prose.length ? prose : sentences;
  const scores = quotable.map(({ covers }) => idfOf(covers, question));
  const textOf = ({ start, end }: Span) => passage.text.slice(start - passage.start, end - passage.start);
  const definition = wantsDefinition ? prose.findIndex((each) => defines(textOf(each), question, tokenize)) : -1;
  const first = definition >= 0 ? definition : Math.max(0, scores.indexOf(Math.max(...scores)));
  return { quote: grow(passage, quotable, first, question), coverage, isDefined: definition >= 0 };
}

/** Takes in the sentence before or after while it answers more of the question and the quote stays short. */
function grow(passage: Passage, sentences: readonly Sentence[], first: number, question: TermWeights): Span {
  let [from, to] = [first, first];
  let covered: ReadonlySet<string> = sentences[first]?.covers ?? new Set();
  const worth = WORTH_ADDING * idfOf(question.keys(), question);
  for (;;) {
    const gains = [from - 1, to + 1].flatMap((at) => {
      const sentence = sentences[at];
      const [before, after] = at < from ? [sentence, sentences[from]] : [sentences[to], sentence];
      if (!sentence || !before || !after || !touch(passage, before, after)) return [];
      const length = Math.max(sentence.end, sentences[to]!.end) - Math.min(sentence.start, sentences[from]!.start);
      const gain = idfOf(
        [...sentence.covers].filter((term) => !covered.has(term)),
        question,
      );
      return length <= LONGEST_QUOTE && gain >= worth && gain > 0 ? [{ at, gain, sentence }] : [];
    });
    const [best] = gains.toSorted((a, b) => b.gain - a.gain);
    if (!best) break;
    covered = new Set([...covered, ...best.sentence.covers]);
    if (best.at < from) from = best.at;
    else to = best.at;
  }
  return { start: sentences[from]?.start ?? 0, end: sentences[to]?.end ?? 0 };
}

function common(terms: readonly string[], question: TermWeights): ReadonlySet<string> {
  return new Set(terms.filter((term) => question.has(term)));
}

function idfOf(terms: Iterable<string>, question: TermWeights): number {
  let sum = 0;
  for (const term of new Set(terms)) sum += question.get(term) ?? 0;
  return sum;
}

function worthOf(kind: Block["kind"]): number {
  return kind === "code" ? CODE : 1;
}

function isProse({ headings, text, start }: Passage, sentence: Sentence): boolean {
  const [from, to] = [sentence.start - start, sentence.end - start];
  const words = text.slice(from, to).replace(/^#+\s*|\s*#*$/g, "");
  // A heading may be two sentences: "What is it? And why?"
  const isHeading = headings.some((heading) => heading.includes(words)) && /^#/m.test(lineAt(text, from));
  return !isHeading && !headings.includes(words) && sentence.kind === "prose";
}

function lineAt(text: string, at: number): string {
  return text.slice(text.lastIndexOf("\n", at - 1) + 1, at + 1);
}

/** Nothing but white space lies between them. */
function touch({ text, start }: Passage, before: Span, after: Span): boolean {
  return text.slice(before.end - start, after.start - start).trim() === "";
}

const ASKS =
  /^\W*(?:what(?:'s|’s|\s+is|\s+are|\s+does)|define|explain)\b|什麼是|甚麼是|是什麼|是甚麼|是啥|何謂|什麼意思|的定義/i;
/** Where a sentence turns from its subject to what it says of it. */
const TURN = /\s(?:is|are|means|refers\s+to|stands\s+for)\s|(?:是指|是|指的是|意指|即為)/;
const ASIDE = /\([^)]*\)|（[^）]*）/g;
/** A subject may bring an article or a qualifier of its own, and no more. */
const MOST_BESIDES = 2;

export function asksForDefinition(question: string): boolean {
  return ASKS.test(question);
}

/** Whether the sentence's subject is what the question asks about, all of it and little else. */
export function defines(sentence: string, question: ReadonlyMap<string, number>, tokenize: Tokenize): boolean {
  const turn = TURN.exec(sentence);
  if (!turn) return false;
  const subject = sentence.slice(0, turn.index);
  const [plain, whole] = [subject.replace(ASIDE, ""), subject].map((text) => new Set(tokenize(text, "passage").terms));
  const isNamed = [...question.keys()].every((term) => whole?.has(term));
  return isNamed && [...(plain ?? [])].filter((term) => !question.has(term)).length <= MOST_BESIDES;
}
