// The buttons below an answer, and below none.

import { describe, expect, test } from "@jest/globals";
import { textOf } from "../../../src/core/post.ts";
import { collect } from "../../fakes/collect.ts";
import { createTestToolbox, hit, invocation, modelThatSays } from "../../fakes/toolbox.ts";

const hits = [hit("Handbook", "Interns may work remotely."), hit("Rules", "HR replies within five working days.")];

describe("what can be done next", () => {
  const others = ["a/one", "b/two", "c/three", "d/four"].map((name) => modelThatSays("x", name).model);
  const quoting = { ...modelThatSays("x", "extractive/quotes").model, isGenerative: false };

  test("after an answer: thumbs, and up to three other models that write", async () => {
    const asked = invocation("/ask May interns work remotely?");
    const tools = createTestToolbox({ hits, model: modelThatSays("Yes [1].").model, others: [quoting, ...others] });
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
    const tools = createTestToolbox({ hits, model: modelThatSays("Yes [1].").model, others });
    const empty = createTestToolbox({ hits, answerable: false, model: modelThatSays("I think so.").model });
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
    const { model, prompts } = modelThatSays("Perhaps [1].");
    const tools = createTestToolbox({ hits, answerable: false, model });
    const { post } = await collect(invocation("/ask 實習生有宿舍嗎？"), tools);
    expect(post.actions.map(({ label }) => label)).toEqual(["把這題留給管理員", "不靠文件，直接問模型"]);
    const alone = await collect(invocation("/ask", { input: { options: post.actions[1]!.options } }), tools);
    expect(prompts.at(-1)).toMatchObject({ passages: [], system: expect.stringContaining("without any documents") });
    expect(textOf(alone.post)).toBe("Perhaps [1].");
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
