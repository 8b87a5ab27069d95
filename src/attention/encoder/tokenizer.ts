// Splits text into the bundled encoder's pieces: SentencePiece's unigram model, searched by Viterbi.

import type { Piece } from "../model.ts";

const WORD_MARK = "▁";
/** The first entries of the vocabulary are marks, not text; entry 0 stands for everything unknown. */
const RESERVED = 6;
/** SentencePiece charges an unknown character this much more than its rarest piece. */
const UNKNOWN_PENALTY = 10;
/** Nine pieces that hold ":" come with a score of null, 0 or 30 and would always win; this is near their frequency. */
const MENDED_SCORE = -7;
const BLANK = /[\p{Cc}\p{Zs}\p{Zl}\p{Zp}]+/gu;
const INVISIBLE = /[\u200B-\u200F\u202A-\u202E\u2060\uFEFF]/gu;

/** A best way to reach a position: the piece that ends there, and where it began. */
interface Step {
  score: number;
  from: number;
  id: number;
}

export type Vocabulary = readonly (readonly [piece: string, score: number | null])[];

export class Tokenizer {
  readonly #ids = new Map<string, number>();
  readonly #scores: readonly number[];
  readonly #longest: number;
  readonly #unknownScore: number;

  constructor(vocabulary: Vocabulary) {
    this.#scores = vocabulary.map(([, score]) => (score !== null && score < 0 ? score : MENDED_SCORE));
    vocabulary.slice(RESERVED).forEach(([piece], i) => this.#ids.set(piece, i + RESERVED));
    this.#longest = vocabulary.reduce((most, [piece]) => Math.max(most, piece.length), 1);
    this.#unknownScore = this.#scores.slice(RESERVED).reduce((a, b) => Math.min(a, b), 0) - UNKNOWN_PENALTY;
  }

  /** Time grows with the text's length times the longest piece's. */
  tokenize(text: string): Piece[] {
    const characters = Array.from(normalize(text));
    const steps = this.#search(characters);
    const pieces: Piece[] = [];
    for (let end = characters.length; end > 0; end = steps[end]!.from) {
      const { from, id } = steps[end]!;
      const spelled = characters.slice(from, end).join("");
      const last = pieces.at(-1);
      // A run of unknown characters is one unknown piece, as in SentencePiece.
      if (id === 0 && last?.id === 0 && !last.startsWord) pieces.pop();
      const tail = id === 0 && last?.id === 0 && !last.startsWord ? last.text : "";
      pieces.push(toPiece(spelled, tail, id));
    }
    return pieces.toReversed();
  }

  #search(characters: readonly string[]): Step[] {
    const steps: Step[] = characters.map(() => ({ score: -Infinity, from: 0, id: 0 }));
    steps.unshift({ score: 0, from: 0, id: 0 });
    for (let start = 0; start < characters.length; start++) {
      const { score } = steps[start]!;
      let spelled = "";
      for (let end = start + 1; end <= characters.length && spelled.length < this.#longest; end++) {
        spelled += characters[end - 1]!;
        const id = this.#ids.get(spelled);
        const cost = id === undefined ? this.#unknownScore : this.#scores[id]!;
        if (id === undefined && end > start + 1) continue;
        if (score + cost > steps[end]!.score) steps[end] = { score: score + cost, from: start, id: id ?? 0 };
      }
    }
    return steps;
  }
}

function toPiece(spelled: string, tail: string, id: number): Piece {
  const startsWord = spelled.startsWith(WORD_MARK);
  const text = spelled.replaceAll(WORD_MARK, "") + tail;
  return { text, id, unknown: id === 0, startsWord, special: false };
}

/** Compatibility forms become plain, every blank one space, and each word begins with the word mark. */
function normalize(text: string): string {
  const plain = text.normalize("NFKC").replace(BLANK, " ").replace(INVISIBLE, "").trim();
  return plain && WORD_MARK + plain.replaceAll(" ", WORD_MARK);
}
