// Who sees what, over every view of every command: what is for whom, and that no word said in private is kept for others.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { commands } from "../../src/commands/index.ts";
import { isForAskerAlone } from "../../src/core/audience.ts";
import { BotError } from "../../src/core/errors.ts";
import type { Invocation } from "../../src/core/invocation.ts";
import type { Model } from "../../src/core/model.ts";
import { filesOf, type Post } from "../../src/core/post.ts";
import type { Audience, Privacy } from "../../src/core/privacy.ts";
import { createChat, player, pressed, readable, type Chat } from "../fakes/compare-rig.ts";
import { hit, invocation } from "../fakes/toolbox.ts";

/** Every view, who sees it, and a line that asks for it. A view that is missing here has not been thought about. */
const VIEWS: Readonly<Record<string, readonly [Audience, string]>> = {
  "ask.only": ["everyone", "/ask What is it?"],
  "compare.round": ["everyone", "/compare What is it?"],
  "compare.vote": ["typist", "/compare --vote A"],
  "compare.reveal": ["everyone", "/compare --reveal"],
  "compare.full": ["typist", "/compare --full"],
  "compare.board": ["everyone", "/compare --board"],
  "compare.scores": ["everyone", "/compare --scores"],
  "compare.export": ["asker", "/compare --export --everywhere"],
  "explain-attention.only": ["everyone", "/explain-attention a cat"],
  "models.list": ["typist", "/models"],
  "models.families": ["typist", "/models families"],
  "models.test": ["typist", "/models test"],
  "models.recommend": ["typist", "/models --for cheap"],
  "kb.add": ["everyone", "/kb add https://example.com/"],
  "kb.list": ["typist", "/kb list"],
  "kb.show": ["typist", "/kb show d1"],
  "kb.remove": ["typist", "/kb remove d1"],
  "kb.search": ["typist", "/kb search it"],
  "kb.keep": ["typist", "/kb keep What is it?"],
  "kb.questions": ["asker", "/kb questions"],
  "kb.status": ["asker", "/kb status"],
  "kb.answered": ["asker", "/kb answered q00000"],
  "feedback.vote": ["typist", "/feedback good"],
  "feedback.sum": ["asker", "/feedback"],
  "forget.only": ["typist", "/forget"],
  "help.only": ["typist", "/help"],
};

const ADMIN = { id: "lin", name: "Lin", isAdmin: true, isLocal: false };
const MEMBER = { id: "mei", name: "Mei", isAdmin: false, isLocal: false };

/** Where Mei asks, by who can read it there, and where an admin looks. */
const at = (channel: string, privacy: Privacy, thread?: string): Invocation["address"] => ({
  platform: "test",
  workspace: "w1",
  channel,
  privacy,
  data: null,
  ...(thread && { thread }),
});
const GENERAL = at("general", "public");

function openChat(): Chat {
  const players = ["one", "two"].map((name): Model => ({
    ...player(`acme/${name}`, []),
    async *generate(prompt) {
      yield { type: "text", text: `${name} says: ${prompt.messages.at(-1)?.text}` };
      yield { type: "stop", reason: "end" };
    },
  }));
  const chat = createChat(players, { hits: [hit("Handbook", "Three days.")], answerable: false });
  chat.tools.knowledge.list = async () => [];
  chat.tools.knowledge.get = async () => undefined;
  const explain = async () => {
    throw new BotError("usage", { en: "No.", "zh-TW": "不行。" });
  };
  Object.assign(chat.tools, { attention: { explain } });
  return chat;
}

/** All that an answer shows, files included. */
function everythingIn(post: Post): string {
  const files = filesOf(post).map(({ name, bytes }) => `${name}\n${Buffer.from(bytes).toString("utf8")}`);
  return [readable(post), ...post.sources.map(({ quote }) => quote), ...files].join("\n");
}

/** Asks, and presses every button under the answer. */
async function askAndPress(chat: Chat, line: string, address: Invocation["address"]): Promise<void> {
  const more = { user: MEMBER, address };
  const post = await chat.say(line, more);
  for (const action of post.actions) await chat.run(pressed(action, more));
  await chat.wait();
}

/** The ways in which words get into Heed. */
const waysToSay = (words: string): readonly string[] => [
  `/ask ${words}`,
  `/ask ${words} --plain`,
  `/compare ${words}`,
  `/compare ${words} --open`,
  `/compare ${words} --votes 1 --system ${words}`,
  `/explain-attention ${words}`,
  `/models --for ${words}`,
  `/kb search ${words}`,
  `/kb keep ${words}`,
  `/kb add ${words}`,
  `/feedback bad`,
  `/feedback bad --about a1 --question ${words}`,
  `/feedback bad --about ${words} --model ${words}`,
  `/help ${words}`,
  `/nonsense ${words}`,
];

describe("every view of every command", () => {
  test("says who sees it", () => {
    const stated = commands.flatMap(({ name, views }) =>
      Object.entries(views).map(([view, { audience }]) => [`${name}.${view}`, audience]),
    );
    expect(Object.fromEntries(stated)).toEqual(
      Object.fromEntries(Object.entries(VIEWS).map(([name, [audience]]) => [name, audience])),
    );
  });

  test.each(Object.entries(VIEWS))("%s is asked for by its line", (name, [, line]) => {
    const { command, input } = invocation(line);
    const found = commands.find((each) => each.name === command)!;
    const args = found.args.parse(argumentsIn(input, found.prose));
    expect(Object.entries(found.views).find(([, view]) => view === found.viewOf(args))?.[0]).toBe(name.split(".")[1]);
  });

  test.each(Object.entries(VIEWS))("%s, for admins, is refused to others beside the chat", (name, [audience, line]) => {
    const asked = invocation(line, { user: MEMBER });
    const [command = "", view = ""] = name.split(".");
    const { admins } = commands.find((each) => each.name === command)!.views[view]!;
    const alone = (beside: "all" | "refusals" | "nothing") =>
      isForAskerAlone(asked, commands, { isPrivate: false, beside });
    const expected = admins ? "typist" : audience;
    expect([alone("nothing"), alone("refusals"), alone("all")]).toEqual([
      expected === "asker",
      expected === "asker" || admins !== undefined,
      expected !== "everyone",
    ]);
    expect(isForAskerAlone(asked, commands, { isPrivate: true, beside: "nothing" })).toBe(true);
  });

  test("is for the asker alone where it shows what members wrote elsewhere", async () => {
    const chat = openChat();
    const MARKER = "zebrafish";
    for (const line of waysToSay(MARKER)) await askAndPress(chat, line, at("elsewhere", "public"));
    const showing: string[] = [];
    for (const [name, [, line]] of Object.entries(VIEWS)) {
      const post = await chat.say(line, { user: ADMIN, address: GENERAL });
      if (everythingIn(post).includes(MARKER)) showing.push(name);
    }
    expect(showing).toEqual(["compare.export", "kb.questions", "feedback.sum"]);
    expect(showing.map((name) => VIEWS[name]![0])).toEqual(["asker", "asker", "asker"]);
  });
});

/** As `readArgs` would, for lines as plain as these. */
function argumentsIn(input: Invocation["input"], prose: string | undefined): Record<string, unknown> {
  const { text } = input as { text: string };
  const options = [...text.matchAll(/--(\w+)(?: (?!--)(\S+))?/g)].map(([, name, value]) => [name, value ?? true]);
  const [first = "", ...rest] = text
    .replaceAll(/--\w+(?: (?!--)\S+)?/g, "")
    .trim()
    .split(" ");
  const words = prose === "target" ? { action: first, ...(rest.length > 0 && { target: rest.join(" ") }) } : {};
  const spoken = prose && prose !== "target" && first ? { [prose]: [first, ...rest].join(" ") } : {};
  return { ...Object.fromEntries(options), ...words, ...spoken };
}

describe("what is said in private", () => {
  /** Records that are their asker's or their place's own: only they are answered from them. */
  const OWN: Readonly<Record<Privacy, RegExp>> = {
    private: /^compare\/(?:question|answer|verdict|passages)\//,
    closed: /^(?:compare\/(?:question|answer|verdict|passages)|memory)\//,
    public: /./,
  };

  test.each(["private", "closed"] as const)("(%s) is in no record that others are shown", async (privacy) => {
    for (const [i, line] of waysToSay("zebrafish").entries()) {
      const chat = openChat();
      await askAndPress(chat, line, at(`place${i}`, privacy));
      const kept = await chat.tools.records.list("", 1000);
      const holding = kept.filter(({ key, value }) => `${key} ${JSON.stringify(value)}`.includes("zebrafish"));
      expect(holding.map(({ key }) => key).filter((key) => !OWN[privacy].test(key))).toEqual([]);
    }
  });

  test("is shown by no view to anyone else, in whatever order people ask", async () => {
    const privacy = fc.constantFrom<Privacy>("private", "closed", "public");
    const way = fc.nat({ max: waysToSay("").length - 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(privacy, way), { minLength: 1, maxLength: 5 }), async (said) => {
        const chat = openChat();
        for (const [i, [privacy, way]] of said.entries())
          await askAndPress(chat, waysToSay(`${privacy}fish${i}`)[way]!, at(privacy, privacy));
        for (const [, [, line]] of Object.entries(VIEWS))
          for (const address of [
            GENERAL,
            at("public", "public"),
            at("private", "public"),
            at("closed", "public", "t1"),
          ])
            expect(everythingIn(await chat.say(line, { user: ADMIN, address }))).not.toMatch(/(?:private|closed)fish/);
      }),
      { numRuns: 8 },
    );
  });
});
