// What help and a refusal advise can be followed where they are read.

import { afterEach, expect, test } from "@jest/globals";
import { commands } from "../../src/commands/index.ts";
import { toolsFor } from "../fakes/discord/commands.ts";
import { createRig, eventually } from "../fakes/discord/rig.ts";
import { mention } from "../fakes/discord/server.ts";
import { CHANNEL } from "../fakes/discord/state.ts";
import { startRig } from "../fakes/slack/rig.ts";

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  await close?.();
  close = undefined;
});

test("in Slack: names that Slack lets Heed have, and no files behind a slash command", async () => {
  const rig = await startRig({ app: { commands } });
  close = () => rig.close();
  const told = async (command: string, text: string, by = "U2") => {
    const [before, standing] = [rig.slack.responses.length, rig.seen().length];
    await rig.slash(command, text, { user_id: by });
    await rig.settle();
    return JSON.stringify([rig.slack.responses.slice(before), rig.seen().slice(standing)]);
  };
  expect(await told("help", "")).toMatch(/`\/heed feedback \[good\|bad\]`[\s\S]*in a direct message, behind a mention/);
  expect(await told("help", "feedback")).toContain("`/heed feedback good`");
  expect(await told("heed", "/fedback")).toContain("`/heed feedback`");
  expect(await told("kb", "add", "UADMIN")).toMatch(/Attach files to a message that says `@heed kb add`/);
  expect(await told("heed", "feedback")).toContain("`/heed feedback good`");
});

test("in Discord: options by their names after a slash command, dashes after a mention", async () => {
  const rig = await createRig({ tools: toolsFor(...commands) });
  close = () => rig.close();
  const { discord } = rig;
  const told = async (line: string, options: Record<string, string>, who = {}) => {
    const asked = discord.slash(line, options, who);
    return eventually(() => discord.answer(asked)?.content);
  };
  const help = await told("/help", { command: "explain-attention" });
  expect(help).toContain("`/explain-attention [text:] [view:] [layer:]");
  expect(help).toContain("text:貓=0.1,0.3");
  expect(help).not.toContain("--");
  expect(await told("/help", {})).toMatch(/`\/ask question:`[\s\S]*or by mentioning me/);
  expect(await told("/kb add", {}, { permissions: "32" })).toContain("options `file` to `file-5`");
  discord.say(`${mention} help explain-attention`);
  await eventually(() => discord.state.byBot(CHANNEL).some(({ content }) => content.includes("[--view …]")));
});
