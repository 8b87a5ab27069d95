import { describe, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BotError } from "../../src/core/errors.ts";
import { kb } from "../../src/commands/kb.ts";
import { EVERYONE, type Added, type Document, type KnowledgeBase, type Passage } from "../../src/core/knowledge.ts";
import { textOf } from "../../src/core/post.ts";
import { collect } from "../fakes/collect.ts";
import { createTestToolbox, hit, invocation } from "../fakes/toolbox.ts";

const DAY = Date.UTC(2026, 0, 2);

function document(id: string, more: Partial<Document> = {}): Document {
  const title = `Title of ${id}`;
  const origin = `/documents/${id}.md`;
  const [format, digest, addedBy] = ["Markdown", "d", "ada"];
  return { id, workspace: "w1", title, origin, format, digest, bytes: 2000, addedAt: DAY, addedBy, ...more };
}

function passage(start: number): Passage {
  const text = `Passage at ${start}. ${"字".repeat(300)}`;
  return { documentId: "a", title: "Title of a", headings: ["Title of a", "Rules"], text, start, end: start + 5 };
}

function added(id: string, more: Partial<Added> = {}): Added {
  return { outcome: "added", document: document(id), passages: 2, pages: 0, warnings: [], ...more };
}

async function say(line: string, knowledge: Partial<KnowledgeBase> = {}, more: Parameters<typeof invocation>[1] = {}) {
  const { post, replies } = await collect(invocation(line, more), createTestToolbox({ knowledge }));
  const notes = post.sections.flatMap(({ notes }) => notes);
  return { text: textOf(post), tables: post.sections.flatMap(({ tables }) => tables), notes, replies };
}

const member = { id: "u2", name: "bob", isAdmin: false, isLocal: false };
const admin = { id: "u1", name: "ada", isAdmin: true, isLocal: false };

describe("/kb list", () => {
  test("is a table with a date each, and says what is bundled", async () => {
    const documents = [document("a"), document("b", { workspace: EVERYONE })].map((each) => ({ ...each, passages: 3 }));
    const { text, tables } = await say("/kb list", { list: async () => documents });
    expect(text).toMatch(/^2 documents:/);
    expect(tables[0]?.rows).toEqual([
      ["a", "Title of a", "Markdown", "3", "2026-01-02"],
      ["b", "Title of b", "Markdown", "3", "bundled"],
    ]);
  });

  test("shows fifty and counts the rest; an empty one says how to fill it", async () => {
    const many = Array.from({ length: 53 }, (_, i) => ({ ...document(`d${i}`), passages: 1 }));
    const { tables, notes } = await say("/kb list", { list: async () => many });
    expect(tables[0]?.rows).toHaveLength(50);
    expect(notes.join()).toMatch(/3 more.*\/kb list WORDS/);
    expect((await say("/kb list", { list: async () => [] })).text).toMatch(/empty.*\/kb add/);
  });
});

describe("/kb list with words", () => {
  const documents = [
    document("old", { title: "Travel policy 2024" }),
    document("new", { title: "Travel Policy 2026", addedAt: DAY + 1 }),
    document("leave"),
    document("primer", { workspace: EVERYONE, title: "Policy networks", addedAt: DAY + 2 }),
  ].map((each) => ({ ...each, passages: 1 }));
  const idsOf = async (line: string) =>
    (await say(line, { list: async () => documents })).tables[0]?.rows.map(([id]) => id);

  test("lists those that have every word in their name or title, the newest of the workspace first", async () => {
    expect(await idsOf("/kb list policy")).toEqual(["new", "old", "primer"]);
    expect(await idsOf("/kb list policy TRAVEL 2026")).toEqual(["new"]);
    expect((await say("/kb list nothing", { list: async () => documents })).text).toMatch(
      /No document has these words/,
    );
  });
});

describe("/kb show and /kb remove", () => {
  const knowledge: Partial<KnowledgeBase> = {
    list: async () => ["handbook-1", "handbook-2", "leave-3"].map((id) => ({ ...document(id), passages: 1 })),
    get: async (id) =>
      ({
        a: { document: document("a"), passages: Array.from({ length: 12 }, (_, i) => passage(i * 10)) },
        bundled: { document: document("bundled", { workspace: EVERYONE }), passages: [] },
      })[id],
  };

  test("shows where each passage stands, ten of them, cut short", async () => {
    const { text, notes } = await say("/kb show a", knowledge);
    expect(text).toMatch(/\*\*Title of a\*\*\na · Markdown · 2 KiB · 2026-01-02 · ada\n\/documents\/a\.md/);
    expect(text.match(/^- Rules · \d+–\d+$/gm)).toHaveLength(10);
    expect(text).toMatch(/字…\n/);
    expect(notes.join()).toMatch(/2 more passages/);
  });

  test("an ID that is the beginning of several, or none but part of a name, is told which it may be", async () => {
    await expect(say("/kb remove handbook", knowledge)).rejects.toThrow(
      '2 documents have an ID that begins with "handbook": `handbook-1` (Title of handbook-1), `handbook-2` (Title of handbook-2).',
    );
    await expect(say("/kb show of leave", knowledge)).rejects.toThrow("Did you mean `leave-3` (Title of leave-3)?");
  });

  test("a passage is shown without the headings that its place says", async () => {
    const text = "# Title of a\n\n## Rules\n\nWork from nine.";
    const get = async () => ({ document: document("a"), passages: [{ ...passage(0), text }] });
    expect((await say("/kb show a", { get })).text).toMatch(/^- Rules · 0–5\n  Work from nine\.$/m);
  });

  test("removes what is the workspace's own, and never the primer", async () => {
    const removed: string[] = [];
    const remove = async (id: string, workspace: string) => removed.push(`${workspace}/${id}`) > 0;
    expect((await say("/kb remove a", { ...knowledge, remove })).text).toBe('Removed "Title of a".');
    await expect(say("/kb remove bundled", { ...knowledge, remove })).rejects.toMatchObject({ code: "forbidden" });
    expect(removed).toEqual(["w1/a"]);
  });

  test.each(["show", "remove"])("%s without an ID, or with a wrong one, says what to do", async (action) => {
    await expect(say(`/kb ${action}`, knowledge)).rejects.toThrow(/Give its ID/);
    await expect(say(`/kb ${action} zzz`, knowledge)).rejects.toThrow(/no document with the ID "zzz"/);
  });
});

describe("/kb search", () => {
  test("gives passages with scores, and how sure it is", async () => {
    const search = async () => ({
      hits: [hit("Leave", "Fourteen days.", { score: 4.567 })],
      confidence: 0.42,
      answerable: true,
    });
    const { text, notes } = await say("/kb search leave", { search });
    expect(text).toBe("1. **Leave** · 4.57 · leave\n   Fourteen days.\n");
    expect(notes).toEqual(["Confidence that the answer is here: 42%"]);
    expect((await say("/kb search leave")).text).toMatch(/No passage/);
    await expect(say("/kb search")).rejects.toThrow(/Search for what\?/);
  });
});

describe("/kb add", () => {
  test("is for admins, like /kb remove; looking is for everyone", async () => {
    for (const line of ["/kb add x", "/kb remove x"])
      await expect(say(line, {}, { user: member })).rejects.toMatchObject({ code: "forbidden" });
    expect((await say("/kb list", { list: async () => [] }, { user: member })).text).not.toBe("");
  });

  test("reads no disk for a person elsewhere", async () => {
    await expect(say("/kb add /etc/passwd", {}, { user: admin })).rejects.toThrow(/give a public address/i);
    await expect(say("/kb add", {}, { user: admin })).rejects.toThrow(/give a public address/i);
    await expect(say("/kb add")).rejects.toThrow(/Give a file, a folder or an address/);
  });

  test("an address of another kind is told so, rather than looked for on the disk", async () => {
    await expect(say("/kb add ftp://example.com/a.pdf")).rejects.toThrow(/only by http:\/\/ and https:\/\//);
  });

  test("fetches a page, and tells its warnings", async () => {
    const warnings = [{ en: "page 2 has no text", "zh-TW": "第 2 頁沒有文字" }];
    const { text } = await say(
      "/kb add https://example.com/a.pdf",
      {
        fetch: async (url) => ({ name: "a.pdf", bytes: new Uint8Array(1), origin: url, url }),
        add: async ({ origin }) =>
          added(origin.slice(-5, -4), { outcome: "replaced", passages: 1, pages: 1, warnings }),
      },
      { user: admin },
    );
    expect(text).toBe(
      "✓ https://example.com/a.pdf — replaced the earlier version · 1 passage, 1 page · a\n  ◔ page 2 has no text\n",
    );
  });

  test("accounts for every file; a defect is logged and told as such; nothing loaded is a failure", async () => {
    const folder = mkdtempSync(join(tmpdir(), "heed-kb-"));
    for (const name of ["a.md", "b.md", "c.md"]) writeFileSync(join(folder, name), name);
    const add: KnowledgeBase["add"] = async ({ name }) => {
      if (name === "a.md") return added("a");
      throw name === "b.md"
        ? new BotError("unreadable", { en: "Damaged.", "zh-TW": "壞了。" })
        : new TypeError("defect");
    };
    const { text } = await say(`/kb add ${folder}`, { add });
    expect(text.split("\n")).toEqual([
      "✓ a.md — added · 2 passages · a",
      "✗ b.md — Damaged.",
      expect.stringMatching(/^✗ c\.md — Something broke on my side/),
      "",
    ]);
    const refuse = () => Promise.reject(new BotError("unreadable", { en: "Damaged.", "zh-TW": "壞了。" }));
    await expect(say(`/kb add ${folder}`, { add: refuse })).rejects.toThrow("Nothing was added.");
    rmSync(folder, { recursive: true });
  });

  test("sums a large folder up and names what failed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "heed-kb-"));
    for (let i = 10; i < 40; i++) writeFileSync(join(folder, `${i}.md`), "x");
    const add: KnowledgeBase["add"] = async ({ name }) => {
      if (name === "17.md") throw new BotError("unreadable", { en: "Damaged.", "zh-TW": "壞了。" });
      return added(name, { outcome: name === "18.md" ? "unchanged" : "added" });
    };
    const { text, replies } = await say(`/kb add ${folder}`, { add });
    expect(text).toBe(
      "29 of 30 files are in the knowledge base (1 were already there), 1 could not be read.\n✗ 17.md — Damaged.\n",
    );
    expect(replies.filter(({ type }) => type === "status")).toHaveLength(30);
    rmSync(folder, { recursive: true });
  });

  test("waits in the documents' lane, everything else among the questions", () => {
    const lanes = ["add x", " ADD x", "list", "", "address"].map((text) => kb.lane?.({ text }));
    expect(lanes).toEqual(["documents", "documents", "questions", "questions", "questions"]);
    expect(kb.lane?.({ options: { action: "add", target: "x" } })).toBe("documents");
  });
});
