// Defines `/help`, written from the commands themselves.

import { z } from "zod";
import { argumentsOf, bareWord, shortUsageOf, usageOf } from "../core/arguments.ts";
import { defineCommand, type CommandContext, type Command } from "../core/command.ts";
import { BotError } from "../core/errors.ts";
import type { Phrase } from "../core/language.ts";
import type { Reply } from "../core/reply.ts";
import { findCommand, namesOf } from "../core/names.ts";
import { nearest } from "../core/nearest.ts";

const args = z.object({ command: z.string().max(40).optional() });
type Help = CommandContext<z.infer<typeof args>>;

export const help = defineCommand({
  name: "help",
  summary: { en: "Say what I can do, or how one command works", "zh-TW": "說明我能做什麼，或某個指令怎麼用" },
  access: "everyone",
  args,
  describe: { command: { en: "A command to explain", "zh-TW": "要說明的指令" } },
  prose: "command",
  suggests: { command: "command" },
  names: { "zh-TW": { help: "說明", command: "指令" } },
  examples: ["/help", "/help kb"],
  audience: "typist",
  run: explainCommands,
});

async function* explainCommands({ args, tools, say, guidance }: Help): AsyncGenerator<Reply> {
  const name = bareWord(args.command ?? "");
  if (name) return yield { type: "text", text: commandHelp(find(name, tools.commands), say) };
  const lines = tools.commands.map((command) => `- ${code(shortUsageOf(command), say)} — ${say(command.summary)}`);
  yield { type: "text", text: `${lines.join("\n")}\n\n${say(guidance.asking)}\n` };
  yield { type: "note", text: say(models(tools.models.names())) };
}

function find(name: string, commands: readonly Command[]): Command {
  const found = findCommand(name, commands);
  if (found) return found;
  const near = nearest(
    name,
    commands.flatMap((command) => namesOf(command.name, command)),
  );
  throw new BotError("usage", {
    en: `I know no command called /${name}. ${near ? `Did you mean \`/${near}\`?` : "`/help` lists them all."}`,
    "zh-TW": `沒有 /${name} 這個指令。${near ? `你是不是要找 \`/${near}\`？` : "輸入 `/help` 可以看到全部指令。"}`,
  });
}

function commandHelp(command: Command, say: Help["say"]): string {
  const options = argumentsOf(command).map(
    ({ name, description, isProse, isRequired }) =>
      `- ${code(isProse || isRequired ? name : `--${name}`, say)}: ${say(description)}`,
  );
  const examples = command.examples.map((example) => code(example, say)).join("  ");
  return [code(usageOf(command), say), say(command.summary), "", ...options, "", examples].join("\n");
}

/** A command or an option in marks of code, as it is written here. */
function code(typed: string, say: Help["say"]): string {
  const words = `\`${typed}\``;
  return say({ en: words, "zh-TW": words });
}

function models(names: readonly string[]): Phrase {
  return { en: `Models: ${names.join(", ")}`, "zh-TW": `可用的模型：${names.join("、")}` };
}
