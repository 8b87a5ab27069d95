import { describe, expect, test } from "@jest/globals";
import { groundedPrompt } from "../../src/commands/grounded-prompt.ts";
import { textOf } from "../../src/core/post.ts";
import { collect } from "../fakes/collect.ts";
import { createTestToolbox, hit, invocation, scriptedModel } from "../fakes/toolbox.ts";

const hits = [hit("Cats", "Cats purr when calm."), hit("Dogs", "Dogs bark.", { headings: ["Dogs", "Voice"], page: 4 })];
const says = (...texts: string[]) =>
  scriptedModel([
    ...texts.map((text) => ({ type: "text" as const, text })),
    { type: "usage", input: 10, output: 5 },
    { type: "stop", reason: "end" },
  ]);

describe("/ask", () => {
  test("streams the model's text and shows the passages it cites, once each and in order", async () => {
    const { model } = says("They bark [2], ", "they purr [1][2].");
    const { post, replies } = await collect(invocation("/ask what do pets do?"), createTestToolbox({ hits, model }));
    expect(replies.filter(({ type }) => type === "text")).toHaveLength(2);
    expect(textOf(post)).toBe("They bark [2], they purr [1][2].");
    expect(post.sources).toEqual([
      { number: 1, documentId: "cats", title: "Cats", place: "", start: 0, end: 20, quote: "Cats purr when calm." },
      { number: 2, documentId: "dogs", title: "Dogs", place: "Voice, p. 4", start: 0, end: 10, quote: "Dogs bark." },
    ]);
    expect(post.facts).toMatchObject({ model: "test/model", documents: 2, usage: { input: 10, output: 5 } });
  });

  test("says in the person's language on which page a source stands", async () => {
    const { model } = says("會叫 [2]。");
    const { post } = await collect(invocation("/ask 狗會做什麼？"), createTestToolbox({ hits, model }));
    expect(post.sources.map(({ place }) => place)).toEqual(["Voice，第 4 頁"]);
  });

  test("says what it is doing before the first word", async () => {
    const { replies } = await collect(
      invocation("/ask what do pets do?"),
      createTestToolbox({ hits, model: says("x [1]").model }),
    );
    const before = replies.slice(
      0,
      replies.findIndex(({ type }) => type === "text"),
    );
    expect(before).toEqual([
      { type: "status", text: "Searching your documents" },
      { type: "status", text: "test/model is reading 2 passages from 2 documents" },
    ]);
  });

  test("says its place in line, and no longer once its turn has come", async () => {
    const { model } = scriptedModel([
      { type: "waiting", place: 1 },
      { type: "text", text: "They bark [2]." },
      { type: "stop", reason: "end" },
    ]);
    const { replies } = await collect(invocation("/ask what do pets do?"), createTestToolbox({ hits, model }));
    const [place, turn] = replies.filter(({ type }) => type === "status").slice(2);
    expect(place).toMatchObject({ text: expect.stringMatching(/number 1 in line/) });
    expect(turn).toEqual({ type: "status", text: "test/model is answering" });
  });

  test("does not ask the model when the knowledge base holds no answer, and names the closest passage", async () => {
    const { model, prompts } = says("I made this up.");
    const { post } = await collect(
      invocation("/ask 宿舍怎麼申請？"),
      createTestToolbox({ hits, answerable: false, model }),
    );
    expect(prompts).toEqual([]);
    expect(textOf(post)).toMatch(/找不到這一題的答案。最接近的是「Cats」/);
    expect(post.sources).toEqual([]);
  });

  test("an answer that cites nothing says so and still shows what it was given", async () => {
    const { post } = await collect(
      invocation("/ask pets?"),
      createTestToolbox({ hits, model: says("Pets are nice.").model }),
    );
    expect(post.sources.map(({ number }) => number)).toEqual([1, 2]);
    expect(post.sections[0]?.notes.join()).toMatch(/cites nothing/);
  });

  test("an answer cut at the limit says so", async () => {
    const { model } = scriptedModel([
      { type: "text", text: "Half [1]" },
      { type: "stop", reason: "length" },
    ]);
    const { post } = await collect(invocation("/ask pets?"), createTestToolbox({ hits, model }));
    expect(post.sections[0]?.notes.join()).toMatch(/cut off/);
  });

  test("an empty answer is a failure that stays so", async () => {
    const { model } = scriptedModel([{ type: "stop", reason: "end" }]);
    await expect(collect(invocation("/ask pets?"), createTestToolbox({ hits, model }))).rejects.toMatchObject({
      code: "empty",
    });
  });

  test("whoever declines in words is not said to cite nothing", async () => {
    const { model } = scriptedModel([
      { type: "text", text: "I would rather not." },
      { type: "stop", reason: "refused" },
    ]);
    const { post } = await collect(invocation("/ask pets?"), createTestToolbox({ hits, model }));
    expect(textOf(post)).toBe("I would rather not.");
    expect(post.sources).toEqual([]);
    expect(post.sections[0]?.notes.join()).toMatch(/^The model declined/);
    expect(post.sections[0]?.notes.join()).not.toMatch(/cites nothing/);
  });

  test.each(["???", "。！？", "— …"])("%s holds nothing to search for, and is told so", async (question) => {
    await expect(collect(invocation(`/ask ${question}`), createTestToolbox({ hits }))).rejects.toThrow(/no words/);
  });
});

describe("groundedPrompt", () => {
  const long = hit("Long", "word ".repeat(2000));

  test("keeps what fits the model's window, best first, and always the best", () => {
    const fitted = groundedPrompt("q", [long, long, hit("Short", "short")], { window: 6000, language: "en" });
    expect(fitted.passages.map(({ title }) => title)).toEqual(["Long", "Short"]);
    expect(groundedPrompt("q", [long], { window: 100, language: "en" }).passages).toHaveLength(1);
  });
});
