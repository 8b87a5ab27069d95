// Exports Discord as a platform: the gateway for the listener, REST for whoever answers.

import type { Adapter, Platform } from "../../src/core/platform.ts";
import type { Records } from "../../src/core/records.ts";
import type { Runtime } from "../../src/core/runtime.ts";
import { followUpsOf } from "../kit/follow-ups.ts";
import { rememberAsked } from "../kit/stop.ts";
import { inPlaceOf } from "./destination.ts";
import { notation } from "./notation.ts";
import { download } from "./receive/download.ts";
import { createDiscordSend } from "./rest.ts";
import { openOutbox } from "./send/outbox.ts";
import { DiscordEnv, settingsOf, type DiscordSettings } from "./settings.ts";

export const discord: Platform<typeof DiscordEnv> = {
  name: "discord",
  env: DiscordEnv,
  create: (env, runtime, records) => createDiscord(settingsOf(env), runtime, records),
};

function createDiscord(settings: DiscordSettings, runtime: Runtime, records: Records): Adapter {
  const send = createDiscordSend(settings, runtime);
  let listener: { close(): Promise<void> } | undefined;
  return {
    async start(dispatcher) {
      const { Listener } = await import("./receive/listen.ts");
      const started = new Listener({
        dispatcher: rememberAsked(dispatcher, "discord", { records, runtime }),
        followUps: followUpsOf("discord", records),
        send,
        runtime,
        records,
        settings,
      });
      listener = started;
      await started.start();
    },
    open: (address, receipt, maybePosted) =>
      openOutbox(address, receipt, { send, runtime, records, maybePosted, key: settings.token }),
    inPlaceOf,
    notation,
    download: (attachment, signal) => download(attachment, { send, runtime }, signal),
    close: async () => listener?.close(),
  };
}
