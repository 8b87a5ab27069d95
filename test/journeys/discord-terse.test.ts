// Servers that speak Discord's language with fewer words, and interactions that lack what documents call optional.

import { afterEach, describe, expect, test } from "@jest/globals";
import type { Command } from "../../src/core/command.ts";
import { echo, saying, scriptedKb, text, toolsFor } from "../fakes/discord/commands.ts";
import { createRig, eventually, type Rig, type RigParts } from "../fakes/discord/rig.ts";
import { mention, type FakeDiscord } from "../fakes/discord/server.ts";
import { APPLICATION, CHANNEL, GUILD, type FakeInteraction } from "../fakes/discord/state.ts";
import { PATIENCE_MS } from "../fakes/wait.ts";

let rig: Rig;
afterEach(() => rig.close());
const begin = async (list: readonly Command[] = [echo], more: Partial<RigParts> = {}) =>
  (rig = await createRig({ tools: toolsFor(...list), commands: list, ...more }));
const said = (words: string) =>
  eventually(() => rig.discord.state.byBot(CHANNEL).find(({ content }) => content.includes(words)));
const answered = (asked: FakeInteraction, words: string) =>
  eventually(() => rig.discord.answer(asked)?.content.includes(words) && rig.discord.answer(asked));

/** The same interaction with only what every one has. */
function bare(discord: FakeDiscord, asked: FakeInteraction, more: object): void {
  const { id, token, channel } = asked;
  const least = { id, token, application_id: APPLICATION, type: asked.kind, channel_id: channel };
  discord.gateway.dispatch("INTERACTION_CREATE", { ...least, ...more });
}
/** What a person does, known to the stand-in but not sent yet. */
function unsent({ gateway }: FakeDiscord, act: () => FakeInteraction): FakeInteraction {
  gateway.isMute = true;
  const asked = act();
  gateway.isMute = false;
  return asked;
}

describe("a start", () => {
  test("where the gateway's address is all that is said", async () => {
    await begin([echo], {
      before({ rest, gateway }) {
        gateway.isTerse = true;
        const body = () => ({ url: `${rest.gatewayUrl}?v=10&encoding=json` });
        rest.faults.push({
          path: /gateway\/bot$/,
          status: 200,
          times: 9,
          get body() {
            return body();
          },
          headers: { "content-type": "application/json" },
        });
      },
    });
    rig.discord.say(`${mention} there?`);
    await said("Q: there?");
    rig.discord.gateway.hangUp(1006);
    rig.discord.say(`${mention} again?`);
    await said("Q: again?");
  });

  test("where nothing can be read, only written", async () => {
    await begin([scriptedKb], {
      before({ rest, gateway }) {
        gateway.isTerse = true;
        rest.faults.push({
          method: "GET",
          path: /^\/(?!gateway)/,
          status: 404,
          body: { message: "404: Not Found" },
          times: 99,
        });
      },
    });
    rig.discord.say(`${mention} kb list`);
    await said(`list  member ${GUILD}`);
    rig.discord.say("kb list", { guild: undefined });
    await eventually(() => rig.discord.state.byBot("600000000000000001").length > 0);
  });
});

test("a question does not wait for what Discord is slow to say of its place", async () => {
  await begin([echo], {
    before({ rest, gateway }) {
      gateway.isTerse = true;
      rest.faults.push({ method: "GET", path: /^\/(channels|guilds)\//, delayMs: 2 * PATIENCE_MS, times: 9 });
    },
  });
  rig.discord.say(`${mention} now?`);
  await eventually(() => rig.queue.jobs.size > 0);
  await said("Q: now?");
});

describe("an answer", () => {
  test("whose requests are granted without a word, and without limits", async () => {
    const long = "A sentence that says something. ".repeat(150);
    await begin([saying(text(long))], {
      before({ rest }) {
        rest.faults.push({
          path: /callback$/,
          status: 200,
          isDone: true,
          headers: { "content-type": "text/plain" },
          body: "OK",
        });
        rest.faults.push({ method: "PATCH", path: /@original$/, status: 204, isDone: true, times: 9 });
      },
    });
    await answered(rig.discord.slash("/ask", { question: "long?" }), "1/3");
    await rig.queue.settle();
    const parts = rig.discord.state.byBot(CHANNEL).map(({ content }) => /\d\/\d$/.exec(content)?.[0]);
    expect(parts).toEqual(["1/3", "2/3", "3/3"]);
  });

  test("is not asked for in a storm where a 429 does not say how long to wait", async () => {
    await begin([saying(text("here"))], {
      before: ({ rest }) => void rest.faults.push({ method: "PATCH", path: /@original/, status: 429, times: 2 }),
    });
    await answered(rig.discord.slash("/ask", { question: "why?" }), "here");
    const edits = rig.discord.rest.calls.filter(({ path }) => path.endsWith("@original"));
    const gaps = edits.slice(1, 3).map(({ at }, i) => at - edits[i]!.at);
    expect(Math.min(...gaps)).toBeGreaterThan(900);
  });

  test.each([401, 404])("whose token is refused by a bare %d goes on in the channel", async (status) => {
    await begin([saying(text("here"))], {
      before: ({ rest }) => void rest.faults.push({ method: "PATCH", path: /webhooks/, status, body: "no", times: 99 }),
    });
    rig.discord.slash("/ask", { question: "why?" });
    const posted = await said("here");
    expect(posted.nonce).toBeDefined();
  });

  test("where Heed may not write, refused by a bare 403, comes by direct message", async () => {
    await begin([saying(text("here"))], {
      before: ({ rest }) =>
        void rest.faults.push({
          method: "POST",
          path: new RegExp(`^/channels/${CHANNEL}/messages$`),
          status: 403,
          body: "no",
          times: 9,
        }),
    });
    const asked = rig.discord.say(`${mention} why?`);
    const direct = await eventually(() => rig.discord.state.directs.get(asked.author.id));
    await eventually(() => rig.discord.state.byBot(direct).some(({ content }) => content.includes("here")));
  });
});

describe("an interaction", () => {
  const data = { id: "1", name: "ask", type: 1, options: [{ name: "question", type: 3, value: "why?" }] };

  test("with only what every one has is answered", async () => {
    await begin();
    const asked = unsent(rig.discord, () => rig.discord.slash("/ask", { question: "why?" }));
    bare(rig.discord, asked, { guild_id: GUILD, member: { user: { id: asked.user }, roles: [] }, data });
    await answered(asked, `by someone member in ${GUILD}`);
  });

  test("in direct messages has a user and no member", async () => {
    await begin();
    const asked = unsent(rig.discord, () => rig.discord.slash("/ask", { question: "why?" }, { guild: undefined }));
    bare(rig.discord, asked, { user: { id: asked.user, username: "mei" }, data });
    await answered(asked, `by mei admin in dm-${asked.user}`);
  });

  test("may say permissions as a number, and leave the language to the server", async () => {
    await begin();
    const asked = unsent(rig.discord, () => rig.discord.slash("/ask", { question: "1+1?" }));
    const member = { user: { id: asked.user, username: "mei" }, permissions: 32 };
    bare(rig.discord, asked, { guild_id: GUILD, guild_locale: "zh-TW", member, data });
    await answered(asked, "by mei admin");
    const [job] = [...rig.queue.jobs.values()];
    expect(JSON.parse(job!.invocation).user.locale).toBe("zh-TW");
  });

  test("that cannot be read is answered with a sentence", async () => {
    await begin();
    const asked = unsent(rig.discord, () => rig.discord.slash("/ask", { question: "why?" }));
    bare(rig.discord, asked, { guild_id: 5, member: "nobody", data: null });
    await answered(asked, "Something broke on my side");
    expect(asked.data?.["flags"]).toBe(64);
  });
});

test("a message that names neither its author's roles nor whom it mentions is a member's, and Heed's", async () => {
  await begin([scriptedKb]);
  rig.discord.gateway.dispatch("MESSAGE_CREATE", {
    id: "1575543591835959304",
    channel_id: CHANNEL,
    guild_id: GUILD,
    author: { id: "400000000000000001", username: "mei" },
    content: `${mention} kb list`,
  });
  await said(`list  member ${GUILD}`);
});
