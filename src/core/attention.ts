// Defines what can be asked about attention and what the answer holds; src/attention implements it.

import { z } from "zod";
import type { Language } from "./language.ts";
import type { Picture } from "./reply.ts";

/** The ways to look at one sentence. */
export const View = z.enum(["overview", "head", "token", "steps", "heads", "rollout", "pieces", "guide"]);
export type View = z.infer<typeof View>;

/** A calculation small enough for paper. Rows of a matrix are parted by ";", numbers by ",". */
export interface Toy {
  /** "cat=0.1,0.3 sat=0.5,0.7"; empty for the primer's own example. */
  embeddings: string;
  /** [embedding, head] matrices; the identity where left out. */
  wq?: string;
  wk?: string;
  wv?: string;
  /** Whether a token sees only itself and what stands before it. */
  causal?: boolean;
}

export interface AttentionRequest {
  /** Empty for an example. */
  text: string;
  language: Language;
  view?: View;
  /** Counted from 0, as L0H0 in the views. The most telling head where left out. */
  layer?: number;
  head?: number;
  /** A word of the text; its letter in the views; or "#" and the place of one of its pieces, counted from 0. */
  token?: string;
  /** Pieces of the tokenizer instead of words. */
  pieces?: boolean;
  /** Leaves the first token out and shares its weight among the others: for decoders, which park attention there. */
  withoutFirst?: boolean;
  picture?: "png" | "svg";
  /** A model's name or folder; the bundled one where left out. */
  model?: string;
  /** Works a small calculation through in place of a sentence. */
  toy?: Toy;
}

/** Where a walk may go. */
export interface Choices {
  layers: number;
  /** Of the layer that was shown. */
  heads: number;
  /** Each token's text, its letter in the views, and the place of its first piece, which words and pieces share. */
  tokens: readonly { text: string; letter: string; piece: number }[];
  /** Whether tokens look back only, and so park attention on the first one. */
  causal: boolean;
}

export interface Explanation {
  view: View | "toy";
  /** What was seen, in one sentence of Markdown; for the guide, the whole text. */
  reading: string;
  /** Plain text for a code block, at most 42 columns wide; may be empty. */
  text: string;
  /** Small print: what was cut, and what the model cannot do. */
  notes: readonly string[];
  picture?: Picture;
  /** The likeliest next pieces, from a model with a language-model head. Probabilities are 0..1. */
  next?: readonly { text: string; probability: number }[];
  /** What was shown, and so where a walk goes on from; `token` is a place in `choices.tokens`. */
  at: { layer: number; head: number; token: number; pieces: boolean };
  choices: Choices;
}

export interface Attention {
  /**
   * Reply, note and text together fit one message of 2,000 characters. Repeating a request with another view computes
   * nothing anew. Throws BotError "usage" where the text cannot be shown, "unavailable" or "timeout" where the model
   * cannot be run, and the signal's reason when it is aborted.
   */
  explain(request: AttentionRequest, signal: AbortSignal): Promise<Explanation>;
  /** A vector of 512 numbers, of length 1, for an English text of about 480 characters; what is beyond is not read. */
  embed(text: string, signal: AbortSignal): Promise<Float32Array>;
  close(): Promise<void>;
}
