// Discord as a platform: the gateway for the listener, REST for everyone who answers. discord.js is loaded only where it is used.

import type { Adapter, Platform } from "../../src/core/platform.ts";
import type { Records } from "../../src/core/records.ts";
import type { World } from "../../src/core/world.ts";
import { followUpsOf } from "../kit/follow-ups.ts";
import { rememberAsked } from "../kit/stop.ts";
import { inPlaceOf } from "./destination.ts";
import { notation } from "./notation.ts";
import { download } from "./receive/download.ts";
import { createSend } from "./rest.ts";
import { openOutbox } from "./send/send.ts";
import { DiscordEnv, settingsOf, type DiscordSettings } from "./settings.ts";

export const discord: Platform<typeof DiscordEnv> = {
  name: "discord",
  env: DiscordEnv,
  create: (env, world, records) => createDiscord(settingsOf(env), world, records),
};

function createDiscord(settings: DiscordSettings, world: World, records: Records): Adapter {
  const send = createSend(settings, world);
  let listener: { close(): Promise<void> } | undefined;
  return {
    async start(door) {
      const { Listener } = await import("./receive/listen.ts");
      const started = new Listener({
        door: rememberAsked(door, "discord", { records, world }),
        followUps: followUpsOf("discord", records),
        send,
        world,
        records,
        settings,
      });
      listener = started;
      await started.start();
    },
    open: (address, receipt, mayStand) =>
      openOutbox(address, receipt, { send, world, records, mayStand, key: settings.token }),
    inPlaceOf,
    notation,
    download: (attachment, signal) => download(attachment, { send, world }, signal),
    close: async () => listener?.close(),
  };
}
