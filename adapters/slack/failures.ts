// Decides what a refusal of Slack's means for an answer: another route, or a failed job.

import { BotError } from "../../src/core/errors.ts";
import { SlackRefusal, SlackSilence } from "./api.ts";
import { reasonFor } from "./messages.ts";

const REVOKED = new Set([
  "invalid_auth",
  "not_authed",
  "token_revoked",
  "token_expired",
  "account_inactive",
  "team_access_not_granted",
  "not_installed",
]);

/** Whether a workspace has no installation: then sending a request again does not help. */
export function isNotInstalled(error: unknown): boolean {
  return error instanceof BotError && error.code === "misconfigured";
}

export function isRevoked(error: unknown): boolean {
  return error instanceof SlackRefusal && REVOKED.has(error.code);
}

/** The error as the rest of the app knows it; what this file does not know stays as it is. */
export function slackError(error: unknown): unknown {
  if (error instanceof SlackSilence)
    return new BotError(
      "connection-lost",
      { en: "Slack did not answer.", "zh-TW": "Slack 沒有回應。" },
      { cause: error },
    );
  if (!(error instanceof SlackRefusal)) return error;
  if (isRevoked(error))
    return new BotError(
      "bad-key",
      {
        en: "Slack no longer accepts Heed's token for this workspace. An admin can install Heed again.",
        "zh-TW": "Slack 已不接受 Heed 在這個工作區的權杖，請管理員重新安裝。",
      },
      { cause: error },
    );
  const why = reasonFor(error);
  return new BotError(
    "forbidden",
    {
      en: `Slack does not let me answer here: ${why.en}.`,
      "zh-TW": `Slack 不讓我在這裡回答：${why["zh-TW"]}。`,
    },
    { cause: error },
  );
}
