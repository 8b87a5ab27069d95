// Role labels against their definitions, words against pieces, and rollout against a hand calculation.

import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { headGrid, mergeGrid, rollOut, rowOf, weightOf, withoutFirst, type Grid } from "../../src/attention/grid.ts";
import { backShare, columnShares, diagonalShare, evennessOf, roleOf } from "../../src/attention/heads.ts";
import { tokensOfPieces, tokensOfWords, type Token } from "../../src/attention/tokens.ts";
import { readHead } from "../../src/attention/reading.ts";
import { wishedToken } from "../../src/attention/wishes.ts";
import { rolloutOf } from "../../src/attention/views/small-views.ts";
import { asPiece, layerBy, randomTrace, viewStateOf } from "./view-states.ts";

const token = (text: string): Token => ({ text, unknown: false, special: false, pieces: [0] });
const SENTENCE = ["The", "cat", "sat", "on", "the", "mat", "."].map(token);
const by = (rule: (row: number, column: number) => number): Grid => headGrid(layerBy(SENTENCE.length, [rule]), 0);
const nameOf = (rule: (row: number, column: number) => number, causal = false) =>
  roleOf(by(rule), SENTENCE, causal).names.join("+");

describe("a head's role", () => {
  test.each([
    ["self", (i: number, j: number) => (i === j ? 1 : 0.01)],
    ["next", (i: number, j: number) => (j === i + 1 ? 1 : 0.01)],
    ["previous", (i: number, j: number) => (j === i - 1 ? 1 : 0.01)],
    ["self+next", (i: number, j: number) => (j === i ? 1 : j === i + 1 ? 0.8 : 0.01)],
    ["previous+self", (i: number, j: number) => (j === i - 1 ? 1 : j === i ? 0.6 : 0.01)],
    ["first", (_: number, j: number) => (j === 0 ? 1 : 0.05)],
    ["punctuation", (_: number, j: number) => (j === 6 ? 1 : 0.3)],
    ["back", (i: number, j: number) => (j < i ? 1 : 0.1)],
    ["content", (_: number, j: number) => ([1, 2, 5].includes(j) ? 1 : 0.3)],
    ["broad", () => 1],
  ])("%s", (name, rule) => expect(nameOf(rule)).toBe(name));

  test("is not to look back where nothing else is possible", () => {
    expect(nameOf((i, j) => (j <= i ? 1 : 0), true)).not.toContain("back");
  });

  test("carries the share that its definition gives", () => {
    const role = roleOf(
      by((_, j) => ([1, 2, 5].includes(j) ? 1 : 0.3)),
      SENTENCE,
      false,
    );
    expect(role.share).toBeCloseTo(3 / (3 + 4 * 0.3), 6);
    expect(role.even).toBeCloseTo(3 / 7, 6);
    expect(role.letter).toBe("C");
  });

  test("is never sure of more than everything", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 20 }), fc.boolean(), (seed, count, causal) => {
        const pieces = Array.from({ length: count }, (_, i) => asPiece(i % 5 === 4 ? "," : `w${i}`));
        const trace = randomTrace(pieces, { layers: 1, heads: 1, causal, seed });
        const grid = headGrid(trace.layers[0]!, 0);
        const { share } = roleOf(grid, tokensOfPieces(pieces), causal);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1.000001);
      }),
    );
  });

  test("rests on shares of everything that sum to 1", () => {
    const grid = by((i, j) => 1 + i + j);
    const diagonals = SENTENCE.flatMap((_, i) => (i === 0 ? [0] : [i, -i])).map((offset) =>
      diagonalShare(grid, offset),
    );
    const sum = (shares: readonly number[]) => shares.reduce((a, b) => a + b);
    expect(sum(diagonals)).toBeCloseTo(1, 5);
    expect(sum(columnShares(grid))).toBeCloseTo(1, 5);
    expect(backShare(grid)).toBeCloseTo(sum(diagonals.filter((_, i) => i > 0 && i % 2 === 0)), 5);
    expect(columnShares(grid)[0]).toBeCloseTo(sum(SENTENCE.map((_, row) => weightOf(grid, row, 0))) / 7, 5);
    expect(evennessOf(by(() => 1))).toBeCloseTo(1, 5);
    expect(evennessOf(by((i, j) => (i === j ? 1 : 0)))).toBeCloseTo(0, 5);
  });
});

describe("words", () => {
  const pieces = [asPiece("straw"), asPiece("berry", false), asPiece(".", false), asPiece(""), asPiece("🙂", false)];

  test("are made of pieces, punctuation apart", () => {
    expect(tokensOfWords([...pieces, asPiece("a")]).tokens.map(({ text }) => text)).toEqual([
      "strawberry",
      ".",
      "🙂",
      "a",
    ]);
  });

  test("give way to pieces where one word swallows the text", () => {
    const one = ["a", "b", "c", "d", "e"].map((text, i) => asPiece(text, i === 0));
    expect(tokensOfWords(one)).toMatchObject({ swallowed: true, tokens: { length: 5 } });
  });

  test("keep rows that sum to 1", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 2, maxLength: 20 }), fc.nat(), (starts, seed) => {
        const random = starts.map((startsWord, i) => asPiece(`p${i}`, startsWord || i === 0));
        const trace = randomTrace(random, { layers: 1, heads: 1, causal: false, seed });
        const merged = mergeGrid(headGrid(trace.layers[0]!, 0), tokensOfWords(random).tokens);
        for (let row = 0; row < merged.size; row++) {
          expect(rowOf(merged, row).reduce((a, b) => a + b)).toBeCloseTo(1, 4);
        }
      }),
    );
  });

  test("sum over what is looked at and average over what looks", () => {
    const grid = { size: 3, values: Float32Array.from([0.2, 0.3, 0.5, 0.4, 0.4, 0.2, 0.1, 0.6, 0.3]) };
    const merged = mergeGrid(grid, tokensOfWords([asPiece("a"), asPiece("b", false), asPiece("c")]).tokens);
    expect(Array.from(merged.values, (value) => Number(value.toFixed(6)))).toEqual([0.65, 0.35, 0.7, 0.3]);
  });

  test("are never empty, and never end the code block", () => {
    expect(tokensOfPieces([asPiece("`a`"), asPiece("\u200b"), asPiece("\u202Ex\n")]).map(({ text }) => text)).toEqual([
      "'a'",
      "_",
      "x",
    ]);
  });
});

test("rollout is half attention, half what passes beside it, layer on layer", () => {
  // By hand: A1 = A2 = [[1, 0], [.5, .5]]; half of it plus half identity is [[1, 0], [.25, .75]]; squared below.
  const layer = layerBy(2, [(i, j) => (j <= i ? 1 : 0)]);
  expect(Array.from(rollOut([layer, layer]).values)).toEqual([1, 0, 0.4375, 0.5625]);
});

test("without the first token, the others share its weight in proportion", () => {
  const grid = { size: 3, values: Float32Array.from([1, 0, 0, 0.5, 0.5, 0, 0.6, 0.1, 0.3]) };
  const rest = withoutFirst(grid);
  expect(Array.from(rest.values, (value) => Number(value.toFixed(6)))).toEqual([1, 0, 0, 0, 1, 0, 0, 0.25, 0.75]);
});

test("the rollout leaves the first token out where that is wished", () => {
  const pieces = ["a", "b", "c"].map((text) => asPiece(text));
  const state = viewStateOf(randomTrace(pieces, { layers: 2, heads: 2, causal: true, seed: 3 }), "en", {
    withoutFirst: true,
  });
  const grid = rolloutOf(state);
  expect(weightOf(grid, 2, 0)).toBe(0);
  expect(rowOf(grid, 2).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
});

describe("the eye", () => {
  const trace = randomTrace(
    ["The", "cat", "sat", "because", "it", "slept"].map((text) => asPiece(text)),
    {
      layers: 2,
      heads: 2,
      causal: false,
      seed: 5,
    },
  );
  test("goes to a pronoun first", () => expect(viewStateOf(trace).token).toBe(4));
  test("never asks a mark of the model's own", () => {
    const marks = [
      { ...asPiece("[CLS]"), special: true },
      asPiece("我"),
      asPiece("喜"),
      { ...asPiece("[SEP]"), special: true },
    ];
    for (let seed = 0; seed < 20; seed++) {
      const marked = randomTrace(marks, { layers: 1, heads: 2, causal: false, seed });
      expect([1, 2]).toContain(viewStateOf(marked).token);
    }
  });
  test("tells two of the same text apart by their letters", () => {
    const rule = (row: number, column: number) => (row === 2 && column === 0 ? 9 : 1);
    const twice = {
      ...trace,
      pieces: ["the", "cat", "the"].map((text) => asPiece(text)),
      layers: [layerBy(3, [rule])],
    };
    expect(readHead(viewStateOf(twice, "en", { token: "c" }))).toMatch(
      /^`the` \(c\) looks most at `the` \(a, 82 %\)\./,
    );
    expect(readHead(viewStateOf(twice, "zh-TW", { token: "c" }))).toMatch(/^`the`（c）看得最多的是 `the`（a，82 %）。/);
  });
  test("goes where it is told", () => {
    expect(viewStateOf(trace, "en", { layer: 0, head: 1, token: "CAT" })).toMatchObject({
      layer: 0,
      head: 1,
      token: 1,
    });
    expect(viewStateOf(trace, "en", { token: "#5" }).token).toBe(5);
  });
  test("finds a word by its place, its text, its letter, a part of it", () => {
    const { tokens } = viewStateOf(trace);
    expect(["#5", "SLEPT", "f", "sle"].map((wish) => wishedToken(tokens, wish))).toEqual([5, 5, 5, 5]);
    expect([undefined, " "].map((wish) => wishedToken(tokens, wish))).toEqual([undefined, undefined]);
  });
  test("takes a word that is also a letter for the word", () => {
    const { tokens } = viewStateOf({
      ...trace,
      pieces: ["I", "saw", "a", "cat", "a", "bit"].map((text) => asPiece(text)),
    });
    expect(wishedToken(tokens, "a")).toBe(2);
    expect(wishedToken(tokens, "b")).toBe(1);
  });
  test("stays on a word when it turns to its pieces, and back", () => {
    const pieces = ["un", "bel", "able", "cat"].map((text, i) => asPiece(text, i === 0 || i === 3));
    const cut = randomTrace([asPiece("The"), ...pieces], { layers: 1, heads: 1, causal: false, seed: 2 });
    expect(wishedToken(viewStateOf(cut).tokens, "#2")).toBe(1);
    expect(wishedToken(viewStateOf(cut, "en", { pieces: true }).tokens, "#1")).toBe(1);
  });
  test("says which words there are where one is not", () => {
    for (const wish of ["zebra", "#6", "#x"])
      expect(() => wishedToken(viewStateOf(trace).tokens, wish)).toThrow(
        expect.objectContaining({ code: "usage", message: expect.stringContaining("`a The, b cat") }),
      );
  });
});
