// From an invocation to replies: find the command, see that it is allowed, read its arguments, run it.

import { readArgs } from "../commands/args.ts";
import { nearest } from "../core/nearest.ts";
import type { Command, Toolbox } from "../core/command.ts";
import { BotError } from "../core/errors.ts";
import type { Attachment, Invocation, User } from "../core/invocation.ts";
import { languageOf, languageOfLocale, type Language } from "../core/language.ts";
import type { Adapter } from "../core/platform.ts";
import type { Reply } from "../core/reply.ts";

export async function* perform(
  invocation: Invocation,
  { tools, adapter, signal }: { tools: Toolbox; adapter: Pick<Adapter, "download">; signal: AbortSignal },
): AsyncGenerator<Reply, void, undefined> {
  const { user, address, attachments, input } = invocation;
  const language = languageFor(invocation, tools.commands);
  const command = find(invocation.command, tools.commands);
  allow(command, user);
  const args = readArgs(command, input);
  const say = (phrase: Readonly<Record<Language, string>>) => phrase[language];
  yield* command.run({
    args,
    user,
    workspace: address.workspace,
    attachments,
    invocation,
    language,
    download: (attachment) => download(attachment, adapter, signal),
    say,
    tools,
    signal,
  });
}

/** The language that the person speaks here; where their words do not tell, that of their platform. */
export function languageFor({ command, input, user }: Invocation, commands: readonly Command[]): Language {
  const { prose, isSpoken } = commands.find(({ name }) => name === command) ?? {};
  const words = "text" in input ? input.text : String((prose && input.options[prose]) ?? "");
  const language = languageOf(words);
  // Chinese is never an accident; Latin letters may be a file's name or an option.
  return language && (isSpoken || language === "zh-TW") ? language : languageOfLocale(user.locale);
}

async function download(attachment: Attachment, adapter: Pick<Adapter, "download">, signal: AbortSignal) {
  if (adapter.download) return adapter.download(attachment, signal);
  throw new BotError("unreadable", {
    en: "Files cannot be sent along here.",
    "zh-TW": "這裡無法附加檔案。",
  });
}

function find(name: string, commands: readonly Command[]): Command {
  const command = commands.find((command) => command.name === name.toLowerCase());
  if (command) return command;
  const near = nearest(
    name,
    commands.map((command) => command.name),
  );
  const typed = name.slice(0, 40);
  throw new BotError("usage", {
    en: `I know no command called /${typed}. ${near ? `Did you mean /${near}? ` : ""}/help lists them all.`,
    "zh-TW": `沒有 /${typed} 這個指令。${near ? `你是不是要用 /${near}？` : ""}輸入 /help 可以看到全部指令。`,
  });
}

function allow(command: Command, user: User): void {
  if (command.access === "everyone" || user.isAdmin) return;
  throw new BotError("forbidden", {
    en: `Only admins of this workspace can use /${command.name}. Please ask one of them.`,
    "zh-TW": `只有這個工作區的管理員可以使用 /${command.name}，請找其中一位幫忙。`,
  });
}
