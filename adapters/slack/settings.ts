// Defines Slack's variables and the ways of running that follow from them.

import { z } from "zod";
import { BotError } from "../../src/core/errors.ts";
import type { Phrase } from "../../src/core/language.ts";

export const SlackEnv = z
  .object({
    SLACK_BOT_TOKEN: z
      .string()
      .optional()
      .describe("Bot token of the one workspace that Heed serves, from OAuth & Permissions, starting with xoxb-"),
    SLACK_REFRESH_TOKEN: z
      .string()
      .optional()
      .describe(
        "Where SLACK_BOT_TOKEN rotates: the refresh token beside it, starting with xoxe-; needs the client's ID and secret",
      ),
    SLACK_APP_TOKEN: z
      .string()
      .optional()
      .describe(
        "App-level token with connections:write, starting with xapp-; when set, Heed uses Socket Mode and needs no public address",
      ),
    SLACK_SIGNING_SECRET: z
      .string()
      .optional()
      .describe("Signing secret from Basic Information, needed when Slack calls Heed over HTTP"),
    SLACK_CLIENT_ID: z
      .string()
      .optional()
      .describe("Client ID from Basic Information, to let several workspaces install Heed by OAuth"),
    SLACK_CLIENT_SECRET: z
      .string()
      .optional()
      .describe("Client secret from Basic Information, needed together with SLACK_CLIENT_ID"),
    SLACK_REDIRECT_URI: z
      .url()
      .optional()
      .describe("Public address of /slack/oauth_redirect, when the Slack app lists more than one redirect URL"),
    SLACK_ADMINS: z
      .string()
      .optional()
      .describe("Slack user ids that may change the knowledge base besides workspace admins, separated by commas"),
    SLACK_API_URL: z.url().default("https://slack.com/api/").describe("Slack's Web API; change it only for tests"),
    PORT: z.coerce
      .number()
      .int()
      .min(0)
      .max(65_535)
      .default(3000)
      .describe("Port that Slack's requests and the OAuth pages arrive at when they come over HTTP"),
  })
  // One credential is enough to say that Slack is wanted; what is then missing is named when it starts.
  .refine((env) =>
    Boolean(
      env.SLACK_BOT_TOKEN ||
      env.SLACK_APP_TOKEN ||
      env.SLACK_SIGNING_SECRET ||
      env.SLACK_CLIENT_ID ||
      env.SLACK_CLIENT_SECRET,
    ),
  );
export type SlackEnv = z.infer<typeof SlackEnv>;

/** How a bot token begins that expires. */
const ROTATING = "xoxe.";

/** The pair that OAuth needs. */
export interface Client {
  id: string;
  secret: string;
}

/** Throws BotError "misconfigured" where no workspace's token can ever be had. */
export function clientOf({
  SLACK_BOT_TOKEN,
  SLACK_REFRESH_TOKEN,
  SLACK_CLIENT_ID: id,
  SLACK_CLIENT_SECRET: secret,
}: SlackEnv): Client | undefined {
  if (id && secret) return { id, secret };
  if (id || secret)
    throw misconfigured({
      en: "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET belong together, and one is missing. Both stand under Basic Information, App Credentials.",
      "zh-TW":
        "SLACK_CLIENT_ID 與 SLACK_CLIENT_SECRET 要一起設定，現在缺了一個。兩者都在 Basic Information 的 App Credentials。",
    });
  if (SLACK_BOT_TOKEN?.startsWith(ROTATING) || SLACK_REFRESH_TOKEN)
    throw misconfigured({
      en: "SLACK_BOT_TOKEN rotates: it ends after 12 hours. To have it renewed, set SLACK_REFRESH_TOKEN, SLACK_CLIENT_ID and SLACK_CLIENT_SECRET too.",
      "zh-TW":
        "SLACK_BOT_TOKEN 會輪替，12 小時後失效。若要自動更新，請一併設定 SLACK_REFRESH_TOKEN、SLACK_CLIENT_ID 與 SLACK_CLIENT_SECRET。",
    });
  if (SLACK_BOT_TOKEN) return undefined;
  throw misconfigured({
    en: "Slack is configured without a token to answer with. Set SLACK_BOT_TOKEN (one workspace), or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET (several).",
    "zh-TW":
      "Slack 的設定缺少可以回答的權杖。請設定 SLACK_BOT_TOKEN（單一工作區），或 SLACK_CLIENT_ID 與 SLACK_CLIENT_SECRET（多個工作區）。",
  });
}

/** How requests arrive. Throws BotError "misconfigured" where they cannot. */
export function entranceOf(env: SlackEnv): { appToken: string } | { signingSecret: string } {
  if (env.SLACK_APP_TOKEN) return { appToken: env.SLACK_APP_TOKEN };
  if (env.SLACK_SIGNING_SECRET) return { signingSecret: env.SLACK_SIGNING_SECRET };
  throw misconfigured({
    en: "Slack cannot reach Heed yet. Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET (and PORT) for HTTP.",
    "zh-TW": "Slack 還無法連到 Heed。請設定 SLACK_APP_TOKEN（Socket Mode），或 SLACK_SIGNING_SECRET 與 PORT（HTTP）。",
  });
}

export function misconfigured(phrase: Phrase, cause?: unknown): BotError {
  return new BotError("misconfigured", phrase, { cause });
}
