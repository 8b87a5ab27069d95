// Runs a chat at the prompt: a line, its answer, the next line; Ctrl-C clears, stops or leaves.

import type { Phrase } from "../../../src/core/language.ts";
import type { Line } from "../conversation.ts";
import { readTyped } from "../../kit/read-typed.ts";
import { dim, bold } from "../render/decorate.ts";
import { openHistory } from "./history.ts";
import { Prompt } from "./prompt.ts";
import type { Run } from "./receive.ts";
import type { Screen } from "../send/send.ts";
import type { TerminalSettings } from "../settings.ts";
import { wrap } from "../render/wrap.ts";

const PROMPT = "heed> ";
/** What was typed during the start is echoed by the system; the prompt will show it again. */
const WIPE = "\r\u001B[2K";
const LEAVING = /^\s*\/?(?:exit|quit)\s*$/i;
const HOW: Phrase = {
  en: "Ask a question, or type /help. Ctrl-C stops an answer; Ctrl-D leaves.",
  "zh-TW": "直接輸入問題，或輸入 /help 看指令。Ctrl-C 停止回答，Ctrl-D 離開。",
};

export function chat(screen: Screen, settings: TerminalSettings): Run {
  return async (line, console) => {
    const history = openHistory(settings.historyFile);
    const prompt = new Prompt(console, {
      text: bold(PROMPT, settings),
      history: history.lines,
      complete: (typed) => complete(typed, line),
      onTyping: (typed) => screen.type(typed),
      onAhead: (typed) => readTyped(typed, line.commands).kind === "stop" && line.stop(),
      onInterrupt: () => {
        if (!line.stop()) prompt.close();
      },
    });
    screen.share(prompt);
    const { columns = 80 } = console.output;
    console.output.write(`${WIPE}${dim(wrap(HOW[settings.language], columns).join("\n"), settings)}\n\n`);
    // Ctrl-D may close it while an answer is written; what was typed before that is still asked.
    for (let typed = await prompt.read(); typed !== undefined && !LEAVING.test(typed); typed = await prompt.read()) {
      if (!typed.trim()) continue;
      history.add(typed);
      await line.ask(typed);
    }
    prompt.close();
    console.output.write("\n");
    return 0;
  };
}

function complete(typed: string, { commands }: Line): [string[], string] {
  const names = commands.map(({ name }) => `/${name} `);
  const fitting = names.filter((name) => name.startsWith(typed));
  return [typed.startsWith("/") ? fitting : [], typed];
}
