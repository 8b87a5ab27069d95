// Made-up traces for the view tests: weights by rule or by chance, for any text and any number of layers and heads.

import type { Language } from "../../src/core/language.ts";
import type { Layer, Piece, Trace } from "../../src/attention/model.ts";
import { createViewState, type ViewState, type Wish } from "../../src/attention/view-state.ts";

export const asPiece = (text: string, startsWord = true): Piece => ({
  text,
  id: 7,
  unknown: false,
  startsWord,
  special: false,
});

/** A layer whose heads follow rules: each gives the raw weight of a row on a column, made to sum to 1. */
export function layerBy(count: number, rules: readonly ((row: number, column: number) => number)[]): Layer {
  const weights = new Float32Array(rules.length * count * count);
  rules.forEach((rule, head) => {
    for (let row = 0; row < count; row++) {
      const raw = Array.from({ length: count }, (_, column) => rule(row, column));
      const sum = raw.reduce((a, b) => a + b, 0);
      raw.forEach((value, column) => (weights[(head * count + row) * count + column] = value / sum));
    }
  });
  return { heads: rules.length, weights };
}

export interface Shape {
  layers: number;
  heads: number;
  causal: boolean;
  seed: number;
  /** With q, k, v and scores, as the bundled model has them. */
  working?: boolean;
}

/** Weights by chance, sharp and flat ones mixed. */
export function randomTrace(pieces: readonly Piece[], { layers, heads, causal, seed, working }: Shape): Trace {
  let state = seed | 1;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  const count = pieces.length;
  const layer = (): Layer => {
    const rules = Array.from({ length: heads }, () => {
      const sharpness = 1 + random() * 12;
      return (row: number, column: number) => (causal && column > row ? 0 : random() ** sharpness + 1e-6);
    });
    const made = layerBy(count, rules);
    return working ? { ...made, working: workingFor(made, count, Math.floor(random() * 999)) } : made;
  };
  return { pieces, cut: 0, causal, layers: Array.from({ length: layers }, layer) };
}

/** Drawing this many numbers anew for each trace would be most of a test's time. */
const POOL = Float32Array.from({ length: 129 * 512 }, (_, i) => 4 * Math.sin(i * i));

function workingFor({ heads, weights }: Layer, count: number, from: number): NonNullable<Layer["working"]> {
  const headWidth = 128;
  const take = (offset: number, length: number) => POOL.subarray((from % 500) + offset, (from % 500) + offset + length);
  const length = count * heads * headWidth;
  return {
    headWidth,
    input: take(0, count * 512),
    inputWidth: 512,
    q: take(1, length),
    k: take(2, length),
    v: take(3, length),
    scores: weights.map(Math.log),
    context: take(4, length),
  };
}

export function viewStateOf(trace: Trace, language: Language = "en", wish: Partial<Wish> = {}): ViewState {
  return createViewState(trace, {
    language,
    pieces: false,
    withoutFirst: false,
    layer: undefined,
    head: undefined,
    token: undefined,
    ...wish,
  });
}
