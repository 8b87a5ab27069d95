// The toy mode against sums that can be done on paper.

import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import type { Toy } from "../../src/core/attention.ts";
import type { Matrix } from "../../src/attention/read-toy.ts";
import { workToy } from "../../src/attention/toy.ts";
import { drawToy } from "../../src/attention/views/toy.ts";

const written = (rows: Matrix) => rows.map((row) => row.join(",")).join(";");

interface Block {
  title: string;
  rows: number[][];
}

/** The printed page, read back: a title, and rows of numbers between their letters. */
function readBlocks(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  for (const line of lines) {
    const numbers = /^[a-z]((?: +-?[\d.]+)+)(?:  |$)/.exec(line)?.[1];
    if (numbers) blocks.at(-1)!.rows.push(numbers.trim().split(/ +/).map(Number));
    else if (line !== "Q = K = V = X") blocks.push({ title: line, rows: [] });
  }
  return blocks;
}

/** As many decimals as fit in the column of seven characters; the last may be a half more or less. */
const digitsOf = (value: number) => Math.min(4, 5 - String(Math.trunc(value)).length);

describe("the toy", () => {
  test("works the primer's example through, every number shown", () => {
    // cat.sat = 0.1 x 0.5 + 0.3 x 0.7 = 0.26; 0.26 / 1.4142 = 0.1838; e^0.1838 = 1.2018; 1.2018 / 3.3792 = 0.3556.
    expect(drawToy(workToy({ embeddings: "" }), 0, "en").join("\n")).toBe(
      `
X
a  0.1000  0.3000  a cat
b  0.5000  0.7000  b sat
c  0.2000  0.4000  c mat
Q = K = V = X
S = Q K^T
a  0.1000  0.2600  0.1400
b  0.2600  0.7400  0.3800
c  0.1400  0.3800  0.2000
S / sqrt(2) = S / 1.4142
a  0.0707  0.1838  0.0990
b  0.1838  0.5233  0.2687
c  0.0990  0.2687  0.1414
e^s; last: row sum
a  1.0733  1.2018  1.1041  3.3792
b  1.2018  1.6876  1.3083  4.1977
c  1.1041  1.3083  1.1519  3.5643
weights = e / sum
a  0.3176  0.3556  0.3267  a cat
b  0.2863  0.4020  0.3117  b sat
c  0.3098  0.3671  0.3232  c mat
output = weights V
a  0.2749  0.4749  a cat
b  0.2920  0.4920  b sat
c  0.2792  0.4792  c mat`.trim(),
    );
  });

  test("multiplies by the given matrices", () => {
    // q = (1,2) Wq = (1x1 + 2x0, 1x0 + 2x2) = (1, 4); k = (1,2) Wk = (1x0 + 2x1) ... with Wk swapping the numbers: (2, 1).
    const worked = workToy({ embeddings: "a=1,2 b=0,1", wq: "1,0;0,2", wk: "0,1;1,0", wv: "1;1" });
    expect(worked.q).toEqual([
      [1, 4],
      [0, 2],
    ]);
    expect(worked.k).toEqual([
      [2, 1],
      [1, 0],
    ]);
    expect(worked.v).toEqual([[3], [1]]);
    // a.a = 1x2 + 4x1 = 6, a.b = 1, b.a = 2, b.b = 0; the weights of a are 1 / (1 + e^(-5/1.4142)) and the rest.
    expect(worked.scores).toEqual([
      [6, 1],
      [2, 0],
    ]);
    expect(worked.weights).toEqual([
      [0.9717, 0.0283],
      [0.8044, 0.1956],
    ]);
    expect(worked.output).toEqual([[2.9434], [2.6088]]);
  });

  test("hides what comes later, if causal", () => {
    const worked = workToy({ embeddings: "貓=0.1,0.3 坐=0.5,0.7 墊=0.2,0.4", causal: true });
    expect(worked.weights).toEqual([
      [1, 0, 0],
      // 1.2018 / 2.8894, from the printed powers.
      [0.4159, 0.5841, 0],
      [0.3098, 0.3671, 0.3232],
    ]);
    expect(drawToy(worked, 0, "zh-TW").join("\n")).toContain("a  0.1000       -       -\nb  0.2600  0.7400       -");
  });

  test("reads what people type in Chinese", () => {
    expect(workToy({ embeddings: "貓＝0.1，0.3　坐 = 0.5、0.7" })).toMatchObject({
      names: ["貓", "坐"],
      x: [
        [0.1, 0.3],
        [0.5, 0.7],
      ],
    });
  });

  test.each<[string, Toy, RegExp]>([
    ["no numbers", { embeddings: "cat" }, /read `cat`/],
    ["no name", { embeddings: "=1,2" }, /read `=1,2`/],
    ["two signs", { embeddings: "a=1=2" }, /read `a=1=2`/],
    ["uneven lengths", { embeddings: "a=1,2 b=1" }, /`a` has 2, `b` has 1/],
    ["not a number", { embeddings: "a=1,x b=1,2" }, /`x` in `1,x` is not a number/],
    ["NaN", { embeddings: "a=NaN,1" }, /`NaN` in/],
    ["infinity", { embeddings: "a=Infinity,1" }, /`Infinity` in/],
    ["an empty number", { embeddings: "a=1, b=1,2" }, /not a number|read/],
    ["too large a number", { embeddings: "a=1e9,1" }, /`1e9` in `1e9,1` is not a number from -100 to 100/],
    ["scores too large", { embeddings: "a=100,100 b=100,100", wq: "99,0;0,99" }, /too large for paper/],
    ["too many tokens", { embeddings: "a=1 b=1 c=1 d=1 e=1 f=1 g=1 h=1 i=1" }, /at most 8 tokens/],
    ["too many numbers", { embeddings: "a=1,2,3,4,5" }, /with 4 numbers each/],
    ["a matrix that does not fit", { embeddings: "a=1,2", wq: "1,0" }, /Wq needs 2 rows/],
    ["an uneven matrix", { embeddings: "a=1,2", wv: "1,0;1" }, /Wv needs 2 rows/],
    ["q and k of different lengths", { embeddings: "a=1,2", wq: "1;1", wk: "1,0;0,1" }, /Wq and Wk/],
  ])("refuses %s, in both languages", (_, toy, reason) => {
    expect(() => workToy(toy)).toThrow(
      expect.objectContaining({
        code: "usage",
        message: expect.stringMatching(reason),
        phrase: { en: expect.any(String), "zh-TW": expect.stringMatching(/\p{Script=Han}/u) },
      }),
    );
  });

  test("prints numbers that follow from the printed ones, digit by digit", () => {
    const value = fc.double({ min: -3, max: 3, noNaN: true });
    const rows = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(rows, fc.constantFrom(1, 7), (given, scale) => {
        const embeddings = given.map((row, i) => `t${i}=${row.map((each) => each * scale).join(",")}`).join(" ");
        const blocks = readBlocks(drawToy(workToy({ embeddings }), 0, "en"));
        const [x, s, scaled, powers, weights, output] = blocks as [Block, Block, Block, Block, Block, Block];
        const follows = (row: readonly number[] | undefined, from: readonly number[]) => {
          expect(row).toHaveLength(from.length);
          // Half of the last digit, and a little for numbers that lie between two.
          row!.forEach((each, i) =>
            expect(Math.abs(each - from[i]!)).toBeLessThanOrEqual(0.5001 * 10 ** -digitsOf(each)),
          );
        };
        x.rows.forEach((row, i) => {
          follows(
            s.rows[i],
            x.rows.map((other) => row[0]! * other[0]! + row[1]! * other[1]!),
          );
          follows(
            scaled.rows[i],
            s.rows[i]!.map((score) => score / 1.4142),
          );
          const top = powers.title.includes("max") ? Math.max(...scaled.rows[i]!) : 0;
          const raised = powers.rows[i]!.slice(0, -1);
          const sum = powers.rows[i]!.at(-1)!;
          follows(
            raised,
            scaled.rows[i]!.map((score) => Math.exp(score - top)),
          );
          follows([sum], [raised.reduce((a, b) => a + b)]);
          follows(
            weights.rows[i],
            raised.map((power) => power / sum),
          );
          const mixed = [0, 1].map((e) =>
            weights.rows[i]!.reduce((total, weight, j) => total + weight * x.rows[j]![e]!, 0),
          );
          follows(output.rows[i], mixed);
        });
      }),
    );
  });

  test("fits a phone and one message, whatever the numbers", () => {
    const value = fc.oneof(
      fc.integer({ min: -9, max: 9 }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: -100, max: 100, noNaN: true }),
    );
    const matrix = (rows: number, columns: number) =>
      fc.array(fc.array(value, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows });
    const size = fc.integer({ min: 1, max: 4 });
    const toy = fc
      .tuple(fc.integer({ min: 1, max: 8 }), size, size, fc.boolean())
      .chain(([count, width, inner, causal]) =>
        fc.record({
          x: matrix(count, width),
          wq: matrix(width, inner),
          wk: matrix(width, inner),
          wv: matrix(width, inner),
          projected: fc.boolean(),
          causal: fc.constant(causal),
          names: fc.array(fc.constantFrom("cat", "注意力機制", "🙂", "w".repeat(40), "`x`"), {
            minLength: count,
            maxLength: count,
          }),
        }),
      );
    fc.assert(
      fc.property(toy, ({ x, wq, wk, wv, projected, causal, names }) => {
        const embeddings = x.map((row, i) => `${names[i]}=${row.join(",")}`).join(" ");
        const given = projected ? { wq: written(wq), wk: written(wk), wv: written(wv) } : {};
        // Numbers that outgrow the paper are refused; the others fit.
        const largest =
          4 *
          Math.max(...x.flat().map(Math.abs)) ** 2 *
          (projected ? 16 * Math.max(...[wq, wk, wv].flat(2).map(Math.abs)) ** 2 : 1);
        fc.pre(largest < 90_000);
        const worked = workToy({ embeddings, causal, ...given });
        for (const row of worked.weights) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 2);
        for (const language of ["en", "zh-TW"] as const) {
          const lines = drawToy(worked, x.length - 1, language);
          for (const line of lines)
            expect(Array.from(line.replace(/[^\x20-\x7e]/gu, "xx")).length).toBeLessThanOrEqual(42);
          expect(lines.join("\n").length).toBeLessThanOrEqual(1700);
          expect(lines.join("")).not.toMatch(/`|NaN|Infinity/);
        }
      }),
    );
  });
});
