// The manifest is what Slack accepts, lists every command, and asks for no right that nothing uses.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { z } from "zod";
import { manifestOf, SCOPES } from "../../../adapters/slack/install/manifest.ts";
import { commands } from "../../../src/commands/index.ts";

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
const listening = readFileSync("adapters/slack/receive/bolt.ts", "utf8");
const source = readdirSync("adapters/slack", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(`adapters/slack/${name}`, "utf8"))
  .join("\n");

/** What Slack's own schema for manifests allows, of the parts that Heed writes. */
const url = z.string().regex(/^https?:\/\//);
const prompt = z.strictObject({ title: z.string().max(60), message: z.string() });
const SlackManifest = z.strictObject({
  display_information: z.strictObject({
    name: z.string().max(35),
    description: z.string().max(140),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/),
  }),
  features: z.strictObject({
    app_home: z.record(
      z.enum(["home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"]),
      z.boolean(),
    ),
    bot_user: z.strictObject({ display_name: z.string().max(80), always_online: z.boolean() }),
    agent_view: z.strictObject({ agent_description: z.string().max(300), suggested_prompts: z.array(prompt).max(4) }),
    shortcuts: z
      .array(
        z.strictObject({
          name: z.string().max(24),
          type: z.literal("message"),
          callback_id: z.string().max(255),
          description: z.string().max(150),
        }),
      )
      .max(10),
    slash_commands: z
      .array(
        z.strictObject({
          command: z.string().regex(/^\/.{1,31}$/),
          url: url.optional(),
          description: z.string().min(1).max(2000),
          usage_hint: z.string().min(1).max(1000).optional(),
          should_escape: z.boolean(),
        }),
      )
      .max(50),
  }),
  oauth_config: z.strictObject({
    redirect_urls: z.array(url).optional(),
    scopes: z.strictObject({ bot: z.array(z.string().max(50)) }),
  }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ request_url: url.optional(), bot_events: z.array(z.string()).max(100) }),
    interactivity: z.strictObject({ is_enabled: z.boolean(), request_url: url.optional() }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
});

test.each([undefined, "https://heed.example.com"])("the manifest for %s is one that Slack takes", (address) => {
  expect(SlackManifest.safeParse(manifest(address)).error).toBeUndefined();
});

test("what is too long for a hint ends behind a whole argument", () => {
  for (const { usage_hint = "" } of manifest().features.slash_commands)
    expect(usage_hint.split("[").length).toBe(usage_hint.split("]").length);
});

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
