// What Discord takes, held against every post there can be.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { calm, literal, toDiscord } from "../../../adapters/discord/render/markdown.ts";
import { render, renderQuotes } from "../../../adapters/discord/render/render.ts";
import { fenceAfter } from "../../../src/core/markdown.ts";
import { renderTable } from "../../../adapters/discord/render/table.ts";
import { emptyPost, finish, type Post } from "../../../src/core/post.ts";
import { problemWith } from "../../fakes/discord/validate.ts";
import type { FakeRow } from "../../fakes/discord/state.ts";

const FRAME = {
  job: "discord-1574543591835959304",
  permit: `${"x".repeat(20)}~${"y".repeat(20)}`,
  canAskAgain: true,
  canOpenThread: true,
  fileLimit: 10_000,
};
const PINGS = ["@everyone", "@here", "<@1>", "<@!22>", "<@&333>", "@EVERYONE", "<#4>"];

const words = fc
  .array(
    fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.string({ unit: "grapheme", maxLength: 20 }),
      fc.constantFrom(
        ...PINGS,
        "```js\n",
        "```\n",
        "\n\n",
        "|a|b|\n|--|--|\n|1|2|\n",
        "中文句子。",
        "long ".repeat(300),
        "# ",
        "> ",
      ),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(""));
const table = fc.record({
  columns: fc.array(fc.string({ maxLength: 30 }), { minLength: 1, maxLength: 5 }),
  rows: fc.array(fc.array(words, { maxLength: 5 }), { maxLength: 5 }),
});
const section = fc.record({
  title: fc.oneof(fc.constant(""), fc.string({ maxLength: 50 })),
  text: words,
  tables: fc.array(table, { maxLength: 2 }),
  notes: fc.array(words, { maxLength: 2 }),
});
const source = fc.record({
  number: fc.integer({ min: 1, max: 99 }),
  documentId: fc.string(),
  title: words,
  place: words,
  start: fc.nat(),
  end: fc.nat(),
  quote: words,
  url: fc.constantFrom("https://example.com/a", "javascript:alert(1)", "https://example.com/a b)"),
});
const action = fc.record({
  label: fc.string({ maxLength: 200 }),
  command: fc.string(),
  options: fc.constant({}),
  shows: fc.constantFrom("below" as const, "in-place" as const, "to-presser" as const),
});
const picture = fc.record({
  name: fc.string({ maxLength: 100 }),
  alt: words,
  mediaType: fc.constantFrom("image/png" as const, "image/svg+xml" as const),
  bytes: fc.uint8Array({ maxLength: 12_000, size: "max" }),
});
const post: fc.Arbitrary<Post> = fc.record({
  state: fc.constantFrom("working" as const, "done" as const, "failed" as const),
  status: words,
  language: fc.constantFrom("en" as const, "zh-TW" as const),
  sections: fc.array(section, { maxLength: 4 }),
  sources: fc.array(source, { maxLength: 6 }),
  pictures: fc.array(picture, { maxLength: 13 }),
  actions: fc.array(action, { maxLength: 40 }),
  facts: fc.constant({}),
});
const done = (text: string): Post =>
  finish({ ...emptyPost("en"), sections: [{ title: "", text, tables: [], notes: [] }] });

describe("any post", () => {
  test("is messages that Discord takes, and calls nobody", () => {
    fc.assert(
      fc.property(post, (post) => {
        const messages = render(post, FRAME);
        expect(messages.length).toBeGreaterThan(0);
        for (const { content, components, files } of messages) {
          const body = { content, components: components as unknown as FakeRow[], allowed_mentions: { parse: [] } };
          const names = files.map(({ name }) => name);
          expect(problemWith(body, names, "bot-post")).toBeUndefined();
          expect(content).not.toMatch(/@everyone|@here|<@|<#\d/i);
          const size = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
          const isAnswerAlone = files.length === 1 && files[0]?.name === "answer.md";
          if (!isAnswerAlone) expect(size).toBeLessThanOrEqual(FRAME.fileLimit);
          for (const { description } of files) expect(description).not.toMatch(/@everyone|<@/i);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("loses no word of an answer, whatever its length", () => {
    const sentence = fc.string({ unit: fc.constantFrom(..."abc一二三"), minLength: 5, maxLength: 60 });
    fc.assert(
      fc.property(
        fc.array(sentence, { minLength: 1, maxLength: 400 }),
        fc.constantFrom("。", ". ", "\n\n"),
        (sentences, end) => {
          const marked = sentences.map((sentence, i) => `${i}${sentence}`);
          const messages = render(done(marked.join(end)), FRAME);
          const file = messages.flatMap(({ files }) => files).find(({ name }) => name === "answer.md");
          const whole = file ? Buffer.from(file.bytes).toString() : messages.map(({ content }) => content).join("\n");
          for (const words of marked) expect(whole).toContain(words);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("comes in numbered parts whose code blocks are whole, with every word in its order", () => {
    const sentence = fc.constantFrom(
      "實習生到職滿三個月後可以申請遠端工作。",
      "真的嗎？當然！",
      "Attention is a weighted mean of values. ",
      "**粗體**、`程式` and _emphasis_; ",
      "👩‍👩‍👧‍👦🇹🇼 ",
    );
    const prose = fc.array(sentence, { minLength: 1, maxLength: 40 }).map((parts) => parts.join(""));
    const code = fc.record({
      mark: fc.constantFrom("```", "~~~~", "````"),
      info: fc.constantFrom("", "ts", "python"),
      lines: fc.array(fc.constantFrom("const a = 1;", "    深縮排 = 2", "", "x".repeat(120)), { maxLength: 60 }),
    });
    const block = fc.oneof(
      prose,
      prose.map((words) => `## 標題\n${words}`),
      fc.array(prose, { minLength: 1, maxLength: 5 }).map((items) => items.map((item) => `- ${item}`).join("\n")),
      prose.map((words) => `> ${words}`),
      code.map(({ mark, info, lines }) => [mark + info, ...lines, mark].join("\n")),
    );
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 14 }), (blocks) => {
        const marked = blocks.map((words, i) => `【${i}】\n\n${words}`);
        const messages = render(done(marked.join("\n\n")), FRAME).filter(({ content }) => content);
        for (const [i, { content }] of messages.entries()) {
          expect(content.length).toBeLessThanOrEqual(2000);
          expect(fenceAfter(content, undefined)).toBeUndefined();
          if (messages.length > 1) expect(content).toMatch(new RegExp(`\n-# ${i + 1}/${messages.length}$`));
        }
        const whole = messages.map(({ content }) => content.replace(/\n-# \d+\/\d+$/, "")).join("\n");
        const hasFile = messages.some(({ files }) => files.some(({ name }) => name === "answer.md"));
        if (!hasFile)
          expect([...whole.matchAll(/【(\d+)】/g)].map(([, i]) => Number(i))).toEqual(blocks.map((_, i) => i));
        // Without the letters of a block's language, which stands again where the block is opened again.
        const letters = (text: string) =>
          text
            .match(/[\p{Script=Han}a-w]/gu)
            ?.filter((letter) => !"tspyhon".includes(letter))
            .join("");
        if (!hasFile) expect(letters(whole)).toBe(letters(marked.join("\n\n")));
      }),
      { numRuns: 150 },
    );
  });

  test("grows without moving what stands: earlier parts keep their words", () => {
    const text = Array.from({ length: 200 }, (_, i) => `This is sentence number ${i} of many.`).join(" ");
    const working = (length: number): Post => ({ ...done(text.slice(0, length)), state: "working", status: "writing" });
    let before: readonly string[] = [];
    for (let length = 100; length < text.length; length += 137) {
      const now = render(working(length), FRAME).map(({ content }) => content);
      for (const [i, content] of before.slice(0, -1).entries())
        if (i > 0 || now.length > 2) expect(now[i]).toBe(content);
      before = now.length > 1 ? now : [];
    }
    expect(before.length).toBeGreaterThan(2);
  });

  test("shows every quote, in messages that fit", () => {
    fc.assert(
      fc.property(fc.array(source, { maxLength: 5 }), (sources) => {
        for (const part of renderQuotes(sources)) {
          expect(part.length).toBeLessThanOrEqual(2000);
          expect(part).not.toMatch(/@everyone|@here|<@/i);
        }
      }),
    );
  });
});

test("a source is quoted in the marks of its own language", () => {
  const source = { number: 1, documentId: "d", title: "手冊", place: "", start: 0, end: 1 };
  const sources = [
    { ...source, quote: "每週三日。" },
    { ...source, number: 2, quote: "Three days." },
  ];
  const [message] = render({ ...done("See."), sources }, FRAME);
  expect(message?.content).toContain("-# [1] 手冊 「每週三日。」\n-# [2] 手冊 “Three days.”");
});

describe("Markdown", () => {
  test("that Discord does not know becomes what it does", () => {
    expect(toDiscord("#### Deep\ntext ![a plan](https://example.com/p.png)")).toBe(
      "**Deep**\ntext [a plan](<https://example.com/p.png>)",
    );
  });

  test("in code is left alone, and an open block is closed", () => {
    expect(toDiscord("```md\n#### x\n|a|b|\n|--|--|\n|1|2|")).toBe("```md\n#### x\n|a|b|\n|--|--|\n|1|2|\n```");
  });

  test("tables in an answer are readable on a phone", () => {
    expect(toDiscord("Before\n\n| 模型 | 價格 |\n| --- | --- |\n| GPT | 很貴 |\n\nAfter")).toBe(
      "Before\n\n- **GPT** — 很貴\n\nAfter",
    );
  });

  test("of a document stands as it is", () => {
    expect(literal("a *b* [c](d)\n# e `f`")).toBe(String.raw`a \*b\* \[c\](d) \# e \`f\``);
  });

  test("calms what calls people, and nothing else", () => {
    expect(calm("mail me@example.com, a<b, @everyones")).toBe("mail me@example.com, a<b, @\u200Beveryones");
    for (const ping of PINGS) expect(calm(ping)).toContain("\u200B");
  });
});

describe("a table", () => {
  test("of narrow words is a grid that lines up", () => {
    const table = {
      columns: ["", "A", "B"],
      rows: [
        ["A", "#", "7"],
        ["B", "7", "#"],
      ],
    };
    expect(renderTable(table)).toBe("```\n   A  B\nA  #  7\nB  7  #\n```");
  });

  test("with Chinese, or too wide for a phone, is a line for each row", () => {
    const chinese = { columns: ["文件", "段落", "日期"], rows: [["員工手冊", "214", "2026-11-23"]] };
    expect(renderTable(chinese)).toBe("- **員工手冊** — 段落：214 · 日期：2026-11-23");
    const wide = { columns: ["name", "what it is"], rows: [["a", "x".repeat(60)]] };
    expect(renderTable(wide)).toBe(`- **a** — ${"x".repeat(60)}`);
  });
});
