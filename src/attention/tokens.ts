// Groups pieces into words: people read words, models read pieces.

import type { Piece } from "./model.ts";

/** What one row and one column of a grid stand for: a word, or a single piece. */
export interface Token {
  /** Safe to print; never empty. */
  text: string;
  unknown: boolean;
  special: boolean;
  /** Which pieces it is made of, in order. */
  pieces: readonly number[];
}

const MARKS_ONLY = /^[\p{P}\p{S}]+$/u;
/** Direction marks, zero-width characters and other things without a shape, save the joiner that holds emoji together. */
const SHAPELESS = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\u2028\u2029]/gu;
const JOINER = "\u200D";

export function isMark(text: string): boolean {
  return MARKS_ONLY.test(text);
}

export function tokensOfPieces(pieces: readonly Piece[]): Token[] {
  return pieces.map(({ text, unknown, special }, i) => ({ text: printable(text), unknown, special, pieces: [i] }));
}

/** Whole words; the pieces themselves where one word swallows most of the text and there would be nothing to see. */
export function tokensOfWords(pieces: readonly Piece[]): { tokens: Token[]; swallowed: boolean } {
  const groups: number[][] = [];
  pieces.forEach((_, i) => {
    const last = groups.at(-1);
    if (last && belongs(pieces, last, i)) last.push(i);
    else groups.push([i]);
  });
  const longest = groups.reduce((most, { length }) => Math.max(most, length), 0);
  if (longest > 3 && longest > pieces.length / 2) return { tokens: tokensOfPieces(pieces), swallowed: true };
  return { tokens: groups.map((group) => join(pieces, group)), swallowed: false };
}

/** Whether piece `i` goes on with the word of the pieces before it. */
function belongs(pieces: readonly Piece[], word: readonly number[], i: number): boolean {
  const { text, startsWord, special } = pieces[i]!;
  const before = pieces[word.at(-1)!]!;
  if (before.text === "" && !before.special) return !special;
  return !startsWord && !special && !before.special && isMark(text) === isMark(before.text);
}

function join(pieces: readonly Piece[], group: readonly number[]): Token {
  const parts = group.map((i) => pieces[i]!);
  return {
    text: printable(parts.map(({ text }) => text).join("")),
    unknown: parts.some(({ unknown }) => unknown),
    special: parts[0]!.special,
    pieces: group,
  };
}

/** One line without back-ticks, which would end the code block, and without characters that have no shape. */
export function printable(text: string): string {
  const shown = text
    .replace(/\s+/gu, " ")
    .replace(SHAPELESS, (character) => (character === JOINER ? character : ""))
    .replaceAll("`", "'")
    .trim();
  return shown.replaceAll(JOINER, "") === "" ? "_" : shown;
}
