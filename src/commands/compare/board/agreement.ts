// Where answers agree, and what only one of them says, sentence by sentence.

import { compareByWords } from "./similarity.ts";

export interface Agreement {
  /** [answers, answers], 0..1, symmetric, 1 on the diagonal. */
  matrix: readonly (readonly number[])[];
  /** Sentences of one answer that no other answer comes near, the loneliest first. */
  alone: readonly { answer: number; sentence: string }[];
}

/** A sentence stands alone when its nearest in any other answer is less alike than this. */
const LONELY = 0.15;
/** Shorter ones are headings and phrases of courtesy. */
const SHORTEST = 12;
const MOST_ALONE = 2;
/** Sentences that are compared of one answer; the rest of a very long one is left out. */
const MOST_SENTENCES = 120;

/**
 * Takes answers without their citations. Two agree as far as each sentence of one has its like in the other: the mean of the best likenesses, taken
 * from both sides and joined as their harmonic mean, so that a short answer is not "in agreement" with every long one.
 */
export function agree(answers: readonly string[]): Agreement {
  const sentences = answers.map((answer) => sentencesOf(answer).slice(0, MOST_SENTENCES));
  const compare = compareByWords(sentences.flat());
  const begin = sentences.map((_, i) => sentences.slice(0, i).reduce((sum, { length }) => sum + length, 0));
  const nearest = (answer: number, sentence: number, other: number) =>
    Math.max(0, ...sentences[other]!.map((_, i) => compare(begin[answer]! + sentence, begin[other]! + i)));
  const covered = (answer: number, other: number) =>
    mean(sentences[answer]!.map((_, sentence) => nearest(answer, sentence, other)));
  const others = (answer: number) => answers.map((_, i) => i).filter((i) => i !== answer);
  return {
    matrix: answers.map((_, i) => answers.map((_, j) => (i === j ? 1 : harmonic(covered(i, j), covered(j, i))))),
    alone: sentences.flatMap((list, answer) =>
      list
        .map((sentence, i) => ({
          sentence,
          answer,
          near: Math.max(...others(answer).map((other) => nearest(answer, i, other))),
        }))
        .filter(({ sentence, near }) => near < LONELY && [...sentence].length >= SHORTEST)
        .filter(({ sentence }, i, list) => list.findIndex((each) => each.sentence === sentence) === i)
        .toSorted((a, b) => a.near - b.near)
        .slice(0, MOST_ALONE)
        .map(({ sentence }) => ({ answer, sentence })),
    ),
  };
}

const ENDING = /(?<=[。！？])|(?<=[.!?][”"')\]]?)\s+|\n+/u;
/** What Markdown puts before a line, and marks of emphasis: they say nothing of their own. */
const BEFORE_LINE = /^[\s>#*+-]+(?=\s|$)|^\s*\d+[.)]\s+/gm;
const EMPHASIS = /[*_`]+/g;

/** Sentences without emphasis; code is left out. */
export function sentencesOf(text: string): readonly string[] {
  return text
    .replace(/```[^]*?(?:```|$)/g, "\n")
    .replace(BEFORE_LINE, "\n")
    .split(ENDING)
    .map((part) => part.replace(EMPHASIS, "").replace(/\s+/g, " ").trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;
}

function harmonic(a: number, b: number): number {
  return a + b === 0 ? 0 : (2 * a * b) / (a + b);
}

/** The matrix as the attention views draw theirs: tenths, "." below a twentieth, "#" from nineteen twentieths. */
export function drawAgreement({ matrix }: Agreement, letters: readonly string[]): string {
  const rows = matrix.map((row, i) => [letters[i], ...row.map(tenth)].join(" "));
  return [` ${letters.map((letter) => ` ${letter}`).join("")}`, ...rows].join("\n");
}

function tenth(value: number): string {
  if (value < 0.05) return ".";
  return value >= 0.95 ? "#" : String(Math.round(value * 10));
}
