// What every view reads: a sentence cut into pieces, and where each head of each layer looked. Any model that can say this fits.

import type { Language, Phrase } from "../core/language.ts";

export interface Piece {
  /** As the tokenizer spells it, its word mark removed. */
  text: string;
  id: number;
  /** Outside the vocabulary: the model saw "something", not this text. */
  unknown: boolean;
  /** Whether a word begins here. */
  startsWord: boolean;
  /** A mark of the model's own, such as [CLS]; it stands for no text. */
  special: boolean;
}

/** One row of numbers per piece, row after row. */
export interface Layer {
  heads: number;
  /** [heads, pieces, pieces]: how much the row's piece looks at the column's; every row sums to 1. */
  weights: Float32Array;
  working?: Working;
}

/** The numbers on the way to a layer's weights. `width` below is heads x headWidth. */
export interface Working {
  headWidth: number;
  /** [pieces, inputWidth]: what the projections read, after the layer's normalisation. */
  input: Float32Array;
  inputWidth: number;
  /** [pieces, width] each, before any scaling. */
  q: Float32Array;
  k: Float32Array;
  v: Float32Array;
  /** [heads, pieces, pieces]: q.k / sqrt(headWidth), before the softmax. */
  scores: Float32Array;
  /** [pieces, width]: weights x v. */
  context: Float32Array;
}

export interface Trace {
  pieces: readonly Piece[];
  /** How many pieces at the end the model did not read. */
  cut: number;
  /** Whether a piece can only look back. */
  causal: boolean;
  layers: readonly Layer[];
  /** [pieces, width]: the embedding table's rows, where the model shows them. */
  embedding?: { width: number; rows: Float32Array };
  /** One vector of length 1 for the whole text, where the model makes one. */
  vector?: Float32Array;
  /** The likeliest next pieces, where the model has a language-model head. Probabilities are 0..1. */
  next?: readonly { text: string; probability: number }[];
}

export interface AttentionModel {
  /** As a person types it. */
  readonly name: string;
  /** What it is and what it cannot do, in a sentence. */
  readonly limits: Phrase;
  /** The languages that its vocabulary is known to lack. */
  readonly lacks: readonly Language[];
  /** Throws BotError; throws the signal's reason when it is aborted. */
  trace(text: string, signal: AbortSignal): Promise<Trace>;
  close(): Promise<void>;
}
