// The store in Qdrant: on the stand-in always, and on a real one where QDRANT_URL says where it is.

import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { QdrantClient } from "@qdrant/js-client-rest";
import { openEmbeddedStore } from "../../src/knowledge/stores/embedded/index.ts";
import { openQdrantStore } from "../../src/knowledge/stores/qdrant/index.ts";
import { fingerprint, loadTokenizer } from "../../src/knowledge/search/tokens.ts";
import { keptOf, renewalFor, searchDense, searchFor, testStore } from "../contracts/store.ts";
import { startQdrant, type FakeQdrant } from "../fakes/qdrant.ts";
import { createTestRuntime } from "../fakes/test-runtime.ts";

const signal = new AbortController().signal;
const { QDRANT_URL, QDRANT_API_KEY } = process.env;

/** Opens stores in a collection of their own, and removes it afterwards. */
async function rig(url: string, apiKey?: string) {
  const place = { url, name: `heed-test-${randomUUID()}`, ...(apiKey && { apiKey }) };
  const open = () => openQdrantStore(place, createTestRuntime());
  const discard = async () => {
    const client = new QdrantClient({ url, headers: { "api-key": apiKey }, checkCompatibility: false });
    const { collections } = await client.getCollections();
    for (const { name } of collections) if (name.startsWith(place.name)) await client.deleteCollection(name);
  };
  return { place, open, discard };
}

/** Describes nothing anew, as when everything is described already. */
const tidying = { ...renewalFor("test/one"), version: { words: fingerprint(await loadTokenizer()) } };

const TEXTS = [
  ["Attention weighs every word against every other.", "The weights of attention sum to one.", "A head is small."],
  ["Interns may work remotely.", "Remote work needs a manager's word, and three months of service."],
  ["實習生可以申請遠端工作。", "注意力機制讓每個字互相參照。", "attention 注意力 head"],
  [
    "Words, words, words.",
    "A word about attention and interns and remote heads and much besides that is long and dilutes.",
  ],
];

const HAN =
  "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能下過子說產種面而方後多定行學法所民得經";

/** A long passage, every other one Chinese, some words in most of them; no two the same. */
function passageOf(i: number): string {
  if (i % 2)
    return `${Array.from({ length: 60 }, (_, j) => `word${(i * 31 + j * 17) % (5 + j * 40)}`).join(" ")} apple`;
  return `${Array.from({ length: 380 }, (_, j) => HAN[(i * 7 + j * j * 13 + j) % HAN.length]).join("")} word${i}`;
}

function describeStore(server: () => { url: string; apiKey?: string }): void {
  const opened: { discard: () => Promise<void> }[] = [];
  const rigHere = async () => {
    const made = await rig(server().url, server().apiKey);
    opened.push(made);
    return made;
  };
  // A test that fails leaves nothing on a real server either.
  afterEach(async () => {
    for (const { discard } of opened.splice(0)) await discard();
  });

  testStore(async () => {
    const { open, discard } = await rigHere();
    return { store: await open(), reopen: open, discard };
  });

  test("ranks as the embedded store does", async () => {
    const { open } = await rigHere();
    const folder = mkdtempSync(join(tmpdir(), "heed-store-"));
    const [qdrant, embedded] = [await open(), openEmbeddedStore(folder)];
    for (const [i, texts] of TEXTS.entries()) {
      const more = { title: ["Attention", "Work", "注意力", "Words"][i]!, addedAt: i };
      for (const workspace of ["w", "other", "*"]) {
        const kept = keptOf(`d${i}`, workspace, workspace === "*" ? texts.toReversed() : texts, more);
        for (const store of [qdrant, embedded]) await store.put(kept, signal);
      }
    }
    for (const question of ["attention", "remote work interns", "注意力 head", "words", "遠端工作", "nothing of it"]) {
      const [ours, theirs] = [
        await searchFor(qdrant, question, ["w", "*"]),
        await searchFor(embedded, question, ["w", "*"]),
      ];
      const rounded = (found: typeof ours) =>
        new Set(found.candidates.map(({ passage, score }) => `${score.toFixed(9)} ${passage.text}`));
      expect(rounded(ours)).toEqual(rounded(theirs));
      expect(ours.frequencies).toEqual(theirs.frequencies);
      expect(ours.unseen).toBe(theirs.unseen);
      expect(ours.candidates.map(({ score }) => score.toFixed(9))).toEqual(
        theirs.candidates.map(({ score }) => score.toFixed(9)),
      );
    }
    await embedded.close();
    rmSync(folder, { recursive: true });
  });

  test("by meaning too it ranks as the embedded store does", async () => {
    const { open } = await rigHere();
    const folder = mkdtempSync(join(tmpdir(), "heed-store-"));
    const [qdrant, embedded] = [await open(), openEmbeddedStore(folder)];
    const texts = [
      "apples",
      "an apple for the dog",
      "cats",
      "a cat, a dog and a pear",
      "狗",
      "animal fruit",
      "of this",
    ];
    for (const store of [qdrant, embedded]) {
      for (const [i, text] of texts.entries())
        await store.put(keptOf(`d${i}`, i % 2 ? "*" : "w", [text, `${text}, again`], { addedAt: i }), signal);
      await store.reindex(renewalFor("test/one"), signal);
    }
    for (const question of ["fruit", "this cat", "an apple for my animal", "of what"]) {
      const [ours, theirs] = [
        await searchDense(qdrant, question, "test/one", ["w", "*"], 50),
        await searchDense(embedded, question, "test/one", ["w", "*"], 50),
      ];
      // By name, because equals may come in any order.
      const rounded = ({ candidates }: typeof ours) =>
        candidates.map(({ passage, score, cosine }) => `${passage.text} ${score.toFixed(9)} ${cosine?.toFixed(3)}`);
      expect(rounded(ours).toSorted()).toEqual(rounded(theirs).toSorted());
      expect(ours.candidates.map(({ score }) => score.toFixed(9))).toEqual(
        theirs.candidates.map(({ score }) => score.toFixed(9)),
      );
    }
    await embedded.close();
    rmSync(folder, { recursive: true });
  });

  test("another embedder gets a collection of its own behind the alias, while both serve and all writes are kept", async () => {
    const { place, open } = await rigHere();
    const [store, other] = [await open(), await open()];
    for (let i = 0; i < 70; i++) await store.put(keptOf(`d${i}`, "w", [`apple number ${i}`, "pear"]), signal);
    const before = await searchFor(store, "apple number 7", ["w"]);
    let described = 0;
    const meanwhile = async () => {
      if (described++ !== 40) return;
      expect(await searchFor(other, "apple number 7", ["w"])).toEqual(before);
      await other.put(keptOf("d3", "w", ["a newer plum"]), signal);
      await other.put(keptOf("new", "w", ["a new plum"]), signal);
      await other.remove("d5", "w");
    };
    expect(await store.reindex(renewalFor("test/one", meanwhile), signal)).toBeGreaterThanOrEqual(70);
    const listed = (await store.list("w")).map(({ id }) => id);
    expect(listed).toHaveLength(70);
    expect(listed).toContain("new");
    expect(listed).not.toContain("d5");
    expect((await searchFor(store, "plum", ["w"])).candidates).toHaveLength(2);
    const { candidates } = await searchDense(other, "any plum", "test/one", ["w"]);
    expect(candidates.filter(({ cosine }) => cosine !== undefined)).toHaveLength(candidates.length);
    expect(await collectionsOf(place.name)).toEqual([`${place.name}-2`]);
  });

  async function collectionsOf(name: string): Promise<readonly string[]> {
    const { url, apiKey } = server();
    const client = new QdrantClient({ url, headers: { "api-key": apiKey }, checkCompatibility: false });
    return (await client.getCollections()).collections.map((each) => each.name).filter((each) => each.startsWith(name));
  }
}

describe("the store in Qdrant, on a stand-in", () => {
  let server: FakeQdrant;
  beforeEach(async () => void (server = await startQdrant("secret")));
  afterEach(() => server.close());
  describe("keeps the contract", () => describeStore(() => ({ url: server.url, apiKey: "secret" })));

  const openStore = (runtime = createTestRuntime()) =>
    openQdrantStore({ url: server.url, apiKey: "secret", name: "heed" }, runtime);

  test("every field that is filtered by has an index, and every search names the workspaces", async () => {
    const store = await openStore();
    await store.put(keptOf("a", "w", ["apples"]), signal);
    await searchFor(store, "apples", ["w"]);
    const { indexed } = server.collections.get("heed-1")!;
    expect([...indexed.keys()].toSorted()).toEqual(["document", "kind", "origin", "revision", "terms", "workspace"]);
  });

  test("what passes by itself is tried again; what does not is told, and nothing half is left", async () => {
    const runtime = createTestRuntime();
    const store = await openStore(runtime);
    server.faults.push(503, 429, 500);
    await store.put(keptOf("a", "w", ["apples"]), signal);
    expect(runtime.events.filter(({ event }) => event === "qdrant")).toHaveLength(3);
    server.faults.push(0, 503, 503, 503, 503);
    await expect(store.put(keptOf("a", "w", ["plums"]), signal)).rejects.toMatchObject({ code: "unavailable" });
    expect((await searchFor(store, "apples", ["w"])).candidates).toHaveLength(1);
    expect((await searchFor(store, "plums", ["w"])).candidates).toEqual([]);
    expect((await store.get("a", "w"))?.passages.map(({ text }) => text)).toEqual(["apples"]);
    server.faults.push(400);
    await expect(store.list("w")).rejects.toMatchObject({ code: "unavailable" });
    expect(runtime.events.filter(({ event }) => event === "qdrant")).toHaveLength(6);
  });

  test("a wrong key is told", async () => {
    const opening = openQdrantStore({ url: server.url, apiKey: "wrong", name: "heed" }, createTestRuntime());
    await expect(opening).rejects.toMatchObject({ code: "misconfigured" });
  });

  test("a key that may only read is told at the first write", async () => {
    const store = await openStore();
    server.faults.push(0, 403);
    await expect(store.put(keptOf("a", "w", ["apples"]), signal)).rejects.toMatchObject({ code: "misconfigured" });
  });

  test("a collection that Heed did not make is refused, with the fix, and left as it is", async () => {
    const client = new QdrantClient({ url: server.url, headers: { "api-key": "secret" }, checkCompatibility: false });
    await client.createCollection("heed", { vectors: {}, sparse_vectors: {} });
    await expect(openStore()).rejects.toMatchObject({ code: "misconfigured" });
    expect([...server.collections.keys()]).toEqual(["heed"]);
  });

  test("whoever begins finds the collection of one that died before its indexes, and makes them", async () => {
    const client = new QdrantClient({ url: server.url, headers: { "api-key": "secret" }, checkCompatibility: false });
    await client.createCollection("heed-1", { vectors: {}, sparse_vectors: { words: {} } });
    const store = await openStore();
    await store.put(keptOf("a", "w", ["apples"]), signal);
    expect((await searchFor(store, "apples", ["w"])).candidates).toHaveLength(1);
  });

  test("restored under the alias's own name it moves too, and a move that was cut off loses nothing", async () => {
    const store = await openStore();
    await store.put(keptOf("a", "w", ["apples"]), signal);
    const restored = server.collections.get("heed-1")!;
    server.aliases.clear();
    server.collections.clear();
    server.collections.set("heed", restored);
    server.onRequest = (request) => {
      if (request === "DELETE /collections/heed") server.faults.push(401);
    };
    const mover = await openStore();
    await expect(mover.reindex(renewalFor("test/one"), signal)).rejects.toMatchObject({ code: "misconfigured" });
    server.onRequest = undefined;
    expect([...server.collections.keys()]).toEqual(["heed-1"]);
    const next = await openStore();
    await next.reindex(renewalFor("test/one"), signal);
    expect((await searchDense(next, "fruit", "test/one", ["w"])).candidates).toHaveLength(1);
    expect((await next.list("w")).map(({ id }) => id)).toEqual(["a"]);
  });

  test("a collection of another schema is refused, with the fix", async () => {
    await openStore();
    server.collections.get("heed-1")!.metadata["heed_schema"] = 99;
    await expect(openStore()).rejects.toMatchObject({ code: "misconfigured" });
  });

  test("whatever is asked in the moment in which the collection changes, a write lands", async () => {
    const store = await openStore();
    for (const id of ["a", "b"]) await store.put(keptOf(id, "w", [`apples of ${id}`]), signal);
    const writer = await openStore();
    let writes = 0;
    // Before every single request of the renewal, another worker puts a document of its own and changes one.
    let isWriting = false;
    server.onRequest = async () => {
      if (isWriting || writes === 25) return;
      isWriting = true;
      const number = writes++;
      await writer.put(keptOf(`new-${number}`, "w", [`apples number ${number}`]), signal);
      await writer.put(keptOf("a", "w", [`newest apples ${number}`]), signal);
      if (number === 20) await writer.remove("b", "w");
      isWriting = false;
    };
    await store.reindex(renewalFor("test/one"), signal);
    server.onRequest = undefined;
    await store.reindex(renewalFor("test/one"), signal);
    const ids = (await store.list("w")).map(({ id }) => id);
    expect(ids.toSorted()).toEqual(["a", ...Array.from({ length: writes }, (_, i) => `new-${i}`)].toSorted());
    const found = await searchFor(store, "newest apples", ["w"], 100);
    expect(found.candidates.filter(({ passage }) => passage.documentId === "a")).toHaveLength(1);
    expect((await searchDense(store, "fruit", "test/one", ["w"])).candidates).toHaveLength(3);
    expect([...server.aliases]).toEqual([["heed", "heed-2"]]);
    expect([...server.collections.keys()]).toEqual(["heed-2"]);
    expect([...server.collections.get("heed-2")!.points.values()]).toHaveLength(3 * ids.length);
  });

  test("a renewal that was killed between any two requests is ended by the next, and nothing is left over", async () => {
    for (let killedAfter = 1; ; killedAfter++) {
      const name = `heed${killedAfter}`;
      const open = () => openQdrantStore({ url: server.url, apiKey: "secret", name }, createTestRuntime());
      const store = await open();
      for (const id of ["a", "b"]) await store.put(keptOf(id, "w", [`apples of ${id}`]), signal);
      const killed = new AbortController();
      let requests = 0;
      server.onRequest = () => {
        if (++requests === killedAfter) killed.abort();
      };
      const ended = await store.reindex(renewalFor("test/one"), killed.signal).then(
        () => true,
        () => false,
      );
      server.onRequest = undefined;
      const next = await open();
      expect((await searchFor(next, "apples", ["w"])).candidates).toHaveLength(2);
      await next.reindex(renewalFor("test/one"), signal);
      expect((await searchDense(next, "fruit", "test/one", ["w"])).candidates).toHaveLength(2);
      const left = [...server.collections.keys()].filter((each) => each.startsWith(`${name}-`));
      expect(left).toEqual([server.aliases.get(name)]);
      if (ended && requests < killedAfter) break;
    }
  });

  test("workers of two kinds do not build in turns: whoever started last decides", async () => {
    const runtime = createTestRuntime();
    const [older, newer] = [await openStore(runtime), await openStore()];
    await older.put(keptOf("a", "w", ["apples"]), signal);
    await older.reindex(renewalFor("test/one"), signal);
    await newer.reindex(renewalFor("test/other"), signal);
    await older.put(keptOf("b", "w", ["pears"]), signal);
    expect(await older.reindex(renewalFor("test/one"), signal)).toBe(0);
    expect(runtime.events.at(-1)).toMatchObject({ level: "warn", event: expect.stringContaining("another embedder") });
    expect(await newer.reindex(renewalFor("test/other"), signal)).toBe(1);
    expect((await searchDense(newer, "fruit", "test/other", ["w"])).candidates).toHaveLength(2);
    expect((await searchFor(older, "apples pears", ["w"])).candidates).toHaveLength(2);
    expect([...server.collections.keys()]).toEqual(["heed-3"]);
  });

  test("a collection of somebody else's that bears such a name is left alone", async () => {
    const store = await openStore();
    await store.put(keptOf("a", "w", ["apples"]), signal);
    const client = new QdrantClient({ url: server.url, headers: { "api-key": "secret" }, checkCompatibility: false });
    await client.createCollection("heed-2", { vectors: {}, sparse_vectors: {} });
    await store.reindex(renewalFor("test/one"), signal);
    expect([...server.collections.keys()].toSorted()).toEqual(["heed-2", "heed-3"]);
  });

  describe("asks for little", () => {
    const traffic = async (work: () => Promise<unknown>) => {
      const [requests, { given }] = [server.asked.length, { ...server.traffic }];
      await work();
      return { requests: server.asked.length - requests, bytes: server.traffic.given - given };
    };

    test.each([
      [30, 4],
      [1, 130],
    ])(
      "a warm search, whatever the size of the documents: %i documents of %i passages",
      async (documents, passages) => {
        const store = await openStore();
        for (let i = 0; i < documents; i++) {
          const texts = Array.from({ length: passages }, (_, j) => passageOf(i * passages + j));
          await store.put(keptOf(`d${i}`, "w", texts, { digest: `of ${i}` }), signal);
        }
        await store.reindex(renewalFor("test/one"), signal);
        await searchDense(store, "word1 apple", "test/one", ["w", "*"], 100);
        await searchFor(store, "word1 word7 中國人會說 apple", ["w", "*"], 100);
        // Words in another order, alone, and words that are nowhere.
        for (const question of ["word7 word1 人會說", "word1 中國 nowhere 說中國"]) {
          const byWords = await traffic(() => searchFor(store, question, ["w", "*"], 100));
          expect(byWords.requests).toBeLessThanOrEqual(5);
          expect(byWords.bytes).toBeLessThanOrEqual(300_000);
        }
        const again = await traffic(() => searchFor(store, "word1 word7 中國人會說", ["w", "*"], 100));
        expect(again.requests).toBe(3);
        const byMeaning = await traffic(() => searchDense(store, "word1 apple", "test/one", ["w", "*"], 100));
        expect(byMeaning.requests).toBeLessThanOrEqual(5);
        expect(byMeaning.bytes).toBeLessThanOrEqual(400_000);
      },
    );

    test("a put, and a document of any length is read in answers of a bounded size", async () => {
      const store = await openStore();
      await store.put(keptOf("a", "w", ["apples"]), signal);
      const small = await traffic(() =>
        store.put(
          keptOf(
            "b",
            "w",
            Array.from({ length: 50 }, (_, i) => passageOf(i)),
          ),
          signal,
        ),
      );
      expect(small.requests).toBe(3);
      await store.put(
        keptOf(
          "c",
          "w",
          Array.from({ length: 300 }, (_, i) => passageOf(i)),
          { digest: "of c" },
        ),
        signal,
      );
      expect((await store.get("c", "w"))?.passages.map(({ text }) => text)).toEqual(
        Array.from({ length: 300 }, (_, i) => passageOf(i)),
      );
      expect(server.traffic.largest).toBeLessThan(600_000);
    });
  });

  test("is laid out as the settings say, the collection that is built next too", async () => {
    const layout = { isOnDisk: true, isQuantized: true, shards: 3, replicas: 2 };
    const store = await openQdrantStore(
      { url: server.url, apiKey: "secret", name: "heed", layout },
      createTestRuntime(),
    );
    await store.put(keptOf("a", "w", ["apples"]), signal);
    await store.reindex(renewalFor("test/one"), signal);
    expect((await searchDense(store, "fruit", "test/one", ["w"])).candidates).toHaveLength(1);
    expect(server.collections.get("heed-2")!.layout).toMatchObject({
      vectors: { test_one: { on_disk: true, quantization_config: { scalar: { type: "int8" } } } },
      sparse_vectors: { words: { index: { on_disk: true } } },
      shard_number: 3,
      replication_factor: 2,
    });
  });

  test("says how it fares, also while another collection is being built", async () => {
    const store = await openStore();
    await store.put(keptOf("a", "w", ["apples", "pears"]), signal);
    const standing = {
      store: "qdrant",
      version: "1.18.2",
      collection: "heed-1",
      points: 4,
      segments: 2,
      health: "green",
    };
    expect(await store.status()).toEqual(standing);
    let meanwhile: unknown;
    await store.reindex(
      renewalFor("test/one", async () => (meanwhile = await store.status())),
      signal,
    );
    expect(meanwhile).toEqual({ ...standing, building: "heed-2" });
    server.faults.push(...Array.from({ length: 12 }, () => 503));
    await expect(store.status()).rejects.toMatchObject({ code: "unavailable" });
  });

  test("what another worker puts is found at once, and what it removes is never shown", async () => {
    const runtime = createTestRuntime();
    const [store, other] = [await openStore(runtime), await openStore(runtime)];
    await store.put(keptOf("a", "w", ["apples"]), signal);
    expect((await searchFor(store, "zebra", ["w"])).candidates).toEqual([]);
    await other.put(keptOf("b", "w", ["a zebra"]), signal);
    const found = await searchFor(store, "zebra", ["w"]);
    expect(found.candidates.map(({ passage }) => passage.text)).toEqual(["a zebra"]);
    expect(found.frequencies.size).toBeGreaterThan(0);
    await other.put(keptOf("b", "w", ["a zebra that is new"]), signal);
    expect((await searchFor(store, "zebra", ["w"])).candidates.map(({ passage }) => passage.text)).toEqual([
      "a zebra that is new",
    ]);
    await other.remove("b", "w");
    expect((await searchFor(store, "zebra", ["w"])).candidates).toEqual([]);
  });

  test("counts of words are true again soon after another worker has changed them", async () => {
    const runtime = createTestRuntime();
    const [store, other] = [await openStore(runtime), await openStore(runtime)];
    for (const id of ["a", "b"]) await store.put(keptOf(id, "w", ["apples"]), signal);
    await searchFor(store, "apples", ["w"]);
    for (const id of ["c", "d"]) await other.put(keptOf(id, "w", ["pears"]), signal);
    await runtime.sleep(5000);
    expect((await searchFor(store, "apples", ["w"])).frequencies).toEqual(
      (await searchFor(other, "apples", ["w"])).frequencies,
    );
    // The number of passages stays the same, so only time tells.
    await other.put(keptOf("c", "w", ["apples"]), signal);
    await runtime.sleep(10 * 60_000);
    expect((await searchFor(store, "apples", ["w"])).frequencies).toEqual(
      (await searchFor(other, "apples", ["w"])).frequencies,
    );
  });

  test("what a put that failed left behind is not found, not counted, and swept later", async () => {
    const runtime = createTestRuntime();
    const store = await openStore(runtime);
    const texts = Array.from({ length: 400 }, (_, i) => `apples ${passageOf(i)}`);
    await store.put(keptOf("a", "w", ["apples", "pears"]), signal);
    const before = await searchFor(store, "apples", ["w"]);
    server.onRequest = (request) => {
      if (request.endsWith("/points/batch")) server.faults.push(...Array.from({ length: 50 }, () => 503));
    };
    await expect(store.put(keptOf("b", "w", texts), signal)).rejects.toMatchObject({ code: "unavailable" });
    server.onRequest = undefined;
    server.faults.length = 0;
    const { points } = server.collections.get("heed-1")!;
    expect(points.size).toBeGreaterThan(4);
    expect(await searchFor(store, "apples", ["w"])).toEqual(before);
    await store.reindex(tidying, signal);
    expect(points.size).toBeGreaterThan(4);
    await runtime.sleep(2 * 60 * 60_000);
    await store.reindex(tidying, signal);
    expect([...points.values()].filter(({ payload }) => payload?.["document"] !== undefined)).toHaveLength(4);
  });

  test("passages of a put that the server's end cut in two are swept later", async () => {
    const runtime = createTestRuntime();
    const store = await openStore(runtime);
    await store.put(keptOf("a", "w", ["apples"]), signal);
    await store.put(keptOf("b", "w", ["pears"]), signal);
    const { points } = server.collections.get("heed-1")!;
    for (const [id, { payload }] of points)
      if (
        payload?.["kind"] !== "passage" &&
        payload?.["document"] === [...points.values()].at(-1)!.payload!["document"]
      )
        points.delete(id);
    expect(points.size).toBe(4);
    await runtime.sleep(2 * 60 * 60_000);
    await store.reindex(tidying, signal);
    expect(points.size).toBe(3);
    expect((await searchFor(store, "apples", ["w"])).candidates).toHaveLength(1);
  });

  test("many workers may begin at once", async () => {
    const stores = await Promise.all([openStore(), openStore(), openStore()]);
    await stores[0].put(keptOf("a", "w", ["apples"]), signal);
    for (const store of stores) expect((await searchFor(store, "apples", ["w"])).candidates).toHaveLength(1);
    expect([...server.collections.keys()]).toEqual(["heed-1"]);
  });
});

if (QDRANT_URL)
  describe("the store in Qdrant, on a real one", () => {
    describeStore(() => ({ url: QDRANT_URL, ...(QDRANT_API_KEY && { apiKey: QDRANT_API_KEY }) }));
  });
else
  describe("the store in Qdrant, on a real one", () => {
    test.skip("needs QDRANT_URL, which is not set here", () => {});
  });
