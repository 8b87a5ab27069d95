import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { questionKind, queriesFor } from "../../../src/commands/ask/follow-up.ts";
import type { ChatMessage } from "../../../src/core/model.ts";

const asked = (...questions: string[]): ChatMessage[] =>
  questions.flatMap((text) => [
    { role: "user", text },
    { role: "assistant", text: "An answer." },
  ]);
const first = (question: string, history: ChatMessage[], background: { text: string }[] = []) =>
  queriesFor(question, { history, background })[0]!.text;

const LEANING = [
  "and for interns?",
  "What about contractors?",
  "why?",
  "Why not?",
  "how long?",
  "How long does it take?",
  "Who approves that?",
  "does the same apply to interns?",
  "is it paid?",
  "for interns?",
  "what else?",
  "And if I resign?",
  "Which one is cheaper?",
  "那實習生呢？",
  "實習生呢？",
  "為什麼？",
  "要多久？",
  "怎麼申請？",
  "它要怎麼安裝？",
  "這個要錢嗎？",
  "那如果離職了呢",
  "還有其他的嗎？",
  "誰可以核准這件事？",
  "多少錢",
  "那約聘人員也可以嗎？",
  "這是什麼意思？",
];
const STANDALONE = [
  "What is multi-head attention?",
  "What is LoRA and how does it work?",
  "How many days of annual leave do full-time employees get?",
  "Is it possible to work remotely from another country?",
  "Is there a dormitory for interns in Taipei?",
  "Who approves travel expenses above the yearly limit?",
  "What is the rule that is applied to overtime on weekends?",
  "How do I reset the password of my company account?",
  "什麼是多頭注意力？",
  "注意力是什麼？",
  "實習生可以申請遠端工作嗎？",
  "其他部門的同事可以使用會議室嗎？",
  "正職員工一年有幾天特休假？",
  "因此而產生的加班費如何計算與申報？",
  "LoRA 是什麼？",
];

describe("which questions lean on what was said before", () => {
  test.each(LEANING)("leaning: %s", (question) => expect(questionKind(question)).toBe("leaning"));
  test.each(STANDALONE)("standing alone: %s", (question) => expect(questionKind(question)).toBe("standalone"));
  test.each(["LoRA?", "remote work", "宿舍租金", "travel expenses"])("either: %s", (question) =>
    expect(questionKind(question)).toBe("short"),
  );
});

describe("what is searched for", () => {
  test("a follow-up takes the words before it along, its own counting more", () => {
    const text = first("and for interns?", asked("How many days may employees work remotely?"));
    expect(text).toContain("work remotely");
    expect(text.match(/interns/g)).toHaveLength(2);
    expect(first("那實習生呢？", asked("正職員工可以遠端工作嗎？"))).toMatch(/實習生[^]*實習生[^]*遠端工作/);
  });

  test("what is asked anew takes the place of what it replaces", () => {
    const text = first("and for interns?", asked("How many days of leave are there for full-time employees?"));
    expect(text).toContain("days of leave");
    expect(text).not.toContain("full-time");
  });

  test("a chain of follow-ups keeps its subject, and a new subject ends it", () => {
    const history = asked("Can employees work remotely?", "and for interns?");
    expect(first("how long?", history)).toMatch(/interns[^]*remotely/);
    const moved = asked("Can employees work remotely?", "What is the dormitory's monthly rent?");
    expect(first("and the deposit?", moved)).toContain("dormitory");
    expect(first("and the deposit?", moved)).not.toContain("remotely");
  });

  test("a question that stands alone is searched for alone, whatever was said", () => {
    const question = "How many days of annual leave do full-time employees get?";
    expect(queriesFor(question, { history: asked("What is LoRA?"), background: [{ text: "lunch?" }] })).toEqual([
      { text: question },
    ]);
  });

  test("a message that is pointed at comes before what was asked before", () => {
    const texts = queriesFor("What does this mean?", {
      history: asked("What is LoRA?"),
      background: [{ text: "The KV cache grows with the window." }],
    }).map(({ text }) => text);
    expect(texts[0]).toContain("KV cache");
    expect(texts[1]).toContain("LoRA");
    expect(texts[2]).toBe("What does this mean?");
  });

  test.each([
    ["Thanks! And for interns?", "interns"],
    ["謝謝！那實習生呢？", "實習生"],
  ])("a courtesy before a follow-up does not hide it: %s", (question, word) => {
    const [query] = queriesFor(question, { history: asked("Can employees work remotely?"), background: [] });
    expect(query).toMatchObject({ isJoined: true });
    expect(query!.text).toMatch(new RegExp(`${word}[^]*remotely`));
    expect(query!.text).not.toMatch(/Thanks|謝/);
  });

  test("a keyword is tried alone first, and with earlier words only as a guess", () => {
    expect(queriesFor("remote work", { history: asked("What do interns get?"), background: [] })).toEqual([
      { text: "remote work" },
      { text: expect.stringContaining("interns"), isJoined: true, mustMention: true },
    ]);
  });

  test("any words at all give at least one query with the question in it, of a bounded length", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 2000 });
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 8 }), (question, earlier) => {
        const queries = queriesFor(question, { history: asked(...earlier), background: [] });
        expect(queries.length).toBeGreaterThan(0);
        for (const { text } of queries) {
          expect(text).toContain(question);
          expect(text.length).toBeLessThanOrEqual(question.length * 2 + 1300);
        }
      }),
    );
  });
});
