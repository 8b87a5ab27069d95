// Search by meaning, above the stores: who gets a vector, what an embedder that is away costs, what the background brings in.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { BotError } from "../../src/core/errors.ts";
import type { Embedder, Format } from "../../src/core/knowledge.ts";
import { adjustedBySimilarity } from "../../src/knowledge/search/retrieve.ts";
import { createAskDense, knows, documentVectors } from "../../src/knowledge/search/dense.ts";
import { createKnowledge } from "../../src/knowledge/index.ts";
import type { Candidate } from "../../src/knowledge/stores/store.ts";
import { meaningOf } from "../contracts/store.ts";
import { createTestRuntime } from "../fakes/test-runtime.ts";
import { until } from "../fakes/wait.ts";

const signal = new AbortController().signal;
let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), "heed-dense-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Fruit, animals and the rest; remembers what it was asked, and fails while `fault` is set. */
function fruitEmbedder(name = "test/fruit") {
  const asked: string[] = [];
  const state: { fault?: Error | undefined } = {};
  const embedder: Embedder = {
    name,
    languages: ["en"],
    embed: (texts, giveUp) => {
      asked.push(...texts);
      if (giveUp.aborted) return Promise.reject(giveUp.reason as Error);
      return state.fault ? Promise.reject(state.fault) : Promise.resolve(texts.map((text) => meaningOf(text)!));
    },
  };
  return { embedder, asked, state };
}

const TEXT: Format = {
  name: "text",
  extensions: [],
  mediaTypes: [],
  read: (bytes) => {
    const text = new TextDecoder().decode(bytes);
    return Promise.resolve({ title: "Notes", text, headings: [], pages: [], warnings: [] });
  },
};

async function open(embedder?: Embedder, runtime = createTestRuntime()) {
  return createKnowledge({
    place: { directory },
    runtime,
    embedder,
    formatFor: () => TEXT,
    fetchPage: () => Promise.reject(new Error("nothing to fetch")),
  });
}
type Knowledge = Awaited<ReturnType<typeof open>>;

const add = (knowledge: Knowledge, name: string, text: string) =>
  knowledge.add({ name, origin: name, bytes: new TextEncoder().encode(text) }, { workspace: "w", user: "u" }, signal);
const textsFor = async (knowledge: Knowledge, question: string) =>
  (await knowledge.search(question, { workspace: "w", limit: 5 }, signal)).hits.map(({ text }) => text);

test.each([
  ["What is attention?", true],
  ["A naïve café in Zürich", true],
  ["The word 注意力 means attention, as a passage may say in passing while it is English", true],
  ["什麼是 LoRA？", false],
  ["注意力", false],
  ["внимание", false],
  ["1990 + 7 = ?", false],
  ["", false],
])("an English embedder knows %j: %s", (text, known) => {
  expect(knows({ name: "e", languages: ["en"], embed: () => Promise.resolve([]) }, text)).toBe(known);
});

test("an embedder of all languages knows every text", () => {
  expect(knows({ name: "e", embed: () => Promise.resolve([]) }, "注意力")).toBe(true);
});

test("a document is found by its words at once, and by its meaning when the background has read it", async () => {
  const { embedder } = fruitEmbedder();
  const runtime = createTestRuntime();
  const knowledge = await open(embedder, runtime);
  await add(knowledge, "a", "Apples and pears are in the kitchen.");
  expect(await textsFor(knowledge, "kitchen")).toHaveLength(1);
  await knowledge.settled();
  expect(await textsFor(knowledge, "Where is fruit?")).toEqual(["Apples and pears are in the kitchen."]);
  expect(runtime.events.map(({ event, fields }) => [event, fields["many"]])).toEqual([["documents renewed", 1]]);
  await knowledge.close();
});

test("Chinese gets no vector from an English embedder, and its ranking stays as it is without one", async () => {
  const texts = ["實習生可以申請遠端工作。", "經理核准後可以遠端工作三個月。", "水果在廚房，apple 也在。"];
  const rank = async (embedder?: Embedder) => {
    const knowledge = await open(embedder);
    for (const text of texts) await add(knowledge, text, text);
    await knowledge.settled();
    const found = await knowledge.search("遠端工作 apple 三個月", { workspace: "w", limit: 5 }, signal);
    await knowledge.close();
    rmSync(directory, { recursive: true });
    return found;
  };
  const { embedder, asked } = fruitEmbedder();
  expect(await rank(embedder)).toEqual(await rank());
  expect(asked).toEqual([]);
});

test("another embedder reads everything anew, and a question is not compared with the old vectors meanwhile", async () => {
  const before = await open(fruitEmbedder().embedder);
  await add(before, "a", "Apples and pears are in the kitchen.");
  await before.settled();
  await before.close();
  const other = fruitEmbedder("test/other");
  const after = await open(other.embedder);
  expect(await textsFor(after, "Where is fruit?")).toEqual([]);
  await add(after, "b", "A plum lies on the table.");
  await after.settled();
  expect(other.asked.filter((text) => text.startsWith("Notes\n"))).toHaveLength(2);
  expect(await textsFor(after, "Where is fruit?")).toHaveLength(2);
  await after.close();
});

test("an embedder that is away costs no answer, and is left alone for a while", async () => {
  const { embedder, asked, state } = fruitEmbedder();
  const runtime = createTestRuntime();
  const askDense = createAskDense(embedder, { hasSpace: () => Promise.resolve(true) }, runtime);
  state.fault = new BotError("unavailable", { en: "away", "zh-TW": "不在" });
  expect(await askDense("Where is fruit?", signal)).toBeUndefined();
  state.fault = undefined;
  expect(await askDense("Where is fruit?", signal)).toBeUndefined();
  expect(asked).toHaveLength(1);
  expect(runtime.events.map(({ level }) => level)).toEqual(["warn"]);
  await runtime.sleep(31_000);
  expect(await askDense("Where is fruit?", signal)).toMatchObject({ space: "test/fruit" });
  await expect(askDense("Where is fruit?", AbortSignal.abort())).rejects.toThrow(/abort/i);
});

test("a passage that the embedder will not take goes without a vector; one that is away is tried again", async () => {
  const { embedder, state } = fruitEmbedder();
  state.fault = new BotError("context-too-long", { en: "too long", "zh-TW": "太長" });
  expect(await documentVectors(embedder, ["apples", "pears"], createTestRuntime(), signal)).toEqual([
    undefined,
    undefined,
  ]);
  state.fault = new BotError("bad-key", { en: "no", "zh-TW": "不行" });
  await expect(documentVectors(embedder, ["apples"], createTestRuntime(), signal)).rejects.toMatchObject({
    code: "bad-key",
  });
  const runtime = createTestRuntime();
  const knowledge = await open(embedder, runtime);
  await add(knowledge, "a", "Apples and pears are in the kitchen.");
  await knowledge.settled();
  expect(runtime.events.filter(({ event }) => event === "documents not renewed")).toHaveLength(10);
  state.fault = undefined;
  await add(knowledge, "b", "A plum lies on the table.");
  await knowledge.settled();
  expect(await textsFor(knowledge, "Where is fruit?")).toHaveLength(2);
  await knowledge.close();
});

test("whoever closes does not wait for what is under way, and the next start ends it", async () => {
  const { embedder } = fruitEmbedder();
  let give: (() => void) | undefined;
  const slow: Embedder = {
    ...embedder,
    embed: async (texts, leaving) => {
      await new Promise<void>((resolve, reject) => {
        give = resolve;
        leaving.addEventListener("abort", () => reject(leaving.reason as Error));
      });
      return embedder.embed(texts, leaving);
    },
  };
  const knowledge = await open(slow);
  await add(knowledge, "a", "Apples and pears are in the kitchen.");
  await until(() => give !== undefined);
  await knowledge.close();
  give?.();
  const next = await open(embedder);
  await add(next, "b", "A plum lies on the table.");
  await next.settled();
  expect(await textsFor(next, "Where is fruit?")).toHaveLength(2);
  await next.close();
});

test("a near passage raises the confidence, a far one lowers it, and nothing does without vectors", () => {
  const found = (cosine?: number) => ({
    candidates: [{ ...({} as Candidate), score: 1, ...(cosine !== undefined && { cosine }) }],
    frequencies: new Map<number, number>(),
    unseen: 1,
  });
  expect(adjustedBySimilarity(0.3, found(0.8), 0.5)).toBeCloseTo(0.39);
  expect(adjustedBySimilarity(0.3, found(0.1), 0.5)).toBeCloseTo(0.18);
  expect(adjustedBySimilarity(0.05, found(0.1), 0.5)).toBe(0);
  expect(adjustedBySimilarity(0.3, found(), 0.5)).toBe(0.3);
  expect(adjustedBySimilarity(0.3, found(0.8), undefined)).toBe(0.3);
});

test("an embedder of both languages bridges them: a Chinese question is answered from an English document", async () => {
  const bridge = (text: string) => meaningOf(text.replaceAll("水果", "fruit").replaceAll(/\p{Script=Han}/gu, ""))!;
  const embedder: Embedder = { name: "test/bridge", embed: (texts) => Promise.resolve(texts.map(bridge)) };
  const knowledge = await open(embedder);
  for (let i = 0; i < 12; i++) await add(knowledge, `d${i}`, `Cats and dogs number ${i} sleep all day.`);
  await add(knowledge, "f", "Apples and pears are in the kitchen.");
  await knowledge.settled();
  const { hits, answerable } = await knowledge.search("水果放在哪裡？", { workspace: "w", limit: 3 }, signal);
  expect({ first: hits[0]?.text, answerable }).toEqual({
    first: "Apples and pears are in the kitchen.",
    answerable: true,
  });
  expect(await knowledge.search("今天星期幾？", { workspace: "w", limit: 3 }, signal)).toMatchObject({
    answerable: false,
  });
  await knowledge.close();
});

test("a batch that comes too soon waits as long as it is told, and costs none of the others", async () => {
  const { embedder, asked } = fruitEmbedder();
  const runtime = createTestRuntime();
  const early = new BotError("rate-limited", { en: "later", "zh-TW": "稍後" }, { retryAfterMs: 7000 });
  let requests = 0;
  const busy: Embedder = {
    ...embedder,
    embed: (texts, giveUp) => (++requests % 3 === 2 ? Promise.reject(early) : embedder.embed(texts, giveUp)),
  };
  const texts = Array.from({ length: 100 }, (_, i) => `apple ${i}`);
  const started = runtime.now();
  const vectors = await documentVectors(busy, texts, runtime, signal);
  expect(vectors.filter(Boolean)).toHaveLength(100);
  expect(asked).toEqual(texts);
  expect(runtime.now() - started).toBe(3 * 7000);
  const away: Embedder = { ...embedder, embed: () => Promise.reject(early) };
  await expect(documentVectors(away, texts, runtime, signal)).rejects.toMatchObject({ code: "rate-limited" });
});
