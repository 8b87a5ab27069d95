// Posts as Slack messages: within Slack's limits whatever is written, stable while growing, with the buttons they need.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { LIMITS, readPress, writePress, type Block } from "../../../adapters/slack/render/blocks.ts";
import { render, renderQuote } from "../../../adapters/slack/render/render.ts";
import { emptyPost, type Post } from "../../../src/core/post.ts";
import type { Action, Source } from "../../../src/core/reply.ts";
import type { Json } from "../../../src/core/runtime.ts";
import { Blocks } from "../../fakes/slack/block-kit.ts";

const FRAME = { id: "slack-T1-C1-1700000000.000100", permit: "asker~admins" };
const WHOLE_PAYLOAD = 13_200;

const hostile = fc.constantFrom(
  "<!channel>",
  "<@U1>",
  "@here",
  "&",
  "<",
  "**",
  "`",
  "```\n",
  "|",
  "\n",
  "|a|b|\n|-|-|\n|1|2|\n",
);
const prose = fc
  .array(fc.oneof(hostile, fc.string(), fc.constantFrom("長".repeat(500), "word ".repeat(900), "&".repeat(4000))), {
    maxLength: 20,
  })
  .map((parts) => parts.join(""));
const table = fc.record({
  columns: fc.array(
    prose.map((text) => text.slice(0, 300)),
    { maxLength: 30 },
  ),
  rows: fc.array(fc.array(fc.oneof(hostile, fc.constant("x".repeat(900))), { maxLength: 30 }), { maxLength: 130 }),
});
const section = fc.record({
  title: fc.oneof(fc.constant(""), prose),
  text: prose,
  tables: fc.array(table, { maxLength: 2 }),
  notes: fc.array(prose, { maxLength: 3 }),
});
const source: fc.Arbitrary<Source> = fc.record({
  number: fc.nat(99),
  documentId: fc.string(),
  title: prose,
  place: prose,
  start: fc.nat(),
  end: fc.nat(),
  quote: prose,
  url: fc.constantFrom("https://a.example/<x>|y", "javascript:alert(1)", `https://a.example/${"z".repeat(3000)}`),
});
const action: fc.Arbitrary<Action> = fc.record({
  label: prose,
  command: fc.constant("ask"),
  options: fc.constant({}),
  shows: fc.constantFrom("below" as const, "in-place" as const, "to-presser" as const),
});
const post: fc.Arbitrary<Post> = fc.record({
  state: fc.constantFrom("working" as const, "done" as const, "failed" as const),
  status: prose,
  language: fc.constantFrom("en" as const, "zh-TW" as const),
  sections: fc.array(section, { maxLength: 3 }),
  sources: fc.array(source, { maxLength: 12 }),
  pictures: fc.constant([]),
  actions: fc.array(action, { maxLength: 12 }),
  facts: fc.constant({}),
});

describe("render", () => {
  test("no limit of Slack's is exceeded and nothing pings, whatever is written", () => {
    fc.assert(
      fc.property(post, (post) => {
        const pages = render(post, FRAME);
        expect(pages.length).toBeGreaterThan(0);
        for (const { text, blocks } of pages) {
          expect(text.length).toBeGreaterThan(0);
          expect(JSON.stringify(blocks).length).toBeLessThan(WHOLE_PAYLOAD);
          expect(blocks.length).toBeLessThanOrEqual(LIMITS.blocks);
          expect(blocks.filter(({ type }) => type === "table").length).toBeLessThanOrEqual(1);
          for (const block of blocks) expect(offences(block)).toEqual([]);
          expect(Blocks.safeParse(blocks).error).toBeUndefined();
          expect(pings(text)).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("a quote fits too, and cannot ping", () => {
    fc.assert(
      fc.property(source, (source) => {
        const { blocks } = renderQuote("heading", source);
        for (const block of blocks) expect(offences(block)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  test("finished pages stand still while the answer grows", () => {
    const paragraphs = Array.from({ length: 80 }, (_, i) => `Paragraph ${i}. ${"Words and more words. ".repeat(12)}`);
    const grown = (count: number) => render(withText(paragraphs.slice(0, count).join("\n\n")), FRAME);
    const [early, late] = [grown(60), grown(80)];
    expect(early.length).toBeGreaterThan(2);
    expect(late.slice(0, early.length - 1).map(({ blocks }) => blocks)).toEqual(
      early.slice(0, -1).map(({ blocks }) => blocks),
    );
  });

  test("an answer shows its text, its sources with quotes, its small print and its buttons", () => {
    const done: Post = {
      ...withText("可以，但有**兩個**條件 [1]。"),
      state: "done",
      language: "zh-TW",
      sources: [
        {
          number: 1,
          documentId: "d",
          title: "員工手冊",
          place: "工作地點",
          start: 0,
          end: 4,
          quote: "滿三個月",
          url: "https://a.example/h",
        },
      ],
      actions: ["👍", "👎", "a", "b", "c", "d", "e"].map((label) => ({
        label,
        command: "ask",
        options: {},
        shows: "below",
      })),
    };
    const [{ blocks } = { blocks: [] }] = render(
      { ...done, sections: [{ ...done.sections[0]!, notes: ["claude · 3.1 s"] }] },
      FRAME,
    );
    expect(blocks.map(({ type }) => type)).toEqual(["section", "section", "context", "actions"]);
    const written = JSON.stringify(blocks);
    expect(written).toContain("*兩個*");
    expect(written).toContain("[1] <https://a.example/h|員工手冊> › 工作地點");
    expect(written).toContain("看原文");
    const { elements } = blocks[3] as unknown as {
      elements: { type: string; value?: string; options?: { value: string }[] }[];
    };
    expect(elements.map(({ type }) => type)).toEqual(["button", "button", "button", "button", "overflow"]);
    expect(readPress(elements[4]?.options?.[0]?.value ?? "")).toEqual({ kind: "act", argument: "4", id: FRAME.id });
  });

  test.each([
    ["many tables", "Some words.\n\n| a | b |\n|---|---|\n| x | y |\n\n".repeat(26)],
    ["more than fits", "A sentence about attention that is not short at all. ".repeat(4000)],
    ["one endless table", `| a | b |\n|---|---|\n${"| x | y |\n".repeat(5000)}`],
    ["many endless tables", `| a | b |\n|---|---|\n${"| long cell | y |\n".repeat(900)}\n\n`.repeat(9)],
  ])("%s: the beginning, the end, the sources and the buttons are there", (_, middle) => {
    const text = `The beginning.\n\n${middle}\n\nThe end.`;
    const source = { number: 1, documentId: "d", title: "Handbook", place: "p. 3", start: 0, end: 1, quote: "words" };
    const action = { label: "Go on", command: "ask", options: {}, shows: "below" } as const;
    const section = { title: "", text, tables: [], notes: ["Small print."] };
    const post: Post = { ...emptyPost("en"), state: "done", sections: [section], sources: [source], actions: [action] };
    const pages = render(post, FRAME).map(({ blocks }) => JSON.stringify(blocks));
    expect(pages.length).toBeLessThanOrEqual(13);
    for (const words of ["The beginning.", "The end.", "Handbook", "Small print.", "Go on"])
      expect(pages.filter((page) => page.includes(words))).toHaveLength(1);
    expect(pages.at(-1)).toContain("Go on");
    expect(pages.filter((page) => page.includes("is left out here"))).toHaveLength(middle.length > 90_000 ? 1 : 0);
  });

  test("while it works there is a Stop button, and the question where the chat does not show it", () => {
    const working = { ...emptyPost("en"), status: "Searching" };
    const [page] = render(working, { ...FRAME, asked: { by: "Mei <!here>", text: "why & how?" } });
    expect(JSON.stringify(page)).toContain("*Mei &lt;!here&gt;*: why &amp; how?");
    expect(JSON.stringify(page)).toContain(writePress({ kind: "stop", argument: FRAME.permit, id: FRAME.id }));
  });
});

function withText(text: string): Post {
  return { ...emptyPost("en"), sections: [{ title: "", text, tables: [], notes: [] }] };
}

/** What Slack would refuse, or what would call people, anywhere in a block. */
function offences(value: Json | Block): string[] {
  if (Array.isArray(value)) return value.flatMap(offences);
  if (typeof value !== "object" || value === null) return typeof value === "string" ? pings(value) : [];
  const object = value as { [key: string]: Json };
  const found = Object.values(object).flatMap(offences);
  const check = (holds: boolean, what: string) =>
    void (holds || found.push(`${what}: ${JSON.stringify(object).slice(0, 200)}`));
  const text = object["text"] as { text: string } | undefined;
  const length = typeof text === "object" ? text.text.length : 0;
  if (object["type"] === "section") check(length > 0 && length <= 3000, "section");
  if (object["type"] === "header") check(length > 0 && length <= 150, "header");
  if (object["type"] === "button")
    check(length > 0 && length <= 75 && JSON.stringify(object["value"]).length <= 2000, "button");
  if (object["type"] === "overflow") check((object["options"] as Json[]).length <= 5, "overflow");
  if (object["type"] === "static_select") check((object["options"] as Json[]).length <= 100, "select");
  if (object["type"] === "actions") check((object["elements"] as Json[]).length <= 25, "actions");
  if (object["type"] === "context") check((object["elements"] as Json[]).length <= 10, "context");
  if (object["type"] === "table") found.push(...tableOffences(object["rows"] as { text: string }[][]));
  if (object["type"] === undefined && typeof object["value"] === "string")
    check(object["value"].length <= 150 && length <= 75, "option");
  return found;
}

function tableOffences(rows: readonly (readonly { text: string }[])[]): string[] {
  const characters = rows.flat().reduce((sum, { text }) => sum + text.length, 0);
  const fits = rows.length <= 100 && rows.every((row) => row.length <= 20) && characters <= 10_000;
  return fits && rows.flat().every(({ text }) => text.length > 0)
    ? []
    : [`table of ${rows.length} rows, ${characters} characters`];
}

function pings(text: string): string[] {
  return /<(?:@[A-Z0-9]|#C|!(?:channel|here|everyone|subteam))|@(?:channel|here|everyone)\b/i.test(text)
    ? [`ping: ${text.slice(0, 100)}`]
    : [];
}
