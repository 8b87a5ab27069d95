import { describe, expect, test } from "@jest/globals";
import { commands } from "../../src/commands/index.ts";
import { textOf } from "../../src/core/post.ts";
import { collect } from "../fakes/collect.ts";
import { createTestToolbox, invocation } from "../fakes/toolbox.ts";

const ask = async (line: string) => textOf((await collect(invocation(line), createTestToolbox({}))).post);

describe("/help", () => {
  test("names every command and the models", async () => {
    const { post } = await collect(invocation("/help"), createTestToolbox({}));
    for (const { name, summary } of commands) expect(textOf(post)).toMatch(new RegExp(`\`/${name}\\b.*${summary.en}`));
    expect(post.sections[0]?.notes).toEqual(["Models: test/model"]);
  });

  test.each(["/help kb", "/help /kb", "/help KB"])("%s explains one command, each argument with it", async (line) => {
    const text = await ask(line);
    expect(text).toMatch(/^`\/kb add\|list\|show\|remove\|search[|\w]* \[target\]`\n/);
    expect(text).toMatch(/^- `action`: add, list/m);
    expect(text).toMatch(/`\/kb list`/);
  });

  test("an unknown one is met with the nearest", async () => {
    await expect(ask("/help aks")).rejects.toThrow("I know no command called /aks. Did you mean `/ask`?");
    await expect(ask("/help zzzzzz")).rejects.toThrow("`/help` lists them all.");
  });
});
