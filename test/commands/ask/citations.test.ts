// What an answer says is held against what it cites, and put right where it stands.

import { describe, expect, test } from "@jest/globals";
import { textOf } from "../../../src/core/post.ts";
import { collect } from "../../fakes/collect.ts";
import { createTestToolbox, hit, invocation, modelThatSays } from "../../fakes/toolbox.ts";

const hits = [hit("Handbook", "Interns may work remotely."), hit("Rules", "HR replies within five working days.")];

describe("an answer that its sources do not carry", () => {
  const tools = (text: string, checked: { end: number; says: string }[]) =>
    createTestToolbox({
      hits,
      model: modelThatSays(text).model,
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
