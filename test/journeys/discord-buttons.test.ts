// What stands under an answer on Discord, and what a press of it does.

import { afterEach, describe, expect, test } from "@jest/globals";
import type { Command } from "../../src/core/command.ts";
import type { Action, Source } from "../../src/core/reply.ts";
import { echo, saying, scriptedAsk, text, toolsFor } from "../fakes/discord/commands.ts";
import { createRig, eventually, type Rig, type RigParts } from "../fakes/discord/rig.ts";
import { labelsOf, mention } from "../fakes/discord/server.ts";
import { CHANNEL, type FakeInteraction, type FakeMessage } from "../fakes/discord/state.ts";

let rig: Rig;
afterEach(() => rig.close());
const begin = async (command: Command, more: Partial<RigParts> = {}) =>
  (rig = await createRig({ tools: toolsFor(command), ...more }));

/** Asks, and waits until the button is there. */
async function answerWith(label: string, options = {}): Promise<FakeMessage> {
  rig.discord.slash("/ask", { question: "What is a head?", ...options });
  return eventually(() => rig.discord.state.byBot(CHANNEL).find((message) => labelsOf(message).includes(label)));
}
const answered = (press: FakeInteraction, words: string): Promise<FakeMessage> =>
  eventually(() => {
    const answer = rig.discord.answer(press);
    return answer?.content.includes(words) && answer;
  });
const action = (label: string, more: Partial<Action> = {}): Action => ({
  label,
  command: "ask",
  options: { question: `pressed ${label}` },
  shows: "below",
  ...more,
});
/** Answers with these actions the first time, and says the question back when one was pressed. */
const offering = (...actions: readonly Action[]) =>
  scriptedAsk(async function* ({ args, user }) {
    yield text(`${args.question} by ${user.name}`);
    if (!args.question.startsWith("pressed")) yield { type: "actions", actions };
  });

const source = (number: number, quote: string): Source => ({
  number,
  documentId: `d${number}`,
  title: `Book ${number}`,
  place: "Chapter *1*",
  start: 0,
  end: quote.length,
  quote,
  url: "https://example.com/book",
});

describe("Stop", () => {
  const endless = scriptedAsk(async function* ({ signal, tools }) {
    yield text("It begins. ");
    await tools.runtime.sleep(60_000, signal);
  });

  test("stops a running answer, which keeps what it said", async () => {
    await begin(endless);
    const answer = await answerWith("Stop");
    const press = rig.discord.press(answer, "Stop");
    await eventually(() => answer.content.includes("Stopped."));
    expect(answer.content).toContain("It begins.");
    expect(press.answered).toBe(6);
    expect(labelsOf(answer)).not.toContain("Stop");
  });

  test("is for the asker and for admins", async () => {
    await begin(endless);
    const answer = await answerWith("Stop");
    const other = rig.discord.press(answer, "Stop", { user: "400000000000000002", name: "Ken" });
    await answered(other, "Only the person who asked, or an admin");
    expect(other.data?.["flags"]).toBe(64);
    const stop = { custom_id: answer.components[0]!.components[0]!.custom_id, component_type: 2 };
    const direct = { user: "400000000000000002", guild: undefined, channel: "600000000000000002" };
    await answered(rig.discord.pressId(answer, stop, direct), "Only the person who asked, or an admin");
    expect(answer.content).not.toContain("Stopped.");
    rig.discord.press(answer, "Stop", { user: "400000000000000003", permissions: "32" });
    await eventually(() => answer.content.includes("Stopped."));
  });
});

describe("Show quotes", () => {
  test("shows every quote to the presser alone, however long, without a new job", async () => {
    const long = "這是一句很長的原文。".repeat(300);
    await begin(
      saying(
        text("See [1][2]."),
        { type: "source", source: source(1, "Short words.") },
        { type: "source", source: source(2, long) },
      ),
    );
    const answer = await answerWith("Show quotes");
    expect(answer.content).toContain(String.raw`-# [1] [Book 1](<https://example.com/book>) › Chapter \*1\*`);
    const press = rig.discord.press(answer, "Show quotes", { user: "400000000000000002" });
    await answered(press, "> Short words.");
    const shown = await eventually(() => {
      const all = rig.discord.state.byBot(CHANNEL).filter(({ flags }) => flags & 64);
      return all.map(({ content }) => content).join("").length > long.length && all;
    });
    expect(shown.length).toBeGreaterThan(1);
    expect(rig.queue.jobs.size).toBe(1);
  });
});

describe("actions", () => {
  test("below: a new answer of its own, asked by the presser", async () => {
    await begin(offering(action("Ask GPT")));
    const answer = await answerWith("Ask GPT");
    const press = rig.discord.press(answer, "Ask GPT", { user: "400000000000000002", name: "Ken" });
    const below = await answered(press, "pressed Ask GPT by Ken");
    expect(below.id).not.toBe(answer.id);
    expect(answer.content).toContain("What is a head? by Mei");
  });

  test("in place: the same message shows the new answer", async () => {
    await begin(offering(action("next", { shows: "in-place" })));
    const answer = await answerWith("next");
    const press = rig.discord.press(answer, "next");
    await eventually(() => answer.content.includes("pressed next"));
    expect(press.answered).toBe(6);
    expect(rig.discord.state.byBot(CHANNEL)).toHaveLength(1);
  });

  test("in place of an answer in several messages: none of the old ones is left behind", async () => {
    const long = "A sentence that says something. ".repeat(150);
    await begin(
      scriptedAsk(async function* ({ args }) {
        yield text(args.question.startsWith("pressed") ? args.question : long);
        yield { type: "actions", actions: [action("short", { shows: "in-place" })] };
      }),
    );
    const last = await answerWith("short");
    expect(rig.discord.state.byBot(CHANNEL)).toHaveLength(3);
    rig.discord.press(last, "short");
    await eventually(() => rig.discord.state.byBot(CHANNEL)[0]?.content.includes("pressed short"));
    await rig.queue.settle();
    expect(rig.discord.state.byBot(CHANNEL).filter(({ content }) => content.includes("A sentence"))).toEqual([]);
  });

  test("to the presser: only they see it, and the answer stays", async () => {
    await begin(offering(action("explain", { shows: "to-presser" })));
    const answer = await answerWith("explain");
    const press = rig.discord.press(answer, "explain");
    const shown = await answered(press, "pressed explain");
    expect(shown.flags & 64).toBe(64);
    expect(answer.content).toContain("What is a head?");
  });

  test("what follows from a private answer is private", async () => {
    await begin(offering(action("more of it")));
    const answer = await answerWith("more of it", { private: true });
    expect(labelsOf(answer)).not.toContain("Continue in a thread");
    const press = rig.discord.press(answer, "more of it");
    const below = await answered(press, "pressed more of it");
    expect(below.flags & 64).toBe(64);
  });

  test("five stand as buttons, the rest behind More, each of them works", async () => {
    await begin(offering(...Array.from({ length: 40 }, (_, i) => action(`view ${i}`))));
    const answer = await answerWith("view 39");
    const buttons = answer.components[0]?.components.map(({ label }) => label);
    expect(buttons).toEqual(["view 0", "view 1", "view 2", "view 3", "view 4"]);
    expect(answer.components[1]?.components[0]?.placeholder).toBe("More");
    await answered(rig.discord.press(answer, "view 39"), "pressed view 39");
  });

  test("a button of an answer that is forgotten says so", async () => {
    await begin(offering(action("go")));
    const answer = await answerWith("go");
    const forgotten = rig.discord.pressId(answer, { custom_id: "act:discord-1:0", component_type: 2 });
    await answered(forgotten, "more than a day old");
    const foreign = rig.discord.pressId(answer, { custom_id: "something else", component_type: 2 });
    await answered(foreign, "I do not know this button");
  });
});

describe("Ask again with ...", () => {
  test("stands once: what differs in a model alone has no button beside the form", async () => {
    await begin(offering(action("Ask again with gpt", { differsIn: "model" }), action("Without documents")));
    const answer = await answerWith("Ask again with …");
    expect(labelsOf(answer)).toEqual(["Without documents", "Ask again with …", "Continue in a thread"]);
    await answered(rig.discord.press(answer, "Without documents"), "pressed Without documents");
  });

  test("keeps what has no field in the form, and speaks the presser's language", async () => {
    const seen: object[] = [];
    await begin(
      scriptedAsk(async function* ({ args, attachments }) {
        seen.push({ ...args, files: attachments.length });
        yield text("here");
      }),
    );
    const file = rig.discord.rest.addFile("a.txt", new Uint8Array(3));
    const question = "深".repeat(4001);
    const answer = await answerWith("換個方式再問", { question, deep: true, file: { file } });
    const press = rig.discord.press(answer, "換個方式再問", { locale: "zh-TW" });
    await eventually(() => press.answered === 9);
    const components = press.data?.["components"] as { label: string }[];
    expect(components.map(({ label }) => label)).toEqual(["模型"]);
    rig.discord.submit(String(press.data?.["custom_id"]), { model: "m" }, answer);
    await eventually(() => seen.length === 2);
    expect(seen[1]).toEqual({ question, deep: true, model: "m", files: 1 });
  });

  test("keeps the options of a typed line, and leaves them out of the question", async () => {
    const seen: object[] = [];
    await begin(
      scriptedAsk(async function* ({ args }) {
        seen.push(args);
        yield text("here");
      }),
    );
    rig.discord.say(`${mention} What is a head? --deep --model m`);
    const answer = await eventually(() =>
      rig.discord.state.byBot(CHANNEL).find((message) => labelsOf(message).includes("Ask again with …")),
    );
    const press = rig.discord.press(answer, "Ask again with …");
    await eventually(() => press.answered === 9);
    const components = press.data?.["components"] as { component: Record<string, unknown> }[];
    expect(components.map(({ component }) => component["value"])).toEqual(["What is a head?", "m"]);
    rig.discord.submit(String(press.data?.["custom_id"]), { question: "What are two?", model: "n" }, answer);
    await eventually(() => seen.length === 2);
    expect(seen[1]).toEqual({ question: "What are two?", deep: true, model: "n" });
  });

  test("opens a form filled in as it was, with the models to choose from, and asks anew", async () => {
    await begin(echo, {
      suggest: async () => ["openai/gpt", "anthropic/claude"].map((value) => ({ value, label: value })),
    });
    const answer = await answerWith("Ask again with …");
    const press = rig.discord.press(answer, "Ask again with …");
    await eventually(() => press.answered === 9);
    const components = press.data?.["components"] as { label: string; component: Record<string, unknown> }[];
    expect(components.map(({ label, component }) => [label, component["type"], component["value"]])).toEqual([
      ["question", 4, "What is a head?"],
      ["model", 3, undefined],
    ]);
    const fields = { question: "What are two heads?", model: "anthropic/claude" };
    const sent = rig.discord.submit(String(press.data?.["custom_id"]), fields, answer);
    const again = await answered(sent, "Q: What are two heads?");
    expect(again.content).toContain("model anthropic/claude");
  });
});
