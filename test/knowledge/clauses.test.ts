// A question inside a longer message is found, and what is said around it never answers by itself.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Format, Hit } from "../../src/core/knowledge.ts";
import { createKnowledge, type Knowledge } from "../../src/knowledge/index.ts";

const signal = new AbortController().signal;
const ignore = (): void => undefined;
const TEXT: Format = {
  name: "text",
  extensions: [".txt"],
  mediaTypes: ["text/plain"],
  read: (bytes) => Promise.resolve({ text: new TextDecoder().decode(bytes), headings: [], pages: [], warnings: [] }),
};
const DOCUMENTS = {
  "leave.txt": "Interns get twelve days of annual leave. Unused days of leave are paid out in January.",
  "remote.txt": "Remote work needs the approval of a supervisor and a signed equipment form.",
  "manners.txt": "New colleagues who say sorry and thank everyone in the meeting are liked by their manager.",
  "休假.txt": "實習生每年有十二天特休。沒休完的特休在一月折現。",
  "遠端.txt": "遠端工作須經主管同意，並簽署設備切結書。",
  "禮儀.txt": "新進同仁開會時要跟大家打招呼，不懂的地方請主管說明。",
};

let directory: string;
let knowledge: Knowledge;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "heed-clauses-"));
  knowledge = await createKnowledge({
    place: { directory },
    runtime: {
      now: () => 1000,
      sleep: () => Promise.resolve(),
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    },
    formatFor: () => TEXT,
    fetchPage: () => Promise.reject(new Error("nothing is fetched")),
  });
  for (const [name, text] of Object.entries(DOCUMENTS))
    await knowledge.add(
      { name, origin: name, bytes: new TextEncoder().encode(text) },
      { workspace: "w", user: "mei" },
      signal,
    );
});
afterAll(async () => {
  await knowledge.close();
  rmSync(directory, { recursive: true, force: true });
});

const search = (question: string, isJoined = false) =>
  knowledge.search(question, { workspace: "w", limit: 8, isJoined }, signal);
const quoteOf = ({ text, start, quote }: Hit) => text.slice(quote.start - start, quote.end - start);

const AROUND_EN = [
  (question: string) => `Hi all! ${question} Thanks so much in advance!`,
  (question: string) => `I could not find this anywhere in our wiki, and my boss is waiting for it: ${question}`,
  (question: string) =>
    `So I was on a call with a customer yesterday.\nThey wanted me to find this out\n${question}\nHope you can help`,
  (question: string) => `Sorry for the silly question but ${question}`,
];
const AROUND_ZH = [
  (question: string) => `大家好！${question}先謝謝各位，真的非常感謝！`,
  (question: string) => `我在我們的內部網站上怎樣都找不到，客戶又一直在催我，${question}`,
  (question: string) => `昨天跟客戶開視訊會議\n對方突然問我這件事\n${question}\n麻煩各位幫忙了`,
  (question: string) => `不好意思想請教一下，我剛報到還在適應，${question}`,
];

describe("a question with words around it", () => {
  test.each(AROUND_EN.map((around) => around("how many days of annual leave do interns get?")))(
    "%j",
    async (message) => {
      const { answerable, hits } = await search(message);
      expect(answerable).toBe(true);
      expect(quoteOf(hits[0]!)).toContain("twelve days");
    },
  );

  test.each(AROUND_ZH.map((around) => around("實習生的特休有幾天？")))("%j", async (message) => {
    const { answerable, hits } = await search(message);
    expect(answerable).toBe(true);
    expect(quoteOf(hits[0]!)).toContain("十二天");
  });

  test.each([
    ...AROUND_EN.map((around) => around("which cafeteria serves vegetarian noodles on Friday?")),
    ...AROUND_ZH.map((around) => around("哪一間餐廳星期五有賣素食拉麵？")),
  ])("that no document answers is still declined: %j", async (message) => {
    expect((await search(message)).answerable).toBe(false);
  });

  test("two questions of one message are both answered", async () => {
    const { answerable, hits } = await search(
      "I have a few things to sort out for my team this week. How many days of annual leave do interns get? What does remote work need?",
    );
    expect(answerable).toBe(true);
    const quotes = hits.slice(0, 2).map(quoteOf).join();
    expect(quotes).toContain("twelve days");
    expect(quotes).toContain("approval of a supervisor");
  });

  test("a short question is not drowned by what is said around it", async () => {
    const { answerable, hits } = await search(
      "I started on Monday and could not find a thing anywhere in our wiki, so forgive me if somebody wanted to know it before: signed equipment form?",
    );
    expect(answerable).toBe(true);
    expect(quoteOf(hits[0]!)).toContain("equipment form");
  });

  test("a text that is put together from several messages is read as one", async () => {
    const message = AROUND_EN.reduce((text, around) => around(text), "how many days of annual leave do interns get?");
    expect((await search(message, true)).answerable).toBe(false);
    expect((await search(message)).answerable).toBe(true);
  });

  test("a file that comes along is read for the question, too", async () => {
    const bytes = new TextEncoder().encode(`${DOCUMENTS["manners.txt"]}\n\n${DOCUMENTS["leave.txt"]}`);
    const { hits } = await knowledge.read(
      { name: "f.txt", origin: "f", bytes },
      AROUND_EN[1]!("how many days of annual leave do interns get?"),
      3,
      signal,
    );
    expect(hits.map(quoteOf).join()).toContain("twelve days");
  });
});
