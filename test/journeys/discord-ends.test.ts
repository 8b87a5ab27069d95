// An answer that Discord does not take in its full form, from the question to what people see and the log says.

import { afterEach, describe, expect, test } from "@jest/globals";
import type { Reply } from "../../src/core/reply.ts";
import type { Fault } from "../fakes/discord/rest.ts";
import { scriptedAsk, text, toolsFor } from "../fakes/discord/commands.ts";
import { createRig, eventually, type Rig } from "../fakes/discord/rig.ts";
import { labelsOf, mention } from "../fakes/discord/server.ts";
import { CHANNEL, type FakeMessage } from "../fakes/discord/state.ts";

let rig: Rig;
let goOn: () => void;
afterEach(() => rig.close());

const picture = { name: "grid", alt: "A grid", mediaType: "image/png", bytes: new Uint8Array(9) } as const;

/** Half an answer, then, when a test says so, the other half and what comes with it. */
async function begin(...more: readonly Reply[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  goOn = resolve;
  const ask = scriptedAsk(async function* () {
    yield text("The first half. ");
    await promise;
    yield text("The second half.");
    yield* more;
  });
  rig = await createRig({ tools: toolsFor(ask) });
}

const refused = (fault: Partial<Fault> & Pick<Fault, "path">, code: number, status = 400) =>
  void rig.discord.rest.faults.push({ status, body: { code, message: "No." }, times: 99, ...fault });
const half = (channel = CHANNEL): Promise<FakeMessage> =>
  eventually(() => rig.discord.state.byBot(channel).find(({ content }) => content.includes("first half")));
const job = () => [...rig.queue.jobs.values()].at(-1)!;
const errors = () => rig.runtime.events.filter(({ level }) => level === "error").map(({ event }) => event);
const answered = () => rig.runtime.events.find(({ event }) => event === "answered")?.fields["shown"];

async function end(): Promise<FakeMessage[]> {
  await eventually(() => rig.queue.jobs.size > 0);
  goOn();
  await rig.queue.settle();
  return rig.discord.state.byBot(CHANNEL);
}

describe("a harmful link", () => {
  test.each(["slash", "mention"])("on the last edit (%s): the words stay, and no link can be pressed", async (way) => {
    await begin(text(" See https://bad.example.com/x."));
    if (way === "slash") rig.discord.slash("/ask", { question: "what?" });
    else rig.discord.say(`${mention} what?`);
    await half();
    refused({ path: /messages/, when: ({ body }) => /https?:/.test(body.content ?? "") }, 240_000);
    const [answer, ...others] = await end();
    expect(others).toEqual([]);
    expect(answer?.content).toContain("The second half. See bad[.]example[.]com/x.");
    expect(answer?.content).toContain("Discord takes a link in it for harmful");
    expect(labelsOf(answer!)).not.toContain("Stop");
    expect([answered(), errors()]).toEqual(["lesser", ["discord: refused, so shown otherwise"]]);
  });

  test("that no words get past: one sentence takes the place of the half answer, and the job has failed", async () => {
    await begin();
    rig.discord.say(`${mention} what?`);
    await half();
    refused({ path: /messages/, when: ({ body }) => /second half/.test(body.content ?? "") }, 240_000);
    const [sentence, ...others] = await end();
    expect(others).toEqual([]);
    expect(sentence?.content).toBe(
      "⚠️ I have an answer, but Discord does not let me show it: Discord takes a link in it for harmful.",
    );
    expect(labelsOf(sentence!)).not.toContain("Stop");
    expect(job().error).toMatchObject({ code: "forbidden" });
    expect(errors()).toEqual(["discord: an answer cannot be shown", "not shown"]);
  });
});

test("a thread that was archived meanwhile is opened again by a new message, and the old one goes", async () => {
  await begin();
  const thread = "700000000000000001";
  rig.discord.say(`${mention} what?`, { channel: thread, channelType: 11, parent: CHANNEL });
  const old = await half(thread);
  rig.discord.state.archived.add(thread);
  await end();
  const [answer, ...others] = rig.discord.state.byBot(thread);
  expect(others).toEqual([]);
  expect(answer?.id).not.toBe(old.id);
  expect(answer?.content).toContain("The first half. The second half.");
  expect(labelsOf(answer!)).not.toContain("Stop");
});

test("a thread that was locked meanwhile: the answer goes to the asker with the true reason", async () => {
  await begin();
  const thread = "700000000000000002";
  const asked = rig.discord.say(`${mention} what?`, { channel: thread, channelType: 11, parent: CHANNEL });
  await half(thread);
  rig.discord.state.archived.add(thread);
  rig.discord.state.locked.add(thread);
  await end();
  const direct = rig.discord.state.byBot(rig.discord.state.directs.get(asked.author.id)!);
  expect(direct.map(({ content }) => content).join()).toContain(`in <#${thread}>: the thread is locked.`);
  expect(direct.map(({ content }) => content).join()).toContain("The second half.");
});

describe("edits by the interaction's token that Discord forbids", () => {
  test.each([40_001, 50_013, 987_654])("403/%d: the answer is posted all the same", async (code) => {
    await begin();
    rig.discord.slash("/ask", { question: "what?" });
    refused({ method: "PATCH", path: /^\/webhooks/ }, code, 403);
    const [answer, ...others] = await end();
    expect(others).toEqual([]);
    expect(answer).toMatchObject({ isThinking: false, content: expect.stringContaining("The second half.") });
    expect(labelsOf(answer!)).not.toContain("Stop");
  });
});

describe("one missing permission", () => {
  const without = (...permissions: string[]) => rig.discord.state.lacking.set(CHANNEL, new Set(permissions));

  test("Read Message History: the answer is no reply, and that is all", async () => {
    await begin();
    without("Read Message History");
    rig.discord.say(`${mention} what?`);
    await half();
    const [answer, ...others] = await end();
    expect(others).toEqual([]);
    expect(answer?.content).toBe("The first half. The second half.");
    expect(answer?.reference).toBeUndefined();
    expect(rig.discord.state.directs.size).toBe(0);
  });

  test("Attach Files: the same words, and a line that says what is missing", async () => {
    await begin({ type: "picture", picture });
    without("Attach Files");
    rig.discord.say(`${mention} what?`);
    await half();
    const [answer, ...others] = await end();
    expect(others).toEqual([]);
    expect(answer?.content).toMatch(
      /The second half\.[\s\S]*A file is left out: I lack the permission Attach Files there/,
    );
    expect(labelsOf(answer!)).not.toContain("Stop");
    expect(answered()).toBe("lesser");
  });

  test("Attach Files, for an answer over ten parts: every part is a message", async () => {
    const long = Array.from({ length: 700 }, (_, i) => `Sentence number ${i} stands right here.`);
    await begin(text(long.join(" ")));
    without("Attach Files");
    rig.discord.say(`${mention} what?`);
    await half();
    const parts = await end();
    const all = parts.map(({ content }) => content).join("\n");
    for (const sentence of long) expect(all).toContain(sentence);
    expect(parts.flatMap(labelsOf)).not.toContain("Stop");
  });

  test("Send Messages, lost on the way: what stood there says where the answer is", async () => {
    await begin();
    rig.discord.say(`${mention} what?`);
    await half();
    without("View Channel");
    refused({ method: "PATCH", path: new RegExp(`^/channels/${CHANNEL}/`), times: 1 }, 50_001, 403);
    const [left, ...others] = await end();
    expect(others).toEqual([]);
    expect(left?.content).toBe("The answer is in the direct messages of whoever asked.");
    expect(left?.components).toEqual([]);
    const [direct] = [...rig.discord.state.directs.values()].flatMap((channel) => rig.discord.state.byBot(channel));
    expect(direct?.content).toMatch(/I lack the permission View Channel there[\s\S]*The second half\./);
  });
});

test("a limit of pace is no refusal", async () => {
  await begin();
  rig.discord.say(`${mention} what?`);
  await half();
  const slow = { status: 429, headers: { "retry-after": "0.2" }, body: { retry_after: 0.2, message: "slow down" } };
  rig.discord.rest.faults.push({ method: "PATCH", path: /messages/, times: 2, ...slow });
  const [answer] = await end();
  expect(answer?.content).toContain("The second half.");
  expect([answered(), errors()]).toEqual(["whole", []]);
});
