// A conversation as a platform has it: through the worker's handler, over the real knowledge base and the real records.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Toolbox } from "../../src/core/command.ts";
import type { Invocation } from "../../src/core/invocation.ts";
import type { Model } from "../../src/core/model.ts";
import type { Adapter } from "../../src/core/platform.ts";
import { textOf, type Post } from "../../src/core/post.ts";
import type { Attempt } from "../../src/core/queue.ts";
import { formatFor } from "../../src/knowledge/formats/index.ts";
import { createKnowledge, type Knowledge } from "../../src/knowledge/index.ts";
import { createExtractive } from "../../src/models/extractive.ts";
import { createHandler } from "../../workers/handle.ts";
import { createTestToolbox, invocation, scriptedModel } from "../fakes/toolbox.ts";

const signal = new AbortController().signal;
const DOCUMENTS = {
  "handbook.md": `# Handbook

## Remote work for employees

Employees may work remotely up to two days a week. The manager approves the request.

## Remote work for interns

Interns may work remotely up to three days a week, once they have been here for three months.

## Dormitory

The dormitory's monthly rent is 4,000 dollars. The deposit is one month's rent.
`,
  "手冊.md": `# 員工手冊

## 正職員工的遠端工作

正職員工每週可以遠端工作至多兩天，由主管核准。

## 實習生的遠端工作

實習生到職滿三個月後，每週可以遠端工作至多三天。

## 宿舍

宿舍在三號樓，每月租金四千元，押金為一個月租金。
`,
  "unrelated.md": "# Printer\n\nThe printer on the second floor needs a badge. Paper is in the cupboard.",
};

const folder = mkdtempSync(join(tmpdir(), "heed-conversation-"));
let knowledge: Knowledge;
beforeAll(async () => {
  const runtime = createTestToolbox({}).runtime;
  const fetchPage = () => Promise.reject(new Error("no network"));
  knowledge = await createKnowledge({ place: { directory: folder }, runtime, formatFor, fetchPage });
  for (const [name, text] of Object.entries(DOCUMENTS))
    await knowledge.add(
      { name, origin: name, bytes: new TextEncoder().encode(text) },
      { workspace: "w1", user: "lin" },
      signal,
    );
});
afterAll(async () => {
  await knowledge.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Asks line after line in one thread; `thread` is where the chat says that replies to an answer will be. */
function chat({ model = createExtractive([]).model("quotes"), files = {}, thread }: Setting = {}) {
  const tools: Toolbox = { ...createTestToolbox({ model }), knowledge };
  const adapter: Adapter = {
    start: async () => {},
    close: async () => {},
    open: () => ({ pace: 0, show: async () => null, ...(thread !== undefined && { thread }) }),
    download: async ({ name }) => new TextEncoder().encode(files[name]),
  };
  const handle = createHandler(new Map([["test", adapter]]), tools);
  return (line: string, more: Partial<Invocation> = {}): Promise<Post> => handle(invocation(line, more), attempt());
}
interface Setting {
  model?: Model;
  files?: Readonly<Record<string, string>>;
  thread?: string;
}

function attempt(): Attempt {
  const keep = async () => {};
  return {
    number: 1,
    isLast: true,
    isExhausted: false,
    isFirst: true,
    signal,
    receipt: undefined,
    finishedPost: undefined,
    keep,
    saveFinished: keep,
  };
}
const quotes = ({ sources }: Post) => sources.map(({ quote }) => quote).join("\n");
const firstQuote = ({ sources }: Post) => sources[0]?.quote ?? "";

describe("follow-ups without a language model", () => {
  test.each([
    [
      "How many days a week may employees work remotely?",
      "and for interns?",
      /Interns may work remotely up to three days/,
    ],
    [
      "How many days a week may interns work remotely?",
      "what about employees?",
      /Employees may work remotely up to two days/,
    ],
    ["What is the dormitory's monthly rent?", "and the deposit?", /deposit is one month's rent/],
    ["May employees work remotely?", "who approves it?", /manager approves/],
    ["正職員工每週可以遠端工作幾天？", "那實習生呢？", /實習生到職滿三個月後/],
    ["實習生每週可以遠端工作幾天？", "那正職員工呢？", /正職員工每週可以遠端工作至多兩天/],
    ["宿舍每月租金是多少？", "押金呢？", /押金為一個月租金/],
    ["正職員工可以遠端工作嗎？", "由誰核准？", /主管核准/],
  ])("%s %s", async (question, followUp, expected) => {
    const ask = chat();
    await ask(`/ask ${question}`);
    expect(firstQuote(await ask(`/ask ${followUp}`))).toMatch(expected);
  });

  test("alone, the same follow-up finds nothing to lean on", async () => {
    expect(textOf(await chat()("/ask 押金呢？ 以及那個"))).not.toMatch(/^$/);
    expect(textOf(await chat()("/ask and for interns?"))).not.toMatch(/4,000/);
  });

  test("a new question is not blurred by the old one", async () => {
    const ask = chat();
    await ask("/ask How many days a week may interns work remotely?");
    expect(firstQuote(await ask("/ask Where is the paper for the printer?"))).toMatch(/Paper is in the cupboard/);
  });

  test("a message that is pointed at says what a bare 'this' means", async () => {
    const context = [{ author: "Ken", text: "Is the rent of the dormitory still 4,000?" }];
    expect(firstQuote(await chat()("/ask is this right?", { context }))).toMatch(/monthly rent is 4,000/);
  });

  test("after /forget there is nothing to follow up", async () => {
    const ask = chat();
    await ask("/ask How many days a week may employees work remotely?");
    expect(textOf(await ask("/forget"))).toMatch(/Forgotten/);
    expect(textOf(await ask("/ask why?"))).toMatch(/found nothing|can't find/);
    expect(textOf(await ask("/forget"))).toMatch(/Forgotten/);
    expect(textOf(await ask("/forget"))).toMatch(/nothing to forget/);
  });

  test("another workspace sees neither the documents nor the conversation", async () => {
    const ask = chat();
    const address = { platform: "test", workspace: "w2", channel: "c1", privacy: "public" as const, data: null };
    await ask("/ask How many days a week may employees work remotely?");
    expect((await ask("/ask and for interns?", { address })).sources).toEqual([]);
  });

  test("a thread that opens under the answer continues it for everyone in it", async () => {
    const ask = chat({ thread: "t9" });
    await ask("/ask How many days a week may employees work remotely?");
    const user = { id: "ken", name: "ken", isAdmin: false, isLocal: false };
    const address = {
      platform: "test",
      workspace: "w1",
      channel: "c1",
      thread: "t9",
      privacy: "public" as const,
      data: null,
    };
    expect(firstQuote(await ask("/ask and for interns?", { address, user }))).toMatch(/Interns may/);
  });
});

describe("an answer from a model", () => {
  const says = (text: string) =>
    scriptedModel([
      { type: "text", text },
      { type: "stop", reason: "end" },
    ]).model;

  test("with a wrong number is marked by the real check, and the mark is not remembered", async () => {
    const model = says("Interns may work remotely up to four days a week [1].");
    const ask = chat({ model });
    const post = await ask("/ask How many days a week may interns work remotely?");
    expect(textOf(post)).toBe("Interns may work remotely up to four days a week [1]. (⚠ the source says three days)");
    expect(post.facts.more).toEqual({ checked: { carried: 0, contradicted: 1, unclear: 0 } });
  });

  test("in Chinese too", async () => {
    const ask = chat({ model: says("實習生到職滿三個月後，每週可以遠端工作五天 [1]。") });
    expect(textOf(await ask("/ask 實習生每週可以遠端工作幾天？"))).toBe(
      "實習生到職滿三個月後，每週可以遠端工作五天 [1]。（⚠ 原文寫三天）",
    );
  });
});

describe("a file with a question", () => {
  test("answers it, in either language, and is not kept", async () => {
    const ask = chat({
      files: {
        "travel.md": "# Travel\n\nMeals abroad are paid up to 1,200 dollars a day.",
        "餐費.txt": "出差餐費每日上限八百元。",
      },
    });
    const attachments = [{ name: "travel.md", privacy: "public" as const, data: null }];
    const post = await ask("/ask How much is paid for meals abroad?", { attachments });
    expect(post.sources[0]).toMatchObject({
      title: "travel.md",
      quote: "Meals abroad are paid up to 1,200 dollars a day.",
    });
    expect(post.sections[0]?.notes.at(-1)).toBe("✓ travel.md — read: 1 passage");
    const chinese = await ask("/ask 出差餐費上限是多少？", { attachments: [{ name: "餐費.txt", data: null }] });
    expect(quotes(chinese)).toContain("出差餐費每日上限八百元。");
    expect((await knowledge.list("w1")).map(({ title }) => title)).not.toContain("travel.md");
  });
});
