// Markdown is kept as it is; what is told from it are its title and its headings.

import { describe, expect, test } from "@jest/globals";
import { markdown } from "../../../src/knowledge/formats/markdown.ts";
import { contextOf, expectOffsets, holdFormat } from "../../contracts/format.ts";
import { latin1, utf8 } from "./documents.ts";

const MANUAL = "# 員工手冊\n\n實習生每週可遠端工作三日。\n\n請假\n----\n\n滿一年有七天特休。\n";
const read = (text: string) => markdown.read(utf8(text), contextOf());
const headings = async (text: string) => (await read(text)).headings.map(({ level, text: words }) => [level, words]);

holdFormat(markdown, () => ({
  chinese: { bytes: utf8(MANUAL), words: ["實習生每週可遠端工作三日。"], headings: ["員工手冊", "請假"] },
  extras: ["headings", "title"],
  refused: { binary: { bytes: latin1("# a\u0000\u0001\u0002"), reason: /binary: These bytes are no text/ } },
}));

describe("markdown", () => {
  test("keeps the text as written", async () => {
    expect((await read(MANUAL)).text).toBe(MANUAL);
    expect((await read("a\r\nb\r\n")).text).toBe("a\nb\n");
  });

  test("takes front matter off, and the title from it", async () => {
    const reading = await read('---\ntitle: "手冊：第二版"\ntags: [a]\n---\n\n# 別的\n\n內容\n');
    expect(reading).toMatchObject({ title: "手冊：第二版", text: "# 別的\n\n內容\n" });
    expect(await read("+++\ntitle = 'Guide'\n+++\nText\n")).toMatchObject({ title: "Guide", text: "Text\n" });
    expect((await read("---\n\nA rule, not front matter.\n")).text).toBe("---\n\nA rule, not front matter.\n");
  });

  test("a line longer than any heading is text, and looked at once", async () => {
    // Looked at from every place of the line, so many would take hours, and the test would not end in time.
    expect(
      await headings(`# a${" ".repeat(1_000_000)}a\n\n${"=".repeat(5)}\n# ${"# ".repeat(500_000)}a\n\n# Real\n`),
    ).toEqual([[1, "Real"]]);
    expect(await headings(`${"a ".repeat(1000)}\n===\n\n## Real\n`)).toEqual([[2, "Real"]]);
  });

  test("takes the first heading of the first level for the title", async () => {
    expect((await read("## Two\n\n# `One` and *more*\n")).title).toBe("One and more");
    expect(await read("no heading")).not.toHaveProperty("title");
  });

  test("knows a heading from code, rules, tables and list items", async () => {
    const text =
      "```sh\n# no\n```\n~~~\n```\n# no\n~~~\n#no\n\n- item\n---\n\n| a |\n---\n\n## Yes ##\n\n    # no\n\nAlso\n===\n";
    expect(await headings(text)).toEqual([
      [2, "Yes"],
      [1, "Also"],
    ]);
  });

  test("reads marks in a heading as words", async () => {
    const reading = await read("# The [link](https://a.b) `code_x` **bold** C# {#id}\n");
    expect(reading.headings).toEqual([{ level: 1, text: "The link code_x bold C#", start: 0 }]);
  });

  test("points at the line of each heading", async () => {
    const reading = await read("前言\n\n# 一\n\n二\n==\n\n### 三\n");
    expectOffsets({ ...reading, headings: reading.headings });
    expect(reading.headings.map(({ start }) => reading.text.slice(start).split("\n")[0])).toEqual([
      "# 一",
      "二",
      "### 三",
    ]);
  });
});
