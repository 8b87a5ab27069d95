// How each platform writes the commands in Heed's own sentences.

import { describe, expect, test } from "@jest/globals";
import { notation as discord } from "../../adapters/discord/notation.ts";
import { notation as slack, TAKEN } from "../../adapters/slack/notation.ts";
import { notation as terminal } from "../../adapters/terminal/notation.ts";
import { manifestOf } from "../../adapters/slack/install/manifest.ts";
import { readTyped } from "../../adapters/kit/read-typed.ts";
import { commands } from "../../src/commands/index.ts";
import { shortUsageOf, usageOf } from "../../src/core/arguments.ts";
import { writerFor } from "../../src/core/notation.ts";

const FORM = { options: {} };
const LINE = { text: "" };
const sentences = commands.flatMap((command) => [...command.examples, usageOf(command), shortUsageOf(command)]);

test.each([
  ["Type `/ask why? --plain`.", "Type `/ask question:why? plain:True`."],
  ["`/kb add ./a b.pdf`", "`/kb add target:./a b.pdf`"],
  ["`/kb list`, then `/kb show ID`", "`/kb list`, then `/kb show target:ID`"],
  ["`/models test`", "`/models action:test`"],
  ['`/models --for "cheap, local"`', "`/models for:cheap, local`"],
  ["`/ask question [--model …] [--plain]`", "`/ask question: [model:] [plain:]`"],
  [
    "`/kb add|list|show|remove|search|keep|questions|answered|status [target]`",
    "`/kb add|list|show|remove|search|keep|questions|answered|status [target:]`",
  ],
  ["without `--plain`, with `--vote A`", "without `plain`, with `vote:A`"],
  ["`npm start` and `/etc/hosts` and /ask", "`npm start` and `/etc/hosts` and /ask"],
])("in a form of Discord's, %s", (sentence, expected) => {
  const write = writerFor(discord, commands, FORM);
  expect(write(sentence)).toBe(expected);
  // Who typed a line is told how lines are typed.
  expect(writerFor(discord, commands, LINE)(sentence)).toBe(sentence);
});

test("no example that Discord's people read has dashes, and no word of it is lost", () => {
  const write = writerFor(discord, commands, FORM);
  for (const sentence of sentences) expect(write(`\`${sentence}\``)).not.toMatch(/--/);
  for (const sentence of commands.flatMap(({ examples }) => examples)) {
    const written = write(`\`${sentence}\``);
    for (const word of sentence.match(/[\p{L}\p{N}]+/gu) ?? []) expect(written).toContain(word);
  }
});

describe("in Slack", () => {
  const write = writerFor(slack, commands, LINE);
  const registered = new Set(
    (manifestOf(commands)["features"] as unknown as { slash_commands: { command: string }[] }).slash_commands.map(
      ({ command }) => command,
    ),
  );

  test("every command in a sentence begins with a slash command that Slack lets Heed have", () => {
    for (const sentence of sentences) {
      const [, first = ""] = /^`(\/[^\s`]+)/.exec(write(`\`${sentence}\``)) ?? [];
      expect([sentence, registered.has(first)]).toEqual([sentence, true]);
    }
    expect(write("Type `/feedback good`.")).toBe("Type `/heed feedback good`.");
    expect([...TAKEN].filter((name) => registered.has(`/${name}`))).toEqual([]);
  });

  test("and runs the command that it names, as it is written", () => {
    for (const { name, examples } of commands)
      for (const example of examples)
        expect(readTyped(write(`\`${example}\``).slice(1, -1), commands)).toMatchObject({ command: name });
  });
});

test("at a prompt they are as they are typed", () => {
  const write = writerFor(terminal, commands, LINE);
  for (const sentence of sentences) expect(write(`\`${sentence}\``)).toBe(`\`${sentence}\``);
});

test.each([
  ["slack", slack, /says `@heed kb add`.*slash command/, /direct message/],
  ["discord", discord, /options `file` to `file-5`/, /mentioning me/],
  ["the terminal", terminal, /a file, a folder or an address/, /Anything else is a question/],
])("%s says how files come along, and how to ask", (_, { guidance }, filing, asking) => {
  expect(guidance.filing.en).toMatch(filing);
  expect(guidance.asking.en).toMatch(asking);
  for (const phrase of [guidance.filing, guidance.asking]) expect(phrase["zh-TW"]).toMatch(/\p{Script=Han}/u);
});
