// Answers without any language model: the documents' own sentences, quoted, each with its passage's number beside it, and how to get more.

import type { Hit } from "../core/knowledge.ts";
import { LANGUAGES, Language, oneOf, type Phrase } from "../core/language.ts";
import type { ModelConnection, Model, ModelEvent, Prompt } from "../core/model.ts";
import { codeBlocks, readLine } from "../core/markdown.ts";
import { sentencesIn, type Span } from "../core/sentences.ts";
import { clip } from "../core/text.ts";

const NAME = "quotes";

/** `missing` are the variables that would bring a language model; none where one is there already. */
export function createExtractive(missing: readonly string[]): ModelConnection {
  const model: Model = {
    name: `extractive/${NAME}`,
    // It holds nothing in mind, so nothing is too long for it; a bound keeps callers' sums finite.
    contextWindow: 1_000_000,
    isGenerative: false,
    generate: (prompt, signal) => generate(prompt, missing, signal),
  };
  return { models: [NAME], model: () => model };
}

type Paragraph = Pick<Extract<ModelEvent, { type: "text" }>, "text" | "quotes">;

async function* generate(prompt: Prompt, missing: readonly string[], signal: AbortSignal): AsyncGenerator<ModelEvent> {
  const quotes = pickQuotes(prompt.passages, prompt.language);
  const paragraphs: Paragraph[] = [
    { text: opening(quotes.length > 0, missing.length > 0)[prompt.language] },
    ...quotes.map(({ number, text }) => ({ text: `> ${text.replaceAll("\n", "\n> ")}`, quotes: number })),
    ...(missing.length ? [{ text: closing(missing)[prompt.language] }] : []),
  ];
  for (const [index, { text, ...rest }] of paragraphs.entries()) {
    signal.throwIfAborted();
    yield { type: "text", text: index ? `\n\n${text}` : text, ...rest };
  }
  yield { type: "usage", input: 0, output: 0 };
  yield { type: "stop", reason: "end" };
}

function opening(found: boolean, alone: boolean): Phrase {
  if (!alone && found) return { en: "In the documents' own words:", "zh-TW": "文件的原文是這樣寫的：" };
  if (!alone) {
    return { en: "I found no passage to quote for this.", "zh-TW": "我找不到可以引用的段落。" };
  }
  if (found) {
    return {
      en: "No language model is configured, so here is what the documents say:",
      "zh-TW": "目前沒有設定語言模型，以下直接引用文件原文：",
    };
  }
  return {
    en: "No language model is configured, and I found no passage to quote for this.",
    "zh-TW": "目前沒有設定語言模型，我也找不到可以引用的段落。",
  };
}

function closing(variables: readonly string[]): Phrase {
  return {
    en: `Set ${oneOf(variables).en} for written answers.`,
    "zh-TW": `只要設定 ${oneOf(variables)["zh-TW"]}，就能得到整理過的回答。`,
  };
}

export interface Quote {
  /** The passage's number, as it is cited. */
  number: number;
  /** Whole sentences of the document, on one line or, for lists, several. */
  text: string;
}

const MOST_QUOTES = 3;
const LONGEST_QUOTE = 400;
/** Weaker hits than this part of the best one's score are more noise than answer. */
const WEAKEST = 0.4;
/** High, for rules that differ in one word only are two rules; in a number or a "not", they always are. */
const SAME = 0.85;

/** The best first. Passages in the person's language go before all others. */
export function pickQuotes(passages: readonly Hit[], language: Language): readonly Quote[] {
  const best = Math.max(...passages.map(({ score }) => score));
  const quotes = passages
    .map((hit, index) => ({ number: index + 1, score: hit.score, text: quoteOf(hit) }))
    .filter(({ score, text }) => text && score >= best * WEAKEST);
  const native = quotes.filter(({ text }) => mostlyIn(text) === language);
  const chosen: Quote[] = [];
  for (const { number, text } of native.length ? native : quotes) {
    if (chosen.length === MOST_QUOTES) break;
    if (!chosen.some((earlier) => alike(earlier.text, text))) chosen.push({ number, text });
  }
  return chosen;
}

function quoteOf({ text, start, quote }: Hit): string {
  return fitSentences(tidy(wholeSentences(text, quote.start - start, quote.end - start)));
}

/** The span, widened to the sentences it touches. */
function wholeSentences(text: string, from: number, to: number): string {
  const touched = sentencesAndBlocks(text).filter(({ start, end }) => start < to && end > from);
  return text.slice(touched[0]?.start ?? 0, touched.at(-1)?.end ?? 0);
}

/** A line break inside a paragraph ends no sentence; one before a list item, a heading or a table row does. */
const SOFT_BREAK = /\n(?!\s*(?:\n|[-*+#>|]|\d+[.)]))/g;

/** Sentences, and blocks of code as one sentence each: half a block would spill over what follows it. */
function sentencesAndBlocks(text: string): readonly Span[] {
  const blocks = codeBlocks(text).filter(({ isClosed }) => isClosed);
  return sentencesIn(text.replace(SOFT_BREAK, " ")).map((sentence) => {
    const touched = blocks.filter(({ start, end }) => start < sentence.end && end > sentence.start);
    return {
      start: Math.min(sentence.start, ...touched.map(({ start }) => start)),
      end: Math.max(sentence.end, ...touched.map(({ end }) => end)),
    };
  });
}

const HEADING = /^[ \t]*#{1,6}[ \t].*$/m;
const LINE_OF_ITS_OWN = /^(?:[-*+>|]|\d+[.)]\s)/;
/** Where Chinese is wrapped, the line break stands for nothing. */
const UNSPACED = /[\p{Script=Han}，。、；：！？」』）]$/u;

/** Every word as it is written. Prose on one line, lists and tables line by line, code as it is. */
function tidy(text: string): string {
  const blocks = codeBlocks(text).filter(({ isClosed }) => isClosed);
  const parts = blocks.flatMap(({ start, end }, i) => [
    prose(text.slice(blocks[i - 1]?.end ?? 0, start)),
    text.slice(start, end),
  ]);
  return [...parts, prose(text.slice(blocks.at(-1)?.end ?? 0))].filter(Boolean).join("\n");
}

/** Without headings and the fences of half a block; what stood on two sides of a heading is never one line. */
function prose(text: string): string {
  return text
    .split(HEADING)
    .map((part) => {
      const lines = part.split("\n").map((line) => line.trim().replace(/\s+/g, " "));
      return lines
        .filter((line) => line && readLine(line).role !== "opens")
        .reduce((before, line) => before + joint(before, line) + line, "");
    })
    .filter(Boolean)
    .join("\n");
}

function joint(before: string, line: string): string {
  if (!before) return "";
  if (LINE_OF_ITS_OWN.test(line)) return "\n";
  return UNSPACED.test(before) ? "" : " ";
}

/** As many whole sentences as fit; a longer one is cut with a mark. */
function fitSentences(text: string): string {
  if (text.length <= LONGEST_QUOTE) return text;
  const fitting = sentencesAndBlocks(text).findLast(({ end }) => end <= LONGEST_QUOTE);
  return fitting ? text.slice(0, fitting.end).trim() : clip(text, LONGEST_QUOTE);
}

/** Unlike a typed question, a quote may be English that mentions a Chinese word, so the letters are counted. */
function mostlyIn(text: string): Language {
  const amounts = Language.options.map((language) => ({ language, amount: amountOf(language, text) }));
  return amounts.reduce((most, each) => (each.amount > most.amount ? each : most)).language;
}

/** Letters of a script that is read letter by letter, words of one that has spaces. */
function amountOf(language: Language, text: string): number {
  const { letter, isDistinctive } = LANGUAGES[language];
  return text.match(new RegExp(`${letter.source}${isDistinctive ? "" : "+"}`, "gu"))?.length ?? 0;
}

const NUMBER = /\p{N}+(?:[.,:/]\p{N}+)*|[零一二兩三四五六七八九十百千萬半]+(?=\p{Script=Han})/gu;
/** Words that turn a sentence round. */
const TURN = /\b(?:not?|never|none|cannot|without|unless|except)\b|n['’]t\b|[不沒無未非勿]|禁止|除外/gu;

/** Whether the shorter text's numbers and nearly all its pairs of characters are in the longer one, as often turned round. */
function alike(a: string, b: string): boolean {
  const texts = [a, b].map((text) => text.normalize("NFKC").toLowerCase());
  const [few, many] = texts.map(tell).sort((left, right) => left.pairs.size - right.pairs.size);
  if (!few?.pairs.size || !many) return true;
  if (few.turns !== many.turns || few.numbers.some((number) => !many.numbers.includes(number))) return false;
  return [...few.pairs].filter((pair) => many.pairs.has(pair)).length / few.pairs.size >= SAME;
}

function tell(text: string) {
  const numbers: readonly string[] = text.match(NUMBER) ?? [];
  return { pairs: pairsOf(text), numbers, turns: text.match(TURN)?.length ?? 0 };
}

function pairsOf(text: string): ReadonlySet<string> {
  const letters = text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  return new Set(Array.from(letters, (_, index) => letters.slice(index, index + 2)).slice(0, -1));
}
