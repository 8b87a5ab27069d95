// Performs an invocation: finds the command, checks access, reads its arguments, runs it.

import { findCommand, namesOf } from "../core/names.ts";
import { nearest } from "../core/nearest.ts";
import type { Command, Toolbox } from "../core/command.ts";
import { BotError } from "../core/errors.ts";
import type { Attachment, Invocation, User } from "../core/invocation.ts";
import { LANGUAGES, languageOf, languageOfLocale, type Language } from "../core/language.ts";
import type { Adapter } from "../core/platform.ts";
import type { ChatMessage } from "../core/model.ts";
import { TYPED, writerFor } from "../core/notation.ts";
import type { Reply } from "../core/reply.ts";
import { readArgs } from "../core/read-args.ts";
import { clip, LONGEST_ECHO } from "../core/text.ts";
import type { Memory } from "./memory.ts";
import { readInput } from "../core/read-input.ts";

interface PerformDeps {
  tools: Toolbox;
  adapter: Pick<Adapter, "download" | "notation">;
  signal: AbortSignal;
  /** Without one, every question is the first. */
  memory?: Memory;
}

export async function* perform(
  invocation: Invocation,
  { tools, adapter, signal, memory }: PerformDeps,
): AsyncGenerator<Reply, void, undefined> {
  const { user, address, attachments } = invocation;
  const language = languageFor(invocation, tools.commands);
  const command = knownCommand(invocation.command, tools.commands);
  allow(command, user);
  const args = readInput(invocation, command, language);
  const view = command.viewOf(args);
  if (view.admins && !user.isAdmin) throw new BotError("forbidden", view.admins);
  const { notation = TYPED } = adapter;
  const write = writerFor(notation, tools.commands, invocation.input);
  const say = (phrase: Readonly<Record<Language, string>>) => write(phrase[language]);
  yield* view.run({
    args,
    user,
    workspace: address.workspace,
    attachments,
    invocation,
    history: await recall(invocation, tools, memory),
    forget: async () => (await memory?.forget(invocation)) ?? false,
    language,
    download: (attachment) => download(attachment, adapter, signal),
    say,
    guidance: notation.guidance,
    tools,
    signal,
  });
  for (const remark of invocation.remarks ?? []) yield { type: "note", text: say(remark) };
}

/** A question is answered without its history rather than not at all. */
async function recall(invocation: Invocation, { runtime }: Toolbox, memory?: Memory): Promise<readonly ChatMessage[]> {
  try {
    return (await memory?.recall(invocation)) ?? [];
  } catch (error) {
    runtime.log.error("a conversation could not be recalled", { id: invocation.id, error });
    return [];
  }
}

/** The language that the person speaks here; where their words do not tell, that of their platform. */
export function languageFor(invocation: Invocation, commands: readonly Command[]): Language {
  const { command: name, input, user, context } = invocation;
  const command = findCommand(name, commands);
  const { prose, isSpoken } = command ?? {};
  const words = "text" in input ? wordsIn(input.text, command) : String((prose && input.options[prose]) ?? "");
  // Who only pointed at a message asks in its language.
  const language = languageOf(words) ?? (isSpoken ? languageOf(context.at(-1)?.text ?? "") : undefined);
  return language && (isSpoken || LANGUAGES[language].isDistinctive) ? language : languageOfLocale(user.locale);
}

/** Where a person speaks, options are no words of theirs: "--vote A" is not English. */
function wordsIn(text: string, command: Command | undefined): string {
  if (!command?.isSpoken || !command.prose || !text.includes("--")) return text;
  try {
    const words = readArgs(command, { text })[command.prose];
    return typeof words === "string" ? words : "";
  } catch {
    // What cannot be read is answered with how it is typed, in the language of all of it.
    return text;
  }
}

async function download(attachment: Attachment, adapter: Pick<Adapter, "download">, signal: AbortSignal) {
  if (adapter.download) return adapter.download(attachment, signal);
  throw new BotError("unreadable", {
    en: "Files cannot be sent along here.",
    "zh-TW": "這裡無法附加檔案。",
  });
}

function knownCommand(name: string, commands: readonly Command[]): Command {
  const command = findCommand(name, commands);
  if (command) return command;
  const near = nearest(
    name,
    commands.flatMap((command) => namesOf(command.name, command)),
  );
  const typed = clip(name, LONGEST_ECHO);
  throw new BotError("usage", {
    en: `I know no command called /${typed}. ${near ? `Did you mean \`/${near}\`? ` : ""}\`/help\` lists them all.`,
    "zh-TW": `沒有 /${typed} 這個指令。${near ? `你是不是要用 \`/${near}\`？` : ""}輸入 \`/help\` 可以看到全部指令。`,
  });
}

function allow(command: Command, user: User): void {
  if (command.access === "everyone" || user.isAdmin) return;
  throw new BotError("forbidden", {
    en: `Only admins of this workspace can use /${command.name}. Please ask one of them.`,
    "zh-TW": `只有這個工作區的管理員可以使用 /${command.name}，請找其中一位幫忙。`,
  });
}
