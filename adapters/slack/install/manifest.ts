// Writes the app manifest for Slack from the commands.

import { argumentsOf, usageOf } from "../../../src/core/arguments.ts";
import type { Command } from "../../../src/core/command.ts";
import type { Json } from "../../../src/core/runtime.ts";
import { clip } from "../../../src/core/text.ts";
import { TAKEN } from "../notation.ts";
import { promptsOf } from "../receive/agent.ts";
import { UMBRELLA } from "../../kit/read-typed.ts";

/** What each entry of a message's menu runs, by Slack's callback id. */
export const SHORTCUTS = { heed_ask_about: "ask", heed_kb_add: "kb" } as const;
export type ShortcutCommand = (typeof SHORTCUTS)[keyof typeof SHORTCUTS];

/** No wider than what is used: each line says for what. */
export const SCOPES = [
  "app_mentions:read", // be called
  "assistant:write", // suggested prompts in the agent view
  "channels:history", // follow-ups and threads, public channels
  "chat:write", // answer, stream, show a status
  "commands", // slash commands and the shortcut
  "files:read", // files that come with a question
  "files:write", // pictures in an answer
  "groups:history", // the same in private channels
  "im:history", // direct messages
  "im:write", // reach the asker where the channel is closed
  "mpim:history", // and in group messages
  "users:read", // names, languages, workspace admins
] as const;

const EVENTS = [
  "agent_session_stopped",
  "app_home_opened",
  "app_mention",
  "app_uninstalled",
  "message.channels",
  "message.groups",
  "message.im",
  "message.mpim",
  "tokens_revoked",
];

const LONGEST_DESCRIPTION = 100;
const LONGEST_HINT = 100;
const MOST_COMMANDS = 49;

/** `url` is Heed's public address for HTTP; without it, the manifest is for Socket Mode. */
export function manifestOf(commands: readonly Command[], url?: string): { [key: string]: Json } {
  const address = url && new URL("/slack/events", url).href;
  const request = address ? { request_url: address } : {};
  return {
    display_information: {
      name: "Heed",
      description: "Answers from your team's own documents, with sources",
      background_color: "#1f3a5f",
    },
    features: {
      app_home: { home_tab_enabled: false, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: "heed", always_online: true },
      agent_view: {
        agent_description: "Ask about your team's documents, compare models, or look into a transformer.",
        suggested_prompts: promptsOf(commands, "en"),
      },
      shortcuts: [
        {
          name: "Ask Heed about this",
          type: "message",
          callback_id: "heed_ask_about" satisfies keyof typeof SHORTCUTS,
          description: "Answers the message in its thread",
        },
        {
          name: "Add to knowledge base",
          type: "message",
          callback_id: "heed_kb_add" satisfies keyof typeof SHORTCUTS,
          description: "Loads the message's files; for admins",
        },
      ],
      slash_commands: slashCommands(commands).map((command) => ({ ...command, ...(address && { url: address }) })),
    },
    oauth_config: {
      ...(url && { redirect_urls: [new URL("/slack/oauth_redirect", url).href] }),
      scopes: { bot: [...SCOPES] },
    },
    settings: {
      event_subscriptions: { ...request, bot_events: EVENTS },
      interactivity: { is_enabled: true, ...request },
      org_deploy_enabled: false,
      socket_mode_enabled: !address,
      token_rotation_enabled: false,
    },
  };
}

function slashCommands(commands: readonly Command[]) {
  const own = commands.filter(({ name }) => !TAKEN.has(name)).slice(0, MOST_COMMANDS);
  const umbrella = {
    command: `/${UMBRELLA}`,
    description: "Ask a question, or name a command first",
    usage_hint: "question, or a command: help",
    should_escape: true,
  };
  return [...own.map(slashCommand), umbrella];
}

function slashCommand(command: Command) {
  const usage = usageOf(command).replace(`/${command.name}`, "").trim();
  return {
    command: `/${command.name}`,
    description: clip(command.summary.en, LONGEST_DESCRIPTION),
    ...(argumentsOf(command).length > 0 && { usage_hint: hintOf(usage) }),
    // People and channels then arrive with their names, and are read as text.
    should_escape: true,
  };
}

/** As many whole arguments as fit. */
function hintOf(usage: string): string {
  if (usage.length <= LONGEST_HINT) return usage;
  return `${usage.slice(0, usage.lastIndexOf(" [", LONGEST_HINT - 2))} …`;
}
