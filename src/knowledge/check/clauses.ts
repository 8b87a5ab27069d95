// Splits a text into the parts that can carry a statement: sentences, clauses, their words.

import { plainWords } from "../../core/markdown.ts";
import { sentencesIn } from "../../core/sentences.ts";
import type { Tokenize } from "../search/tokens.ts";
import { quantitiesIn, type Quantity } from "./numbers.ts";

export interface Part {
  text: string;
  /** Content words without numbers: pairs of Han characters, stems of the others. */
  words: ReadonlySet<string>;
  quantities: readonly Quantity[];
  isNegated: boolean;
}

const CLAUSE = /[，；;、()（）]|[,:](?!\d)|\s[–—-]\s|\b(?:and|but|while|whereas)\b/u;
const HAN = /\p{Script=Han}/u;
const NEGATION =
  /\b(?:not|no|never|cannot|nobody|none|neither|nor|without|forbidden|prohibited)\b|n't\b|不(?!僅|只|但|過|論|管|同|斷|久|少|超過|得不|是不)|[沒没](?!收)|[無无](?!論|限)|未(?!來|滿)|[非](?!常|洲)|勿|禁止|嚴禁/gu;
/** Where a second thought turns the first around, its sign says nothing. */
const TURNING =
  /\b(?:unless|except|only|until|other than|but|neither|nor|without)\b|除非|除外|除了|只有|僅|才|否則|但/u;

/** What a sentence without citations says, in a form that can be compared: no emphasis, no list marks. */
export function comparable(sentence: string): string {
  // A pair of marks may begin in another sentence.
  return plainWords(sentence.normalize("NFKC"))
    .toLowerCase()
    .replaceAll(/\*\*|`/g, "");
}

/** Sentences first, then the clauses of those that have more than one. */
export function partsOf(text: string, tokenize: Tokenize): Part[] {
  const plain = text.normalize("NFKC");
  // Only then in lower case: a capital tells where an English sentence begins.
  const sentences = sentencesIn(plain).map(({ start, end }) => plain.slice(start, end).trim().toLowerCase());
  return sentences.flatMap((sentence) => {
    const clauses = clausesOf(sentence);
    return [sentence, ...(clauses.length > 1 ? clauses : [])].map((each) => readPart(each, tokenize));
  });
}

export function clausesOf(sentence: string): string[] {
  return sentence
    .split(CLAUSE)
    .map((clause) => clause.trim())
    .filter((clause) => /[\p{L}\p{N}]/u.test(clause));
}

export function readPart(text: string, tokenize: Tokenize): Part {
  const quantities = quantitiesIn(text);
  const negations = text.match(NEGATION)?.length ?? 0;
  return {
    text,
    words: wordsOf(text, quantities, tokenize),
    quantities,
    isNegated: negations === 1,
  };
}

/** Whether a part's sign can be told at all: two negations, or a turn, cannot. */
export function hasPlainSign({ text }: Part): boolean {
  return (text.match(NEGATION)?.length ?? 0) <= 1 && !TURNING.test(text);
}

function wordsOf(text: string, quantities: readonly Quantity[], tokenize: Tokenize): ReadonlySet<string> {
  const spoken = quantities
    .toReversed()
    .reduce((rest, { start, end }) => `${rest.slice(0, start)} ${rest.slice(end)}`, text);
  const { terms } = tokenize(spoken.replace(NEGATION, " "), "passage");
  return new Set(terms.filter((term) => !/^\d/.test(term) && (!HAN.test(term) || term.length > 1)));
}

/** The share of the first one's words that the second has. */
export function overlap(words: ReadonlySet<string>, other: ReadonlySet<string>): number {
  return words.size === 0 ? 0 : shared(words, other) / words.size;
}

export function shared(words: ReadonlySet<string>, other: ReadonlySet<string>): number {
  return [...words].filter((word) => other.has(word)).length;
}
