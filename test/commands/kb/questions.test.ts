import { describe, expect, test } from "@jest/globals";
import { textOf } from "../../../src/core/post.ts";
import { collect } from "../../fakes/collect.ts";
import { createTestToolbox, invocation } from "../../fakes/toolbox.ts";

const member = { user: { id: "mei", name: "mei", isAdmin: false, isLocal: false } };

describe("questions kept for the admins", () => {
  test("anyone leaves one, the same one counts, and an admin ticks it off", async () => {
    const tools = createTestToolbox({});
    await collect(invocation("/kb keep Is there a dormitory?", member), tools);
    await collect(invocation("/kb keep 實習生有宿舍嗎？", member), tools);
    await collect(invocation("/kb keep is there a  dormitory", member), tools);
    const { post } = await collect(invocation("/kb questions"), tools);
    const rows = post.sections[0]!.tables[0]!.rows;
    expect(rows.map(([, question, times, by]) => [question, times, by])).toEqual([
      ["Is there a dormitory?", "2", "mei"],
      ["實習生有宿舍嗎？", "1", "mei"],
    ]);
    expect(textOf((await collect(invocation(`/kb answered ${rows[0]![0]}`), tools)).post)).toMatch(/dormitory/);
    const after = await collect(invocation("/kb questions"), tools);
    expect(after.post.sections[0]!.tables[0]!.rows).toHaveLength(1);
    await expect(collect(invocation("/kb answered q00000"), tools)).rejects.toMatchObject({ code: "not-found" });
  });

  test.each(["private", "closed"] as const)(
    "those left where it is %s are one line, without words and names",
    async (privacy) => {
      const tools = createTestToolbox({});
      const address = { platform: "test", workspace: "w1", channel: "c1", privacy, data: null };
      for (const words of ["who will be laid off?", "and in Tainan?"])
        expect(textOf((await collect(invocation(`/kb keep ${words}`, { ...member, address }), tools)).post)).toMatch(
          /neither its words nor your name/,
        );
      await collect(invocation("/kb keep Is there a dormitory?", member), tools);
      const { post } = await collect(invocation("/kb questions"), tools);
      const rows = post.sections[0]!.tables[0]!.rows.map(([id, question, times, by]) => [id, question, times, by]);
      expect(rows).toEqual([
        [expect.any(String), "Is there a dormitory?", "1", "mei"],
        ["private", "(asked privately)", "2", "—"],
      ]);
      expect(JSON.stringify(await tools.records.list("questions/", 5))).not.toMatch(/laid off|Tainan/);
      expect(textOf((await collect(invocation("/kb answered private"), tools)).post)).toMatch(/asked privately/);
      expect((await collect(invocation("/kb questions"), tools)).post.sections[0]!.tables[0]!.rows).toHaveLength(1);
    },
  );

  test("words that an earlier version kept, without saying where they were said, are not shown", async () => {
    const tools = createTestToolbox({});
    const old = { id: "q12345", question: "laid off?", by: "mei", times: 2, at: 0 };
    await tools.records.set("questions/w1", [old, { ...old, id: "q54321" }]);
    const { post } = await collect(invocation("/kb questions"), tools);
    expect(post.sections[0]!.tables[0]!.rows).toEqual([["private", "(asked privately)", "4", "—", "1970-01-01"]]);
  });

  test.each(["/kb questions", "/kb answered q1"])("%s is for admins", async (line) => {
    await expect(collect(invocation(line, member), createTestToolbox({}))).rejects.toMatchObject({ code: "forbidden" });
  });

  test("the list has a bound, and the oldest goes first", async () => {
    const tools = createTestToolbox({});
    for (let i = 0; i < 155; i++) await collect(invocation(`/kb keep 第 ${i} 題 ${"長".repeat(500)}`, member), tools);
    const [kept] = await tools.records.list("questions/", 5);
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThan(256 * 1024);
    const { post } = await collect(invocation("/kb questions"), tools);
    expect(textOf(post)).toMatch(/^150 questions.*50 shown/);
    expect(post.sections[0]!.tables[0]!.rows[0]![1]).toMatch(/^第 154 題/);
  });
});

describe("/kb add with files", () => {
  const add = async (upload: { name: string; origin: string }) => {
    if (upload.name === "bad.bin") throw new TypeError("internals");
    const document = { id: `id-${upload.origin}`, title: upload.name };
    return { outcome: "added", document, passages: 2, pages: 0, warnings: [] };
  };
  const tools = createTestToolbox({ knowledge: { add: add as never } });
  const download = async () => new Uint8Array(3);
  const file = (name: string, bytes = 3) => ({ name, bytes, data: null });

  test("loads each, two of one name as two, and names what was not loaded", async () => {
    const attachments = [file("a.md"), file("a.md"), file("bad.bin"), file("big.pdf", 26 * 2 ** 20)];
    const { post } = await collect(invocation("/kb add these please", { attachments }), tools, { download });
    const lines = textOf(post).trim().split("\n");
    expect(lines[0]).toMatch(/^✓ a\.md — added · 2 passages · id-attachment:a\.md$/);
    expect(lines[1]).toMatch(/id-attachment:a\.md \(2\)$/);
    expect(lines[2]).toMatch(/^✗ bad\.bin — Something broke/);
    expect(lines[3]).toMatch(/^✗ big\.pdf — .*26 MB; at most 25 MB/);
  });

  test("is for admins, files or not", async () => {
    const asked = invocation("/kb add", { attachments: [file("a.md")], ...member });
    await expect(collect(asked, tools, { download })).rejects.toMatchObject({ code: "forbidden" });
  });
});
