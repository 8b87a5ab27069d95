// What stays of a message when the mention that calls Heed is taken out of it.

import { expect, test } from "@jest/globals";
import { decode, withoutMention } from "../../../adapters/slack/receive/receive.ts";
import { computing } from "../../fakes/wait.ts";

const rest = (text: string, botUser: string) => withoutMention(text, [botUser]).replace(/ +/g, " ");

test.each([
  ["<@U1> hi", "hi"],
  ["  <@U1|heed>： kb list", "kb list"],
  ["hi   <@U1>", "hi"],
  ["<@U2> hi <@U1>, ok", "<@U2> hi , ok"],
  ["<@U2> <@U1> hi", "<@U2> hi"],
  ["x <@U10> <@U1|a>", "x <@U10>"],
])("%s", (text, expected) => {
  expect(rest(text, "U1")).toBe(expected);
});

test("an id is no pattern", () => {
  expect(rest("<@U1> <@U.> hi", "U.")).toBe("<@U1> hi");
  expect(withoutMention("hi", ["("])).toBe("hi");
});

test("a message of white space or of mentions begun and never ended is read at once", () => {
  const used = computing(() => {
    expect(withoutMention(`a${" ".repeat(40_000)}b`, ["U1"])).toHaveLength(40_002);
    expect(withoutMention("<@U1|".repeat(8_000), ["U1"])).toHaveLength(40_000);
  });
  expect(used).toBeLessThan(500);
});

test("Slack's notation is read as a person reads it, and at once where it never ends", () => {
  expect(decode("<@U2|mei> see <#C1|general> &amp; <https://a.example/x|the page> &lt;b&gt; <!here>")).toBe(
    "@mei see #general & the page (https://a.example/x) <b> @here",
  );
  const started = performance.now();
  for (const part of ["<@", "<#a|", "<https:", "<https:a|"]) decode(part.repeat(20_000));
  expect(performance.now() - started).toBeLessThan(1000);
});
