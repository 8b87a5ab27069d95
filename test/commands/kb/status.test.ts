import { describe, expect, test } from "@jest/globals";
import { BotError } from "../../../src/core/errors.ts";
import type { KnowledgeStatus } from "../../../src/core/knowledge.ts";
import { admin, document, member, say } from "./rig.ts";

const QDRANT: KnowledgeStatus = {
  store: "qdrant",
  version: "1.18.2",
  collection: "heed-2",
  points: 12_345,
  segments: 6,
  health: "green",
};
const EMBEDDED: KnowledgeStatus = {
  store: "embedded",
  version: "3.50.4",
  documents: 40,
  passages: 2000,
  vectors: 30,
  bytes: 6_400_000,
};

const over = (status: KnowledgeStatus) => ({
  status: async () => status,
  list: async () => [
    { ...document("a"), passages: 3 },
    { ...document("b"), passages: 4 },
  ],
});
const ask = (status: KnowledgeStatus, line = "/kb status") => say(line, over(status), { user: admin });

describe("/kb status", () => {
  test("shows Qdrant's version, collection, points, segments and health", async () => {
    const { text, tables } = await ask(QDRANT);
    expect(text).toContain("The knowledge base is well.");
    expect(tables[0]!.rows).toEqual([
      ["This workspace, bundled documents included", "2 documents, 7 passages"],
      ["Kept by", "Qdrant 1.18.2"],
      ["Collection", "heed-2"],
      ["Points", "12,345"],
      ["Segments", "6"],
    ]);
  });

  test("shows what is being built, and says what is not well and what helps", async () => {
    const { text, tables } = await ask({ ...QDRANT, health: "red", building: "heed-3" });
    expect(text).toMatch(/damaged.*snapshot/);
    expect(tables[0]!.rows.at(-1)).toEqual(["Being built to take its place", "heed-3"]);
    for (const health of ["yellow", "grey"] as const)
      expect((await ask({ ...QDRANT, health })).text).toMatch(/answers/);
  });

  test("shows the embedded store's own figures, in Chinese where Chinese is asked", async () => {
    const { text, tables } = await ask(EMBEDDED, "/知識庫 運作狀況");
    expect(text).toContain("資料夾");
    expect(tables[0]!.rows).toEqual([
      ["這個工作區（含內建文件）", "2 份文件，7 個段落"],
      ["存放於", "SQLite 3.50.4"],
      ["所有工作區", "40 份文件，2,000 個段落"],
      ["也能依語意找到的文件", "30"],
      ["檔案大小", "6.4 MB"],
    ]);
  });

  test("is for admins, and says so where Qdrant is away", async () => {
    await expect(say("/kb status", over(QDRANT), { user: member })).rejects.toMatchObject({ code: "forbidden" });
    const away = () => Promise.reject(new BotError("unavailable", { en: "away", "zh-TW": "不在" }));
    await expect(say("/kb status", { ...over(QDRANT), status: away }, { user: admin })).rejects.toMatchObject({
      code: "unavailable",
    });
  });
});
