// Runs the listening process: it queues what platforms receive, and loads no model.

import { pathToFileURL } from "node:url";
import { commands } from "../src/commands/index.ts";
import type { Invocation } from "../src/core/invocation.ts";
import { BotError } from "../src/core/errors.ts";
import type { Adapter, Dispatcher } from "../src/core/platform.ts";
import type { Lane, Queue } from "../src/core/queue.ts";
import type { Records } from "../src/core/records.ts";
import { suggest, suggestCommands } from "../src/core/suggestions.ts";
import { beginApart, runProcess } from "../src/runtime/process.ts";
import { createMetrics } from "../src/runtime/metrics.ts";
import { openOperations } from "../src/runtime/operations.ts";
import { openQueue } from "../src/runtime/queue/open-queue.ts";
import { openRecords } from "../src/runtime/records.ts";
import { createAdapters } from "./index.ts";

/** Where a call of this command waits. */
function laneOf({ command, input }: Invocation): Lane {
  return commands.find(({ name }) => name === command.toLowerCase())?.lane?.(input) ?? "questions";
}

/** Connects every adapter to the queue. */
export async function listen(adapters: ReadonlyMap<string, Adapter>, queue: Queue, records: Records): Promise<void> {
  const dispatcher: Dispatcher = {
    enqueue: (invocation: Invocation) => queue.add(invocation, laneOf(invocation)),
    stop: (id: string) => queue.stop(id),
    recall: (id: string) => queue.recall(id),
    async suggest(typing) {
      const kind = commands.find(({ name }) => name === typing.command)?.suggests?.[typing.argument];
      if (kind === "command") return suggestCommands(commands, typing);
      return kind ? suggest(kind, typing, records) : [];
    },
    commands,
  };
  await Promise.all([...adapters.values()].map((adapter) => adapter.start(dispatcher)));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  await runProcess(async (leaving, logTo) => {
    const { env, settings, runtime } = await beginApart();
    logTo(runtime.log);
    // A person waits for each thing that is asked of them here.
    const records = await openRecords(settings, runtime, "fail");
    const adapters = createAdapters(env, runtime, records);
    if (adapters.has("terminal")) throw nothingToListenTo();
    const queue = await openQueue(settings, runtime);
    const operations = await openOperations(settings, { queue, metrics: await createMetrics(), runtime });
    await listen(adapters, queue, records);
    runtime.log.info("listening", { platforms: [...adapters.keys()] });
    await leaving;
    operations.leave();
    await Promise.all([...adapters.values()].map((adapter) => adapter.close()));
    await queue.close();
    await operations.close();
    await records.close();
    return 0;
  });

function nothingToListenTo(): BotError {
  return new BotError("misconfigured", {
    en: "There is no platform to listen to: set SLACK_BOT_TOKEN or DISCORD_TOKEN (docs/slack.md and docs/discord.md say how). `npm start` without them opens a chat in the terminal.",
    "zh-TW":
      "沒有可以接收問題的平台：請設定 SLACK_BOT_TOKEN 或 DISCORD_TOKEN（作法見 docs/slack.md 與 docs/discord.md）。沒有設定時，`npm start` 會在終端機裡開啟對話。",
  });
}
