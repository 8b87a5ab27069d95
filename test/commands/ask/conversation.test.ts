import { describe, expect, test } from "@jest/globals";
import { createMemory } from "../../../src/bot/memory.ts";
import { BotError } from "../../../src/core/errors.ts";
import type { FileReading } from "../../../src/core/knowledge.ts";
import { textOf } from "../../../src/core/post.ts";
import { collect } from "../../fakes/collect.ts";
import { createTestToolbox, hit, invocation, scriptedModel } from "../../fakes/toolbox.ts";

const hits = [hit("Handbook", "Interns may work remotely."), hit("Rules", "HR replies within five working days.")];
const says = (text: string, name?: string) =>
  scriptedModel(
    [
      { type: "text", text },
      { type: "stop", reason: "end" },
    ],
    name,
  );
const file = (name: string, bytes?: number) => ({ name, data: null, ...(bytes !== undefined && { bytes }) });
const reading = (name: string, more: Partial<FileReading> = {}): FileReading => ({
  hits: [hit(name, `The words of ${name}.`)],
  passages: 3,
  pages: 0,
  warnings: [],
  ...more,
});

describe("a conversation", () => {
  test("goes to the model as messages, and the search gets the earlier words too", async () => {
    const { model, prompts } = says("Yes [1].");
    const asked: string[] = [];
    const search = async (text: string) => {
      asked.push(text);
      return { hits, answerable: true, confidence: 1 };
    };
    const tools = createTestToolbox({ model, knowledge: { search } });
    const memory = createMemory(tools.records, tools.world);
    const first = invocation("/ask Can employees work remotely?");
    await memory.remember(first, { question: "Can employees work remotely?", answer: "Yes [1]." });
    await collect(invocation("/ask and interns?"), tools, { memory });
    expect(prompts[0]?.messages).toEqual([
      { role: "user", text: "Can employees work remotely?" },
      { role: "assistant", text: "Yes." },
      { role: "user", text: "and interns?" },
    ]);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(/^and interns\?[^]*work remotely/);
  });

  test("what finds nothing with the earlier words is searched for alone", async () => {
    const asked: string[] = [];
    const search = async (text: string) => {
      asked.push(text);
      return { hits, answerable: asked.length === 2, confidence: 1 };
    };
    const tools = createTestToolbox({ model: says("Yes [1].").model, knowledge: { search } });
    const memory = createMemory(tools.records, tools.world);
    await memory.remember(invocation("/ask x"), { question: "What is LoRA?", answer: "It is." });
    const { post } = await collect(invocation("/ask and the dormitory?"), tools, { memory });
    expect(asked[1]).toBe("and the dormitory?");
    expect(textOf(post)).toBe("Yes [1].");
  });

  test("asked again of another model, a question has the history it had the first time", async () => {
    const { model, prompts } = says("Yes [1].");
    const tools = createTestToolbox({ hits, model });
    const memory = createMemory(tools.records, tools.world);
    await memory.remember(invocation("/ask x"), { question: "Can employees work remotely?", answer: "Yes." });
    await memory.remember(invocation("/ask x"), { question: "and interns?", answer: "No." });
    const input = { options: { question: "and interns?", model: "test/model" } };
    await collect(invocation("/ask", { input }), tools, { memory });
    expect(prompts[0]?.messages.map(({ text }) => text)).toEqual([
      "Can employees work remotely?",
      "Yes.",
      "and interns?",
    ]);
  });

  test("a memory that cannot be read costs the history, not the answer", async () => {
    const tools = createTestToolbox({ hits, model: says("Yes [1].").model });
    const memory = {
      ...createMemory(tools.records, tools.world),
      recall: () => Promise.reject(new Error("the records are away")),
    };
    expect(textOf((await collect(invocation("/ask interns?"), tools, { memory })).post)).toBe("Yes [1].");
  });

  test("a message that was pointed at is the question where there is none, in its language", async () => {
    const { model, prompts } = says("可以 [1]。");
    const context = [{ author: "Ken", text: "實習生可以遠端工作嗎？" }];
    await collect(invocation("/ask", { context }), createTestToolbox({ hits, model }));
    expect(prompts[0]).toMatchObject({
      messages: [{ role: "user", text: "實習生可以遠端工作嗎？" }],
      background: context,
      language: "zh-TW",
    });
    await expect(collect(invocation("/ask"), createTestToolbox({ hits, model }))).rejects.toThrow(/still need/);
  });
});

describe("an answer that its sources do not carry", () => {
  const tools = (text: string, checked: { end: number; says: string }[]) =>
    createTestToolbox({
      hits,
      model: says(text).model,
      knowledge: {
        check: () => checked.map(({ end, says }) => ({ start: 0, end, says, cited: [2], verdict: "contradicted" })),
      },
    });

  test("is marked where it stands, once it is complete, in the person's language", async () => {
    const text = "HR replies within three working days [2]. Then you may go [1].";
    const { post, replies } = await collect(
      invocation("/ask when does HR reply?"),
      tools(text, [{ end: text.indexOf(" Then"), says: "five working days" }]),
    );
    expect(textOf(post)).toBe(
      "HR replies within three working days [2]. (⚠ the source says five working days) Then you may go [1].",
    );
    expect(replies.findIndex(({ type }) => type === "rewrite")).toBeGreaterThan(
      replies.findLastIndex(({ type }) => type === "text"),
    );
    expect(post.facts.more).toEqual({ checked: { carried: 0, contradicted: 1, unclear: 0 } });
    const zh = "三個工作天 [2]。";
    const other = await collect(invocation("/ask 人資多久回覆？"), tools(zh, [{ end: zh.length, says: "五個工作天" }]));
    expect(textOf(other.post)).toBe("三個工作天 [2]。（⚠ 原文寫五個工作天）");
  });

  test.each([
    ["Yes [1][9].", "Yes [1]."],
    ["Yes [2, 7] and no [8].", "Yes [2] and no."],
    ["可以【9】。", "可以。"],
    [
      "See [3](https://example.com), `list [9]`, list[9] [1].",
      "See [3](https://example.com), `list [9]`, list[9] [1].",
    ],
    ["```\na [9]\n```\nb [9]", "```\na [9]\n```\nb"],
  ])("numbers that stand for nothing go: %j", async (text, expected) => {
    expect(textOf((await collect(invocation("/ask interns?"), tools(text, []))).post)).toBe(expected);
  });

  test("what needs no mending is not said twice", async () => {
    const { replies } = await collect(invocation("/ask interns?"), tools("Yes [1].", []));
    expect(replies.some(({ type }) => type === "rewrite")).toBe(false);
  });
});

describe("what can be done next", () => {
  const others = ["a/one", "b/two", "c/three", "d/four"].map((name) => says("x", name).model);
  const quoting = { ...says("x", "extractive/quotes").model, writes: false };

  test("after an answer: thumbs, and up to three other models that write", async () => {
    const asked = invocation("/ask May interns work remotely?");
    const tools = createTestToolbox({ hits, model: says("Yes [1].").model, others: [quoting, ...others] });
    const { post } = await collect(asked, tools);
    expect(post.actions.map(({ label }) => label)).toEqual([
      "👍",
      "👎",
      "Ask again with one",
      "Ask again with two",
      "Ask again with three",
    ]);
    expect(post.actions[1]).toMatchObject({
      command: "feedback",
      options: { verdict: "bad", about: asked.id, model: "test/model" },
      shows: "to-presser",
    });
    expect(post.actions[2]).toMatchObject({
      command: "ask",
      options: { question: "May interns work remotely?", model: "a/one" },
      shows: "below",
    });
  });

  test("every button is an invocation that its command takes", async () => {
    const tools = createTestToolbox({ hits, model: says("Yes [1].").model, others });
    const empty = createTestToolbox({ hits, answerable: false, model: says("I think so.").model });
    const answered = await collect(invocation("/ask 實習生可以遠端工作嗎？"), tools);
    const unanswered = await collect(invocation("/ask 實習生有宿舍嗎？"), empty);
    const actions = [...answered.post.actions, ...unanswered.post.actions];
    expect(actions).toHaveLength(7);
    for (const { command, options } of actions) {
      const { post } = await collect(invocation(`/${command}`, { input: { options } }), tools);
      expect(textOf(post)).not.toBe("");
    }
  });

  test("after nothing: keep the question, or ask the model alone, which is marked", async () => {
    const { model, prompts } = says("Perhaps [1].");
    const tools = createTestToolbox({ hits, answerable: false, model });
    const { post } = await collect(invocation("/ask 實習生有宿舍嗎？"), tools);
    expect(post.actions.map(({ label }) => label)).toEqual(["把這題留給管理員", "不靠文件，直接問模型"]);
    const alone = await collect(invocation("/ask", { input: { options: post.actions[1]!.options } }), tools);
    expect(prompts.at(-1)).toMatchObject({ passages: [], system: expect.stringContaining("without any documents") });
    expect(textOf(alone.post)).toBe("Perhaps.");
    expect(alone.post.sources).toEqual([]);
    expect(alone.post.sections[0]?.notes.join()).toMatch(/這不是根據你們的文件/);
  });

  test("without a model that writes, nothing offers one, and --plain says why not", async () => {
    const tools = createTestToolbox({ hits, answerable: false, model: quoting });
    const { post } = await collect(invocation("/ask Is there a dormitory?"), tools);
    expect(post.actions.map(({ command }) => command)).toEqual(["kb"]);
    await expect(collect(invocation("/ask --plain why?"), tools)).rejects.toThrow(/needs a language model/);
  });
});

describe("files that come with a question", () => {
  const tools = (read: () => Promise<FileReading>, more = {}) =>
    createTestToolbox({ hits: [], model: says("It says so [1].").model, knowledge: { read, ...more } });
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
    const { model, prompts } = says("Both [1][2].");
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
    expect(notes[5]).toMatch(/up to 5 files/);
  });

  test("a question without words is about the file", async () => {
    const { model, prompts } = says("It is a memo [1].");
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
