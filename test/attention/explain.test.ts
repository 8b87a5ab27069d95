// The room through its door: what a command gets for a request, with the real model, thread and painter.

import { afterAll, describe, expect, test } from "@jest/globals";
import type { AttentionRequest } from "../../src/core/attention.ts";
import { createAttention } from "../../src/attention/index.ts";
import type { AttentionModel, Trace } from "../../src/attention/model.ts";
import { createPainter } from "../../src/attention/picture/paint.ts";
import { drawHeatmap } from "../../src/attention/picture/heatmap.ts";
import { createTraces } from "../../src/attention/traces.ts";
import { asPiece, randomTrace } from "./view-states.ts";
import { runtime } from "./runtime.ts";

const painter = createPainter(runtime);
const attention = createAttention(runtime, { painter });
afterAll(() => Promise.all([attention.close(), painter.close()]));
const { signal } = new AbortController();
const TEXT = "The animal did not cross the street because it was too tired";
const explain = (more: Partial<AttentionRequest> = {}) =>
  attention.explain({ text: TEXT, language: "en", ...more }, signal);

describe("a sentence", () => {
  test("is read before it is drawn", async () => {
    const { reading, text, notes, at, choices } = await explain({ layer: 1, head: 1 });
    expect(reading).toBe(
      "`it` looks most at `street` (35 %) and `animal` (21 %). Head L1H1: content words 71 % (33 % if even).",
    );
    expect(text.split("\n").slice(-5)).toEqual([
      "L0H3 S  90 % self+previous",
      "L1H0 B  80 % broad",
      "L1H1 C  71 % content words <",
      "L1H2 C  56 % content words",
      "L1H3 B  88 % broad",
    ]);
    expect(notes).toContain("It does not settle what the pronoun refers to.");
    expect(at).toEqual({ layer: 1, head: 1, token: 8, pieces: false });
    expect(choices).toMatchObject({ layers: 2, heads: 4, causal: false });
    expect(choices.tokens[8]).toEqual({ text: "it", letter: "i", piece: 8 });
  });

  test("has a head as a grid of tenths", async () => {
    const { text } = await explain({ view: "head", layer: 0, head: 2 });
    expect(text).toBe(
      `
L0H2 next+self 84 %; cell = tenths
  a b c d e f g h i j k l
a 2 6 1 . . . . . . . . . a The
b . 9 1 . . . . . . . . . b animal
c . . 2 7 1 . . . . . . . c did
d . . 1 3 5 1 . . . . . . d not
e . . . . 3 4 4 . . . . . e cross
f . . . . . 1 6 2 . . . . f the
g . . . . . . 8 1 . . . . g street
h . . . . . . . 8 1 1 . . h because
i . . . . . . . . 2 7 . . i it
j . . . . . . . . . 2 4 3 j was
k . . . . . . . . . . 1 9 k too
l . . . . . . . . . . . # l tired`.slice(1),
    );
  });

  test("has a token, both ways", async () => {
    const { text } = await explain({ view: "token", layer: 1, head: 1, token: "it" });
    expect(text).toBe(
      `
L1H1: where this looks: it
  5% ##             a The
 21% ########       b animal
 16% #######        e cross
  4% ##             f the
 35% ############## g street
  6% ##             i it
  4% #              l tired
  9%                (5 others)

L1H1: who looks at this: it
 11% ############## h because
  6% ########       i it
 10% #############  j was
  7% ########       k too
  6% #######        l tired
                    (7 others)`.slice(1),
    );
  });

  test("has the steps with its own numbers", async () => {
    const { text } = await explain({ view: "steps", layer: 1, head: 1, token: "it" });
    expect(text).toBe(
      `
L1H1, d = 128; asking: it
1. input x of this layer (3/512)
   x = LayerNorm(h)
   x    0.261   0.521  -0.768
2. q = Wq x, k = Wk x, v = Wv x (3/128)
   q   -0.151   1.087  -0.287  it
   k    0.426  -0.308  -0.130  street
   v   -3.147  -1.486  -3.716  street
3. q.k with street
   84   1.55 x   2.39 =    3.70
  107  -1.11 x  -3.02 =    3.35
   45   1.89 x   1.71 =    3.23
                      =   32.56  125 more
                      =   42.84  q.k
4. scaling: s = q.k / sqrt(128)
      42.84 / 11.3137 =   3.787
5. softmax: weight = e^(s-max) / sum
     q.k      s e^(s-max) weight
   36.87  3.259     0.590  0.206  animal
   34.37  3.038     0.473  0.165  cross
   42.84  3.787     1.000  0.348  street
   23.15  2.046     0.175  0.061  it
                    0.633  0.220  8 more
                    2.871  1.000  sum
6. output = sum of weight x v (3/128)
   0.206 x  -0.192   0.503   0.925  animal
   0.165 x  -0.232  -1.081  -0.934  cross
   0.348 x  -3.147  -1.486  -3.716  street
   0.061 x   0.242  -0.021   0.134  it
             0.023   0.046   0.061  others
         =  -1.135  -0.547  -1.188  output`.slice(1),
    );
  });

  test("is shown beside the others in every head", async () => {
    const { text } = await explain({ view: "heads", token: "it", language: "zh-TW" });
    expect(text).toBe(
      `
各頭（十分之幾），提問：it
  0 0 0 0 | 1 1 1 1 layer
  0 1 2 3 | 0 1 2 3 head
a . . . . | 1 1 . 1 a The
b . . . . | 1 2 . 2 b animal
c 1 . . . | 1 . . 1 c did
d . . . . | 1 . 1 1 d not
e 1 . . . | . 2 1 . e cross
f 1 . . . | 1 . 1 . f the
g 2 . . . | . 3 . 1 g street
h 3 1 . 7 | 2 . . 1 h because
i 1 5 2 2 | 1 1 . 1 i it
j . 4 7 1 | 2 . . . j was
k . . . . | 1 . . . k too
l . . . . | . . 5 . l tired`.slice(1),
    );
  });

  test("shows its example where nothing was given", async () => {
    const { choices } = await explain({ text: " " });
    expect(choices.tokens.map((each) => each.text)).toEqual(TEXT.split(" "));
  });

  test("says which words there are where one is not", async () => {
    await expect(explain({ token: "dog" })).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("`dog` is not in the text. Choose a word or its letter: `a The, b animal"),
    });
  });

  test.each([{ layer: 2 }, { head: 4 }, { layer: -1 }, { head: 0.5 }])("has no %o", async (where) => {
    await expect(explain(where)).rejects.toMatchObject({ code: "usage" });
  });

  test("in Chinese is refused in Chinese, with the way on", async () => {
    await expect(explain({ text: "這隻動物沒有過馬路，因為牠太累了" })).rejects.toMatchObject({
      code: "usage",
      phrase: { "zh-TW": expect.stringMatching(/不懂中文.*bert-base-chinese/) },
    });
  });

  test("with some words unknown is shown, and they are marked", async () => {
    const { text, notes } = await explain({ text: "We read 注意力 papers every Friday", view: "pieces" });
    expect(text).toContain("注意力?");
    expect(notes.join(" ")).toContain("not in its vocabulary");
  });

  test("without a word is refused", async () => {
    await expect(explain({ text: "\u200b" })).rejects.toMatchObject({ code: "usage" });
  });

  test("of a model that nobody knows is refused", async () => {
    await expect(explain({ model: "nobody/nothing" })).rejects.toMatchObject({ code: "no-such-model" });
  });

  test("too long for a grid comes with a picture", async () => {
    const { text, picture, notes } = await explain({ text: "one two three four ".repeat(40), view: "head" });
    expect(text).toContain("where this looks");
    expect(picture).toMatchObject({ mediaType: "image/png", name: "attention-L0H0-53.png" });
    expect(notes.slice(0, 2)).toEqual([
      "128 tokens do not fit in a grid of 33: one token is shown here, all of them in the picture.",
      "Only the first 128 pieces were read; 32 more were cut off.",
    ]);
  });

  test("can be worked by hand", async () => {
    const { view, reading, choices } = await explain({
      toy: { embeddings: "貓=0.1,0.3 坐=0.5,0.7" },
      language: "zh-TW",
    });
    expect(view).toBe("toy");
    expect(reading).toContain("`貓` 看得最多的是 `坐`");
    expect(choices.tokens.map((each) => each.text)).toEqual(["貓", "坐"]);
  });

  test("is not needed for the guide", async () => {
    const { reading, text } = await explain({ text: "", view: "guide" });
    expect(reading).toContain("How to read this");
    expect(text).toBe("");
  });
});

describe("another model", () => {
  const pieces = ["我", "喜歡", "注意力"].map((text) => asPiece(text));
  const trace: Trace = randomTrace(pieces, { layers: 3, heads: 2, causal: true, seed: 4 });
  const chinese: AttentionModel = {
    name: "chinese",
    limits: { en: "A test.", "zh-TW": "測試。" },
    lacks: [],
    trace: () => Promise.resolve(trace),
    close: () => Promise.resolve(),
  };
  const other = createAttention(runtime, {
    painter,
    open: (name) => Promise.resolve(name === "chinese" ? chinese : undefined),
  });
  afterAll(() => other.close());

  test("reads Chinese, and what a decoder cannot see stays blank", async () => {
    const request = { text: "我喜歡注意力", language: "zh-TW", model: "chinese", view: "head" } as const;
    const { text } = await other.explain(request, signal);
    const [, head, first] = text.split("\n");
    expect(head).toBe("  a b c");
    expect(first).toBe("a #     a 我");
  });

  test("shows what it has where a step is asked for", async () => {
    const request = { text: "我喜歡注意力", language: "en", model: "chinese", view: "steps" } as const;
    expect((await other.explain(request, signal)).text).toContain("weights only");
  });
});

describe("a walk", () => {
  test("computes once, and forgets the oldest first", async () => {
    const asked: string[] = [];
    const trace = randomTrace([asPiece("x"), asPiece("y")], { layers: 1, heads: 1, causal: false, seed: 1 });
    const model: AttentionModel = {
      name: "counting",
      limits: { en: "", "zh-TW": "" },
      lacks: [],
      trace: (text) => {
        asked.push(text);
        return Promise.resolve(trace);
      },
      close: () => Promise.resolve(),
    };
    const traces = createTraces(2);
    for (const text of ["a", "b", "a", "c", "a", "b"]) await traces.get(model, text, signal);
    expect(asked).toEqual(["a", "b", "c", "b"]);
  });
});

const paint = (labels: string[]) =>
  painter.paint(
    drawHeatmap({ title: "t", caption: "", labels, weights: new Float32Array(labels.length ** 2) }),
    signal,
  );

describe("a picture", () => {
  test("has labels in Latin and in Chinese: other words, other pixels", async () => {
    const pictures = await Promise.all([["cat"], ["dog"], ["注"], ["意"], [" "]].map(paint));
    const seen = new Set(pictures.map((bytes) => Buffer.from(bytes).toString("base64")));
    expect(seen.size).toBe(pictures.length);
  });

  test("keeps the place of a character that the font lacks", async () => {
    const [one, two] = await Promise.all([paint(["ałb"]), paint(["a□b"])]);
    expect(Buffer.from(one).equals(Buffer.from(two))).toBe(true);
  });

  test("as SVG holds the text as it is, escaped", () => {
    const svg = drawHeatmap({
      title: "<b>",
      caption: "",
      labels: ["&", "🙂"],
      weights: Float32Array.of(1, 0, 0.5, 0.5),
    });
    expect(svg).toContain("&lt;b&gt;");
    expect(svg).toContain(">&amp;</text>");
    expect(svg).toContain(">🙂</text>");
    expect(svg).toContain(">100</text>");
  });

  test("has Chinese columns written downwards, Latin ones turned", () => {
    const svg = drawHeatmap({ title: "", caption: "", labels: ["喜歡", "cat"], weights: Float32Array.of(1, 0, 0, 1) });
    expect(svg).toMatch(/y="-20"[^>]*>喜<\/text>/);
    expect(svg).toMatch(/y="-6"[^>]*>歡<\/text>/);
    expect(svg).toMatch(/rotate\(-90\)">cat</);
  });

  test("says what it shows", async () => {
    const { picture } = await explain({ picture: "svg", layer: 1, head: 1, language: "zh-TW" });
    expect(picture).toMatchObject({ mediaType: "image/svg+xml", alt: expect.stringContaining("12 乘 12") });
  });
});
