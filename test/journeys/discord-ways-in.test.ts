// Every way to ask on Discord: commands, mentions, direct messages, menus, threads, files; and who counts as an admin.

import { afterEach, describe, expect, test } from "@jest/globals";
import type { Command } from "../../src/core/command.ts";
import { commands } from "../../src/commands/index.ts";
import { BotError } from "../../src/core/errors.ts";
import { echo, saying, scriptedKb, text, toolsFor } from "../fakes/discord/commands.ts";
import { createRig, eventually, type Rig, type RigParts } from "../fakes/discord/rig.ts";
import { labelsOf, mention } from "../fakes/discord/server.ts";
import { ADMIN_ROLE, BOT, BOT_ROLE, CHANNEL, GUILD, OWNER, type FakeMessage } from "../fakes/discord/state.ts";

let rig: Rig;
afterEach(() => rig.close());
const begin = async (list: readonly Command[] = [echo, scriptedKb], more: Partial<RigParts> = {}) =>
  (rig = await createRig({ tools: toolsFor(...list), commands: list, ...more }));
const said = (words: string, channel = CHANNEL): Promise<FakeMessage> =>
  eventually(() => rig.discord.state.byBot(channel).find(({ content }) => content.includes(words)));
const jobs = () => [...rig.queue.jobs.values()].map(({ invocation }) => JSON.parse(invocation));

describe("registering", () => {
  test("tells Discord of every command, typed and localised, and of the message menu", async () => {
    await begin();
    await eventually(() => rig.discord.state.commands.length > 0);
    expect(rig.discord.state.commandsPath).toMatch(/^\/applications\/\d+\/commands$/);
    expect(rig.discord.state.commands).toEqual([
      expect.objectContaining({
        name: "ask",
        name_localizations: { "zh-TW": "提問" },
        description_localizations: { "zh-TW": "回答問題" },
        options: [
          expect.objectContaining({ name: "question", type: 3, required: true, autocomplete: false }),
          expect.objectContaining({ name: "model", type: 3, required: false, autocomplete: true }),
          expect.objectContaining({ name: "deep", type: 5, required: false }),
          ...["file", "file-2", "file-3", "file-4", "file-5"].map((name) =>
            expect.objectContaining({ name, type: 11 }),
          ),
          expect.objectContaining({ name: "private", type: 5, name_localizations: { "zh-TW": "僅自己可見" } }),
        ],
      }),
      expect.objectContaining({
        name: "kb",
        options: [
          expect.objectContaining({ name: "add", type: 1, name_localizations: { "zh-TW": "加入" } }),
          expect.objectContaining({ name: "list", type: 1 }),
        ],
      }),
      expect.objectContaining({
        name: "Ask Heed about this",
        type: 3,
        name_localizations: { "zh-TW": "拿這則訊息問 Heed" },
      }),
    ]);
  });

  test("takes the real commands, within Discord's limits, in one guild while developing", async () => {
    await begin(commands, { env: { DISCORD_GUILD_ID: GUILD } });
    await eventually(() => rig.discord.state.commands.length > 0);
    expect(rig.discord.state.commandsPath).toContain(`/guilds/${GUILD}/commands`);
    const check = (command: Record<string, unknown>) => {
      expect(command["name"]).toMatch(command["type"] === 3 ? /^.{1,32}$/ : /^[-_\p{Ll}\p{N}]{1,32}$/u);
      if (command["description"] !== undefined) expect(command["description"]).toMatch(/^.{1,100}$/);
      const options = (command["options"] ?? []) as Record<string, unknown>[];
      const required = options.map((option) => option["required"] === true);
      expect(required).toEqual(required.toSorted((a, b) => Number(b) - Number(a)));
      expect(options.length).toBeLessThanOrEqual(25);
      options.forEach(check);
    };
    rig.discord.state.commands.forEach(check);
  });
});

describe("commands", () => {
  test("options arrive under their own names, subcommands as actions, files with them", async () => {
    await begin();
    const file = rig.discord.rest.addFile("手冊.pdf", new Uint8Array(1234));
    rig.discord.slash("/kb add", { file: { file } }, { permissions: "32" });
    await said("add  admin 200000000000000001 手冊.pdf=1234");
    rig.discord.slash("/ask", { question: "why?", model: "openai/x" });
    await said("model openai/x");
  });

  test("a file whose address ran out before the worker came is asked for anew", async () => {
    await begin([scriptedKb], { works: true });
    const file = rig.discord.rest.addFile("a.txt", new Uint8Array(7));
    rig.discord.rest.expireFiles();
    rig.discord.slash("/kb add", { file: { file } });
    await said("a.txt=7");
    const written = rig.discord.rest.addFile("b.txt", new Uint8Array(9));
    const message = rig.discord.say(`${mention} kb add this`, { files: [{ ...written, url: `${written.url}0` }] });
    message.attachments = [written];
    await said("b.txt=9");
  });

  test("a file that is gone is named, with what would help", async () => {
    await begin();
    const file = rig.discord.rest.addFile("a.txt", new Uint8Array(7));
    rig.discord.state.files.clear();
    rig.discord.slash("/kb add", { file: { file } });
    await said("Discord no longer has a.txt. Send the file again.");
  });

  test("a long answer's language follows the question, the refusal the person's locale", async () => {
    await begin();
    rig.queue.breaks({ error: new BotError("unavailable", { en: "down", "zh-TW": "現在無法接收問題" }) });
    const asked = rig.discord.slash("/ask", { question: "why?" }, { locale: "zh-TW" });
    await eventually(() => rig.discord.answer(asked)?.content === "現在無法接收問題");
  });

  test("typing is completed from what the door knows, and from choices", async () => {
    const seen: object[] = [];
    await begin([echo, scriptedKb], {
      suggest: async (typing) => {
        seen.push(typing);
        const values = ["openai/gpt", "x".repeat(120), ...Array.from({ length: 40 }, (_, i) => `m${i}`)];
        return values.map((value) => ({ value, label: value }));
      },
    });
    const typing = rig.discord.typing("/ask", "model", "gp");
    await eventually(() => typing.answered === 8);
    const choices = typing.data?.["choices"] as { name: string; value: string }[];
    expect(choices[0]).toEqual({ name: "openai/gpt", value: "openai/gpt" });
    expect(choices).toHaveLength(25);
    expect(seen).toEqual([{ command: "ask", argument: "model", typed: "gp", workspace: GUILD }]);
  });

  test("suggestions that fail leave the person free to type", async () => {
    await begin([echo], { suggest: () => Promise.reject(new Error("no")) });
    const typing = rig.discord.typing("/ask", "model", "gp");
    await eventually(() => typing.answered === 8);
    expect(typing.data).toEqual({ choices: [] });
  });

  test("a message menu asks about the message, its files included", async () => {
    await begin();
    const file = rig.discord.rest.addFile("slide.png", new Uint8Array(3));
    const target = rig.discord.state.post({
      channel_id: CHANNEL,
      content: "KV cache 是什麼？",
      author: { id: "9", username: "ken" },
    });
    target.attachments = [file];
    rig.discord.menu("Ask Heed about this", target);
    const answer = await said("Q: KV cache 是什麼？");
    expect(answer.content).toContain("files slide.png");
  });

  test("a message without words is declined with a sentence", async () => {
    await begin();
    const target = rig.discord.state.post({ channel_id: CHANNEL, content: "" });
    const asked = rig.discord.menu("Ask Heed about this", target);
    await eventually(() => rig.discord.answer(asked)?.content.includes("no text"));
    expect(asked.data?.["flags"]).toBe(64);
    expect(jobs()).toEqual([]);
  });
});

describe("written messages", () => {
  test("a mention is answered by a reply, once, and the person sees that Heed writes", async () => {
    await begin();
    const asked = rig.discord.say(`${mention} why is the sky blue?`);
    const answer = await said("Q: why is the sky blue?");
    expect(answer.reference).toBe(asked.id);
    expect(rig.discord.state.typing).toBe(1);
    await rig.queue.settle();
    expect(rig.discord.state.byBot(CHANNEL)).toHaveLength(1);
    expect(answer.nonce).toMatch(/^.{1,25}$/);
  });

  test("a post whose confirmation was lost is not posted twice", async () => {
    await begin([saying(text("here"))], {
      before: ({ rest }) =>
        void rest.faults.push({
          method: "POST",
          path: /^\/channels\/\d+\/messages$/,
          status: 500,
          isDone: true,
          times: 4,
        }),
    });
    rig.discord.say(`${mention} why?`);
    await said("here");
    await rig.queue.settle();
    expect(rig.discord.state.byBot(CHANNEL)).toHaveLength(1);
  });

  test("the bot's role means the bot; others' mentions, bots and plain talk do not", async () => {
    await begin();
    rig.discord.say("<@&500000000000000002> by role", { mentionsBot: false });
    await said("Q: by role");
    rig.discord.say("just talking");
    rig.discord.say("<@123> hello", { mentionsBot: false });
    rig.discord.say(`${mention} from a bot`, { user: BOT });
    rig.discord.say(`${mention} last`);
    await said("Q: last");
    expect(jobs().map(({ input }) => input.text)).toEqual(["by role", "last"]);
    expect(BOT_ROLE).toBe("500000000000000002");
  });

  test("commands can be written after the mention; a sentence that begins like one is a question", async () => {
    await begin();
    rig.discord.say(`${mention} kb list`);
    await said("list  member");
    rig.discord.say(`${mention} /kb list x`);
    await said("list x member");
    rig.discord.say(`${mention} knowledge is power?`);
    await said("Q: knowledge is power?");
  });

  test("direct messages need no mention, and their documents are the person's own", async () => {
    await begin();
    const asked = rig.discord.say("kb list", { guild: undefined });
    await said("list  admin dm-400000000000000001", asked.channel_id);
  });

  test("a reply brings what it answers along; a bare mention asks about it", async () => {
    await begin();
    const quoted = rig.discord.state.post({
      channel_id: CHANNEL,
      content: "Attention is a weighted mean.",
      author: { id: "9", username: "ken" },
    });
    rig.discord.say(`${mention} is this right?`, { replyTo: quoted });
    await said("context ken: Attention is a weighted mean.");
    rig.discord.say(mention, { replyTo: quoted });
    await said("Q: Attention is a weighted mean.");
  });

  test("where Heed may not write, the answer comes by direct message and says why", async () => {
    await begin([saying(text("the answer"))], {
      before: ({ rest }) =>
        void rest.faults.push({
          method: "POST",
          path: new RegExp(`^/channels/${CHANNEL}/messages$`),
          status: 403,
          body: { code: 50_013 },
          times: 9,
        }),
    });
    const asked = rig.discord.say(`${mention} why?`);
    const direct = await eventually(() => rig.discord.state.directs.get(asked.author.id));
    const message = await said("the answer", direct);
    expect(message.content).toMatch(new RegExp(`in <#${CHANNEL}>: I lack the permission Send Messages there`));
  });

  test("a forwarded message is what is asked, its files included", async () => {
    await begin();
    const file = rig.discord.rest.addFile("slide.png", new Uint8Array(3));
    const forwarded = { content: "What is a KV cache?", attachments: [file] };
    const asked = rig.discord.say("", { guild: undefined, forwarded });
    const answer = await said("Q: What is a KV cache?", asked.channel_id);
    expect(answer.content).toContain("files slide.png");
  });

  test("what is forwarded or quoted is no command, and its options are words", async () => {
    await begin();
    const forwarded = { content: "kb add https://example.com/ --model other", attachments: [] };
    rig.discord.say("", { guild: undefined, forwarded });
    await eventually(() => jobs().length === 1);
    rig.discord.say("is that wise?", { guild: undefined, forwarded });
    await eventually(() => jobs().length === 2);
    const quoted = rig.discord.say("kb add https://example.com/ --model other");
    rig.discord.say(mention, { replyTo: quoted });
    await eventually(() => jobs().length === 3);
    const read = jobs().map(({ command, input, context }) => [command, input, context.length]);
    const question = forwarded.content;
    expect(read).toEqual([
      ["ask", { options: { question } }, 0],
      ["ask", { text: "is that wise?" }, 1],
      ["ask", { options: { question } }, 0],
    ]);
  });

  test("--private is answered to the asker alone, whatever stands around it", async () => {
    await begin();
    const asked = rig.discord.say(`${mention} --private who earns what?`);
    const direct = await eventually(() => rig.discord.state.directs.get(asked.author.id));
    const answer = await said("Q: who earns what?", direct);
    expect(answer.content).toContain(`You asked in <#${CHANNEL}> for an answer that only you see`);
    await rig.queue.settle();
    expect(rig.discord.state.byBot(CHANNEL)).toEqual([]);
    expect(labelsOf(answer)).not.toContain("Continue in a thread");
  });

  test("what was answered to the asker alone does not come up in an answer for all", async () => {
    await begin();
    const asked = rig.discord.say(`${mention} --private who earns what?`);
    const direct = await eventually(() => rig.discord.state.directs.get(asked.author.id));
    await said("Q: who earns what?", direct);
    await rig.queue.settle();
    rig.discord.say(`${mention} and why?`);
    const answer = await said("Q: and why?");
    expect(answer.content).not.toContain("earns");
  });

  test("who takes no direct messages is told so in answer to their message, and nothing more", async () => {
    await begin([echo], {
      before: ({ rest }) =>
        void rest.faults.push({
          method: "POST",
          path: new RegExp(`^/channels/(?!${CHANNEL})\\d+/messages$`),
          status: 403,
          body: { code: 50_007, message: "Cannot send messages to this user" },
          times: 9,
        }),
    });
    rig.discord.say(`${mention} --private who earns what?`);
    const told = await said("you do not take direct messages");
    await rig.queue.settle();
    expect(rig.discord.state.byBot(CHANNEL)).toEqual([told]);
    expect(told.content).not.toContain("earns");
  });

  test("the queue being down is said in answer to the message", async () => {
    await begin();
    rig.queue.breaks({ error: new BotError("unavailable", { en: "can't take questions", "zh-TW": "無法接收問題" }) });
    rig.discord.say(`${mention} 為什麼？`);
    await said("無法接收問題");
  });
});

describe("threads", () => {
  test("an answer opens a thread; what is asked there continues, knowing how it began", async () => {
    await begin();
    const asked = rig.discord.slash("/ask", { question: "what is a head?" });
    const answer = await eventually(() => {
      const found = rig.discord.answer(asked);
      return found && labelsOf(found).includes("Continue in a thread") && found;
    });
    const press = rig.discord.press(answer, "Continue in a thread");
    await eventually(() => rig.discord.answer(press)?.content.includes(`<#${answer.id}>`));
    expect(rig.discord.state.threads.get(answer.id)).toEqual({ parent: CHANNEL, name: "what is a head?" });
    await said("reply to one of my messages, or mention me", answer.id);
    rig.discord.say(`${mention} and two heads?`, { channel: answer.id });
    const followUp = await said("Q: and two heads?", answer.id);
    expect(followUp.content).toContain(`channel ${CHANNEL} thread ${answer.id}`);
    expect(followUp.content).toContain("history user: what is a head? | assistant: Q: what is a head?");
  });

  test("that stands already is pointed to; what is no conversation opens none", async () => {
    await begin();
    const asked = rig.discord.slash("/ask", { question: "what is a head?" });
    const answer = await eventually(() => {
      const found = rig.discord.answer(asked);
      return found && labelsOf(found).includes("Continue in a thread") && found;
    });
    rig.discord.state.threads.set(answer.id, { parent: CHANNEL, name: "made by hand" });
    const press = rig.discord.press(answer, "Continue in a thread");
    await eventually(() => rig.discord.answer(press)?.content === `Go on in <#${answer.id}>.`);
    rig.discord.slash("/kb list");
    const listed = await said("list  member");
    await rig.queue.settle();
    expect(labelsOf(listed)).toEqual([]);
  });

  test("with the intent, no mention is needed in Heed's own threads, and only there", async () => {
    await begin([echo], { env: { DISCORD_MESSAGE_CONTENT: "true" } });
    expect((rig.discord.gateway.identifies[0]?.intents ?? 0) & (1 << 15)).toBe(1 << 15);
    await rig.records.set("discord/thread/700000000000000001", true);
    rig.discord.say("go on", { channel: "700000000000000001" });
    await said("Q: go on", "700000000000000001");
    rig.discord.say("not for Heed", { channel: "700000000000000002" });
    rig.discord.say("nor this");
    rig.discord.say(`${mention} end`);
    await said("Q: end");
    expect(jobs()).toHaveLength(2);
  });

  test("a channel can switch follow-ups off and on", async () => {
    await begin([echo], { env: { DISCORD_MESSAGE_CONTENT: "true" } });
    const channel = "700000000000000001";
    rig.discord.state.threads.set(channel, { parent: CHANNEL, name: "a thread" });
    await rig.records.set(`discord/thread/${channel}`, true);
    rig.discord.say(`${mention} follow off`, { channel });
    await said("only when I am mentioned", channel);
    rig.discord.say("unheard", { channel });
    rig.discord.say(`${mention} called`, { channel });
    await said("Q: called", channel);
    rig.discord.say(`${mention} follow on`, { channel });
    await said("without a mention", channel);
    rig.discord.say("heard", { channel });
    await said("Q: heard", channel);
    expect(jobs().map(({ input }) => input.text)).toEqual(["called", "heard"]);
    const { channel_id: direct } = rig.discord.say("follow off", { guild: undefined });
    await said("Here I answer every message", direct);
  });

  test("a missing permission is said to the presser alone", async () => {
    await begin([saying(text("here"))], {
      before: ({ rest }) =>
        void rest.faults.push({
          path: /threads$/,
          status: 403,
          body: { code: 50_013, message: "Missing Permissions" },
        }),
    });
    rig.discord.slash("/ask", { question: "x" });
    const answer = await eventually(() =>
      rig.discord.state.byBot(CHANNEL).find((message) => labelsOf(message).includes("Continue in a thread")),
    );
    const press = rig.discord.press(answer, "Continue in a thread");
    await eventually(() => rig.discord.answer(press)?.content.includes("Create Public Threads"));
    expect(rig.discord.answer(press)!.flags & 64).toBe(64);
  });
});

describe("admins", () => {
  const roles = { env: { DISCORD_ADMIN_ROLES: `1, ${ADMIN_ROLE}` } };

  test.each([
    ["Manage Server", { permissions: "32" }, "admin"],
    ["Administrator", { permissions: "8" }, "admin"],
    ["a listed role", { roles: [ADMIN_ROLE] }, "admin"],
    ["another role", { roles: ["77"] }, "member"],
    ["nothing", {}, "member"],
  ])("by a command: %s", async (_, who, expected) => {
    await begin([scriptedKb], roles);
    rig.discord.slash("/kb list", {}, who);
    await said(`list  ${expected} `);
  });

  test.each([
    ["a role with Manage Server", { roles: ["500000000000000003"] }, "admin"],
    ["a listed role", { roles: [ADMIN_ROLE] }, "admin"],
    ["the owner", { user: OWNER }, "admin"],
    ["nothing", {}, "member"],
  ])("by a mention: %s", async (_, who, expected) => {
    await begin([scriptedKb], roles);
    rig.discord.say(`${mention} kb list`, who);
    await said(`list  ${expected} `);
  });
});
