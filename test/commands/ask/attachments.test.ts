// Files that come with a question: read for it, cited, and each accounted for.

import { describe, expect, test } from "@jest/globals";
import { BotError } from "../../../src/core/errors.ts";
import type { FileReading } from "../../../src/core/knowledge.ts";
import { textOf } from "../../../src/core/post.ts";
import { collect } from "../../fakes/collect.ts";
import { createTestToolbox, hit, invocation, modelThatSays } from "../../fakes/toolbox.ts";

const hits = [hit("Handbook", "Interns may work remotely."), hit("Rules", "HR replies within five working days.")];
const file = (name: string, bytes?: number) => ({ name, data: null, ...(bytes !== undefined && { bytes }) });
const reading = (name: string, more: Partial<FileReading> = {}): FileReading => ({
  hits: [hit(name, `The words of ${name}.`)],
  passages: 3,
  pages: 0,
  warnings: [],
  ...more,
});

describe("files that come with a question", () => {
  const tools = (read: () => Promise<FileReading>, more = {}) =>
    createTestToolbox({ hits: [], model: modelThatSays("It says so [1].").model, knowledge: { read, ...more } });
  const download = async () => new Uint8Array(10);
  const ask = (attachments: { name: string; data: null; bytes?: number }[]) =>
    invocation("/ask what does it say about leave?", { attachments });

  test("are read for it, cited by name, and accounted for", async () => {
    const { post } = await collect(
      ask([file("leave.pdf")]),
      tools(async () => reading("leave.pdf")),
      { download },
    );
    expect(post.sources).toMatchObject([{ number: 1, title: "leave.pdf" }]);
    expect(post.sections[0]?.notes).toContain("✓ leave.pdf — read: 3 passages");
  });

  test("stand before the knowledge base's own passages", async () => {
    const { model, prompts } = modelThatSays("Both [1][2].");
    const toolbox = createTestToolbox({ hits, model, knowledge: { read: async () => reading("a.txt") } });
    await collect(ask([file("a.txt")]), toolbox, { download });
    expect(prompts[0]?.passages.map(({ title }) => title)).toEqual(["a.txt", "Handbook", "Rules"]);
  });

  test("each says whether it was read, in part, or why not, and one that fails stops no other", async () => {
    const warnings = [{ en: "3 pages are scans.", "zh-TW": "3 頁是掃描。" }];
    const fails = async (attachment: { name: string }) => {
      if (attachment.name === "gone.pdf") throw new BotError("not-found", { en: "it is gone.", "zh-TW": "已不存在。" });
      if (attachment.name === "odd.pdf") throw new TypeError("internals");
      return new Uint8Array(10);
    };
    const attachments = [
      file("gone.pdf"),
      file("huge.pdf", 99 * 2 ** 20),
      file("scan.pdf"),
      file("odd.pdf"),
      file("e"),
      file("sixth"),
    ];
    const toolbox = tools(async () => reading("scan.pdf", { warnings, pages: 9 }));
    const { post } = await collect(ask(attachments), toolbox, { download: fails });
    const notes = post.sections[0]!.notes.slice(-6);
    expect(notes.map((note) => note.slice(0, 10))).toEqual([
      "✗ gone.pdf",
      "✗ huge.pdf",
      "◔ scan.pdf",
      "✗ odd.pdf ",
      "◔ e — part",
      "✗ sixth — ",
    ]);
    expect(notes[0]).toBe("✗ gone.pdf — not read: it is gone.");
    expect(notes[1]).toMatch(/99 MB; at most 25 MB/);
    expect(notes[2]).toBe("◔ scan.pdf — partly read: 3 passages, 9 pages · 3 pages are scans.");
    expect(notes[3]).not.toMatch(/internals/);
    const logged = toolbox.runtime.events.map(({ level, event, fields: { number, ending } }) => [
      level,
      event,
      number,
      ending,
    ]);
    expect(logged).toContainEqual(["info", "an attachment was refused", 1, ".pdf"]);
    expect(logged).toContainEqual(["error", "an attachment could not be read", 4, ".pdf"]);
    expect(JSON.stringify(toolbox.runtime.events)).not.toMatch(/gone\.pdf|odd\.pdf/);
    expect(notes[5]).toMatch(/up to 5 files/);
  });

  test("a question without words is about the file", async () => {
    const { model, prompts } = modelThatSays("It is a memo [1].");
    const toolbox = createTestToolbox({ model, knowledge: { read: async () => reading("memo.txt") } });
    await collect(invocation("/ask", { attachments: [file("memo.txt")] }), toolbox, { download });
    expect(prompts[0]?.messages.at(-1)?.text).toBe("What does this file say?");
  });

  test("where none can be read and nothing is known, both are said", async () => {
    const unreadable = async () => {
      throw new BotError("unreadable", { en: "it is a picture.", "zh-TW": "這是圖片。" });
    };
    const { post } = await collect(ask([file("cat.png")]), tools(unreadable), { download });
    expect(textOf(post)).toMatch(/found nothing/);
    expect(post.sections[0]?.notes).toEqual(["✗ cat.png — not read: it is a picture."]);
  });
});
