// Loading documents: every file is accounted for, and one that fails stops no other.

import { describe, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { perform } from "../../../src/bot/perform.ts";
import { kb } from "../../../src/commands/kb/index.ts";
import { BotError } from "../../../src/core/errors.ts";
import type { Added, KnowledgeBase } from "../../../src/core/knowledge.ts";
import { createTestToolbox, invocation } from "../../fakes/toolbox.ts";
import { added, admin, member, say } from "./rig.ts";

describe("/kb add", () => {
  test("is for admins, like /kb remove; looking is for everyone", async () => {
    for (const line of ["/kb add x", "/kb remove x"])
      await expect(say(line, {}, { user: member })).rejects.toMatchObject({ code: "forbidden" });
    expect((await say("/kb list", { list: async () => [] }, { user: member })).text).not.toBe("");
  });

  test("reads no disk for a person elsewhere", async () => {
    await expect(say("/kb add /etc/passwd", {}, { user: admin })).rejects.toThrow(/give a public address/i);
    await expect(say("/kb add", {}, { user: admin })).rejects.toThrow(/give a public address/i);
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

  test("a document that was loaded alone can be looked at, and taken out where it is new", async () => {
    const actionsAfter = async (outcome: Added["outcome"]) => {
      const fetch = async (url: string) => ({ name: "a.md", bytes: new Uint8Array(1), origin: url, url });
      const { replies } = await say("/kb add https://example.com/a", {
        fetch,
        add: async () => added("a", { outcome }),
      });
      return replies.flatMap((reply) => (reply.type === "actions" ? reply.actions : []));
    };
    expect((await actionsAfter("added")).map(({ options }) => options)).toEqual([
      { action: "show", target: "a" },
      { action: "remove", target: "a" },
    ]);
    expect((await actionsAfter("replaced")).map(({ label }) => label)).toEqual(["Show its passages"]);
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

  test("a long load that is stopped says how far it came", async () => {
    const folder = mkdtempSync(join(tmpdir(), "heed-kb-"));
    for (let i = 0; i < 30; i++) writeFileSync(join(folder, `${String(i).padStart(2, "0")}.md`), "x");
    const stopping = new AbortController();
    const add: KnowledgeBase["add"] = async ({ name }, _owner, signal) => {
      if (name === "12.md") stopping.abort(new Error("stopped"));
      signal.throwIfAborted();
      return added(name);
    };
    const said: string[] = [];
    const tools = createTestToolbox({ knowledge: { add } });
    const replies = perform(invocation(`/kb add ${folder}`), { tools, adapter: {}, signal: stopping.signal });
    const end = async () => {
      for await (const reply of replies) if (reply.type === "text") said.push(reply.text);
    };
    await expect(end()).rejects.toThrow("stopped");
    expect(said.join("")).toMatch(/^12 of 30 files are in the knowledge base .* 18 were not begun\.\n$/);
    rmSync(folder, { recursive: true });
  });

  test("waits in the documents' lane, everything else among the questions", () => {
    const lanes = ["add x", " ADD x", "list", "", "address"].map((text) => kb.lane?.({ text }));
    expect(lanes).toEqual(["documents", "documents", "questions", "questions", "questions"]);
    expect(kb.lane?.({ options: { action: "add", target: "x" } })).toBe("documents");
  });
});
