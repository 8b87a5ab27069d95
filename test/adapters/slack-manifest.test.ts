// The manifest is what Slack accepts, lists every command, and asks for no right that nothing uses.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { manifestOf, SCOPES } from "../../adapters/slack/manifest.ts";
import { commands } from "../../src/commands/index.ts";

interface Manifest {
  features: {
    slash_commands: { command: string; description: string; usage_hint?: string; url?: string }[];
    agent_view: { agent_description: string; suggested_prompts: { title: string; message: string }[] };
    shortcuts: { callback_id: string }[];
  };
  oauth_config: { scopes: { bot: string[] } };
  settings: {
    event_subscriptions: { bot_events: string[]; request_url?: string };
    interactivity: { is_enabled: boolean; request_url?: string };
    socket_mode_enabled: boolean;
  };
}

const manifest = (url?: string) => manifestOf(commands, url) as unknown as Manifest;
const listening = readFileSync("adapters/slack/listen.ts", "utf8");
const source = readdirSync("adapters/slack")
  .map((name) => readFileSync(`adapters/slack/${name}`, "utf8"))
  .join("\n");

test("every command has a slash command, but for the names that Slack keeps to itself", () => {
  const { slash_commands } = manifest().features;
  const names = slash_commands.map(({ command }) => command.slice(1));
  expect(names).toContain("heed");
  for (const { name } of commands) if (!["feedback", "search"].includes(name)) expect(names).toContain(name);
  for (const { description, usage_hint = "" } of slash_commands) {
    expect(description.length).toBeLessThanOrEqual(2000);
    expect(usage_hint.length).toBeLessThanOrEqual(1000);
  }
});

test("every event that is asked for is listened to", () => {
  for (const event of manifest().settings.event_subscriptions.bot_events)
    expect(listening).toContain(`"${event.split(".")[0]}"`);
});

test.each([
  ["users:read", "users.info"],
  ["files:read", "files.info"],
  ["files:write", "files.getUploadURLExternal"],
  ["im:write", "conversations.open"],
  ["channels:history", "conversations.replies"],
  ["assistant:write", "assistant.threads.setSuggestedPrompts"],
  ["chat:write", "chat.postMessage"],
])("the scope %s is asked for because %s is called", (scope, method) => {
  expect(SCOPES).toContain(scope);
  expect(source).toContain(method);
});

test("with an address it is for HTTP, without for Socket Mode", () => {
  expect(manifest().settings).toMatchObject({ socket_mode_enabled: true });
  expect(JSON.stringify(manifest())).not.toContain("request_url");
  const http = manifest("https://heed.example.com");
  expect(http.settings).toMatchObject({
    socket_mode_enabled: false,
    interactivity: { request_url: "https://heed.example.com/slack/events" },
  });
  expect(http.features.slash_commands.every(({ url }) => url === "https://heed.example.com/slack/events")).toBe(true);
  expect(http.features.agent_view.suggested_prompts.length).toBeLessThanOrEqual(4);
});
