// Markdown as Slack shows it: nothing literal left over, nothing that pings.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { findTables } from "../../../src/core/markdown.ts";
import { toMrkdwn } from "../../../adapters/slack/render/mrkdwn.ts";

const Z = "\u200B";

describe("toMrkdwn", () => {
  test.each([
    ["**bold** word", "*bold* word"],
    ["這是**粗體**，對吧", `這是${Z}*粗體*${Z}，對吧`],
    ["**「重點」**是這個", `*「重點」*${Z}是這個`],
    ["***both***", "*_both_*"],
    ["*italic* and _italic_", "_italic_ and _italic_"],
    ["~~gone~~", "~gone~"],
    ["2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"],
    ["# Title **x**", "*Title x*"],
    ["[label](https://a.example/x?a=1&b=2)", "<https://a.example/x?a=1&amp;b=2|label>"],
    ["see https://a.example/x.", "see <https://a.example/x>."],
    ["請看https://a.example/頁。好", "請看<https://a.example/頁>。好"],
    ["[x](javascript:alert(1))", "x"],
    ["a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"],
    ["`a` and `bc`, `d`", "`a` and `bc`​, `d`".replace("\u200B", Z)],
    ["`a **b** <c>`", "`a **b** &lt;c&gt;`"],
    ["> quoted **x**", "> quoted *x*"],
    ["- [ ] open\n- [x] done", "☐ open\n☑ done"],
    ["\\*not bold\\*", `*${Z}not bold*${Z}`],
    ["很*重要*的事，2*3*4", `很${Z}_重要_${Z}的事，2*3*4`],
    ["&lt;b&gt; &amp;amp; &quot;x&quot;", '&lt;b&gt; &amp;amp; "x"'],
    ["one\\\ntwo", "one\ntwo"],
    ["一**二**三", `一${Z}*二*${Z}三`],
  ])("%s", (markdown, mrkdwn) => {
    expect(toMrkdwn(markdown)).toBe(mrkdwn);
  });

  test("lists keep their depth, however they are indented", () => {
    expect(toMrkdwn("- a\n    - b\n        - c\n- d\n1. e\n   - f")).toBe(
      "• a\n    ◦ b\n        ▪ c\n• d\n1. e\n    ◦ f",
    );
  });

  test("code blocks stay as written, without the language", () => {
    expect(toMrkdwn('```html\n<b>**x**</b> & "y"\n```\n**z**')).toBe(
      '```\n&lt;b&gt;**x**&lt;/b&gt; &amp; "y"\n```\n*z*',
    );
  });

  test("nothing that a model writes pings", () => {
    const piece = fc.constantFrom("<!channel>", "<!here|x>", "<@U123>", "<#C1>", "@channel", "@here", "<!subteam^S1>");
    const around = fc.constantFrom(
      "",
      "**",
      "`",
      "[",
      "](https://x.example)",
      "<",
      ">",
      " ",
      "\n```\n",
      "|",
      "@",
      "!",
      "_",
    );
    const text = fc.array(fc.oneof(piece, around), { maxLength: 30 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (text) => {
        const shown = toMrkdwn(text);
        expect(shown).not.toMatch(/<[@!#]/);
        expect(shown).not.toMatch(/@(?:channel|here|everyone)\b/i);
        expect(shown.replace(/<(?:https?:|mailto:)[^<>]*>/g, "")).not.toMatch(/[<>](?<!^(?:> )*>)(?<!\n(?:> )*>)/);
      }),
    );
  });
});

describe("code blocks in toMrkdwn", () => {
  test.each([
    ["on an item's first line", "- ```js\n  a*b*c\n  ```\n- **d**", "• ```\n  a*b*c\n```\n• *d*"],
    ["in a quote", "> ~~~py\n> a*b*c\n> > d\n\n**e**", "> ```\n> a*b*c\n> &gt; d\n> ```\n\n*e*"],
    ["of tildes around ticks", "~~~\n```\n*a*\n~~~\n*b*", `\`\`\`\n\`${Z}\`\`\n*a*\n\`\`\`\n_b_`],
  ])("%s", (_, markdown, mrkdwn) => {
    expect(toMrkdwn(markdown)).toBe(mrkdwn);
  });
});

describe("findTables", () => {
  test("finds a table between paragraphs, and none in code", () => {
    const text = "Before\n\n| a | b |\n|---|:-:|\n| 1 | x \\| y |\n| 2 |\n\nAfter\n```\n| c | d |\n|---|---|\n```";
    expect(findTables(text)).toEqual([
      { type: "prose", markdown: "Before\n" },
      {
        type: "table",
        table: {
          columns: ["a", "b"],
          rows: [
            ["1", "x | y"],
            ["2", ""],
          ],
        },
      },
      { type: "prose", markdown: "\nAfter\n```\n| c | d |\n|---|---|\n```" },
    ]);
  });
});
