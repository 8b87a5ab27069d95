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
import { clip, LONGEST_ECHO } from "../core/text.ts";
import type { Memory } from "./memory.ts";
import { readInput } from "../core/read-input.ts";

interface PerformDeps {
  tools: Toolbox;
  adapter: Pick<Adapter, "download" | "notation">;
  signal: AbortSignal;
  /** Without one, every question is the first. */
  memory?: Memory;
  /** What was read of the invocation, where the caller has it. */
  asked?: AskedCommand;
}

/** Yields the command's replies. Throws BotError where the command is unknown, forbidden, misused or fails. */
export async function* perform(
  invocation: Invocation,
  { tools, adapter, signal, memory, asked = readInvocation(invocation, tools.commands) }: PerformDeps,
): AsyncGenerator<Reply, void, undefined> {
  const { user, address, attachments } = invocation;
  const { command, language } = asked;
  if (!command) throw unknownCommand(invocation.command, tools.commands);
  allow(command, user);
  if ("failure" in asked) throw asked.failure;
  const { args } = asked;
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

/** An invocation, its line or form read once for all who need it: the command, the answer's language, memory. */
export type AskedCommand = { language: Language } & (
  | { command: undefined }
  | { command: Command; failure: unknown }
  | { command: Command; args: Record<string, unknown>; question: string }
);

/** Throws nothing: what cannot be read is thrown by perform(), in the language that is known by then. */
export function readInvocation(invocation: Invocation, commands: readonly Command[]): AskedCommand {
  const { input } = invocation;
  const command = findCommand(invocation.command, commands);
  const typed = "text" in input ? input.text : String((command?.prose && input.options[command.prose]) ?? "");
  if (!command) return { command, language: languageFor(typed, invocation) };
  try {
    // Where nothing was typed, words stand in for it, in the language that is then known without any.
    const args = readInput(invocation, command, languageFor("", invocation, command));
    const words = command.prose && args[command.prose];
    const question = typeof words === "string" ? words : "";
    // Where a person speaks, options are no words of theirs: "--vote A" is not English.
    const spoken = command.isSpoken && command.prose && typed.includes("--") ? question : typed;
    return { command, args, question, language: languageFor(spoken, invocation, command) };
  } catch (failure) {
    // What cannot be read is answered with how it is typed, in the language of all of it.
    return { command, failure, language: languageFor(typed, invocation, command) };
  }
}

/** The language that the person speaks here; where their words do not tell, that of their platform. */
function languageFor(words: string, { user, context }: Invocation, command?: Command): Language {
  const isSpoken = command?.isSpoken ?? false;
  // Who only pointed at a message asks in its language.
  const language = languageOf(words) ?? (isSpoken ? languageOf(context.at(-1)?.text ?? "") : undefined);
  return language && (isSpoken || LANGUAGES[language].isDistinctive) ? language : languageOfLocale(user.locale);
}

async function download(attachment: Attachment, adapter: Pick<Adapter, "download">, signal: AbortSignal) {
  if (adapter.download) return adapter.download(attachment, signal);
  throw new BotError("unreadable", {
    en: "Files cannot be sent along here.",
    "zh-TW": "這裡無法附加檔案。",
  });
}

function unknownCommand(name: string, commands: readonly Command[]): BotError {
  const near = nearest(
    name,
    commands.flatMap((command) => namesOf(command.name, command)),
  );
  const typed = clip(name, LONGEST_ECHO);
  return new BotError("usage", {
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
