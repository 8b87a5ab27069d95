// A comparison on Discord, over the wire and through processes of their own: blind until the names are out, however they come out.

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { buildCompareHouse, NAMES, type CompareHouse } from "../fakes/compare-house.ts";
import { FakeDiscord, labelsOf, type Who } from "../fakes/discord/server.ts";
import { CHANNEL, TOKEN } from "../fakes/discord/state.ts";
import { describeWithRedis } from "../fakes/redis-server.ts";
import { until, type HeedProcess } from "./heed-process.ts";

const MEI: Who = { user: "400000000000000002", name: "Mei", locale: "zh-TW" };
const KEN: Who = { user: "400000000000000003", name: "Ken", locale: "en-US" };

describeWithRedis("/compare on Discord", () => {
  let discord: FakeDiscord;
  let app: CompareHouse;
  let worker: HeedProcess;

  beforeAll(async () => {
    discord = await FakeDiscord.start();
    app = await buildCompareHouse({ DISCORD_TOKEN: TOKEN, DISCORD_API_URL: `${discord.url}/v10` });
    [, worker] = await Promise.all([app.listen(), app.hire()]);
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await discord.close();
  });

  const posted = () => discord.state.byBot(CHANNEL);
  const all = () =>
    posted()
      .map(({ content }) => content)
      .join("\n");
  /** The buttons stand under the last part, which may come a moment after the words. */
  async function press(label: string, who: Who): Promise<void> {
    const message = () => posted().findLast((each) => labelsOf(each).includes(label));
    await until(() => message() !== undefined);
    discord.press(message()!, label, who);
  }
  /** What was sent, the list of commands apart: that names models as examples. */
  const sent = () => JSON.stringify(discord.rest.calls.filter(({ path }) => !path.includes("/commands")));

  async function compare(options: Record<string, string | number | boolean>): Promise<void> {
    for (const message of posted()) message.deleted = true;
    app.play("openai", "Heads attend in parallel [1]. As ChatGPT I say so.");
    app.play("anthropic", { pause: 300 }, "每個頭各看各的 [1]。");
    app.play("mistral", { pause: 600 }, "A long one. ".repeat(200));
    app.play("ollama", "Attention is a weighted mean [2].");
    discord.slash("/compare", options, KEN);
    // The figures stand before the answers' end does; the buttons come with it.
    await until(() => all().includes("目前 0 票") && posted().some((each) => labelsOf(each).includes("B")));
  }

  test("nothing on the wire gives a model away before the reveal; then figures and differences stand there, in Chinese", async () => {
    await compare({ prompt: "什麼是多頭注意力？", kb: true });
    expect(all()).toMatch(/### A\n[^]*### B\n[^]*### C\n[^]*### D\n/);
    expect(all()).toContain("As ▒▒▒ I say so.");
    await press("B", MEI);
    await until(() => all().includes("目前 1 票"));
    await press("揭曉", MEI);
    await until(() => all().includes("只有 Ken 可以揭曉"));
    await sleep(2000);
    expect(all()).toContain("目前 1 票");
    expect(sent()).not.toMatch(NAMES);
    await press("揭曉", KEN);
    await until(() => NAMES.test(all()));
    await until(() => all().includes("票數：A 0 · B 1"));
    expect(all()).toMatch(/### B · \S+\n[^]*?s 出現第一個字 · [^\n]* token · [^\n]* · 1 票\n/);
    expect(all()).toMatch(/### 差異[^]*A B C D\n\s*A #/);
    expect(app.asked()).toEqual({ openai: 1, anthropic: 1, mistral: 1, ollama: 1 });
    await press("看全文", MEI);
    await until(() => posted().some(({ flags, content }) => (flags & 64) !== 0 && content.includes("A long one.")));
  });

  test("the names come out by themselves when the time is up, though the worker was replaced meanwhile", async () => {
    await compare({ prompt: "什麼是查詢向量？", hours: 0.003 });
    worker.child.kill("SIGTERM");
    await worker.ended;
    worker = await app.hire();
    await until(() => NAMES.test(all()));
    await until(() => all().includes("票數：A 0"));
  });

  test("forty people press at once: every vote counts, and the board tells them all", async () => {
    await compare({ prompt: "什麼是鍵向量？", votes: 41 });
    for (let i = 0; i < 40; i++)
      await press("ABCD".charAt(i % 4), { user: String(400000000000001000n + BigInt(i)), name: `Voter ${i}` });
    await until(() => all().includes("目前 40 票"));
    await press("平手", MEI);
    await until(() => all().includes("票數：A 10 · B 10 · C 10 · D 10 · 平手 1"));
  });
});
