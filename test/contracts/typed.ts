// What a typed line means: one table, which every platform runs through each of its ways in.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { promptsOf } from "../../adapters/slack/receive/agent.ts";
import { readArgs } from "../../src/core/read-args.ts";
import { commands } from "../../src/commands/index.ts";
import { BotError } from "../../src/core/errors.ts";
import type { Invocation } from "../../src/core/invocation.ts";
import { findCommand } from "../../src/core/names.ts";

/** A line, and what is run for it: a command with its arguments, a command whose use is explained, or no command. */
type Row = readonly [line: string, means: string];

const ask = (question: string) => `ask ${JSON.stringify({ question })}`;
const asIs = (line: string): Row => [line, ask(line)];

export const TYPED: readonly Row[] = [
  // A bare name, alone.
  ["help", "help {}"],
  ["HELP", "help {}"],
  ["ｈｅｌｐ", "help {}"],
  ["help!", "help {}"],
  ["help?", "help {}"],
  ["help 🙏", "help {}"],
  ["help\u200B", "help {}"],
  ["  help  ", "help {}"],
  ["models", "models {}"],
  ["forget.", "forget {}"],
  ["說明", "help {}"],
  ["說明！", "help {}"],
  ["模型", "models {}"],
  ["explain-attention", "explain-attention {}"],
  ["ask", "ask: usage"],
  // Words that begin with a name, and are none of its arguments.
  ...["forget it", "help me understand LoRA", "models differ how?", "kb what is in it?", "kb and RAG differ how?"].map(
    asIs,
  ),
  ...["compare LoRA and QLoRA", "explain attention to me", "feedback on my essay", "help, please", "kb 5"].map(asIs),
  ...["kb questions about LoRA?", "說明一下 LoRA", "比較 LoRA 和 QLoRA", "模型有哪些？", "ask's plural"].map(asIs),
  ...["how does kb list work?", "please help", "3 models", "42", "> kb remove doc-1"].map(asIs),
  ['"help"', ask("help")],
  ["```\n/help\n```", ask("```\n/help\n```")],
  // A required choice, or a value as the whole rest.
  ["kb list", 'kb {"action":"list"}'],
  ["KB　LIST", 'kb {"action":"list"}'],
  ["kb list!", 'kb {"action":"list"}'],
  ["kb\nlist", 'kb {"action":"list"}'],
  ["kb search remote work", 'kb {"action":"search","target":"remote work"}'],
  ["知識庫 列出", 'kb {"action":"list"}'],
  ["知識庫 搜尋 遠端工作", 'kb {"action":"search","target":"遠端工作"}'],
  ["models test", 'models {"action":"test"}'],
  ["models test?", 'models {"action":"test"}'],
  ["模型 測試", 'models {"action":"test"}'],
  ["feedback good", 'feedback {"verdict":"good"}'],
  ["feedback bad!", 'feedback {"verdict":"bad"}'],
  ["help compare", 'help {"command":"compare"}'],
  ["help /compare", 'help {"command":"compare"}'],
  ["說明 知識庫", 'help {"command":"kb"}'],
  // A slip in it is told, not asked.
  ["kb lsit", "kb: usage"],
  ["models tset", "models: usage"],
  // An option of its own.
  ["models --bogus", "models: usage"],
  ["compare LoRA and QLoRA --models a,b", 'compare {"prompt":"LoRA and QLoRA","models":"a,b"}'],
  ["compare —models a,b LoRA", 'compare {"prompt":"LoRA","models":"a,b"}'],
  ["compare 注意力 --模型 a,b", 'compare {"prompt":"注意力","models":"a,b"}'],
  ["kb --help", 'help {"command":"kb"}'],
  ["--help", "help {}"],
  // A name that is no word of a sentence, and a prose that is required.
  ["explain-attention The cat sat", 'explain-attention {"text":"The cat sat"}'],
  ["Explain-Attention: The cat sat", 'explain-attention {"text":"The cat sat"}'],
  ["ask what is LoRA", ask("what is LoRA")],
  ["ask: what is LoRA", ask("what is LoRA")],
  ['ask "what is LoRA"', ask("what is LoRA")],
  ["提問 什麼是 LoRA", ask("什麼是 LoRA")],
  ["提問：什麼是 LoRA", ask("什麼是 LoRA")],
  // A slash.
  ["/kb list", 'kb {"action":"list"}'],
  ["／kb　list", 'kb {"action":"list"}'],
  ["`/kb list`", 'kb {"action":"list"}'],
  ["*kb list*", 'kb {"action":"list"}'],
  ["**/help**", "help {}"],
  ["_help_", "help {}"],
  ["*what is LoRA*", ask("*what is LoRA*")],
  ["* kb list", ask("* kb list")],
  ["/KB list", 'kb {"action":"list"}'],
  ["/ help", "help {}"],
  ["/help!", "help {}"],
  ["/", "help {}"],
  ["／", "help {}"],
  ["/?", "help {}"],
  ["/說明", "help {}"],
  ["／知識庫 列出", 'kb {"action":"list"}'],
  ["/compare LoRA and QLoRA", 'compare {"prompt":"LoRA and QLoRA"}'],
  ["/kb what is in it?", "kb: usage"],
  ["/hlep", "no /hlep"],
  ["/hlep me", "no /hlep"],
  ["/weather", "no /weather"],
  ["/heed kb list", 'kb {"action":"list"}'],
  ["/heed what is LoRA?", ask("what is LoRA?")],
  ["/heed", "help {}"],
  ...["/etc/hosts is what?", "/tmp is full, and now?", "//example.com", "/ how?"].map(asIs),
  // Options that a question is about.
  ...["what does --help do there?", "how do I use git rebase --onto"].map(asIs),
  ["what is LoRA? --modle x", "ask: usage"],
];

/** Lines whose answer is for the asker alone, and what else they mean. */
const PRIVATE: readonly Row[] = [
  ["--private what is LoRA", ask("what is LoRA")],
  ["what is LoRA --private", ask("what is LoRA")],
  ["—private what is LoRA", ask("what is LoRA")],
  ["ask --private what is LoRA", ask("what is LoRA")],
  ["/ask --plain --private what is LoRA", 'ask {"question":"what is LoRA","plain":true}'],
  ["--private kb list", 'kb {"action":"list"}'],
  ["kb list --private", 'kb {"action":"list"}'],
];

export const EXAMPLES: readonly string[] = [
  ...commands.flatMap(({ examples }) => examples),
  ...(["en", "zh-TW"] as const).flatMap((language) => promptsOf(commands, language).map(({ message }) => message)),
].flatMap((example) => [example, example.replace(/^\//, "")]);

/** One way to type to Heed: a mention, a direct message, a prompt. */
export interface TypedWay {
  /** Whether others read the answer, so that it can be kept from them. */
  isShared: boolean;
  /** Whether a line may be a question by itself: a way of one line takes no other. */
  takesLines?: boolean;
  type(line: string): Promise<Invocation>;
}

export interface TypedRig {
  ways: Readonly<Record<string, TypedWay>>;
  close(): Promise<void>;
}

export function describeTyped(ways: readonly string[], open: () => Promise<TypedRig>): void {
  let rig: TypedRig;
  beforeAll(async () => {
    rig = await open();
  });
  afterAll(() => rig.close());
  const read = async (name: string, rows: readonly Row[]) => {
    const way = rig.ways[name]!;
    const typed: [line: string, invocation: Invocation][] = [];
    for (const [line] of rows)
      if (way.takesLines !== false || !line.includes("\n")) typed.push([line, await way.type(line)]);
    return typed;
  };

  test.each(ways)("%s: a line is a command or a question as everywhere", async (name) => {
    const typed = await read(name, TYPED);
    const expected = new Map(TYPED);
    expect(typed.map(([line, invocation]) => [line, meaningOf(invocation)])).toEqual(
      typed.map(([line]) => [line, expected.get(line)]),
    );
  });

  test.each(ways)("%s: every example of help and every suggested prompt runs its command", async (name) => {
    const rows = EXAMPLES.map((example): Row => [example, commandOf(example)]);
    const typed = await read(name, rows);
    expect(typed.map(([line, invocation]) => [line, meaningOf(invocation).replace(/^([\w-]+) .*/, "$1")])).toEqual(
      rows,
    );
  });

  test.each(ways)(
    "%s: --private is an option of every line, and said to be needless where nobody else reads",
    async (name) => {
      const typed = await read(name, PRIVATE);
      expect(typed.map(([line, invocation]) => [line, meaningOf(invocation)])).toEqual(PRIVATE);
      const kept = typed.map(([, { address, remarks = [] }]) => ({
        isPrivate: (address.data as { isPrivate?: boolean }).isPrivate ?? false,
        remarks: remarks.length,
      }));
      const { isShared } = rig.ways[name]!;
      expect(kept).toEqual(PRIVATE.map(() => ({ isPrivate: isShared, remarks: isShared ? 0 : 1 })));
    },
  );
}

/** The arguments that the command is run with, or the code of what is wrong with them. */
export function meaningOf({ command: name, input }: Pick<Invocation, "command" | "input">): string {
  const command = findCommand(name, commands);
  if (!command) return `no /${name}`;
  try {
    return `${command.name} ${JSON.stringify(readArgs(command, input))}`;
  } catch (error) {
    if (!(error instanceof BotError)) throw error;
    return `${command.name}: ${error.code}`;
  }
}

function commandOf(example: string): string {
  return commands.find(({ examples }) => examples.some((one) => one.replace(/^\//, "") === example.replace(/^\//, "")))!
    .name;
}
