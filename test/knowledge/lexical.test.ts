// The ranking against sums done by hand, and against a plain BM25 over random collections.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { mergeSegments, buildSegment, findPostings } from "../../src/knowledge/stores/embedded/segment.ts";
import { openEmbeddedStore } from "../../src/knowledge/stores/embedded/index.ts";
import { packVectors, unpackVectors } from "../../src/knowledge/stores/embedded/vectors.ts";
import {
  B,
  inverseFrequency,
  K1,
  passageVector,
  saturate,
  gainOf,
  TYPICAL,
  termId,
  type TermVector,
} from "../../src/knowledge/search/lexical.ts";
import type { IndexedDocument, Store } from "../../src/knowledge/stores/store.ts";

const signal = new AbortController().signal;
const open: { store: Store; directory: string }[] = [];
afterEach(async () => {
  for (const { store, directory } of open.splice(0)) {
    await store.close();
    rmSync(directory, { recursive: true });
  }
});

function openStore(): Store {
  const directory = mkdtempSync(join(tmpdir(), "heed-rank-"));
  const store = openEmbeddedStore(directory);
  open.push({ store, directory });
  return store;
}

const NOTHING: TermVector = { ids: new Uint32Array(), counts: new Uint8Array(), length: 0 };

/** A document of passages, each a list of words; the words are their own tokens. */
function wordsOf(id: string, passages: readonly (readonly string[])[]): IndexedDocument {
  const document = {
    id,
    workspace: "w",
    title: id,
    origin: id,
    format: "text",
    digest: id,
    bytes: 1,
    addedAt: 1,
    addedBy: "u",
  };
  const entries = passages.map((words) => ({
    chunk: { headings: [], text: words.join(" "), start: 0, end: 1 },
    terms: passageVector(words.join(" "), { terms: [...words], pairs: [] }),
  }));
  return { document, entries, title: NOTHING, article: NOTHING, version: { words: "by hand" } };
}

const query = (words: readonly string[]) => ({
  terms: words.map((word) => ({ field: "text" as const, id: termId("text", word), weight: 1 })),
  workspaces: ["w"],
  limit: 1000,
});

describe("BM25", () => {
  test("two passages, by hand", async () => {
    const store = openStore();
    // Lengths without spaces: 4 and 8, held against 220. "ab" is in both, "cd" in the first alone.
    await store.put(
      wordsOf("d", [
        ["ab", "cd"],
        ["ab", "ab", "efgh"],
      ]),
      signal,
    );
    const { candidates, unseen } = await store.search(query(["ab", "cd"]), signal);
    const inSteps = (value: number, steps: number) => Math.round(value * steps) / steps;
    const common = inSteps(Math.log(1 + 0.5 / 2.5), 512);
    const rare = inSteps(Math.log(1 + 1.5 / 1.5), 512);
    const once = inSteps(1.9 / (1 + 0.9 * (0.25 + 0.75 * (4 / 220))), 256);
    const twice = inSteps((2 * 1.9) / (2 + 0.9 * (0.25 + 0.75 * (8 / 220))), 256);
    expect([K1, B, TYPICAL.text]).toEqual([0.9, 0.75, 220]);
    expect(candidates.map(({ score }) => score)).toEqual([(common + rare) * once, common * twice]);
    expect(unseen).toBeCloseTo(Math.log(1 + 2.5 / 0.5), 9);
  });

  test("any collection, however it came together, scores as a plain sum", async () => {
    const word = fc.constantFrom("a", "bb", "ccc", "dddd", "eeeee");
    const passage = fc.array(word, { minLength: 1, maxLength: 8 });
    const collection = fc.array(fc.array(passage, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        collection,
        fc.uniqueArray(word, { minLength: 1 }),
        fc.nat(11),
        async (documents, asked, gone) => {
          const store = openStore();
          for (const [i, passages] of documents.entries()) {
            await store.put(wordsOf(`d${i}`, passages), signal);
            if (i % 3 === 0) await store.search(query(asked), signal);
          }
          const left = documents.filter((_, i) => i !== gone);
          await store.remove(`d${gone}`, "w");
          const { candidates } = await store.search(query(asked), signal);
          const expected = plainScores(left.flat(), asked);
          expect(candidates.map(({ score }) => score.toFixed(9))).toEqual(expected.map((score) => score.toFixed(9)));
        },
      ),
      { numRuns: 40 },
    );
  });
});

const length = (words: readonly string[]) => words.join("").length;

function plainScores(passages: readonly (readonly string[])[], asked: readonly string[]): number[] {
  const having = (word: string) => passages.filter((words) => words.includes(word)).length;
  return passages
    .map((words) =>
      asked.reduce((sum, word) => {
        const count = words.filter((each) => each === word).length;
        const idf = inverseFrequency(passages.length, having(word));
        return sum + gainOf(1, idf) * saturate(count, length(words), TYPICAL.text);
      }, 0),
    )
    .filter((score) => score > 0)
    .toSorted((a, b) => b - a);
}

describe("vectors", () => {
  const vector = fc.uniqueArray(fc.nat(0xffffffff), { maxLength: 30 }).map((ids): TermVector => ({
    ids: Uint32Array.from(ids).sort(),
    counts: Uint8Array.from(ids, (_, i) => (i % 255) + 1),
    length: ids.length * 7,
  }));

  test("come out of a blob as they went in", () => {
    fc.assert(
      fc.property(vector, vector, fc.array(vector, { maxLength: 9 }), (title, article, passages) => {
        expect(unpackVectors(packVectors({ title, article, passages }))).toEqual({ title, article, passages });
      }),
    );
  });

  test("segments that were merged hold what one segment would", () => {
    fc.assert(
      fc.property(fc.array(vector, { maxLength: 9 }), fc.array(vector, { maxLength: 9 }), (one, other) => {
        const all = [...one, ...other].map((each, number) => ({ number, vector: each }));
        const whole = buildSegment(all);
        const [earlier, later] = [buildSegment(all.slice(0, one.length)), buildSegment(all.slice(one.length))];
        expect(mergeSegments(earlier, later)).toEqual(whole);
        for (const id of whole.ids) expect(findPostings(whole, id)).toBeDefined();
        expect(findPostings(whole, 12345)).toBe(whole.ids.includes(12345) ? expect.anything() : undefined);
      }),
    );
  });

  test("a field's terms never count for another field", () => {
    expect(new Set((["text", "pairs", "title", "article"] as const).map((field) => termId(field, "word"))).size).toBe(
      4,
    );
  });
});
