// The two entrances for Slack's requests, a socket that Heed opens or a port that Slack calls, and the OAuth pages.

import { createHmac } from "node:crypto";
import type { HTTPReceiver, InstallationStore, Logger, Receiver } from "@slack/bolt";
import type { World } from "../../../src/core/world.ts";
import { createBoltLog } from "./bolt-log.ts";
import { guardEnvelopes } from "./envelopes.ts";
import type { Installations } from "../installations.ts";
import { SCOPES } from "./manifest.ts";
import { SlackPort, type InstallPages } from "./port.ts";
import { entranceOf, type Client, type SlackEnv } from "../settings.ts";
import { twoSockets } from "./sockets.ts";

/** How long a socket waits for Slack's pong before it is given up for dead. */
const PONG_PATIENCE_MS = 3000;
const REDIRECT_PATH = "/slack/oauth_redirect";

type OAuthOptions = ReturnType<typeof oauthOptions>;
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
  const pages = client && pagesOf(HTTPReceiver, { ...oauthOptions(env, client, installations), logger });
  if ("signingSecret" in entrance) return new SlackPort({ ...entrance, port: env.PORT, pages }, world);
  const open = () => {
    const socket = new SocketModeReceiver({
      logger,
      appToken: entrance.appToken,
      clientPingTimeout: PONG_PATIENCE_MS,
      autoReconnectEnabled: false,
      installerOptions: { clientOptions: socketClient(env, logger) },
    });
    guardEnvelopes(socket.client, world);
    return socket;
  };
  const port = pages && new SlackPort({ port: env.PORT, pages }, world);
  return twoSockets(open(), open(), world, port);
}

/** Bolt has no other way to its installer than a receiver. This one never opens a port, so it needs no secret. */
function pagesOf(Receiver: typeof HTTPReceiver, options: OAuthOptions & { logger: Logger }): InstallPages {
  const { installer } = new Receiver({ ...options, signingSecret: "", signatureVerification: false });
  if (!installer) throw new TypeError("Bolt brings no installer for these options");
  const { scopes, redirectUri, installerOptions } = options;
  return {
    installer,
    urlOptions: { scopes, ...(redirectUri && { redirectUri }) },
    redirectPath: installerOptions.redirectUriPath ?? REDIRECT_PATH,
  };
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
