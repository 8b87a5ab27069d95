// The two entrances for Slack's requests, a socket that Heed opens or a port that Slack calls, and the OAuth pages.

import { createHmac } from "node:crypto";
import type { InstallationStore, Logger, Receiver } from "@slack/bolt";
import type { World } from "../../../src/core/world.ts";
import { createBoltLog } from "./bolt-log.ts";
import type { Installations } from "../installations.ts";
import { SCOPES } from "./manifest.ts";
import { entranceOf, type Client, type SlackEnv } from "../settings.ts";
import { twoSockets } from "./sockets.ts";

/** How long a socket waits for Slack's pong before it is given up for dead. */
const PONG_PATIENCE_MS = 3000;
/** Where Slack calls. The manifest names the first alone; the others are where apps made by hand often have them. */
const PATHS = ["/slack/events", "/slack/commands", "/slack/actions", "/slack/interactions", "/slack/interactivity"];

type Options = ReturnType<typeof oauthOptions>;

/** Throws BotError "misconfigured" where neither entrance is configured. */
export async function createReceiver(
  env: SlackEnv,
  client: Client | undefined,
  installations: Installations,
  world: World,
): Promise<Receiver> {
  const entrance = entranceOf(env);
  const { HTTPReceiver, LogLevel, SocketModeReceiver } = await import("@slack/bolt");
  const logger = createBoltLog(world.log, LogLevel.INFO);
  const common = { logger, ...(client && oauthOptions(env, client, installations)) };
  if ("signingSecret" in entrance) {
    const { signingSecret } = entrance;
    return plain(new HTTPReceiver({ ...common, signingSecret, port: env.PORT, endpoints: PATHS }), [env.PORT]);
  }
  const socket = {
    logger,
    appToken: entrance.appToken,
    clientPingTimeout: PONG_PATIENCE_MS,
    autoReconnectEnabled: false,
  };
  const clientOptions = socketClient(env, logger);
  const { installerOptions } = common as Partial<Options>;
  return twoSockets(
    new SocketModeReceiver({
      ...common,
      ...socket,
      installerOptions: { ...installerOptions, port: env.PORT, clientOptions },
    }),
    new SocketModeReceiver({ ...socket, installerOptions: { clientOptions } }),
    world,
  );
}

/** Bolt takes a receiver with an installer to bring the tokens too; here the installations bring them. */
function plain(receiver: Receiver, where: readonly unknown[] = []): Receiver {
  return { init: (app) => receiver.init(app), start: () => receiver.start(...where), stop: () => receiver.stop() };
}

/** Opening a socket is tried again for as long as it takes: giving up would leave Heed deaf until somebody looks. */
function socketClient({ SLACK_API_URL }: SlackEnv, logger: Logger) {
  return {
    slackApiUrl: SLACK_API_URL,
    logger,
    retryConfig: { forever: true, factor: 1.3, maxTimeout: 30_000 },
    timeout: 10_000,
  };
}

function oauthOptions({ SLACK_API_URL, SLACK_REDIRECT_URI }: SlackEnv, client: Client, installations: Installations) {
  const clientOptions = { slackApiUrl: SLACK_API_URL, retryConfig: { retries: 2 }, timeout: 10_000 };
  const api = new URL(SLACK_API_URL);
  // A stand-in for Slack brings its own consent page.
  const authorizationUrl = api.hostname.endsWith("slack.com") ? undefined : new URL("/oauth/v2/authorize", api).href;
  return {
    clientId: client.id,
    clientSecret: client.secret,
    // Every listening process must know the state that another one gave out.
    stateSecret: createHmac("sha256", client.secret).update("heed oauth state").digest("hex"),
    scopes: [...SCOPES],
    installationStore: storeOf(installations),
    ...(SLACK_REDIRECT_URI && { redirectUri: SLACK_REDIRECT_URI }),
    installerOptions: {
      directInstall: true,
      clientOptions,
      ...(authorizationUrl && { authorizationUrl }),
      ...(SLACK_REDIRECT_URI && { redirectUriPath: new URL(SLACK_REDIRECT_URI).pathname }),
    },
  };
}

function storeOf(installations: Installations): InstallationStore {
  return {
    storeInstallation: (installation) => installations.store(installation),
    fetchInstallation: async ({ teamId, enterpriseId }) => {
      const found = await installations.fetch(teamId, enterpriseId);
      if (!found) throw new TypeError(`not installed in ${teamId ?? enterpriseId}`);
      return found as never;
    },
    deleteInstallation: async ({ teamId, enterpriseId }) => {
      for (const id of [teamId, enterpriseId]) if (id) await installations.remove(id);
    },
  };
}
