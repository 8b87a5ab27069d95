import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { buildCompareHouse, NAMES, type CompareHouse } from "../fakes/compare-house.ts";
import { FakeDiscord } from "../fakes/discord/server.ts";
import { CHANNEL, TOKEN } from "../fakes/discord/state.ts";
import { describeWithRedis } from "../fakes/redis-server.ts";
import { until } from "./heed-process.ts";

describeWithRedis("explore", () => {
  let discord: FakeDiscord, house: CompareHouse;
  beforeAll(async () => {
    discord = await FakeDiscord.start();
    house = await buildCompareHouse({ DISCORD_TOKEN: TOKEN, DISCORD_API_URL: `${discord.url}/v10` });
    await house.listen();
    await house.hire();
  }, 120_000);
  afterAll(async () => { await house[Symbol.asyncDispose](); await discord.close(); });
  const seen = () => discord.state.byBot(CHANNEL).map(({content, components}) => content + "\n[" + components.flatMap(({components})=>components).flatMap(({label, options=[]}) => label ?? options.map(o=>o.label)).join("] [") + "]").join("\n=====\n");
  const last = () => discord.state.byBot(CHANNEL).findLast(({components}) => components.length > 0)!;
  test("walk", async () => {
    house.play("openai", { pause: 1500 }, "Heads attend in parallel [1]. As ChatGPT I say so.");
    house.play("anthropic", { pause: 500 }, "每個頭各看各的 [1]。多頭注意力把查詢、鍵與值分成幾份。");
    house.play("mistral", { pause: 2500 }, "A longer one. ".repeat(150));
    house.play("ollama", "Attention is a weighted mean [2].");
    discord.slash("/compare", { prompt: "什麼是多頭注意力？", kb: true }, { name: "Ken" });
    const states = new Set<string>();
    const end = Date.now() + 15000;
    while (Date.now() < end && !seen().includes("目前 0 票")) { states.add(seen()); await new Promise((r) => setTimeout(r, 50)); }
    await new Promise((r) => setTimeout(r, 1000));
    for (const s of states) console.log("STATE\n" + s);
    console.log("BLIND\n" + seen());
    console.log(JSON.stringify(discord.rest.calls.filter(({path}) => !/commands/.test(path))).match(NAMES)?.[0]);
    const mei = { user: "400000000000000002", name: "Mei", locale: "zh-TW" };
    discord.press(last(), "B", mei);
    await until(() => seen().includes("目前 1 票"));
    console.log("AFTER ONE\n" + seen().slice(-600));
    discord.press(last(), "揭曉", mei);
    await new Promise((r) => setTimeout(r, 1500));
    console.log("AFTER MEI\n" + seen().slice(-900));
    discord.press(last(), "揭曉", { name: "Ken" });
    await until(() => NAMES.test(seen()));
    await new Promise((r) => setTimeout(r, 3000));
    console.log("REVEALED\n" + seen());
    discord.press(last(), "看全文", mei);
    await new Promise((r) => setTimeout(r, 1500));
    console.log("ALL\n" + seen().slice(-700));
    discord.press(last(), "排名", mei);
    await new Promise((r) => setTimeout(r, 4500));
    console.log("RANK\n" + seen().slice(-1500));
    expect(1).toBe(1);
  }, 120_000);
});
