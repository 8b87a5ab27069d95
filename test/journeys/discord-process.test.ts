// `npm start` with a Discord token, as a process of its own: it answers, survives a bad gateway, and goes on after a sudden death.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { eventually } from "../fakes/discord/rig.ts";
import { FakeDiscord, mention } from "../fakes/discord/server.ts";
import { CHANNEL, TOKEN, type FakeInteraction } from "../fakes/discord/state.ts";
import { startHeed, type HeedProcess } from "./heed-process.ts";

const EVENTS = ["INTERACTION_CREATE", "MESSAGE_CREATE", "GUILD_CREATE", "GUILD_DELETE", "CHANNEL_CREATE"].concat([
  "GUILD_ROLE_UPDATE",
  "THREAD_LIST_SYNC",
  "READY",
  "RESUMED",
  "constructor",
  "",
]);
/** Payloads that say nothing, or say it in another shape. */
const ODD = [null, 5, "x", [], {}, { id: 5 }, { id: null, roles: 5 }, { token: "t", id: "1", application_id: "1" }];
/** No frames of the gateway's. Some make discord.js leave a promise that nobody catches. */
const FRAMES = ["null", "5", '"x"', "[]", "{}", "{", "", "[".repeat(100_000), Uint8Array.of(0, 1, 0xff)].concat(
  [9, 10, 0, 1, 11, "0", null, 99].map((op) => JSON.stringify({ op, d: null, t: null, s: "x" })),
);

let discord: FakeDiscord;
let folder: string;
let heed: HeedProcess | undefined;

beforeEach(async () => {
  discord = await FakeDiscord.start();
  folder = mkdtempSync(join(tmpdir(), "heed-discord-"));
});
afterEach(async () => {
  heed?.child.kill("SIGKILL");
  await heed?.ended;
  await discord.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(env: Record<string, string> = {}): HeedProcess {
  const settings = {
    DISCORD_TOKEN: TOKEN,
    DISCORD_API_URL: `${discord.url}/v10`,
    HEED_DATA_DIR: folder,
    LOG_LEVEL: "warn",
  };
  heed = startHeed({ ...settings, ...env }, []);
  return heed;
}
const connected = () => eventually(() => discord.gateway.isConnected);
const answerTo = (asked: FakeInteraction, words: string) =>
  eventually(() => discord.answer(asked)?.content.includes(words) && discord.answer(asked));

describe("npm start with Discord", () => {
  test("answers from the primer, survives a gateway at its worst, and leaves when it is asked to", async () => {
    const { child, ended } = start();
    await connected();
    await answerTo(discord.slash("/ask", { question: "What is multi-head attention?" }), "[1]");
    for (const code of [1006, 4000, 1006]) {
      const back = discord.gateway.nextSession();
      discord.gateway.hangUp(code);
      await back;
    }
    for (const event of EVENTS) for (const d of ODD) discord.gateway.dispatch(event, d);
    for (const frame of FRAMES) discord.gateway.say(frame);
    discord.say(`${mention} 什麼是多頭注意力？`);
    await eventually(() => discord.state.byBot(CHANNEL).some(({ content }) => /注意力.*\[1\]/s.test(content)));
    child.kill("SIGTERM");
    expect((await ended).status).toBe(0);
  });

  test("an answer that a process died over goes on in the same message", async () => {
    const first = start();
    await connected();
    discord.rest.faults.push({ method: "PATCH", path: /@original/, delayMs: 120_000 });
    const asked = discord.slash("/ask", { question: "What is multi-head attention?" });
    await eventually(() => discord.rest.calls.some(({ path }) => path.endsWith("@original")));
    first.child.kill("SIGKILL");
    await first.ended;
    start();
    await answerTo(asked, "[1]");
    expect(discord.state.byBot(CHANNEL)).toHaveLength(1);
  });

  test("a token that Discord does not take ends the start with a sentence", async () => {
    const { status, errors } = await start({ DISCORD_TOKEN: "wrong", LANG: "en_US.UTF-8" }).ended;
    expect(status).toBe(1);
    expect(errors).toContain("DISCORD_TOKEN");
    expect(errors).not.toContain("    at ");
  });
});
