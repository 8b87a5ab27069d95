// Exports Slack as a platform: events by socket or HTTP, answers as streams and messages.

import type { Adapter, Dispatcher, Platform } from "../../src/core/platform.ts";
import type { Records } from "../../src/core/records.ts";
import type { Runtime } from "../../src/core/runtime.ts";
import { sealKeyOf } from "../kit/stop-permit.ts";
import { createSlack, SlackRefusal, SlackSilence, type CallSlack } from "./api.ts";
import { isNotInstalled, isRevoked, slackError } from "./failures.ts";
import { download } from "./receive/files.ts";
import { Installations } from "./install/tokens.ts";
import { notation } from "./notation.ts";
import { inPlaceOf, Destination } from "./destination.ts";
import { SlackOutbox } from "./send/outbox.ts";
import { clientOf, misconfigured, SlackEnv } from "./settings.ts";

export const slack: Platform<typeof SlackEnv> = {
  name: "slack",
  env: SlackEnv,
  create: createAdapter,
};

/** Throws BotError "misconfigured" where there is no way to a token; a missing entrance is named at the start. */
function createAdapter(env: SlackEnv, runtime: Runtime, records: Records): Adapter {
  const client = clientOf(env);
  const api = createSlack(env.SLACK_API_URL, runtime);
  const installations = new Installations(api, records, runtime, {
    token: env.SLACK_BOT_TOKEN,
    refreshToken: env.SLACK_REFRESH_TOKEN,
    client,
  });
  let stop: (() => Promise<unknown>) | undefined;
  let sealKey: Promise<string> | undefined;
  const key = () => {
    sealKey ??= sealKeyOf("slack", records);
    sealKey.catch(() => (sealKey = undefined));
    return sealKey;
  };
  return {
    async start(dispatcher: Dispatcher) {
      if (!client) await verify(installations);
      // Bolt is heavy, and only the listening side needs it.
      const [{ createReceiver }, { createBolt }] = await Promise.all([
        import("./receive/http.ts"),
        import("./receive/bolt.ts"),
      ]);
      const receiver = await createReceiver(env, client, installations, runtime);
      const app = await createBolt(receiver, dispatcher, {
        slack: api,
        installations,
        records,
        runtime,
        admins: env.SLACK_ADMINS,
        key,
      });
      await app.start().catch((error: unknown) => {
        throw couldNotListen(error);
      });
      stop = () => app.stop();
    },
    open(address, receipt, maybePosted) {
      const destination = Destination.parse(address.data);
      const call: CallSlack = async (method, args, signal) => {
        const token = await installations.token(destination.team, destination.enterprise).catch((error: unknown) => {
          // A response URL may still reach the asker, as after any other revoked token.
          throw isNotInstalled(error) ? new SlackRefusal(method, "not_installed") : error;
        });
        return api.as(token)(method, args, signal);
      };
      return new SlackOutbox(call, destination, receipt, { records, runtime, key, maybePosted });
    },
    inPlaceOf,
    notation,
    download: (attachment, signal) => {
      const archive = { slack: api, installations, runtime, apiUrl: env.SLACK_API_URL };
      return download(attachment, archive, signal);
    },
    async close() {
      await stop?.();
    },
  };
}

/** A wrong token is better said at the start than found at the first question. */
async function verify(installations: Installations): Promise<void> {
  try {
    await installations.own();
  } catch (error) {
    if (!isRevoked(error))
      throw error instanceof SlackRefusal || error instanceof SlackSilence ? slackError(error) : error;
    throw misconfigured(
      {
        en: "Slack does not accept SLACK_BOT_TOKEN. Copy it again from OAuth & Permissions; it starts with xoxb-.",
        "zh-TW": "Slack 不接受 SLACK_BOT_TOKEN。請從 OAuth & Permissions 重新複製，開頭是 xoxb-。",
      },
      error,
    );
  }
}

function couldNotListen(error: unknown): Error {
  const reason = typeof error === "object" && error && "message" in error ? String(error.message) : String(error);
  return misconfigured(
    {
      en: `Heed cannot listen to Slack (${reason}). Check SLACK_APP_TOKEN for Socket Mode, or PORT for HTTP.`,
      "zh-TW": `Heed 無法接收 Slack 的訊息（${reason}）。Socket Mode 請檢查 SLACK_APP_TOKEN，HTTP 請檢查 PORT。`,
    },
    error,
  );
}
