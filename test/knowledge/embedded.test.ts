// The embedded store keeps the contract, and survives what happens to files: a kill, a full disk, a folder that may not be written.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { openDatabase } from "../../src/knowledge/stores/embedded/database.ts";
import { createEmbeddedStore, openEmbeddedStore } from "../../src/knowledge/stores/embedded/index.ts";
import { keptOf, searchFor, testStore } from "../contracts/store.ts";

const signal = new AbortController().signal;
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "heed-store-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe.each([
  ["in this thread", Infinity],
  ["in a thread of its own", -1],
])("the embedded store %s", (_, mostHere) => {
  testStore(() => {
    let store = openEmbeddedStore(directory, { mostHere });
    return Promise.resolve({
      store,
      reopen: async () => {
        await store.close();
        store = openEmbeddedStore(directory, { mostHere });
        return store;
      },
      discard: () => store.close(),
    });
  });

  test("what is wrong with the file is told in a sentence, and what was there is unharmed", async () => {
    const store = openEmbeddedStore(directory, { mostHere });
    await store.put(keptOf("a", "w", ["apples"]), signal);
    const other = new DatabaseSync(join(directory, "knowledge.sqlite"));
    other.exec("BEGIN IMMEDIATE");
    await expect(store.put(keptOf("b", "w", ["pears"]), signal)).rejects.toMatchObject({
      code: "unavailable",
      phrase: { en: expect.stringContaining("Another process") },
    });
    other.exec("ROLLBACK");
    other.close();
    await store.put(keptOf("b", "w", ["pears"]), signal);
    expect(await store.list("w")).toHaveLength(2);
    await store.close();
  });
});

describe("two processes over one file", () => {
  test("one sees at once what the other has written and removed", async () => {
    const [one, other] = [openEmbeddedStore(directory), openEmbeddedStore(directory)];
    await one.put(keptOf("a", "w", ["apples"]), signal);
    expect((await searchFor(other, "apples", ["w"])).candidates).toHaveLength(1);
    await other.put(keptOf("a", "w", ["pears"]), signal);
    expect((await searchFor(one, "apples", ["w"])).candidates).toHaveLength(0);
    expect((await searchFor(one, "pears", ["w"])).candidates).toHaveLength(1);
    await Promise.all([one.close(), other.close()]);
  });
});

describe("a killed process", () => {
  /** Puts documents of 200 passages for as long as it lives, and says when each is kept. */
  const writer = `
    import { openEmbeddedStore } from "./src/knowledge/stores/embedded/index.ts";
    const vector = (id) => ({ ids: Uint32Array.of(id), counts: Uint8Array.of(1), length: 9 });
    const entries = Array.from({ length: 200 }, (_, i) => ({
      chunk: { headings: [], text: "x".repeat(400), start: i * 400, end: i * 400 + 400 }, terms: vector(i),
    }));
    const store = openEmbeddedStore(process.argv[1]);
    for (let i = 0; ; i++) {
      const document = { id: "d" + (i % 7), workspace: "w", title: "t", origin: "o" + i, format: "text", digest: "x",
        bytes: 1, addedAt: i, addedBy: "u" };
      await store.put({ document, entries, title: vector(1), article: vector(2), version: { words: "w" } }, new AbortController().signal);
      process.stdout.write(".");
    }`;

  test.each([7, 20, 33])("leaves whole documents only, killed after %i", async (many) => {
    const flags = ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", writer, directory];
    const child = spawn(process.execPath, flags, { cwd: resolve(import.meta.dirname, "../..") });
    let written = 0;
    const errors: string[] = [];
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
    child.stdout.on("data", (chunk: Buffer) => {
      written += chunk.length;
      if (written >= many) child.kill("SIGKILL");
    });
    await once(child, "close");
    expect({ enough: written >= many, errors }).toEqual({ enough: true, errors: [] });
    const store = openEmbeddedStore(directory);
    const listed = await store.list("w");
    expect(listed.map(({ id }) => id).toSorted()).toEqual(["d0", "d1", "d2", "d3", "d4", "d5", "d6"]);
    expect(Math.max(...listed.map(({ addedAt }) => addedAt))).toBeGreaterThanOrEqual(written - 1);
    for (const { id } of listed) expect((await store.get(id, "w"))?.passages).toHaveLength(200);
    const check = new DatabaseSync(join(directory, "knowledge.sqlite"));
    expect(check.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
    expect(check.prepare("SELECT count(*) AS many FROM passage").get()).toEqual({ many: 1400 });
    check.close();
    await store.close();
  });
});

const fault = (code: string, words: string) =>
  expect.objectContaining({ code, phrase: expect.objectContaining({ en: expect.stringContaining(words) }) });

describe("trouble with the file becomes a sentence", () => {
  const big = keptOf(
    "big",
    "w",
    Array.from({ length: 300 }, (_, i) => `passage ${i} ${"word ".repeat(80)}`),
  );

  test("a full disk: nothing of the document is kept, and the rest is unharmed", async () => {
    const database = openDatabase(directory);
    const store = createEmbeddedStore(database, directory);
    await store.put(keptOf("a", "w", ["apples"]), signal);
    database.exec("PRAGMA max_page_count = 20");
    await expect(store.put(big, signal)).rejects.toMatchObject({
      name: "BotError",
      code: "unavailable",
      phrase: { en: expect.stringContaining("full"), "zh-TW": expect.stringContaining("空間不足") },
    });
    expect((await store.list("w")).map(({ id }) => id)).toEqual(["a"]);
    expect((await searchFor(store, "apples passage", ["w"])).candidates).toHaveLength(1);
    database.exec("PRAGMA max_page_count = 100000");
    await store.put(big, signal);
    expect(await store.list("w")).toHaveLength(2);
    await store.close();
  });

  test("a file that may only be read can still be searched", async () => {
    const writing = openEmbeddedStore(directory);
    await writing.put(keptOf("a", "w", ["apples"]), signal);
    await writing.close();
    const store = createEmbeddedStore(
      new DatabaseSync(join(directory, "knowledge.sqlite"), { readOnly: true }),
      directory,
    );
    expect((await searchFor(store, "apples", ["w"])).candidates).toHaveLength(1);
    await expect(store.put(big, signal)).rejects.toMatchObject({
      code: "misconfigured",
      phrase: { en: expect.stringContaining(directory), "zh-TW": expect.stringContaining("權限") },
    });
    await store.close();
  });

  test("a folder that is a file, and a file that is no database", () => {
    const file = join(directory, "file");
    writeFileSync(file, "not a folder");
    expect(() => openEmbeddedStore(file)).toThrow(fault("misconfigured", "cannot be opened"));
    expect(() => openEmbeddedStore(join(file, "below"))).toThrow(fault("misconfigured", "cannot be opened"));
    writeFileSync(join(directory, "knowledge.sqlite"), "no database ".repeat(100));
    expect(() => openEmbeddedStore(directory)).toThrow(fault("misconfigured", "damaged"));
  });

  test("a lock that another process holds", async () => {
    const database = openDatabase(directory);
    database.exec("PRAGMA busy_timeout = 1");
    const store = createEmbeddedStore(database, directory);
    const other = openDatabase(directory);
    other.exec("BEGIN IMMEDIATE");
    await expect(store.put(big, signal)).rejects.toMatchObject({ code: "unavailable" });
    other.exec("ROLLBACK");
    await store.put(big, signal);
    other.close();
    await store.close();
  });

  test("a file from a newer version is left alone", () => {
    const database = openDatabase(directory);
    database.exec("PRAGMA user_version = 99");
    database.close();
    expect(() => openEmbeddedStore(directory)).toThrow(expect.objectContaining({ code: "misconfigured" }));
  });
});
