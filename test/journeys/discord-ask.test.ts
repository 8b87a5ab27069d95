// From a slash command on the wire to the answer that people see, over real discord.js.

import { afterEach, describe, expect, test } from "@jest/globals";
import { BotError } from "../../src/core/errors.ts";
import type { Command } from "../../src/core/command.ts";
import { emptyPost } from "../../src/core/post.ts";
import { saying, scriptedAsk, text, toolsFor } from "../fakes/discord/commands.ts";
import { createRig, eventually, type Rig, type RigParts } from "../fakes/discord/rig.ts";
import { labelsOf } from "../fakes/discord/server.ts";
import { CHANNEL, type FakeInteraction, type FakeMessage } from "../fakes/discord/state.ts";
import { createTestToolbox, hit, scriptedModel } from "../fakes/toolbox.ts";
import { PATIENCE_MS } from "../fakes/wait.ts";

let rig: Rig;
afterEach(() => rig.close());
const begin = async (command: Command, more: Partial<RigParts> = {}) =>
  (rig = await createRig({ tools: toolsFor(command), ...more }));
const ask = (options: Record<string, string | boolean> = {}, who = {}) =>
  rig.discord.slash("/ask", { question: "How many days?", ...options }, who);
const answerTo = (asked: FakeInteraction, words: string): Promise<FakeMessage> =>
  eventually(() => {
    const answer = rig.discord.answer(asked);
    return answer?.content.includes(words) && answer;
  });
const edits = () => rig.discord.rest.calls.filter(({ method, path }) => method === "PATCH" && /messages/.test(path));

const slow = () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const command = scriptedAsk(async function* () {
    yield text("The first half. ");
    await promise;
    yield text("The second half.");
  });
  return { command, goOn: resolve };
};

const limited = (headers: Record<string, string>) => ({
  method: "PATCH",
  path: /@original/,
  status: 429,
  headers: { "retry-after": "0.3", ...headers },
  body: { retry_after: 0.3, message: "slow down" },
});

describe("an answer through the interaction's token", () => {
  test("of the real /ask: queued, deferred, edited into the deferred message", async () => {
    const passages = [
      hit("Handbook", "Interns may work remotely three days a week.", { headings: ["Handbook", "Remote"] }),
    ];
    const { model } = scriptedModel([
      { type: "text", text: "Three days " },
      { type: "text", text: "a week [1]." },
      { type: "stop", reason: "end" },
    ]);
    rig = await createRig({ tools: createTestToolbox({ hits: passages, model }) });
    const asked = ask();
    const answer = await answerTo(asked, "test/model");
    expect(asked.answered).toBe(5);
    expect(answer.content).toContain("Three days a week [1].");
    expect(answer.content).toContain("[1] Handbook › Remote");
    expect(answer.flags & 64).toBe(0);
    expect(labelsOf(answer).slice(-3)).toEqual(["Show quotes", "Ask again with …", "Continue in a thread"]);
    expect(rig.discord.state.byBot(CHANNEL)).toHaveLength(1);
  });

  test("speaks Chinese to a Chinese question, labels too", async () => {
    await begin(
      scriptedAsk(async function* ({ say }) {
        yield { type: "text", text: say({ en: "three", "zh-TW": "三天" }) };
      }),
    );
    const answer = await answerTo(ask({ question: "可以幾天？" }), "三天");
    await eventually(() => labelsOf(answer).includes("開討論串接著問"));
  });

  test("is private from the defer on, in all its parts", async () => {
    await begin(saying(text("A sentence that is long enough. ".repeat(120))));
    const asked = ask({ private: true });
    await answerTo(asked, "1/2");
    await rig.queue.settle();
    const parts = rig.discord.state.byBot(CHANNEL);
    expect(asked.data?.["flags"]).toBe(64);
    expect(parts.map(({ flags }) => flags & 64)).toEqual([64, 64]);
  });

  test("over 2,000 characters comes in numbered parts that lose nothing, code closed and opened again", async () => {
    const sentences = Array.from({ length: 150 }, (_, i) => `第${i}句話在這裡結束了。`);
    const code = Array.from({ length: 120 }, (_, i) => `const value${i} = ${i};`);
    await begin(saying(text(`${sentences.join("")}\n\n\`\`\`js\n${code.join("\n")}\n\`\`\`\n`)));
    await answerTo(ask(), "1/3");
    await rig.queue.settle();
    const parts = rig.discord.state.byBot(CHANNEL).map(({ content }) => content);
    expect(parts.map((part) => /-# (\d\/\d)$/.exec(part)?.[1])).toEqual(["1/3", "2/3", "3/3"]);
    for (const part of parts) {
      expect(part.length).toBeLessThanOrEqual(2000);
      expect([...part.matchAll(/^```/gm)].length % 2).toBe(0);
    }
    const whole = parts.join("\n");
    for (const words of [...sentences, ...code]) expect(whole).toContain(words);
    expect(labelsOf(rig.discord.state.byBot(CHANNEL).at(-1)!)).toContain("Ask again with …");
  });

  test("that is very long goes on in a file, whole", async () => {
    const words = Array.from({ length: 3000 }, (_, i) => `Sentence number ${i} stands here.`).join(" ");
    await begin(saying(text(words)));
    await answerTo(ask(), "1/10");
    const last = await eventually(() =>
      rig.discord.state.byBot(CHANNEL).find(({ attachments }) => attachments.length > 0),
    );
    expect(last.content).toContain("attached file");
    const file = rig.discord.rest.calls.flatMap(({ files }) => files).find(({ name }) => name === "answer.md");
    expect(Buffer.from(file!.bytes).toString()).toContain("Sentence number 2999 stands here.");
  });

  test("brings its pictures as files with words for those who cannot see them", async () => {
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);
    const picture = { name: "heads", alt: "A grid of eight heads", mediaType: "image/png", bytes: png } as const;
    await begin(saying(text("See below."), { type: "picture", picture }));
    const answer = await answerTo(ask(), "See below.");
    await eventually(() => answer.attachments.length > 0);
    expect(answer.attachments).toEqual([
      expect.objectContaining({ filename: "heads.png", size: 7, description: "A grid of eight heads" }),
    ]);
  });

  test("pings nobody, and every request says so", async () => {
    await begin(saying(text("@everyone <@400000000000000001> <@&500000000000000001> look")));
    const answer = await answerTo(ask(), "look");
    expect(answer.content).not.toMatch(/@everyone|<@/);
    for (const { body } of edits()) expect(body.allowed_mentions).toEqual({ parse: [] });
  });

  test("grows in one message, edited no faster than the headers allow", async () => {
    await begin(
      scriptedAsk(async function* ({ tools }) {
        for (let i = 0; i < 40; i++) {
          yield text(`word${i} `);
          await tools.runtime.sleep(50);
        }
      }),
      { before: ({ rest }) => void (rest.editsPerFiveSeconds = 3) },
    );
    await answerTo(ask(), "word39");
    expect(edits().filter(({ status }) => status === 429)).toEqual([]);
    expect(edits().length).toBeLessThanOrEqual(4);
    expect(rig.discord.state.byBot(CHANNEL)).toHaveLength(1);
  });

  test("waits for a defer that comes later than the worker", async () => {
    await begin(saying(text("here")), {
      before: ({ rest }) => void rest.faults.push({ path: /callback$/, delayMs: 700 }),
    });
    const answer = await answerTo(ask(), "here");
    expect(rig.discord.state.byBot(CHANNEL)).toEqual([answer]);
  });

  test("a repeat of the same interaction is answered once", async () => {
    let runs = 0;
    await begin(
      scriptedAsk(async function* () {
        yield text(`run ${++runs}`);
      }),
    );
    const asked = ask();
    await answerTo(asked, "run 1");
    const again = { id: asked.id, application_id: "1", type: 2, token: asked.token, channel_id: CHANNEL };
    rig.discord.gateway.dispatch("INTERACTION_CREATE", { ...again, data: { name: "ask", type: 1, options: [] } });
    await eventually(() => rig.runtime.events.some(({ event }) => event === "discord: heard twice"));
    expect(runs).toBe(1);
  });
});

describe("an answer whose token runs out", () => {
  test("goes on as the bot's own message in the channel", async () => {
    const { command, goOn } = slow();
    await begin(command);
    const asked = ask();
    const answer = await answerTo(asked, "The first half.");
    rig.advance(15 * 60_000);
    goOn();
    await eventually(() => answer.content.includes("The second half."));
    expect(edits().at(-1)).toMatchObject({ path: `/channels/${CHANNEL}/messages/${answer.id}`, isByBot: true });
    expect(rig.discord.state.byBot(CHANNEL)).toHaveLength(1);
  });

  test("is posted anew where the old message cannot be edited", async () => {
    const { command, goOn } = slow();
    await begin(command);
    const asked = ask();
    const answer = await answerTo(asked, "The first half.");
    asked.expired = true;
    rig.discord.rest.faults.push({ method: "PATCH", path: /^\/channels/, status: 403, body: { code: 50_005 } });
    goOn();
    const posted = await eventually(() =>
      rig.discord.state.byBot(CHANNEL).find(({ content }) => content.includes("second half")),
    );
    expect(posted.id).not.toBe(answer.id);
    expect(posted.nonce).toMatch(/^.{1,25}$/);
  });

  test("goes to the asker alone when it was private", async () => {
    const { command, goOn } = slow();
    await begin(command);
    const asked = ask({ private: true });
    await answerTo(asked, "The first half.");
    rig.advance(15 * 60_000);
    goOn();
    const direct = await eventually(() => rig.discord.state.directs.get(asked.user));
    const message = await eventually(() => rig.discord.state.byBot(direct).at(-1));
    expect(message.content).toContain("The second half.");
    expect(rig.discord.state.byBot(CHANNEL).some(({ content }) => content.includes("second half"))).toBe(false);
  });
});

describe("an answer that meets trouble", () => {
  test("tells the asker alone when the queue is down", async () => {
    await begin(saying(text("never")));
    const phrase = { en: "I can't take questions right now; nothing was queued.", "zh-TW": "現在無法接收問題。" };
    rig.queue.breaks({ error: new BotError("unavailable", phrase) });
    const asked = ask();
    const answer = await answerTo(asked, "nothing was queued");
    expect(asked.answered).toBe(4);
    expect(answer.flags & 64).toBe(64);
  });

  test("defers in time when the queue is slow, and answers", async () => {
    await begin(saying(text("here")));
    rig.queue.breaks({ delayMs: 2500 });
    const asked = ask();
    await answerTo(asked, "here");
    expect(asked.answered).toBe(5);
  });

  test("edits the message of the earlier attempt when the job is tried again", async () => {
    let attempts = 0;
    await begin(
      scriptedAsk(async function* () {
        yield text(`attempt ${++attempts} ${"and many words. ".repeat(160)}`);
        if (attempts === 1) throw new BotError("overloaded", { en: "Busy.", "zh-TW": "忙線中。" });
      }),
    );
    await answerTo(ask(), "attempt 2");
    await rig.queue.settle();
    expect(rig.discord.state.byBot(CHANNEL).map(({ content }) => /\d\/2$/.exec(content)?.[0])).toEqual(["1/2", "2/2"]);
  });

  test.each([
    ["an error of Discord's", { status: 500 }],
    ["a line that is cut", { cut: true }],
  ])("posts no part twice when the word that it stands is lost to %s", async (_, fault) => {
    await begin(saying(text("A sentence that is long enough. ".repeat(190))), {
      before: ({ rest }) =>
        void rest.faults.push({ method: "POST", path: /^\/webhooks\/\d+\/[^/]+$/, isDone: true, times: 1, ...fault }),
    });
    await answerTo(ask(), "1/4");
    await rig.queue.settle();
    const parts = rig.discord.state.byBot(CHANNEL).map(({ content }) => /\d\/\d$/.exec(content)?.[0]);
    expect(parts).toEqual(["1/4", "2/4", "3/4", "4/4"]);
  });

  test("posts no part twice when a worker dies before it could write down that it stands", async () => {
    const long = "A sentence that is long enough. ".repeat(120);
    await begin(saying(text(long)));
    const answer = await answerTo(ask(), "1/2");
    await rig.queue.settle();
    rig.discord.state.post({ channel_id: CHANNEL, content: "someone else", author: { id: "9", username: "ken" } });
    const [job] = [...rig.queue.jobs.values()];
    const { address } = JSON.parse(job!.invocation);
    const { parts, ...receipt } = job!.receipt as { parts: object[]; way: string; channel: string };
    const { job: id } = address.data as { job: string };
    await rig.records.delete(`discord/sent/${id}`);
    const post = { ...job!.post!, sections: [{ ...job!.post!.sections[0]!, text: `${long}And so it ends.` }] };
    const outbox = rig.worker.open(address, { ...receipt, parts: parts.slice(0, 1) } as never);
    await outbox.show(post, AbortSignal.timeout(PATIENCE_MS));
    const own = rig.discord.state.byBot(CHANNEL);
    expect(own).toHaveLength(2);
    expect(own[0]).toBe(answer);
    expect(own[1]?.content).toContain("And so it ends.");
  });

  test("outlives Discord's own failures", async () => {
    await begin(saying(text("here")), {
      before({ rest }) {
        rest.faults.push({ method: "PATCH", path: /@original/, status: 502, times: 6 });
        rest.faults.push({ method: "PATCH", path: /@original/, cut: true, times: 2 });
      },
    });
    await answerTo(ask(), "here");
  });

  test("waits out a limit of its own route and the global one", async () => {
    await begin(saying(text("here")), {
      before: ({ rest }) => void rest.faults.push(limited({}), limited({ "x-ratelimit-global": "true" })),
    });
    await answerTo(ask(), "here");
    expect(edits().filter(({ status }) => status === 429)).toHaveLength(2);
  });

  test("is not asked for again before a long limit is over", async () => {
    await begin(saying(text("here")), {
      works: false,
      before: ({ rest }) =>
        void rest.faults.push({
          method: "PATCH",
          path: /@original/,
          status: 429,
          headers: { "retry-after": "31" },
          body: { retry_after: 31, message: "slow down", global: false },
        }),
    });
    const asked = ask();
    await eventually(() => asked.answered);
    const [job] = [...rig.queue.jobs.values()];
    const outbox = rig.worker.open(JSON.parse(job!.invocation).address);
    await outbox.show({ ...emptyPost("en"), status: "reading" }, AbortSignal.timeout(PATIENCE_MS));
    expect(outbox.pace).toBeGreaterThanOrEqual(31_000);
  });

  test("comes as words alone when Discord refuses the form", async () => {
    await begin(
      saying(text("here"), {
        type: "actions",
        actions: [{ label: "next", command: "ask", options: {}, shows: "below" }],
      }),
      {
        before: ({ rest }) =>
          void rest.faults.push({
            method: "PATCH",
            path: /@original/,
            when: ({ body }) => (body.components ?? []).length > 0,
            status: 400,
            body: { code: 50_035, message: "Invalid Form Body" },
            times: 9,
          }),
      },
    );
    const answer = await answerTo(ask(), "here");
    await rig.queue.settle();
    expect(labelsOf(answer)).toEqual([]);
  });

  test("leaves out the files that Discord finds too large", async () => {
    const picture = { name: "big", alt: "big", mediaType: "image/png", bytes: new Uint8Array(400_000) } as const;
    await begin(saying(text("here"), { type: "picture", picture }), {
      before: ({ rest }) =>
        void rest.faults.push({
          method: "PATCH",
          path: /@original/,
          when: ({ files }) => files.length > 0,
          status: 413,
          body: { code: 40_005 },
        }),
    });
    const answer = await answerTo(ask(), "too large");
    expect(answer.attachments).toEqual([]);
  });

  test("respects that someone took the message away", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await begin(
      scriptedAsk(async function* () {
        yield text("one ");
        await promise;
        yield text("two");
      }),
    );
    const answer = await answerTo(ask(), "one");
    answer.deleted = true;
    resolve();
    await rig.queue.settle();
    expect(rig.discord.state.byBot(CHANNEL)).toEqual([]);
    expect([...rig.queue.jobs.values()].map(({ attempts }) => attempts)).toEqual([1]);
  });

  test("an interaction that Discord no longer knows is answered in the channel", async () => {
    await begin(saying(text("here")), {
      before: ({ rest }) =>
        void rest.faults.push({
          path: /callback$/,
          status: 404,
          body: { code: 10_062, message: "Unknown interaction" },
        }),
    });
    ask();
    const posted = await eventually(() =>
      rig.discord.state.byBot(CHANNEL).find(({ content }) => content.includes("here")),
    );
    expect(posted.nonce).toBeDefined();
  });
});
