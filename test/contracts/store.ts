// What every store must do, whatever it keeps its passages in.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { Document } from "../../src/core/knowledge.ts";
import { documentVector, passageVector, queryTerms } from "../../src/knowledge/search/lexical.ts";
import type { IndexedDocument, Reindexing, Store } from "../../src/knowledge/stores/store.ts";
import { fingerprint, loadTokenizer } from "../../src/knowledge/search/tokens.ts";

export interface StoreUnderTest {
  store: Store;
  /** Closes the store and opens the same place again, as after a restart. */
  reopen(): Promise<Store>;
  discard(): Promise<void>;
}

const signal = new AbortController().signal;
const tokenize = await loadTokenizer();

/** A document with one passage for each text. */
export function keptOf(
  id: string,
  workspace: string,
  texts: readonly string[],
  more: Partial<Document> = {},
): IndexedDocument {
  const document: Document = {
    id,
    workspace,
    title: "Untitled",
    origin: `test/${id}`,
    format: "text",
    digest: `digest of ${texts.join()}`,
    bytes: 1,
    addedAt: 1,
    addedBy: "mei",
    ...more,
  };
  let at = 0;
  const entries = texts.map((text) => {
    const start = at;
    at += text.length + 1;
    const chunk = { headings: ["Top", id], page: 3, text, start, end: start + text.length };
    return { chunk, terms: passageVector(text, tokenize(text, "passage")) };
  });
  const whole = texts.join("\n");
  return {
    document,
    entries,
    title: documentVector("title", document.title, tokenize(document.title, "passage").terms),
    article: documentVector("article", whole, tokenize(whole, "passage").terms),
    version: { words: fingerprint(tokenize) },
  };
}

export async function searchFor(store: Store, question: string, workspaces: readonly string[], limit = 10) {
  return store.search({ terms: queryTerms(tokenize(question, "question")), workspaces, limit }, signal);
}

/** A space of three numbers: how much of fruit, of animals, of the rest. Chinese it does not know. */
export function meaningOf(text: string, turn = 0): Float32Array | undefined {
  if (/\p{Script=Han}/u.test(text)) return undefined;
  const count = (words: RegExp) => text.match(words)?.length ?? 0;
  const counts = [count(/apple|pear|plum|fruit/gi), count(/cat|dog|animal|pet/gi), 0.1];
  const length = Math.hypot(...counts);
  return Float32Array.from(counts, (_, i) => counts[(i + turn) % 3]! / length);
}

/** Describes documents with vectors of that space; `onDescribe` may do something in between, or fail. */
export function renewalFor(
  space: string,
  onDescribe: (id: string) => unknown = () => {},
  words = "new words",
): Reindexing {
  const turn = space.length % 3;
  const ways = { words, space };
  return {
    version: ways,
    measure: () => Promise.resolve(3),
    async describe(document, cuts) {
      await onDescribe(document.id);
      const kept = keptOf(
        document.id,
        document.workspace,
        cuts.map(({ text }) => text),
        document,
      );
      const entries = kept.entries.map((entry, i) => {
        const vector = meaningOf(cuts[i]!.text, turn);
        return { ...entry, cut: cuts[i]!, ...(vector && { vector }) };
      });
      return { ...kept, entries, version: ways };
    },
  };
}

/** By meaning as well as by words. */
export async function searchDense(
  store: Store,
  question: string,
  space: string,
  workspaces: readonly string[],
  limit = 3,
) {
  const terms = queryTerms(tokenize(question, "question"));
  const vector = meaningOf(question, space.length % 3)!;
  return store.search({ terms, dense: { space, vector }, workspaces, limit }, signal);
}

export function testStore(open: () => Promise<StoreUnderTest>): void {
  let place: StoreUnderTest;
  let store: Store;
  beforeEach(async () => {
    place = await open();
    store = place.store;
  });
  afterEach(() => place.discard());
  const put = (...kept: Parameters<typeof keptOf>) => store.put(keptOf(...kept), signal);
  const textsFor = async (question: string, ...workspaces: string[]) =>
    (await searchFor(store, question, workspaces)).candidates.map(({ passage }) => passage.text);

  test("what was put is found with all that belongs to it", async () => {
    await put("a", "w", ["Cats sleep.", "狗會叫。"], { title: "Animals", url: "https://example.org/a" });
    const { candidates } = await searchFor(store, "狗", ["w"]);
    expect(candidates[0]).toMatchObject({
      ordinal: 1,
      passage: {
        documentId: "a",
        title: "Animals",
        url: "https://example.org/a",
        headings: ["Top", "a"],
        page: 3,
        start: 12,
      },
    });
    expect(candidates[0]!.passage).toMatchObject({ text: "狗會叫。", end: 16 });
  });

  test("nothing of another workspace is seen, searched, fetched, removed or counted", async () => {
    await put("a", "mine", ["apples and pears"]);
    const alone = await searchFor(store, "apples", ["mine"]);
    await put("a", "theirs", ["apples of theirs"]);
    await put("b", "theirs", ["more apples"], { origin: "test/a" });
    expect(await searchFor(store, "apples", ["mine"])).toEqual(alone);
    expect(await textsFor("theirs", "mine")).toEqual([]);
    expect(await store.get("b", "mine")).toBeUndefined();
    expect(await store.remove("b", "mine")).toBe(false);
    expect((await store.list("mine")).map(({ id }) => id)).toEqual(["a"]);
    expect((await store.find("test/a", "mine"))?.workspace).toBe("mine");
    expect(await store.remove("a", "mine")).toBe(true);
    expect(await textsFor("apples", "theirs")).toHaveLength(2);
  });

  test("several workspaces are ranked as one", async () => {
    await put("a", "w", ["apples"]);
    await put("b", "*", ["apples and a great many other things beside them"]);
    expect(await textsFor("apples", "w", "*")).toEqual(["apples", "apples and a great many other things beside them"]);
  });

  test("putting a document again leaves nothing of the old one", async () => {
    await put("a", "w", ["old apples", "old pears"]);
    await textsFor("apples", "w");
    await put("a", "w", ["new plums"]);
    expect(await textsFor("old apples pears", "w")).toEqual([]);
    expect(await textsFor("plums", "w")).toEqual(["new plums"]);
    expect((await store.list("w")).map(({ passages }) => passages)).toEqual([1]);
  });

  test("a removed document is gone from search, list, get and find", async () => {
    await put("a", "w", ["apples"]);
    await put("b", "w", ["apples too"]);
    expect(await store.remove("a", "w")).toBe(true);
    expect(await store.remove("a", "w")).toBe(false);
    expect(await textsFor("apples", "w")).toEqual(["apples too"]);
    expect(await store.get("a", "w")).toBeUndefined();
    expect(await store.find("test/a", "w")).toBeUndefined();
  });

  test("a ranking after changes is the one of a store that never saw what is gone", async () => {
    const texts = ["one apple", "two apples and a pear", "three pears", "four plums", "an apple a day", "蘋果與梨"];
    for (const [i, text] of texts.entries()) await put(`d${i}`, "w", [text, `${text} again`]);
    await searchFor(store, "apple", ["w"]);
    for (const gone of ["d1", "d3"]) await store.remove(gone, "w");
    const after = await searchFor(store, "apple pear 蘋果", ["w"]);
    for (const [i, text] of texts.entries())
      if (i !== 1 && i !== 3) await put(`d${i}`, "fresh", [text, `${text} again`]);
    const isFirst = await searchFor(store, "apple pear 蘋果", ["fresh"]);
    expect(after.frequencies).toEqual(isFirst.frequencies);
    expect(scoresOf(after.candidates)).toEqual(scoresOf(isFirst.candidates));
  });

  test("a document is got by its id or a unique beginning of it", async () => {
    await put("handbook-1", "w", ["apples"]);
    await put("handbook-12", "w", ["pears"]);
    await put("other", "w", ["plums"]);
    expect((await store.get("handbook-1", "w"))?.passages.map(({ text }) => text)).toEqual(["apples"]);
    expect((await store.get("oth", "w"))?.document.id).toBe("other");
    for (const id of ["hand", "", "%", "o_her"]) expect(await store.get(id, "w")).toBeUndefined();
  });

  test("a word that every passage has finds them all the same", async () => {
    await put(
      "a",
      "w",
      Array.from({ length: 700 }, (_, i) => `apple ${i}`),
    );
    expect((await searchFor(store, "apple", ["w"], 5)).candidates).toHaveLength(5);
  });

  test("the limit holds, best first", async () => {
    for (let i = 0; i < 20; i++) await put(`d${i}`, "w", [`apple ${"pear ".repeat(i)}`]);
    const { candidates } = await searchFor(store, "apple", ["w"], 5);
    expect(candidates.map(({ passage }) => passage.documentId)).toEqual(["d0", "d1", "d2", "d3", "d4"]);
  });

  test("everything survives reopening, and ranks the same", async () => {
    await put("a", "w", ["apples and pears", "梨"], { title: "Fruit" });
    await put("b", "w", ["pears"]);
    const before = await searchFor(store, "pears 梨", ["w"]);
    store = await place.reopen();
    expect(await searchFor(store, "pears 梨", ["w"])).toEqual(before);
    expect(await store.list("w")).toHaveLength(2);
  });

  const SPACE = "test/one";
  const nearest = async (question: string, space: string, ...workspaces: string[]) =>
    (await searchDense(store, question, space, workspaces)).candidates.flatMap(({ passage, cosine }) =>
      cosine === undefined ? [] : [`${passage.text} ${cosine.toFixed(3)}`],
    );

  test("what no word says is found by its meaning, once it is described so", async () => {
    await put("a", "w", ["Apples and pears.", "一隻狗。"], { title: "Lunch" });
    await put("b", "w", ["A cat and a dog.", "Nothing at all."]);
    expect(await nearest("my pets", SPACE, "w")).toEqual([]);
    expect(await store.reindex(renewalFor(SPACE), signal)).toBe(2);
    expect(await nearest("my pets", SPACE, "w")).toEqual([
      "A cat and a dog. 0.999",
      "Nothing at all. 0.100",
      "Apples and pears. 0.005",
    ]);
    const { candidates } = await searchDense(store, "fruit", SPACE, ["w"]);
    expect(candidates[0]).toMatchObject({
      passage: { documentId: "a", title: "Lunch", headings: ["Top", "a"] },
      score: 0,
    });
    expect(await store.get("a", "w")).toMatchObject({
      document: { title: "Lunch" },
      passages: [{ start: 0 }, { start: 18 }],
    });
  });

  test("words and meaning are both told of every candidate, the best by words first", async () => {
    await put("a", "w", ["fruit fruit"]);
    await put("b", "w", ["pears and pears", "a plum for the dog"]);
    await store.reindex(renewalFor(SPACE), signal);
    const { candidates } = await searchDense(store, "fruit", SPACE, ["w"]);
    expect(candidates.map(({ passage, score, cosine }) => [passage.text, score > 0, (cosine ?? 0) > 0.7])).toEqual([
      ["fruit fruit", true, true],
      ["pears and pears", false, true],
      ["a plum for the dog", false, true],
    ]);
  });

  test("a question is never compared with passages of another space, nor of another workspace", async () => {
    await put("a", "w", ["apples"]);
    await put("a", "other", ["pears of another"]);
    await store.reindex(renewalFor(SPACE), signal);
    expect(await nearest("fruit", "test/other-one", "w")).toEqual([]);
    expect(await nearest("fruit", SPACE, "w")).toEqual(["apples 1.000"]);
    store = await place.reopen();
    await store.reindex(renewalFor("test/other-one"), signal);
    expect(await nearest("fruit", SPACE, "w")).toEqual([]);
    expect(await nearest("fruit", "test/other-one", "w")).toEqual(["apples 1.000"]);
  });

  test("what is described already is left alone, and what came since is described", async () => {
    await put("a", "w", ["apples"]);
    await store.reindex(renewalFor(SPACE), signal);
    expect(await store.reindex(renewalFor(SPACE), signal)).toBe(0);
    await put("b", "w", ["pears"]);
    await put("a", "w", ["plums"]);
    expect(await store.reindex(renewalFor(SPACE), signal)).toBe(2);
    expect(await nearest("fruit", SPACE, "w")).toHaveLength(2);
    expect((await store.list("w")).map(({ id, passages }) => [id, passages])).toEqual([
      ["a", 1],
      ["b", 1],
    ]);
  });

  test("a document that is replaced or removed while it is described stays so", async () => {
    for (const id of ["a", "b", "c"]) await put(id, "w", [`apples of ${id}`]);
    const changes = new Map<string, () => Promise<unknown>>([
      ["b", () => put("b", "w", ["newer pears"])],
      ["c", () => store.remove("c", "w")],
    ]);
    const meanwhile = async (id: string) => {
      const change = changes.get(id);
      changes.delete(id);
      await change?.();
    };
    await store.reindex(renewalFor(SPACE, meanwhile), signal);
    await store.reindex(renewalFor(SPACE), signal);
    expect(new Set(await textsFor("apples pears", "w"))).toEqual(new Set(["apples of a", "newer pears"]));
    expect(await nearest("fruit", SPACE, "w")).toHaveLength(2);
    expect((await store.list("w")).map(({ id }) => id)).toEqual(["a", "b"]);
  });

  test("a renewal that broke off goes on where it stopped", async () => {
    for (const id of ["a", "b", "c", "d"]) await put(id, "w", [`apples of ${id}`]);
    const described: string[] = [];
    const breaking = renewalFor(SPACE, (id) => {
      if (described.length === 2) throw new Error("killed");
      described.push(id);
    });
    await expect(store.reindex(breaking, signal)).rejects.toThrow("killed");
    expect(await textsFor("apples", "w")).toHaveLength(4);
    store = await place.reopen();
    await store.reindex(
      renewalFor(SPACE, (id) => described.push(id)),
      signal,
    );
    expect(described.toSorted()).toEqual(["a", "b", "c", "d"]);
    store = await place.reopen();
    const stopped = new AbortController();
    const stopping = renewalFor("test/three", () => stopped.abort());
    await expect(store.reindex(stopping, stopped.signal)).rejects.toThrow(/abort/i);
    expect(await textsFor("apples", "w")).toHaveLength(4);
  });

  test("a call that was given up does nothing", async () => {
    await expect(store.put(keptOf("a", "w", ["apples"]), AbortSignal.abort())).rejects.toThrow(/abort/i);
    expect(await store.list("w")).toEqual([]);
  });
}

/** By document and passage, rounded: the order of adding up may differ in the last bit. */
function scoresOf(candidates: Awaited<ReturnType<typeof searchFor>>["candidates"]): Map<string, string> {
  return new Map(
    candidates.map(({ passage, ordinal, score }) => [`${passage.documentId} ${ordinal}`, score.toFixed(9)]),
  );
}
