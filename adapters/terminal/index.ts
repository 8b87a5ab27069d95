// Exports the terminal as a platform: a chat for a person, one answer a line for a script.

import { languageOfLocale } from "../../src/core/language.ts";
import type { Adapter, Platform } from "../../src/core/platform.ts";
import type { Runtime } from "../../src/core/runtime.ts";
import { Conversation } from "./conversation.ts";
import { notation } from "./notation.ts";
import { chat } from "./receive/chat.ts";
import { readLines, runOnce } from "./receive/receive.ts";
import { createScreen } from "./send/send.ts";
import { TerminalEnv, type TerminalSettings } from "./settings.ts";

export const terminal: Platform<typeof TerminalEnv> = {
  name: "terminal",
  env: TerminalEnv,
  create: (env, runtime) => createTerminal(env, runtime),
};

function createTerminal(env: ReturnType<typeof TerminalEnv.parse>, runtime: Runtime): Adapter {
  const { input, output, args } = runtime.console;
  const words = args.filter((word) => word !== "--json");
  const isScreen = Boolean(output.isTTY) && env.TERM !== "dumb";
  const settings: TerminalSettings = {
    asJson: words.length < args.length,
    isScreen,
    colours: isScreen && !env.NO_COLOR,
    locale: env.LC_ALL || env.LANG,
    language: languageOfLocale(env.LC_ALL || env.LANG),
    way: words.length > 0 ? "command" : isScreen && input.isTTY ? "chat" : "lines",
    historyFile: `${env.HEED_DATA_DIR}/history`,
    pictureFolder: `${env.HEED_DATA_DIR}/pictures`,
  };
  const screen = createScreen(runtime.console, settings);
  const conversation = new Conversation(runtime, settings, screen);
  const { promise: ended, resolve: end } = Promise.withResolvers<number>();
  return {
    ended,
    notation,
    async start(dispatcher) {
      const runs = { command: runOnce(words), chat: chat(screen, settings), lines: readLines };
      void runs[settings.way](conversation.through(dispatcher), runtime.console).then(end, (error: unknown) => {
        runtime.log.error("terminal", { error });
        end(1);
      });
    },
    asked: (id) => conversation.awaits(id),
    open: (address) => conversation.outbox(address),
    close: () => conversation.close(),
  };
}
