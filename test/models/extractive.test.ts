// The answer of a bot without a language model: real sentences of the documents, readable, numbered.

import { pickQuotes } from "../../src/models/extractive.ts";
import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { markAfter } from "../../src/core/citations.ts";
import type { Hit } from "../../src/core/knowledge.ts";
import type { Language } from "../../src/core/language.ts";
import { createModels } from "../../src/models/index.ts";
import { collect } from "../contracts/model.ts";
import { liveRuntime } from "../fakes/vendor.ts";

/** A hit whose quote is what stands between « and ». It begins at 100 in its document. */
function hit(marked: string, score = 10): Hit {
  const from = marked.indexOf("«");
  const to = marked.indexOf("»") - 1;
  const text = marked.replace(/[«»]/g, "");
  const quote = { start: 100 + from, end: 100 + to };
  return { documentId: "d", title: "t", headings: [], text, start: 100, end: 100 + text.length, score, quote };
}

async function answer(passages: readonly Hit[], language: Language = "en", env: Record<string, string> = {}) {
  const model = createModels(env, liveRuntime()).pick("extractive");
  const prompt = { system: "", messages: [{ role: "user" as const, text: "?" }], passages, language };
  const events = await collect(model.generate(prompt, new AbortController().signal));
  expect(events.slice(-2)).toEqual([
    { type: "usage", input: 0, output: 0 },
    { type: "stop", reason: "end" },
  ]);
  return events
    .map((event) => {
      if (event.type !== "text") return "";
      return event.quotes === undefined ? event.text : event.text + markAfter(event.text, event.quotes);
    })
    .join("");
}

const quotesIn = (text: string) => text.split("\n\n").filter((part) => part.startsWith(">"));

describe("extractive", () => {
  test("quotes, numbers and says how to get more, in English", async () => {
    const passages = [
      hit("Rules.\n\n«Interns may work remotely up to three days a week after three months.» Ask HR."),
      hit("«The manager files the request in the portal.»"),
    ];
    expect(await answer(passages)).toBe(
      "No language model is configured, so here is what the documents say:\n\n" +
        "> Interns may work remotely up to three days a week after three months. [1]\n\n" +
        "> The manager files the request in the portal. [2]\n\n" +
        "Set OPENAI_API_KEY, ANTHROPIC_API_KEY, MISTRAL_API_KEY, HF_TOKEN or OLLAMA_BASE_URL for written answers.",
    );
  });

  test("does the same in Chinese", async () => {
    const text = await answer([hit("前文。«實習生到職滿三個月後，每週得遠端工作至多三日。»後文。")], "zh-TW");
    expect(text).toBe(
      "目前沒有設定語言模型，以下直接引用文件原文：\n\n" +
        "> 實習生到職滿三個月後，每週得遠端工作至多三日。 [1]\n\n" +
        "只要設定 OPENAI_API_KEY、ANTHROPIC_API_KEY、MISTRAL_API_KEY、HF_TOKEN 或 OLLAMA_BASE_URL，就能得到整理過的回答。",
    );
  });

  test("widens a quote to whole sentences, across a wrapped line", async () => {
    const wrapped = hit("Before it. A head attends\nto «every earlier token» and\nmixes their values. After it.");
    expect(quotesIn(await answer([wrapped]))).toEqual([
      "> A head attends to every earlier token and mixes their values. [1]",
    ]);
    const chinese = hit("前面一句。每個詞都會\n看見«前面的詞»。後面一句。");
    expect(quotesIn(await answer([chinese], "zh-TW"))).toEqual(["> 每個詞都會看見前面的詞。 [1]"]);
  });

  test.each([
    ["tildes", "~~~", "~~~"],
    ["a long fence", "`````js", "`````"],
  ])("quotes a block between %s whole, and cites it below", async (_, opening, closing) => {
    const code = hit(`Before.\n\n${opening}\nlet a = 1; «let b» = 2.\n\n\`\`\`\nlet c = 3;\n${closing}\n\nAfter.`);
    const lines = [opening, "let a = 1; let b = 2.", "", "```", "let c = 3;", closing];
    expect(await answer([code])).toContain(`${lines.map((line) => `> ${line}`).join("\n")}\n>\n> [1]`);
  });

  test("leaves out what repeats, keeps what differs", async () => {
    const passages = [
      hit("«Interns may work remotely up to three days a week.»"),
      hit("«Interns may work remotely up to three days a week!»"),
      hit("«Contractors need a badge to enter the building at night.»"),
    ];
    expect(quotesIn(await answer(passages)).map((quote) => quote.slice(-3))).toEqual(["[1]", "[3]"]);
  });

  test.each([
    ["Annual leave is 14 days.", "Annual leave is 18 days."],
    ["Visitors may enter the server room at any time.", "Visitors may not enter the server room at any time."],
    ["The office opens at 8:30 on every single working day.", "The office opens at 9:30 on every single working day."],
    ["正職員工每年有十四天的特別休假可以使用。", "正職員工每年有十八天的特別休假可以使用。"],
    ["試用期的員工可以申請在家遠端工作。", "試用期的員工不可以申請在家遠端工作。"],
  ])("two rules that differ in a number or a not are both quoted: %s", async (one, other) => {
    expect(quotesIn(await answer([hit(`«${one}»`), hit(`«${other}»`)]))).toHaveLength(2);
  });

  test("prefers the language of the question, and takes the other rather than nothing", async () => {
    const english = hit("«Attention mixes values (注意力) by weight.»");
    const chinese = hit("«注意力（attention）依權重混合各個值。»", 8);
    expect(quotesIn(await answer([english, chinese], "zh-TW"))).toHaveLength(1);
    expect(await answer([english, chinese], "zh-TW")).toContain("[2]");
    expect(await answer([english, chinese], "en")).toContain("[1]");
    expect(await answer([english], "zh-TW")).toContain("[1]");
  });

  test("leaves weak hits out and stops at three", async () => {
    const words = ["alpha beta", "gamma delta", "epsilon zeta", "eta theta", "iota kappa"];
    expect(quotesIn(await answer(words.map((two) => hit(`«Of ${two}.»`))))).toHaveLength(3);
    expect(quotesIn(await answer(words.map((two, i) => hit(`«Of ${two}.»`, i ? 1 : 10))))).toHaveLength(1);
  });

  test("drops headings, keeps the document's own brackets, lists and code", async () => {
    const passage = hit("«## Steps\n\n- Open the portal [7].\n- Press x[1] twice.»");
    expect(quotesIn(await answer([passage]))).toEqual(["> - Open the portal [7].\n> - Press x[1] twice. [1]"]);
    expect(quotesIn(await answer([hit("«| a | b |\n| 1 | 2 |»")]))).toEqual(["> | a | b |\n> | 1 | 2 |\n>\n> [1]"]);
  });

  test("quotes a block of code whole, and puts the number behind it", async () => {
    const passage = hit("Before.\n\nOne line says it:\n\n```\nA = softmax(«QK») V\n  B = [1]\n```\n\nAfter it.");
    expect(quotesIn(await answer([passage]))).toEqual(["> ```\n> A = softmax(QK) V\n>   B = [1]\n> ```\n>\n> [1]"]);
    const cut = hit("«the end of a block\n```\n\nAnd words.»");
    expect(quotesIn(await answer([cut]))[0]).not.toContain("```");
  });

  test("cuts what is too long at a sentence", async () => {
    const sentence = "This sentence has just enough words to count. ";
    const [long = ""] = quotesIn(await answer([hit(`«${sentence.repeat(30)}»`)]));
    expect(long.length).toBeLessThan(420);
    expect(long).toMatch(/count\. \[1\]$/);
    const [endless = ""] = quotesIn(await answer([hit(`«${"word ".repeat(300)}»`)]));
    expect(endless).toMatch(/word… \[1\]$/);
  });

  test("says that it found nothing", async () => {
    expect(await answer([])).toMatch(
      /^No language model is configured, and I found no passage.*\n\nSet OPENAI_API_KEY/s,
    );
    expect(await answer([], "zh-TW")).toContain("找不到可以引用的段落");
  });

  test("does not claim that no model is there when one is", async () => {
    const text = await answer([hit("«Up to three days.»")], "en", { OPENAI_API_KEY: "k" });
    expect(text).toBe("In the documents' own words:\n\n> Up to three days. [1]");
  });

  test("stops when it is told to", async () => {
    const reason = new Error("Stop");
    const prompt = { system: "", messages: [], passages: [], language: "en" as const };
    const events = createModels({}, liveRuntime()).pick().generate(prompt, AbortSignal.abort(reason));
    await expect(collect(events)).rejects.toBe(reason);
  });

  const piece = fc.constantFrom(
    ..."[8] [16, 8, 0] word. 字。 ## - | > ``` \n 1. [8]: a[1] [1](x) —".split(" "),
    " ",
    "\n",
    "\n\n",
  );
  const marked = fc.array(piece, { maxLength: 60 }).map((parts) => parts.join(""));

  test("holds for any passage and any span: bounded, and every line stands so in its passage", async () => {
    const passage = fc.record({
      text: fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), marked),
      from: fc.nat(320),
      length: fc.nat(320),
      score: fc.double({ min: -10, max: 10, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(passage, { maxLength: 5 }), fc.constantFrom("en", "zh-TW"), async (parts, language) => {
        const passages = parts.map(({ text, from, length, score }) => ({
          ...hit("«»", score),
          text,
          end: 100 + text.length,
          quote: { start: 100 + from, end: 100 + from + length },
        }));
        const text = await answer(passages, language);
        const bare = (words: string) => words.replace(/…$/, "").replaceAll(/\s+/g, "");
        for (const { number, text } of pickQuotes(passages, language))
          for (const line of text.split("\n")) expect(bare(passages[number - 1]!.text)).toContain(bare(line));
        for (const part of quotesIn(text).slice(0, 3)) expect(part.length).toBeLessThan(1600);
        expect(text.length).toBeLessThan(6000);
      }),
      { numRuns: 50 },
    );
  });
});
