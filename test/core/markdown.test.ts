// What is code, a heading, a table in a text: as CommonMark reads it, at any length, and where models write it differently.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmTableFromMarkdown } from "mdast-util-gfm-table";
import { gfmTable } from "micromark-extension-gfm-table";
import {
  codeBlocks,
  codeIn,
  codeSpans,
  fenceAfter,
  fenced,
  findTables,
  headingsOf,
  plainWords,
  withClosedBlocks,
  withoutBlocks,
} from "../../src/core/markdown.ts";
import { plainOf } from "../../src/core/markdown-inline.ts";

interface Node {
  type: string;
  value?: string;
  depth?: number;
  children?: Node[];
  position?: { start: { offset?: number }; end: { offset?: number } };
}

/** The nodes of a kind as the reference parser finds them. */
function nodesOf(text: string, type: string): Node[] {
  const tree = fromMarkdown(text, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] });
  const walk = (node: Node): Node[] => [...(node.type === type ? [node] : []), ...(node.children ?? []).flatMap(walk)];
  return walk(tree as Node);
}

const inner = fc.constantFrom(
  "a = 1",
  "",
  "# no heading",
  "``",
  "`x`",
  "  b",
  "```",
  "~~~",
  "````",
  "> q",
  "- i",
  "| a | b |",
);
const mark = fc.constantFrom("```", "~~~", "````", "~~~~~");
const info = fc.constantFrom("", "js", " ts {1}", "c`d");
const block = fc.record({
  mark,
  info,
  lines: fc.array(inner, { maxLength: 4 }),
  longer: fc.constantFrom("", "`", "~", " "),
  blanks: fc.integer({ min: 0, max: 3 }).map((count) => " ".repeat(count)),
  isClosed: fc.boolean(),
});
const container = fc.constantFrom<readonly [first: string, others: string]>(
  ["", ""],
  ["> ", "> "],
  [">", ">"],
  ["- ", "  "],
  ["12. ", "    "],
  ["> - ", ">   "],
  ["- > ", "  > "],
  ["> > ", "> > "],
);

/** A block of code in a quote or a list item, with words behind it. */
const passage = fc.tuple(container, block).map(([[first, others], { mark, info, lines, longer, blanks, isClosed }]) => {
  const isItem = first !== others;
  const indent = isItem ? "" : blanks;
  const inside = [`${indent}${mark}${info}`, ...lines, ...(isClosed ? [`${indent}${mark}${longer}`] : [])];
  return `${inside.map((line, i) => (i === 0 ? first : others) + line).join("\n")}\n\nwords\n\n`;
});

describe("code blocks", () => {
  test("are those of the reference parser, in quotes and list items too", () => {
    fc.assert(
      fc.property(fc.array(passage, { minLength: 1, maxLength: 3 }), (passages) => {
        const text = passages.join("");
        const theirs = nodesOf(text, "code").map(({ position }) => position?.start.offset);
        // A block ends with its list item there, and goes on here.
        fc.pre(theirs.length === 0 || !/^(?:> )?(?:-|12\.|- >) /m.test(text) || passages.every(isWhole));
        expect(codeBlocks(text).map(({ start }) => text.slice(start).search(/`{3}|~{3}/) + start)).toEqual(theirs);
      }),
      { numRuns: 400 },
    );
  });

  test.each([
    ["a fence of tildes", "~~~\na\n```\n~~~\nb", ["~~~\na\n```\n~~~"]],
    ["a longer fence ends with one as long", "````md\n```\na\n```\n````\nb", ["````md\n```\na\n```\n````"]],
    ["a fence with words behind it ends nothing", "```\na\n``` b\n```\nc", ["```\na\n``` b\n```"]],
    ["ticks on one line are no block", "```a```\nb", []],
    ["a quote ends its block", "> ```\n> a\nb\n```\nc", ["> ```\n> a", "```\nc"]],
    ["a block in a list item, on its first line", "- ```js\n  a\n  ```\nb", ["- ```js\n  a\n  ```"]],
    ["lines of an item's block that stand too far left", "1. Do:\n   ```sh\nrun\n   ```\nb", ["   ```sh\nrun\n   ```"]],
    [
      "a fence deeper than its own is code",
      "```md\n- a\n    ```js\n    ```\n```\nb",
      ["```md\n- a\n    ```js\n    ```\n```"],
    ],
    ["lines that end as Windows writes them", "```js\r\na\r\n```\r\nb", ["```js\r\na\r\n```\r"]],
    ["a block that nothing ends", "a\n```\nb\n", ["```\nb\n"]],
  ])("%s", (_, text, blocks) => {
    expect(codeBlocks(text).map(({ start, end }) => text.slice(start, end))).toEqual(blocks);
  });

  test("know the lines between the fences", () => {
    const text = "a\n\n```js\nb\n\nc\n```\nd";
    const [found] = codeBlocks(text);
    expect([text.slice(found!.code.start, found!.code.end), found!.fence, found!.isClosed]).toEqual([
      "b\n\nc",
      { mark: "```", info: "js", prefix: "" },
      true,
    ]);
    expect(withoutBlocks(text)).toBe("a\n\n\nd");
  });

  test("are closed where nothing closes them", () => {
    expect(withClosedBlocks("- ````js\n  a")).toBe("- ````js\n  a\n  ````");
    expect(withClosedBlocks("> ~~~\n> a\nb\n```")).toBe("> ~~~\n> a\n> ~~~\nb\n```\n```");
    expect(withClosedBlocks("```\na\n```\nb")).toBe("```\na\n```\nb");
  });

  test("of any code end where they are meant to", () => {
    fc.assert(
      fc.property(
        fc.array(inner).map((lines) => lines.join("\n")),
        (code) => {
          const text = `${fenced(code, "md")}\nb`;
          expect(codeBlocks(text)).toMatchObject([{ end: text.length - 2, isClosed: true }]);
        },
      ),
    );
  });
});

describe("code inside lines", () => {
  test("is that of the reference parser", () => {
    const part = fc.constantFrom("a", "`", "``", "```", "\\", " ", "b ");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
        const text = `x ${parts.join("")} x`;
        const theirs = nodesOf(text, "inlineCode").map(({ position }) => [
          position?.start.offset,
          position?.end.offset,
        ]);
        expect(codeSpans(text).map(({ start, end }) => [start, end])).toEqual(theirs);
      }),
      { numRuns: 1000 },
    );
  });

  test("ends on its line and stands in no block", () => {
    const text = "a `b\n`c` `d\n```\n`e`\n```\n> `f`";
    expect(codeSpans(text).map(({ start, end }) => text.slice(start, end))).toEqual(["`c`", "`f`"]);
    expect(codeIn(text)).toHaveLength(3);
  });
});

describe("headings", () => {
  test("are those of the reference parser", () => {
    const line = fc.constantFrom(
      "# One",
      "## *Two* ##",
      "#no",
      "Under",
      "===",
      "---",
      "",
      "words",
      "   ### Three #",
      "####",
      "```",
      "- item",
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        // A paragraph of several lines above an underline is read by its last line here.
        const text = lines
          .flatMap((each) => [each, ...(/^[=-]/.test(each) ? [] : [""])])
          .join("\n")
          .replace(/(Under)\n\n(?=[=-])/g, "$1\n");
        const theirs = nodesOf(text, "heading").filter(({ position }) =>
          /[a-z]/i.test(text.slice(position?.start.offset, position?.end.offset)),
        );
        expect(headingsOf(text).map(({ level }) => level)).toEqual(theirs.map(({ depth }) => depth));
      }),
      { numRuns: 300 },
    );
  });

  test("hold words alone", () => {
    const text = "# The `__init__` **method** of [a \\*class\\*](https://x.y/z_(1)) {#init}\nlate__bound__name\n===";
    expect(headingsOf(text)).toEqual([
      { level: 1, text: "The __init__ method of a *class*", start: 0 },
      { level: 1, text: "late__bound__name", start: text.indexOf("late") },
    ]);
  });
});

describe("tables", () => {
  test("have the cells that the reference parser finds", () => {
    const cell = fc.constantFrom("a", "**b**", "`c`", "1 \\| 2", "", "中");
    const row = fc.array(cell, { minLength: 2, maxLength: 3 });
    fc.assert(
      fc.property(row, fc.array(row, { minLength: 1, maxLength: 3 }), (head, rows) => {
        const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
        const text = [line(head), line(head.map(() => ":-:")), ...rows.map(line)].join("\n");
        const [found] = findTables(text);
        const theirs = nodesOf(text, "tableRow").map(({ children }) =>
          children!.slice(0, head.length).map(({ position }) =>
            text
              .slice(position!.start.offset, position!.end.offset)
              .replace(/^\||\|$/g, "")
              .trim()
              .replaceAll("\\|", "|"),
          ),
        );
        const ours = found?.type === "table" ? [found.table.columns, ...found.table.rows] : [];
        expect(ours.map((cells) => cells.filter(Boolean))).toEqual(theirs.map((cells) => cells.filter(Boolean)));
      }),
    );
  });

  test("end where a code block begins, and code is none", () => {
    const text = "| a |\n| - |\n| b |\n```|\n| c |\n| - |\n```";
    expect(findTables(text)).toEqual([
      { type: "table", table: { columns: ["a"], rows: [["b"]] } },
      { type: "prose", markdown: "```|\n| c |\n| - |\n```" },
    ]);
  });
});

test.each([
  ["**a *b* c** `*d*`", "a b c *d*"],
  ["[**a** [1]](https://x.y/b_(c)) ![d](e)", "a [1] d"],
  ["[![a](b)](c)", "a"],
  ["2 * 3 * 4 and snake_case_name and a\\_b", "2 * 3 * 4 and snake_case_name and a_b"],
  ["a<br/>b ~~c~~ _d_ __e__", "a\nb c d e"],
])("the words of %s", (markdown, words) => {
  expect(plainOf(markdown)).toBe(words);
});

test("the time grows with the length alone: these would take minutes", () => {
  const length = 100_000;
  const units = [
    "`",
    "a`",
    "\\`",
    "` ``",
    "[",
    "![[",
    "[a](",
    "*",
    "**a ",
    "*a ",
    "_a ",
    "__a ",
    ">",
    "> ",
    "- ",
    "1. ",
    "|",
    "# ",
    "#",
    " ",
    "\t",
    "<br ",
    "~~~",
    "```\n",
    "> ```\n",
    "- ",
    "a\n-\n",
    "|a|\n",
    "\\",
  ];
  for (const unit of units)
    for (const text of [
      unit.repeat(length / unit.length),
      `# a${unit.repeat(length / unit.length)}b`,
      `|a|\n-${unit.repeat(length / unit.length)}x`,
    ]) {
      codeIn(text);
      headingsOf(text);
      findTables(text);
      plainWords(text);
      fenceAfter(text);
      withClosedBlocks(text);
    }
});

function isWhole(passage: string): boolean {
  return codeBlocks(passage).every(({ isClosed }) => isClosed);
}
