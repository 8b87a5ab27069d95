// Looking at what is loaded: listed, shown, searched and removed.

import { describe, expect, test } from "@jest/globals";
import { EVERYONE, type KnowledgeBase, type PrimerState } from "../../../src/core/knowledge.ts";
import { hit } from "../../fakes/toolbox.ts";
import { admin, DAY, document, member, passage, say } from "./rig.ts";

describe("/kb list", () => {
  const documents = [document("a"), document("b", { workspace: EVERYONE, origin: "primer/en/b.md" })].map((each) => ({
    ...each,
    passages: 3,
  }));

  test("is a table of the team's own with a date each, and one line on what is bundled", async () => {
    const { text, tables, notes } = await say("/kb list", { list: async () => documents });
    expect(text).toMatch(/^1 document:/);
    expect(tables[0]?.rows).toEqual([["a", "Title of a", "Markdown", "3", "2026-01-02"]]);
    expect(notes).toEqual([expect.stringMatching(/^Bundled course: 1 document\. .*`\/kb remove primer`/)]);
  });

  test("where nothing but the course is there, says so; words find what is bundled too", async () => {
    const { text, tables } = await say("/kb list", { list: async () => documents.slice(1) });
    expect(text).toMatch(/No documents of your own yet.*\nBundled course: 1 document/);
    expect(tables).toEqual([]);
    const named = await say("/kb list primer", { list: async () => documents });
    expect(named.tables[0]?.rows).toEqual([["b", "Title of b", "Markdown", "3", "bundled"]]);
    expect(named.notes).toEqual([]);
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

describe("the bundled course", () => {
  const rig = (state: PrimerState) => {
    const used: unknown[] = [];
    const usePrimer = async (...given: unknown[]) => void used.push(given);
    return { used, knowledge: { primer: async () => state, usePrimer } };
  };

  test.each([
    ["/kb remove primer", false, /taken out.*`\/kb add primer`/],
    ["/kb add primer", true, /is back.*`\/kb remove primer`/],
    ["/kb remove the bundled course", false, /taken out/],
    ["/kb add 內建教材", true, /加回/],
  ])("%s", async (line, isUsed, said) => {
    const { used, knowledge } = rig(isUsed ? "removed" : "used");
    expect((await say(line, knowledge, { user: admin })).text).toMatch(said);
    expect(used).toEqual([[isUsed, "w1"]]);
    await expect(say(line, knowledge, { user: member })).rejects.toMatchObject({ code: "forbidden" });
  });

  test("where it is off for all, that is said", async () => {
    const { used, knowledge } = rig("disabled");
    for (const line of ["/kb add primer", "/kb remove primer"])
      await expect(say(line, knowledge)).rejects.toThrow(/HEED_PRIMER=true/);
    expect(used).toEqual([]);
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
