// Whether words after a command's name are meant for it.

import { expect, test } from "@jest/globals";
import { commands } from "../../src/commands/index.ts";
import { holdsOption } from "../../src/core/arguments.ts";

const compare = commands.find(({ name }) => name === "compare")!;

test.each([
  ["LoRA and QLoRA --models openai,mistral", true],
  ["--kb what is LoRA?", true],
  ["LoRA and QLoRA", false],
  ["git commit --amend and git rebase", false],
  ["pre--open", false],
])("compare %s", (words, expected) => {
  expect(holdsOption(compare, words)).toBe(expected);
});
