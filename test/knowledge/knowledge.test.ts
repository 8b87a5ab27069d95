// The knowledge base as a whole: files in, passages with quotes out, and an honest word where there is no answer.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { BotError } from "../../src/core/errors.ts";
import { EVERYONE, type Format, type Hit, type Upload } from "../../src/core/knowledge.ts";
import { defineFormat } from "../../src/knowledge/formats/define-format.ts";
import type { Json } from "../../src/core/runtime.ts";
import { createKnowledge, type Knowledge, type KnowledgeOptions } from "../../src/knowledge/index.ts";
import { createPrimerSwitch, PRIMER } from "../../src/knowledge/ingest/primer.ts";

const signal = new AbortController().signal;
const owner = { workspace: "w", user: "mei" };
const neverAsked = (): Promise<never> => Promise.reject(new Error("asked"));
const ignore = (): void => undefined;

let reads = 0;
/** Text with Markdown headings and form feeds between pages. */
const TEXT: Format = {
  name: "text",
  extensions: [".txt", ".md"],
  mediaTypes: ["text/plain"],
  read: (bytes) => {
    reads++;
    const text = new TextDecoder().decode(bytes);
    const headings = [...text.matchAll(/^(#+) (.+)$/gm)].map((match) => ({
      level: match[1]!.length,
      text: match[2]!,
      start: match.index,
    }));
    const pages = [...text.matchAll(/^|\f/g)].map(({ index }, i) => ({ number: i + 1, start: index }));
    const title = headings.find(({ level }) => level === 1)?.text;
    return Promise.resolve({ ...(title === undefined ? {} : { title }), text, headings, pages, warnings: [] });
  },
};

let directory: string;
let knowledge: Knowledge;
const open = (more: Partial<KnowledgeOptions> = {}) =>
  createKnowledge({
    place: { directory },
    runtime: {
      now: () => 1000,
      sleep: () => Promise.resolve(),
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    },
    formatFor: () => TEXT,
    fetchPage: (url) => Promise.resolve(uploadOf(url, "fetched")),
    ...more,
  });
beforeEach(async () => {
  reads = 0;
  directory = mkdtempSync(join(tmpdir(), "heed-knowledge-"));
  knowledge = await open();
});
afterEach(async () => {
  await knowledge.close();
  rmSync(directory, { recursive: true, force: true });
});

function uploadOf(name: string, text: string, origin = name): Upload {
  return { name, origin, bytes: new TextEncoder().encode(text) };
}
const add = (name: string, text: string, origin?: string) => knowledge.add(uploadOf(name, text, origin), owner, signal);
const search = (question: string, workspace = "w") => knowledge.search(question, { workspace, limit: 8 }, signal);
const quoteOf = ({ text, start, quote }: Hit) => text.slice(quote.start - start, quote.end - start);

const HANDBOOK = `# 員工手冊

## 休假

特休每年十天。病假不扣薪，但三天以上要附證明。

## 遠端工作

實習生到職滿三個月後，每週得遠端工作至多三日。申請要由主管在系統送出。公司不補助家用網路費。

## Travel

Book trains at https://example.org. Flights need the approval of your manager two weeks ahead. Hotels are paid up to 120 dollars a night.
`;

describe("adding", () => {
  test("the same bytes of the same origin do nothing, not even read", async () => {
    const first = await add("handbook.md", HANDBOOK);
    expect(first).toMatchObject({
      outcome: "added",
      pages: 1,
      document: { title: "員工手冊", addedAt: 1000, addedBy: "mei" },
    });
    const again = await add("handbook.md", HANDBOOK);
    expect(again).toEqual({ ...first, outcome: "unchanged" });
    expect(reads).toBe(1);
  });

  test("new bytes of an origin replace the document, keep its id and leave no old passage", async () => {
    const first = await add("handbook.md", HANDBOOK);
    const second = await add("renamed.md", "# 員工手冊\n\n特休每年十五天。", "handbook.md");
    expect(second).toMatchObject({ outcome: "replaced", passages: 1, document: { id: first.document.id } });
    expect((await search("實習生 Hotels")).hits).toEqual([]);
    expect(quoteOf((await search("特休幾天")).hits[0]!)).toBe("特休每年十五天。");
    expect(await knowledge.list("w")).toHaveLength(1);
  });

  test("an id is readable, its own for each workspace, and enough of it finds the document", async () => {
    const { document } = await add("員工手冊 2026 (final).PDF", "text");
    expect(document.id).toMatch(/^員工手冊-2026-final-[0-9a-f]{6}$/);
    const theirs = await knowledge.add(
      uploadOf("員工手冊 2026 (final).PDF", "text"),
      { ...owner, workspace: "x" },
      signal,
    );
    expect(theirs.document.id).not.toBe(document.id);
    expect((await knowledge.get("員工手冊", "w"))?.document).toEqual(document);
  });

  test.each([
    ["nothing", ""],
    ["white space", " \n\t\n　"],
  ])("a file with %s in it is unreadable", async (_, text) => {
    await expect(add("scan.pdf", text)).rejects.toMatchObject({
      code: "unreadable",
      phrase: { en: expect.stringContaining("no text"), "zh-TW": expect.stringContaining("沒有文字") },
    });
    expect(await knowledge.list("w")).toEqual([]);
  });

  test.each([{ bytes: 10 }, { text: 10 }, { passages: 1 }])(
    "a file over the limit of %j is too large",
    async (limits) => {
      await knowledge.close();
      knowledge = await open({ limits });
      await expect(add("big.md", HANDBOOK)).rejects.toMatchObject({ code: "too-large" });
      expect(await knowledge.list("w")).toEqual([]);
    },
  );

  test("what a format says goes to the person, and a change that fails leaves the old document", async () => {
    await add("handbook.md", HANDBOOK);
    await knowledge.close();
    const unreadable = new BotError("unreadable", { en: "A scan.", "zh-TW": "是掃描檔。" });
    knowledge = await open({ formatFor: () => ({ ...TEXT, read: () => Promise.reject(unreadable) }) });
    await expect(add("handbook.md", "new")).rejects.toBe(unreadable);
    expect((await search("實習生")).hits[0]?.text).toContain("實習生");
  });

  test("what nobody foresaw in a reader is logged with its file, whether that is kept or read for one question", async () => {
    await knowledge.close();
    const logged: [string, unknown][] = [];
    const log = {
      debug: ignore,
      info: ignore,
      error: ignore,
      warn: (event: string, fields: unknown) => void logged.push([event, fields]),
    };
    const defect = new SyntaxError("Invalid regular expression");
    const fail = () => Promise.reject(defect);
    const format = defineFormat({
      ...TEXT,
      parse: async (_, { extra }) => ({
        text: `Text survives${await extra({ name: "outline" }, fail, "")}.`,
        headings: [],
        pages: [],
        warnings: [],
      }),
    });
    const runtime = { now: () => 1000, sleep: () => Promise.resolve(), log };
    knowledge = await open({ runtime, formatFor: () => format });
    expect((await add("a.md", "x")).outcome).toBe("added");
    expect((await knowledge.read(uploadOf("b.md", "x"), "survives?", 1, signal)).hits[0]?.text).toBe("Text survives.");
    expect(logged).toEqual(
      ["a.md", "b.md"].map((name) => [
        "a part of a document could not be read",
        { name, format: "text", part: "outline", error: defect },
      ]),
    );
  });

  test("a file that another format now reads is read anew", async () => {
    await add("mail.eml", "text");
    await knowledge.close();
    knowledge = await open({ formatFor: () => ({ ...TEXT, name: "mail" }) });
    expect(await add("mail.eml", "text")).toMatchObject({ outcome: "replaced", document: { format: "mail" } });
    expect((await add("mail.eml", "text")).outcome).toBe("unchanged");
  });

  test("a given-up add keeps nothing", async () => {
    await expect(knowledge.add(uploadOf("a.md", "text"), owner, AbortSignal.abort())).rejects.toThrow(/abort/i);
    expect(await knowledge.list("w")).toEqual([]);
  });
});

describe("searching", () => {
  beforeEach(async () => {
    await add("handbook.md", HANDBOOK);
    for (let i = 0; i < 30; i++) await add(`note-${i}.md`, `Note ${i}: 會議紀錄第${i}則，討論產品進度與時程。`);
  });

  test.each([
    ["實習生可以遠端工作嗎？", "實習生到職滿三個月後，每週得遠端工作至多三日。"],
    ["实习生可以远端工作吗？", "實習生到職滿三個月後，每週得遠端工作至多三日。"],
    ["Who has to approve a flight?", "Flights need the approval of your manager two weeks ahead."],
    ["how much may a hotel cost per night", "Hotels are paid up to 120 dollars a night."],
  ])("%s is answered by its sentence", async (question, quote) => {
    const { hits, answerable, confidence } = await search(question);
    expect(quoteOf(hits[0]!)).toContain(quote);
    expect(quoteOf(hits[0]!).length).toBeLessThanOrEqual(240);
    expect(answerable).toBe(true);
    expect(confidence).toBeLessThanOrEqual(1);
  });

  test("a hit says where it stands", async () => {
    const [hit] = (await search("實習生遠端")).hits;
    expect(hit).toMatchObject({ title: "員工手冊", headings: ["員工手冊", "遠端工作"], page: 1 });
    expect(HANDBOOK.slice(hit!.start, hit!.end)).toBe(hit!.text);
  });

  test.each(["宿舍的門禁是幾點？", "What is the capital of Mongolia?", "xyzzy", "是什麼？", "", "the of and", "🙂"])(
    "%s has no answer here",
    async (question) => {
      const { answerable, confidence } = await search(question);
      expect(answerable).toBe(false);
      expect(confidence).toBeGreaterThanOrEqual(0);
    },
  );

  test("another workspace finds nothing, and everyone finds what is for everyone", async () => {
    expect((await search("實習生遠端工作", "x")).hits).toEqual([]);
    await knowledge.add(
      uploadOf("guide.md", "Attention weighs tokens."),
      { workspace: EVERYONE, user: "heed" },
      signal,
    );
    for (const workspace of ["w", "x"]) expect((await search("attention", workspace)).hits).toHaveLength(1);
  });

  test("a section's later passages are found by the heading that they do not say", async () => {
    const filler = "這一段說明流程的細節與注意事項，請依照規定辦理。".repeat(30);
    await add("long.md", `# 規章\n\n## 報廢設備\n\n${filler}完成後由庶務組回收。`);
    const { hits } = await search("報廢設備 庶務組");
    expect(hits[0]?.text).toContain("庶務組");
    expect(hits[0]?.text).not.toContain("報廢設備");
  });

  test("removing is for the workspace's own documents", async () => {
    const [{ id } = { id: "" }] = await knowledge.list("w");
    expect(await knowledge.remove(id, "x")).toBe(false);
    expect(await knowledge.remove(id, "w")).toBe(true);
    expect(await knowledge.get(id, "w")).toBeUndefined();
  });
});

describe("the bundled documents", () => {
  test("load once, follow their folder, and leave alone what others added for everyone", async () => {
    const folder = join(directory, "primer");
    mkdirSync(join(folder, "en"), { recursive: true });
    writeFileSync(join(folder, "en", "one.md"), "# One\n\nAttention.");
    writeFileSync(join(folder, "en", "two.md"), "# Two\n\nTokens.");
    await knowledge.add(uploadOf("own.md", "Own."), { workspace: EVERYONE, user: "admin" }, signal);
    const load = async () => {
      const seen: [number, number, string][] = [];
      reads = 0;
      await knowledge.loadPrimer({ folder, onProgress: (...step) => seen.push(step) }, signal);
      return { seen, reads };
    };
    const steps: [number, number, string][] = [
      [1, 2, "One"],
      [2, 2, "Two"],
    ];
    expect(await load()).toEqual({ seen: steps, reads: 2 });
    expect(await load()).toEqual({ seen: [], reads: 0 });
    writeFileSync(join(folder, "en", "one.md"), "# One\n\nWeights.");
    rmSync(join(folder, "en", "two.md"));
    expect(await load()).toEqual({ seen: [[1, 1, "One"]], reads: 1 });
    expect((await knowledge.list(EVERYONE)).map(({ origin }) => origin).toSorted()).toEqual([
      "own.md",
      "primer/en/one.md",
    ]);
    expect((await search("tokens")).hits).toEqual([]);
  });

  test("the primer that ships is found in both languages", async () => {
    cpSync(PRIMER, join(directory, "copy"), { recursive: true });
    await knowledge.loadPrimer({ folder: join(directory, "copy") }, signal);
    const shipped = readdirSync(PRIMER, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"));
    expect(await knowledge.list(EVERYONE)).toHaveLength(shipped.length);
    for (const question of ["What is self-attention?", "什麼是自注意力？"]) {
      expect(await search(question)).toMatchObject({ answerable: true });
    }
    // What an example of code happens to ask or say is no answer.
    for (const question of ["今天台北天氣如何？", "How many vacation days do I get?", "公司特休有幾天？"])
      expect(await search(question)).toMatchObject({ answerable: false });
    const [hit] = (await search("什麼是自注意力？")).hits;
    expect((await knowledge.get(hit!.documentId, "w"))?.document.workspace).toBe(EVERYONE);
  });
});

describe("the bundled documents beside a team's own", () => {
  const COURSE =
    "# Attention\n\n## What is attention?\n\nAttention lets every token look at the other tokens.\n\n## How many days of leave?\n\nAn example: ask how many days of leave there are.";
  const titles = async (question: string, workspace = "w") => {
    const { hits, answerable } = await knowledge.search(question, { workspace, limit: 8 }, signal);
    return answerable ? [...new Set(hits.map(({ title }) => title))] : [];
  };
  const load = async (more: Partial<KnowledgeOptions> = {}) => {
    await knowledge.close();
    knowledge = await open(more);
    const folder = join(directory, "course");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "one.md"), COURSE);
    await knowledge.loadPrimer({ folder }, signal);
    const leave =
      "# Handbook\n\n## Annual leave\n\nHow many days of leave you get: twenty days a year.\n\n## Attention\n\nPay attention on the stairs.";
    await knowledge.add(uploadOf("leave.md", leave), owner, signal);
  };

  test("never stand beside an answer of theirs, and answer alone what is plainly about them", async () => {
    await load();
    expect(await titles("How many days of annual leave do I get?")).toEqual(["Handbook"]);
    expect(await titles("What is attention between tokens?")).toEqual(["Attention"]);
    expect(await titles("How many days of leave are there?", "another")).toEqual(["Attention"]);
  });

  test("are taken out and brought back for one workspace", async () => {
    const kept = new Map<string, Json>();
    const records = {
      get: async (key: string) => kept.get(key),
      set: async (key: string, value: Json) => void kept.set(key, value),
      delete: async (key: string) => void kept.delete(key),
    };
    await load({ primer: createPrimerSwitch(records, true) });
    const [bundled] = (await knowledge.list("another")).map(({ id }) => id);
    await knowledge.usePrimer(false, "w");
    expect([await knowledge.primer("w"), await knowledge.primer("another")]).toEqual(["removed", "used"]);
    expect((await knowledge.list("w")).map(({ title }) => title)).toEqual(["Handbook"]);
    expect(await titles("What is attention between tokens?")).not.toContain("Attention");
    expect(await knowledge.get(bundled!, "w")).toBeUndefined();
    expect(await titles("What is attention between tokens?", "another")).toEqual(["Attention"]);
    await knowledge.usePrimer(true, "w");
    expect(await titles("What is attention between tokens?")).toEqual(["Attention"]);
  });

  test("are nobody's where they are switched off", async () => {
    await load({ primer: createPrimerSwitch({ get: neverAsked, set: neverAsked, delete: neverAsked }, false) });
    expect(await knowledge.primer("w")).toBe("disabled");
    expect((await knowledge.list("another")).length).toBe(0);
    expect(await titles("What is attention between tokens?", "another")).toEqual([]);
  });
});

describe("a file for one question", () => {
  const read = (name: string, text: string, question: string, limit = 4) =>
    knowledge.read(uploadOf(name, text), question, limit, signal);

  test("is ranked like a document, titled by its name, and kept nowhere", async () => {
    const text = "# Leave\n\nInterns get five days of leave.\n\n# Rooms\n\nThe large room holds twelve people.";
    const { hits, passages } = await read("handbook.md", text, "How many people does the large room hold?", 1);
    expect(hits).toHaveLength(1);
    expect(hits[0]).toMatchObject({ title: "handbook.md", headings: ["Rooms"] });
    const [{ start, end, quote }] = [hits[0]!];
    expect(text.slice(start, end)).toBe(hits[0]!.text);
    expect(text.slice(quote.start, quote.end)).toBe("The large room holds twelve people.");
    expect(passages).toBe(2);
    expect(await knowledge.list("w")).toEqual([]);
    expect((await search("How many people does the large room hold?")).hits).toEqual([]);
  });

  test("a question that shares no word with it gets its beginning", async () => {
    const { hits } = await read("信.txt", "親愛的同事：\n\n下週一停電。", "What does this file say?");
    expect(hits.map(({ text }) => text).join()).toContain("下週一停電");
  });

  test("a very long one is read in part, and says how much", async () => {
    const text = Array.from({ length: 3100 }, (_, i) => `# Section ${i}\n\n${`Line ${i} `.repeat(30)}`).join("\n\n");
    const { hits, warnings, passages } = await read("long.md", text, "Line 17");
    expect(passages).toBeGreaterThan(3000);
    expect(warnings[0]?.en).toMatch(/first 3000 of its \d+ passages/);
    expect(hits[0]?.text).toContain("Line 17 ");
  });
});
