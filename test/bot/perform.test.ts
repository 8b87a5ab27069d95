import { describe, expect, test } from "@jest/globals";
import { readInvocation } from "../../src/bot/perform.ts";
import { commands } from "../../src/commands/index.ts";
import { defineCommand } from "../../src/core/command.ts";
import { textOf } from "../../src/core/post.ts";
import { z } from "zod";
import { collect } from "../fakes/collect.ts";
import { createTestToolbox, invocation } from "../fakes/toolbox.ts";

describe("perform", () => {
  test("an unknown command is answered with the nearest one", async () => {
    await expect(collect(invocation("/aks hello"), createTestToolbox({}))).rejects.toThrow(
      /no command called \/aks.*\/ask/,
    );
  });

  test("a command for admins is for admins", async () => {
    const secret = defineCommand({
      name: "secret",
      summary: { en: "s", "zh-TW": "秘" },
      access: "admins",
      audience: "everyone",
      args: z.object({}),
      describe: {},
      examples: [],
      async *run() {
        yield { type: "text", text: "the secret" };
      },
    });
    const tools = { ...createTestToolbox({}), commands: [secret] };
    const user = { id: "u", name: "bob", isAdmin: false, isLocal: false };
    await expect(collect(invocation("/secret", { user }), tools)).rejects.toMatchObject({ code: "forbidden" });
    const { post } = await collect(invocation("/secret"), tools);
    expect(textOf(post)).toBe("the secret");
  });
});

describe("the language of an answer", () => {
  const locale = (locale: string) => ({ user: { id: "u", name: "u", isAdmin: false, isLocal: false, locale } });
  test.each([
    ["/ask what is this?", "zh-TW", "en"],
    ["/ask 這是什麼？", "en-US", "zh-TW"],
    ["/ASK what is this?", "zh-TW", "en"],
    ["/ask What is 注意力?", "en-US", "zh-TW"],
    ["/ask 🎉", "zh-TW", "zh-TW"],
    ["/kb list", "zh-TW", "zh-TW"],
    ["/compare --vote A", "zh-TW", "zh-TW"],
    ["/compare --kb What is this?", "zh-TW", "en"],
    ["/kb search 遠端", "en-US", "zh-TW"],
    ["/help", "zh_Hant", "zh-TW"],
    ["/help", "fr", "en"],
  ])("%s from %s is %s", (line, from, expected) => {
    expect(readInvocation(invocation(line, locale(from)), commands).language).toBe(expected);
  });
});
