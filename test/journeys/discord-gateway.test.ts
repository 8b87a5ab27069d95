// The connection to Discord: every way it can be refused, cut and taken up again.

import { afterEach, describe, expect, test } from "@jest/globals";
import { pauseAfter } from "../../adapters/discord/receive/gateway.ts";
import { echo, toolsFor } from "../fakes/discord/commands.ts";
import { createRig, eventually, type Rig, type RigParts } from "../fakes/discord/rig.ts";
import { mention } from "../fakes/discord/server.ts";
import { CHANNEL } from "../fakes/discord/state.ts";

let rig: Rig | undefined;
afterEach(async () => {
  await rig?.close();
  rig = undefined;
});
const begin = async (more: Partial<RigParts> = {}): Promise<Rig> =>
  (rig = await createRig({ tools: toolsFor(echo), commands: [echo], ...more }));
const answered = async ({ discord }: Rig, words: string) =>
  eventually(() => discord.state.byBot(CHANNEL).find(({ content }) => content.includes(words)));
const logged = ({ runtime }: Rig, event: string) => runtime.events.filter((entry) => entry.event === event);

describe("a refusal at the start is a sentence on what to fix", () => {
  test("a wrong token, refused by REST", async () => {
    await expect(begin({ env: { DISCORD_TOKEN: "wrong" } })).rejects.toMatchObject({
      code: "misconfigured",
      message: expect.stringContaining("DISCORD_TOKEN"),
    });
  });

  test.each([
    [4004, /does not accept DISCORD_TOKEN.*Reset Token/],
    [4010, /DISCORD_SHARD_IDS/],
    [4011, /Raise DISCORD_SHARDS/],
    [4013, /intents/],
    [4014, /Message Content Intent.*Privileged Gateway Intents/],
  ])("close code %d", async (code, sentence) => {
    const before = ({ gateway }: Rig["discord"]) => void (gateway.closesIdentify = code);
    await expect(begin({ before })).rejects.toMatchObject({
      code: "misconfigured",
      message: expect.stringMatching(sentence),
    });
  });
});

describe("a connection that breaks", () => {
  test("is resumed after a cut, and what was said meanwhile is answered", async () => {
    const { discord } = await begin();
    discord.gateway.hangUp(1006);
    discord.say(`${mention} while away`);
    await answered(rig!, "Q: while away");
    expect(discord.gateway.resumes).toBe(1);
    expect(discord.gateway.identifies).toHaveLength(1);
  });

  test("is resumed when Discord asks to reconnect", async () => {
    const { discord } = await begin();
    const back = discord.gateway.nextSession();
    discord.gateway.askToReconnect();
    await back;
    expect(discord.gateway.resumes).toBe(1);
    discord.say(`${mention} after`);
    await answered(rig!, "Q: after");
  });

  test.each([
    ["a session that is over", (rig: Rig) => rig.discord.gateway.invalidate(false)],
    [
      "a session that cannot be resumed",
      (rig: Rig) => {
        rig.discord.gateway.forgetsSessions = true;
        rig.discord.gateway.hangUp(4000);
      },
    ],
    ["a session that timed out", (rig: Rig) => rig.discord.gateway.hangUp(4007)],
  ])("begins anew after %s", async (_, breakIt) => {
    const { discord } = await begin();
    const back = discord.gateway.nextSession();
    breakIt(rig!);
    await back;
    expect(discord.gateway.identifies).toHaveLength(2);
    discord.say(`${mention} anew`);
    await answered(rig!, "Q: anew");
  });

  test("waits longer each time while the gateway closes early", async () => {
    const { discord } = await begin();
    discord.gateway.closesEarly = 1011;
    discord.gateway.hangUp(1006);
    await eventually(() => discord.gateway.connections.length >= 5);
    const times = discord.gateway.connections;
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(gaps[3]).toBeGreaterThan(1200);
    discord.gateway.closesEarly = undefined;
    discord.say(`${mention} at last`);
    await answered(rig!, "Q: at last");
  });

  test("each pause is longer than the one before, up to three minutes, or ten seconds for a session that can be resumed", () => {
    const pauses = (resumes: boolean) => [0, 1, 2, 3, 4, 5, 20].map((failures) => pauseAfter(failures, resumes, 0));
    expect(pauses(false)).toEqual([0, 0, 1000, 2000, 4000, 8000, 180_000]);
    expect(pauses(true)).toEqual([0, 0, 1000, 2000, 4000, 8000, 10_000]);
    expect(pauseAfter(3, false, 1)).toBe(1000);
  });

  test("that Discord ends for good is said in the log, and tried again", async () => {
    const { discord, runtime } = await begin();
    discord.gateway.closesIdentify = 4014;
    const connections = discord.gateway.connections.length;
    discord.gateway.hangUp(4014);
    await eventually(() => logged(rig!, "discord: closed for good").length > 0);
    expect(String(logged(rig!, "discord: closed for good")[0]?.fields["reason"])).toContain("Message Content Intent");
    discord.gateway.closesIdentify = undefined;
    await eventually(() => discord.gateway.connections.length > connections && discord.gateway.isConnected);
    discord.say(`${mention} mended`);
    await answered(rig!, "Q: mended");
    expect(runtime.events.filter(({ event }) => event === "discord: unhandled rejection")).toEqual([]);
  });
});

describe("a start", () => {
  test("while Discord is away goes on by itself", async () => {
    const { discord } = await begin({
      before: ({ rest }) => void rest.faults.push({ path: /gateway\/bot/, status: 503, times: 5 }),
    });
    discord.say(`${mention} late`);
    await answered(rig!, "Q: late");
  });

  test("asks for no more than it needs", async () => {
    const { discord } = await begin();
    expect(discord.gateway.identifies[0]?.intents).toBe((1 << 0) | (1 << 9) | (1 << 12));
  });

  test("serves the shards it is told to, and leaves the commands to the first", async () => {
    const { discord } = await begin({ env: { DISCORD_SHARDS: "3", DISCORD_SHARD_IDS: "1, 2" } });
    expect(discord.gateway.identifies.map(({ shard }) => shard)).toEqual([
      [1, 3],
      [2, 3],
    ]);
    expect(discord.state.commands).toEqual([]);
  });
});

describe("what is heard", () => {
  test("in a shape that Discord never sent before is logged, and the next is answered", async () => {
    const { discord } = await begin();
    discord.gateway.dispatch("INTERACTION_CREATE", { id: 5 });
    discord.gateway.dispatch("MESSAGE_CREATE", { nothing: true });
    discord.gateway.dispatch("GUILD_CREATE", null);
    discord.gateway.dispatch("A_NEW_EVENT", {});
    discord.say(`${mention} still there?`);
    await answered(rig!, "Q: still there?");
    expect(logged(rig!, "discord: interaction")).toHaveLength(1);
    expect(logged(rig!, "discord: message")).toHaveLength(1);
  });

  test("commands that Discord refuses are logged; mentions work", async () => {
    const { discord } = await begin({
      before: ({ rest }) =>
        void rest.faults.push({ method: "PUT", path: /commands$/, status: 400, body: { code: 50_035 } }),
    });
    await eventually(() => logged(rig!, "discord: ready").length > 1);
    discord.say(`${mention} there?`);
    await answered(rig!, "Q: there?");
  });
});
