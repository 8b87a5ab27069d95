// Discord under the contract of every platform.

import { describe } from "@jest/globals";
import { z } from "zod";
import { commands as realCommands } from "../../src/commands/index.ts";
import { defineCommand, type CommandContext } from "../../src/core/command.ts";
import { Invocation } from "../../src/core/invocation.ts";
import type { Reply } from "../../src/core/reply.ts";
import { toolsFor } from "../fakes/discord/commands.ts";
import { createRig, eventually, type Rig } from "../fakes/discord/rig.ts";
import { labelsOf, mention } from "../fakes/discord/server.ts";
import { CHANNEL, OWNER, type FakeInteraction } from "../fakes/discord/state.ts";
import { look } from "../fakes/look.ts";
import { describePlatform, type PlatformRig } from "./platform.ts";
import { describeTyped, type TypedRig } from "./typed.ts";

const PEOPLE = { asker: "400000000000000001", other: "400000000000000002", admin: "400000000000000003" };
/** A role with Manage Server, by which a written message tells who is an admin. */
const STEWARDS = "500000000000000003";
type AnyCall = CommandContext<Record<string, unknown>>;

describe("discord", () => {
  describePlatform(open);
  describeTyped(["mention", "direct message", "a thread of its own"], openTyped);
});

async function open(): Promise<PlatformRig> {
  const calls: AnyCall[] = [];
  let script: (call: AnyCall) => AsyncIterable<Reply> = async function* () {};
  const run = (call: AnyCall): AsyncIterable<Reply> => {
    calls.push(call);
    return script(call);
  };
  const commands = commandsThat(run);
  const rig = await createRig({ tools: toolsFor(...commands), commands });
  const { discord, queue } = rig;
  const whoIs = (user: string) =>
    user === PEOPLE.admin ? { user, permissions: "32", roles: [STEWARDS] } : { user, permissions: "1024" };
  const taken = async (interaction: FakeInteraction) => void (await eventually(() => interaction.answered));
  return {
    people: PEOPLE,
    pings: /@everyone|@here|<@[!&]?\d/,
    script: (next) => void (script = next),
    calls,
    ask: (question, by = PEOPLE.asker) => taken(discord.slash("/ask", { question }, whoIs(by))),
    async write(words, by = PEOPLE.asker) {
      discord.say(`${mention} ${words}`, whoIs(by));
    },
    async repeat() {
      const before = heardTwice(rig);
      discord.repeat();
      await eventually(() => heardTwice(rig) > before);
    },
    async press(label, by = PEOPLE.asker) {
      const message = discord.state.byBot(CHANNEL).findLast((message) => labelsOf(message).includes(label));
      if (!message) throw new Error(`no button "${label}"`);
      await taken(discord.press(message, label, whoIs(by)));
    },
    rebuild: (by) => taken(discord.slash("/rebuild", {}, whoIs(by))),
    async look(action, way, by) {
      if (way === "command") return taken(discord.slash(`/look ${action}`, {}, whoIs(by)));
      const before = queue.jobs.size;
      if (way === "direct") discord.state.directs.set(by, directlyWith(by));
      if (way === "direct") discord.say(`look ${action}`, { user: by, guild: undefined });
      else discord.say(`${mention} look ${action}`, { ...whoIs(by), ...(by === PEOPLE.admin && { user: OWNER }) });
      await eventually(() => queue.jobs.size > before);
    },
    told(by) {
      const channel = discord.state.directs.get(by === PEOPLE.admin ? OWNER : by);
      return channel ? discord.state.byBot(channel).map(({ content }) => content) : [];
    },
    seen: () =>
      discord.state.byBot(CHANNEL).map(({ id, content, flags }) => ({
        text: content,
        only: flags & 64 ? (askerOf(rig, id) ?? "a presser") : undefined,
      })),
    breakQueue: (error) => queue.breaks({ error }),
    throttle: (times) =>
      void discord.rest.faults.push({
        path: /messages/,
        status: 429,
        headers: { "retry-after": "0.5" },
        body: { retry_after: 0.5, message: "slow down" },
        times,
      }),
    settle: () => queue.settle(),
    passTime: () => queue.passTime(),
    close: () => rig.close(),
  };
}

/** The channel of their direct messages, as the stand-in names it. */
function directlyWith(user: string): string {
  return `60000000000${user.slice(-7)}`;
}

function heardTwice({ runtime }: Rig): number {
  return runtime.events.filter(({ event }) => event === "discord: heard twice").length;
}

function askerOf({ discord }: Rig, message: string): string | undefined {
  return [...discord.state.interactions.values()].find(({ original }) => original === message)?.user;
}

function commandsThat(run: (call: AnyCall) => AsyncIterable<Reply>) {
  const ask = defineCommand({
    name: "ask",
    summary: { en: "Ask", "zh-TW": "提問" },
    access: "everyone",
    audience: "everyone",
    args: z.object({ question: z.string(), model: z.string().optional() }),
    describe: { question: { en: "What", "zh-TW": "什麼" }, model: { en: "Which", "zh-TW": "哪個" } },
    prose: "question",
    isSpoken: true,
    examples: [],
    run,
  });
  const rebuild = defineCommand({
    name: "rebuild",
    summary: { en: "Rebuild", "zh-TW": "重建" },
    access: "admins",
    audience: "everyone",
    args: z.object({}),
    describe: {},
    examples: [],
    run,
  });
  return [ask, rebuild, look];
}

/** Listens without working: what is typed is what the queue is given. */
async function openTyped(): Promise<TypedRig> {
  const rig = await createRig({
    tools: toolsFor(...realCommands),
    commands: realCommands,
    works: false,
    env: { DISCORD_MESSAGE_CONTENT: "true" },
  });
  const channel = "700000000000000001";
  rig.discord.state.threads.set(channel, { parent: CHANNEL, name: "a thread" });
  await rig.records.set(`discord/thread/${channel}`, true);
  const heard = async (send: () => unknown) => {
    const before = rig.queue.jobs.size;
    send();
    await eventually(() => rig.queue.jobs.size > before);
    return Invocation.parse(JSON.parse([...rig.queue.jobs.values()].at(-1)!.invocation));
  };
  return {
    ways: {
      mention: { isShared: true, type: (line) => heard(() => rig.discord.say(`${mention} ${line}`)) },
      "a thread of its own": { isShared: true, type: (line) => heard(() => rig.discord.say(line, { channel })) },
      "direct message": { isShared: false, type: (line) => heard(() => rig.discord.say(line, { guild: undefined })) },
    },
    close: () => rig.close(),
  };
}
