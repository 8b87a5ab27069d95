// Draws what is shown with the names: differences, the judge's verdict, figures side by side.

import { sentencesIn } from "../../core/sentences.ts";
import * as phrases from "./messages.ts";
import { withoutMarks } from "../../core/citations.ts";
import type { Language, Phrase } from "../../core/language.ts";
import { fenced, plainWords } from "../../core/markdown.ts";
import { clip, oneLine } from "../../core/text.ts";
import type { Reply, Table } from "../../core/reply.ts";
import { isDeclined, isVotable } from "../../core/run-model.ts";
import { marksOf, sayIn, type Board, type Say, costIn } from "./board-state.ts";
import { RUBRIC } from "./judge.ts";
import { LETTERS } from "./order.ts";
import type { Ballot } from "./records.ts";
import { seconds } from "../../core/figures.ts";
import { tally } from "./votes.ts";
import { failureWords } from "../../core/failure-words.ts";

export function* drawReveal(board: Board): Generator<Reply> {
  const { question, ballot, outcomes } = board;
  const say = sayIn(question);
  yield* drawDifferences(board);
  yield* drawVerdict(board);
  yield { type: "table", table: drawTable(board, say) };
  const days = [...new Set(outcomes.flatMap(({ cost, pricedAt }) => (cost && pricedAt ? [pricedAt] : [])))];
  if (days.length > 0) yield { type: "note", text: say(phrases.pricesOf(days.toSorted())) };
  if (question.unsampled.length > 0) yield { type: "note", text: say(phrases.noTemperature(question.unsampled)) };
  if (question.thinking.length > 0) yield { type: "note", text: say(phrases.thinksFirst(question.thinking)) };
  if (ballot) yield { type: "note", text: say(drawTally(ballot)) };
}

function* drawDifferences({ question, outcomes, passages }: Board): Generator<Reply> {
  const told = outcomes.flatMap((outcome, i) => {
    const text = withoutMarks(outcome.text, marksOf(outcome, passages));
    return text.trim() && !isDeclined(outcome) ? [{ text, i }] : [];
  });
  if (told.length < 2) return;
  const say = sayIn(question);
  const agreement = agree(told.map(({ text }) => text));
  const letters = told.map(({ i }) => LETTERS[i]!);
  const alone = agreement.alone.map(({ answer, sentence }) =>
    say(phrases.onlySays(letters[answer]!, clip(sentence, LONGEST_SENTENCE))),
  );
  const grid = fenced(drawAgreement(agreement, letters));
  yield { type: "text", section: say(phrases.DIFFERENCES), text: [grid, ...alone].join("\n") };
}

function* drawVerdict({ question, verdict, outcomes }: Board): Generator<Reply> {
  if (!verdict) return;
  const say = sayIn(question);
  const section = `${say(phrases.JUDGE)} · ${question.judge ?? ""}`;
  if (verdict === "unreadable") return yield { type: "text", section, text: say(phrases.JUDGE_UNREADABLE) };
  if ("failed" in verdict)
    return yield { type: "text", section, text: say(phrases.noVerdict(failureWords(verdict.failed))) };
  const voted = outcomes.filter(isVotable).length;
  const lines = [say(phrases.judgedBest(verdict.best, voted)), say(phrases.pairwise(verdict.over, verdict.ties))];
  yield { type: "text", section, text: [...lines, verdict.why && `> ${verdict.why}`].filter(Boolean).join("\n") };
  yield { type: "note", section, text: say(RUBRIC) };
  if (question.judge && question.models.includes(question.judge))
    yield { type: "note", section, text: say(phrases.JUDGE_PLAYS) };
}

/** Of a sentence that only one answer holds, UTF-16 units. */
const LONGEST_SENTENCE = 200;
const COLUMNS: readonly Phrase[] = [
  { en: "", "zh-TW": "" },
  { en: "Model", "zh-TW": "模型" },
  { en: "Time", "zh-TW": "時間" },
  { en: "Tokens", "zh-TW": "Token" },
  { en: "Cost", "zh-TW": "費用" },
];

function drawTable({ question, outcomes }: Board, say: Say): Table {
  const rows = outcomes.map((outcome, i) => [
    LETTERS[i]!,
    question.models[i]!,
    seconds(outcome.total),
    outcome.usage ? String(outcome.usage.output) : "–",
    say(costIn(outcome)),
  ]);
  return { columns: COLUMNS.map(say), rows };
}

function drawTally(ballot: Ballot): Phrase {
  const counts = tally(ballot);
  const list = (name: (choice: string) => string) =>
    [...ballot.letters, "tie", "bad"].map((choice) => `${name(choice)} ${counts.get(choice) ?? 0}`).join(" · ");
  const named = (language: Language) => (choice: string) => {
    if (choice === "tie") return phrases.TIE[language];
    return choice === "bad" ? phrases.BAD[language] : choice;
  };
  return { en: `Votes: ${list(named("en"))}`, "zh-TW": `票數：${list(named("zh-TW"))}` };
}

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
  const sentences = answers.map((answer) => plainSentences(answer).slice(0, MOST_SENTENCES));
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

/** Sentences without emphasis; code is left out. */
export function plainSentences(text: string): readonly string[] {
  const prose = plainWords(text);
  return sentencesIn(prose)
    .map(({ start, end }) => oneLine(prose.slice(start, end)))
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

/** Words of Latin, Greek, Cyrillic, ... writing, and runs of Han, which are cut into characters and pairs of them. */
const WORD = /\p{Script=Han}+|[\p{L}\p{N}]+(?:['’.-][\p{L}\p{N}]+)*/gu;
const HAN = /\p{Script=Han}/u;

/** Compares two sentences by their place in the list they were given in: 0 is nothing in common, 1 is the same. */
export type Likeness = (first: number, second: number) => number;

/**
 * Cosine of the sentences' terms, each weighted by ln(1 + n / df) among the n sentences: a word that every sentence
 * holds says little about any two of them.
 *
 * Not by vectors: the bundled encoder tells paraphrases (.45 to .56) from what is unrelated (.16 to .20) where words
 * see neither (below .05), but it finds contradictions even more alike (.94 to 1, by words .70 to .87), knows English
 * alone, and would take seconds at every redraw of a long comparison.
 */
export function compareByWords(sentences: readonly string[]): Likeness {
  const terms = sentences.map((sentence) => new Set(termsOf(sentence)));
  const frequency = new Map<string, number>();
  for (const term of terms.flatMap((set) => [...set])) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  const weight = (term: string) => Math.log(1 + sentences.length / frequency.get(term)!) ** 2;
  const sum = (list: Iterable<string>) => [...list].reduce((total, term) => total + weight(term), 0);
  const norms = terms.map((set) => Math.sqrt(sum(set)));
  return (first, second) => {
    const product = norms[first]! * norms[second]!;
    const shared = [...terms[first]!].filter((term) => terms[second]!.has(term));
    return product === 0 ? 0 : Math.min(1, sum(shared) / product);
  };
}

function termsOf(sentence: string): readonly string[] {
  return [...sentence.toLowerCase().normalize("NFKC").matchAll(WORD)].flatMap(([word]) => {
    if (!HAN.test(word)) return [stem(word)];
    const characters = [...word];
    return [...characters, ...characters.slice(1).map((character, i) => characters[i]! + character)];
  });
}

/** Enough that "caches", "cached" and "cache" are one: plural and past lose their ending. */
function stem(word: string): string {
  return word.length > 4 ? word.replace(/(?:'s|es|ed|s|e)$/, "") : word;
}
