// What an answer says is held against what it cites, and put right where it stands.

import { describe, expect, test } from "@jest/globals";
import type { ModelEvent } from "../../../src/core/model.ts";
import { textOf, uncitedTextOf } from "../../../src/core/post.ts";
import { collect } from "../../fakes/collect.ts";
import { createTestToolbox, hit, invocation, modelThatSays } from "../../fakes/toolbox.ts";

const hits = [hit("Handbook", "Interns may work remotely."), hit("Rules", "HR replies within five working days.")];

describe("an answer that its sources do not carry", () => {
  const tools = (text: string, checked: { end: number; says: string }[]) =>
    createTestToolbox({
      hits,
      model: modelThatSays(text).model,
      knowledge: {
        checkCitations: () =>
          checked.map(({ end, says }) => ({ start: 0, end, says, cited: [2], verdict: "contradicted" })),
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
    ["Yes [1][9].", [1], "[9] names no passage that the model was given."],
    ["Yes [2] and no [8] or [9].", [2], "[8], [9] name no passage that the model was given."],
    ["See [3](https://example.com), `list [9]`, list[9] [1].", [1], undefined],
    ["Raw scores [16, 8, 0] become [2, 1, 0] [1].", [1], undefined],
    ["Scores [1, 2] are a vector, since [2024] too [2].", [2], undefined],
    ["```\na [9]\n```\nb [1]", [1], undefined],
  ])("no bracket of it is changed; which cite, and which name nothing: %j", async (text, sources, note) => {
    const { post } = await collect(invocation("/ask interns?"), tools(text, []));
    expect(textOf(post)).toBe(text);
    expect(post.sources.map(({ number }) => number)).toEqual(sources);
    expect(post.sections[0]!.notes.find((each) => each.startsWith("["))).toBe(note);
  });

  test("a mark that comes in pieces is one", async () => {
    async function* generate(): AsyncGenerator<ModelEvent> {
      for (const text of ["Yes [", "1", "]", "[2", "]."]) yield { type: "text", text };
    }
    const model = { ...modelThatSays("").model, generate };
    const { post, replies } = await collect(invocation("/ask interns?"), createTestToolbox({ hits, model }));
    expect(post.sources.map(({ number }) => number)).toEqual([1, 2]);
    expect(uncitedTextOf(post)).toBe("Yes.");
    expect(replies.some(({ type }) => type === "rewrite")).toBe(false);
  });

  test("numbers alone are no answer", async () => {
    await expect(collect(invocation("/ask interns?"), tools("[1][2]", []))).rejects.toThrow(
      /without writing an answer/,
    );
  });

  test("asked without documents, it cites nothing and stays as it is", async () => {
    const text = "Sorted, [3, 1] becomes [1, 3] [1].";
    const { post } = await collect(invocation("/ask --plain sort it"), tools(text, []));
    expect(textOf(post)).toBe(text);
    expect(uncitedTextOf(post)).toBe(text);
    expect(post.sources).toEqual([]);
  });
});

describe("quotes without a model", () => {
  const footnotes = "Raw scores [16, 8, 0] give weights [8]; see [2].";
  const own = [hit("Other", "Nothing."), hit("Attention", footnotes), hit("Rules", "HR replies within five days.")];

  test("stay as their documents write them, with numbers of their own that rise from 1", async () => {
    async function* generate(): AsyncGenerator<ModelEvent> {
      yield { type: "text", text: "The documents say:" };
      yield { type: "text", text: `\n\n> ${footnotes}`, quotes: 2 };
      yield { type: "text", text: "\n\n> | HR |", quotes: 3 };
      yield { type: "text", text: "\n\n> Again.", quotes: 2 };
      yield { type: "stop", reason: "end" };
    }
    const model = { ...modelThatSays("").model, isGenerative: false, generate };
    const { post } = await collect(invocation("/ask scores?"), createTestToolbox({ hits: own, model }));
    expect(textOf(post)).toBe(`The documents say:\n\n> ${footnotes} [1]\n\n> | HR |\n>\n> [2]\n\n> Again. [1]`);
    expect(post.sources.map(({ number, title }) => [number, title])).toEqual([
      [1, "Attention"],
      [2, "Rules"],
    ]);
    expect(uncitedTextOf(post)).toBe(`The documents say:\n\n> ${footnotes}\n\n> | HR |\n\n> Again.`);
  });
});
