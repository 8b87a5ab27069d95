// What every platform must do, from a person's words to what stands in the chat, whatever its wire looks like.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { CommandContext } from "../../src/core/command.ts";
import { BotError } from "../../src/core/errors.ts";
import type { Reply } from "../../src/core/reply.ts";
import { until } from "../journeys/heed-process.ts";
import { wordOf } from "../fakes/word-of.ts";

/** A platform between a stand-in of its servers and a queue in memory. Its "ask" says what the script says. */
export interface PlatformRig {
  /** Two people of one workspace; the third is its admin. */
  people: { asker: string; other: string; admin: string };
  script(run: (call: CommandContext<Record<string, unknown>>) => AsyncIterable<Reply>): void;
  /** What the script was called with, oldest first. */
  calls: readonly CommandContext<Record<string, unknown>>[];
  /** A person asks in a channel. Resolves when the platform has its acknowledgement. */
  ask(question: string, by?: string): Promise<void>;
  /** A person calls Heed in that channel by a mention. Resolves when the platform has its acknowledgement. */
  write(words: string, by?: string): Promise<void>;
  /** The platform delivers the last question again. */
  repeat(): Promise<void>;
  /** A person presses the newest button of that label. */
  press(label: string, by?: string): Promise<void>;
  /** A person uses the command "rebuild", which is for admins. */
  rebuild(by: string): Promise<void>;
  /** A person asks for a view of the command "look", which says for whom it is. */
  look(view: View, way: "command" | "mention" | "direct", by: string): Promise<void>;
  /** What a person was told in direct messages. */
  told(by: string): readonly string[];
  /** Everything that stands in the chat by Heed's hand, oldest first; `only` names the one who sees it. */
  seen(): readonly { text: string; only: string | undefined }[];
  /** What would call people in a message of this platform. */
  pings: RegExp;
  /** Makes every enqueue fail. */
  breakQueue(error: Error): void;
  /** The platform's next writes are refused for going too fast; it asks to wait a moment. */
  throttle(times: number): void;
  settle(): Promise<void>;
  /** Lets the time come for what an answer left for later. */
  passTime(): void | Promise<void>;
  close(): Promise<void>;
}

type View = "everyone" | "typist" | "asker" | "admin";

export function describePlatform(open: () => Promise<PlatformRig>): void {
  let rig: PlatformRig;
  beforeEach(async () => {
    rig = await open();
  });
  afterEach(() => rig.close());
  const everything = () =>
    rig
      .seen()
      .map(({ text }) => text)
      .join("\n");

  test("a question has one answer, seen by all", async () => {
    rig.script(says("The answer is **yes**."));
    await rig.ask("is it?");
    await rig.settle();
    expect(rig.calls.map(({ args }) => args["question"])).toEqual(["is it?"]);
    expect(rig.seen()).toHaveLength(1);
    expect(rig.seen()[0]?.only).toBeUndefined();
    expect(everything()).toContain("yes");
  });

  test("a repeat is recognised, while the answer is written and after", async () => {
    rig.script(says("Once."));
    await rig.ask("how often?");
    await rig.repeat();
    await rig.settle();
    await rig.repeat();
    await rig.settle();
    expect(rig.calls).toHaveLength(1);
    expect(everything().match(/Once\./g)).toHaveLength(1);
  });

  test("without a queue, the asker alone is told so", async () => {
    rig.breakQueue(new BotError("unavailable", { en: "No questions now.", "zh-TW": "現在無法接收問題。" }));
    await rig.ask("anyone there?");
    await rig.settle();
    expect(rig.calls).toEqual([]);
    expect(rig.seen()).toEqual([
      { text: expect.stringMatching(/No questions now|現在無法接收問題/), only: rig.people.asker },
    ]);
  });

  test("a long answer arrives whole and in order", async () => {
    const words = Array.from({ length: 1500 }, (_, i) => `word${i}`);
    rig.script(says(words.join(" ")));
    await rig.ask("tell me all");
    await rig.settle();
    expect(everything().match(/word\d+/g)).toEqual(words);
  });

  test("code stays code across every cut", async () => {
    rig.script(says(`\`\`\`js\n${"call(argument);\n".repeat(900)}\`\`\``));
    await rig.ask("code?");
    await rig.settle();
    expect(everything().match(/call\(argument\);/g)).toHaveLength(900);
    for (const { text } of rig.seen()) expect((text.match(/^```/gm) ?? []).length % 2).toBe(0);
  });

  test("nothing that is written calls anyone", async () => {
    rig.script(says("Hey @everyone @here <!channel> <@U2> <@123> <@&9>, look."));
    await rig.ask("call them");
    await rig.settle();
    expect(everything()).toContain("look.");
    expect(everything()).not.toMatch(rig.pings);
  });

  test("a failure is a sentence below what was said, in the asker's language", async () => {
    rig.script(async function* () {
      yield { type: "text", text: "到目前為止。" };
      throw new BotError("refused", { en: "Declined.", "zh-TW": "模型拒絕回答。" });
    });
    await rig.ask("為什麼？");
    await rig.settle();
    expect(everything()).toMatch(/到目前為止。[\s\S]*模型拒絕回答。/);
  });

  test("a job that is tried again leaves one answer", async () => {
    let tries = 0;
    rig.script(async function* () {
      yield { type: "text", text: `Try ${++tries}. ` };
      if (tries === 1) throw new BotError("overloaded", { en: "Busy.", "zh-TW": "忙碌。" });
    });
    await rig.ask("again?");
    await rig.settle();
    expect(rig.seen()).toHaveLength(1);
    expect(everything()).toContain("Try 2.");
    expect(everything()).not.toContain("Try 1.");
  });

  test("a platform that asks to slow down is obeyed, and the answer comes", async () => {
    rig.throttle(2);
    rig.script(says("Here at last."));
    await rig.ask("hurry?");
    await rig.settle();
    expect(everything().match(/Here at last\./g)).toHaveLength(1);
  });

  test("a button's command runs, with its options, for the one who pressed it", async () => {
    rig.script(async function* ({ args }) {
      yield { type: "text", text: `By ${wordOf(args["model"] ?? "default")}.` };
      const options = { question: "same?", model: "other" };
      yield { type: "actions", actions: [{ label: "Ask other", command: "ask", options, shows: "below" }] };
    });
    await rig.ask("same?");
    await rig.settle();
    await rig.press("Ask other", rig.people.other);
    await rig.settle();
    expect(rig.calls.map(({ args, user }) => [args["model"], user.id])).toEqual([
      [undefined, rig.people.asker],
      ["other", rig.people.other],
    ]);
    expect(everything()).toMatch(/By default\.[\s\S]*By other\./);
  });

  test("a button in place that fails leaves what stands, and tells the presser alone", async () => {
    rig.script(async function* ({ args }) {
      if (args["model"] === "gone") throw new BotError("not-found", { en: "That is gone.", "zh-TW": "已經不在了。" });
      yield { type: "text", text: "What stands here." };
      const options = { question: "same?", model: "gone" };
      yield { type: "actions", actions: [{ label: "Look", command: "ask", options, shows: "in-place" }] };
    });
    await rig.ask("same?");
    await rig.settle();
    await rig.press("Look", rig.people.other);
    await rig.settle();
    const [standing, aside] = rig.seen();
    expect(standing).toMatchObject({ text: expect.stringContaining("What stands here."), only: undefined });
    expect(aside).toMatchObject({ text: expect.stringContaining("That is gone."), only: expect.any(String) });
    expect(rig.seen()).toHaveLength(2);
  });

  test("what an answer leaves for later comes by itself, in its place, and its buttons work", async () => {
    rig.script(async function* ({ args }) {
      yield { type: "text", text: args["model"] ? `Later: ${wordOf(args["model"])}.` : "At first." };
      const options = { question: "then?", model: "pressed" };
      yield { type: "actions", actions: [{ label: "Go on", command: "ask", options, shows: "in-place" }] };
      const due = { id: "the-appointment", at: Date.now() + DAY_MS, command: "ask" };
      if (!args["model"])
        yield { type: "appointment", appointment: { ...due, options: { question: "then?", model: "clock" } } };
    });
    await rig.ask("then?");
    await rig.settle();
    expect(everything()).toContain("At first.");
    await rig.passTime();
    await rig.settle();
    expect(rig.seen()).toEqual([{ text: expect.stringContaining("Later: clock."), only: undefined }]);
    await rig.press("Go on", rig.people.other);
    await rig.settle();
    expect(rig.seen()).toEqual([{ text: expect.stringContaining("Later: pressed."), only: undefined }]);
    expect(rig.calls.map(({ user }) => user.id)).toEqual([rig.people.asker, rig.people.asker, rig.people.other]);
  });

  /** Who reads words that a channel, or one person alone, was shown. */
  const readersOf = (words: RegExp, by: string) => {
    const shown = rig.seen().filter(({ text }) => words.test(text));
    const isTold = rig.told(by).some((text) => words.test(text));
    if (shown.some(({ only }) => only === undefined)) return "everyone";
    return shown.length > 0 || isTold ? "asker" : "nobody";
  };
  const { asker, admin } = { asker: "asker", admin: "admin" } as const;

  test.each([
    ["everyone", "command", asker, /for everyone/, "everyone"],
    ["everyone", "mention", asker, /for everyone/, "everyone"],
    ["typist", "command", asker, /for typist/, "asker"],
    ["typist", "mention", asker, /for typist/, "everyone"],
    ["asker", "command", asker, /for asker/, "asker"],
    ["asker", "mention", asker, /for asker/, "asker"],
    ["admin", "command", admin, /for asker/, "asker"],
    ["admin", "mention", admin, /for asker/, "asker"],
    ["everyone", "direct", asker, /for everyone/, "asker"],
    ["typist", "direct", asker, /for typist/, "asker"],
    ["asker", "direct", asker, /for asker/, "asker"],
    ["admin", "command", asker, /Only admins may look/, "asker"],
    ["admin", "mention", asker, /Only admins may look/, "everyone"],
  ] as const)("the view for %s, by %s of the %s: %s is read by %s", async (view, way, who, words, readers) => {
    await rig.look(view, way, rig.people[who]);
    await rig.settle();
    expect(readersOf(words, rig.people[who])).toBe(readers);
  });

  test.each(["below", "in-place", "to-presser"] as const)(
    "a button that shows %s what is for the asker alone shows it to the presser alone, and leaves what stands",
    async (shows) => {
      rig.script(async function* () {
        yield { type: "text", text: "What stands here." };
        yield { type: "actions", actions: [{ label: "Look", command: "look", options: { action: "asker" }, shows }] };
      });
      await rig.ask("and then?");
      await rig.settle();
      await rig.press("Look", rig.people.other);
      await rig.settle();
      expect(readersOf(/What stands here/, rig.people.other)).toBe("everyone");
      expect(readersOf(/for asker/, rig.people.other)).toBe("asker");
    },
  );

  test("what is typed wrongly is told to whoever typed it", async () => {
    await rig.look("nothing" as View, "command", rig.people.asker);
    await rig.settle();
    expect(readersOf(/nothing/, rig.people.asker)).toBe("asker");
  });

  test("a typed stop stops the newest answer of whoever types it, an admin's any, and says where there is none", async () => {
    let running = 0;
    rig.script(async function* ({ signal }) {
      running++;
      yield { type: "text", text: "So far." };
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      running--;
      signal.throwIfAborted();
    });
    const begun = (count: number) => until(() => running === count);
    const told = (sentence: RegExp) => until(() => sentence.test(everything()));
    await rig.ask("how long?");
    await begun(1);
    await rig.write("stop!", rig.people.other);
    await told(/Only the person who asked, or an admin, can stop/);
    expect(running).toBe(1);
    await rig.write("stop");
    await begun(0);
    await rig.settle();
    await told(/Stopped\.|已停止/);
    await rig.write("停");
    await told(/不需要停止/);
    await rig.ask("and now?");
    await begun(1);
    await rig.write("Please stop", rig.people.admin);
    await begun(0);
    await rig.settle();
    expect(rig.calls).toHaveLength(2);
  });

  test("what is for admins is for admins", async () => {
    rig.script(says("Rebuilt."));
    await rig.rebuild(rig.people.other);
    await rig.settle();
    expect(rig.calls).toEqual([]);
    await rig.rebuild(rig.people.admin);
    await rig.settle();
    expect(rig.calls).toHaveLength(1);
    expect(everything()).toContain("Rebuilt.");
  });
}

const DAY_MS = 24 * 60 * 60_000;

function says(text: string): () => AsyncIterable<Reply> {
  return async function* () {
    for (const part of text.match(/[\s\S]{1,700}/g) ?? []) yield { type: "text", text: part };
  };
}
