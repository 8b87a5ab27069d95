// Which brackets of a text cite a passage, and that every other one is left alone.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { citedBy, marksIn, saysNothing, unknownNumbers, withoutMarks } from "../../src/core/citations.ts";
import { computing } from "../fakes/wait.ts";

const EIGHT = Array.from({ length: 8 }, () => ({ text: "" }));
const cited = (text: string, passages = EIGHT) => citedBy(marksIn(text, passages));
const bare = (text: string, passages = EIGHT) => withoutMarks(text, marksIn(text, passages));

describe("a bracket cites", () => {
  test.each([
    ["Three days a week [1].", "Three days a week."],
    ["Three days a week[1].", "Three days a week."],
    ["Three days a week. [1] Ask HR [2].", "Three days a week. Ask HR."],
    ["Three days a week.[1][3]", "Three days a week."],
    ["Three days [1] [3], or four [2, 5].", "Three days, or four."],
    ["The limit is 30[4] and rising.", "The limit is 30 and rising."],
    ["Yes [1], no [2], and **perhaps** [3]; (see [4]).", "Yes, no, and **perhaps**; (see)."],
    ["According to [1], and as [2] says, it is so.", "According to, and as says, it is so."],
    ["Sources: [1], [2]", "Sources:,"],
    ["It is so **[2]**", "It is so ****"],
    ["“Three days” [1], 'four' [2]", "“Three days”, 'four'"],
    ["It costs $50 [1] and US$60 [2].", "It costs $50 and US$60."],
    ["In Q4[1], C++ [2] on macOS[3].", "In Q4, C++ on macOS."],
    ["Sales rose by 5 % [1], or 3.5 %[2].", "Sales rose by 5 %, or 3.5 %."],
    ["費用增加 5 %[1]，占 12 % [2]。", "費用增加 5 %，占 12 %。"],
    ["| leave | 3 days [1] |", "| leave | 3 days |"],
    ["每週三天【1】。", "每週三天。"],
    ["每週三天［2］，主管同意［3］後生效。", "每週三天，主管同意後生效。"],
    ["每週三天[1、2]。", "每週三天。"],
    ["每週三天[1]，主管的行為[2]。", "每週三天，主管的行為。"],
    ["每週三天。[1][2] 另見[3]。", "每週三天。 另見。"],
    ["出處：[1][2]", "出處："],
    ["Three days [Source 1]. 三天【來源 2】。", "Three days. 三天。"],
    ["Three days [１].", "Three days."],
    ["[1] Three days.\n[2] Backups are kept.", "Three days.\nBackups are kept."],
    ["- [1] Three days.\n- [2][3] Backups.", "- Three days.\n- Backups."],
    ["> Three days.\n>\n> [1]", "> Three days.\n>\n>"],
    ["They become [2, 1, 0] [1].", "They become [2, 1, 0]."],
    ["The vector [0.5, 1.5] is mapped [3].", "The vector [0.5, 1.5] is mapped."],
  ])("%j", (text, expected) => {
    expect(bare(text)).toBe(expected);
    expect(cited(text).length).toBeGreaterThan(0);
  });
});

describe("a bracket is text", () => {
  test.each([
    "We tried ranks [1, 2, 4, 8].",
    "我們試過 [1, 2, 4, 8]。",
    "The layer sizes [2, 4].",
    "The filter is [1, 2, 3, 4]; its mean follows [1, 2].",
    "Raw scores [16, 8, 0] give weights; they become [2, 1, 0].",
    "Raw scores [8, 2] become [2, 1].",
    "They become [1, 2].",
    "They become [2].",
    "After scaling: [1, 2].",
    "x = [1, 2]",
    "x = [1]",
    "The rest is x % [2].",
    "x ∈ [0, 1], y in [1, 2], z ∈ [1, 8]",
    "The vector [1, 2] has length 2.",
    "The interval [1, 2].",
    "[1, 2] is a vector.",
    "[[1, 2], [3, 4]] and [[1], [2]]",
    "The rows are [1, 2], [3, 4].",
    "Add [1, 2] and [3, 4] to get [4, 6].",
    "[1] + [2] = [3]",
    "[1, 2] · [3, 4]",
    "a[1], x[1][2], f(x)[1] and rows_of[2]",
    "list[0] and list[1], then queue[-1] and queue[2].",
    "The second is array[1].",
    "items[1].append(x), items[1]=2, items[1:2]",
    "`[1]` and ``[2]`` and `x` `[3, 4]`",
    "```\na [1]\n```",
    "~~~py\nx [1]\n~~~",
    "> ```\n> a [1]\n> ```",
    "- ```\n  a [1]\n  ```",
    "````\n```\na [1]\n```\nb [1]\n````",
    "```\nnever closed [1]",
    "$x_{[1]}$ and $$\na [1]\n$$ and \\(b [2]\\) and \\[c [3]\\]",
    "[1](https://example.com) and [the docs][1] and [1][docs]",
    "![1](picture.png)",
    "[1]: https://example.com\n[2]: Smith et al.",
    "[^1] and ^[1]",
    "In [2024] and [1999], since [20240101].",
    "\\[1]",
    'The sign "[1]" and 「[2]」',
    "len([1, 2]) and sorted([2])",
    '{"a": [1], "b": [1, 2]}',
    "[0][1], [0], [1]",
    "[01234] [x] [] [1 [1",
    "[1]st",
    "結果是 [1, 2]。",
    "變成 [2]，得到[1]。",
    "向量 [1, 2] 的長度",
    "分數為[1, 2]。",
    "原始分數 [16, 8, 0] 變成 [1, 2]。",
    "區間【0】",
  ])("%j", (text) => {
    expect(marksIn(text, EIGHT)).toEqual([]);
  });

  test("where a number in it is no passage, or there are none", () => {
    expect(cited("Yes [9]. No [1, 9]. Perhaps [9][2].")).toEqual([2]);
    expect(cited("Yes [1].", [])).toEqual([]);
  });

  test("where it came along with the words of another passage", () => {
    const passages = [{ text: "HR answers." }, { text: "Attention was introduced in\n2014 [1], see the paper [2]." }];
    expect(bare("Attention was introduced in 2014 [1], I read [2].", passages)).toBe(
      "Attention was introduced in 2014 [1], I read.",
    );
    expect(cited("Look, see the paper [2].", passages)).toEqual([2]);
    expect(cited("[1] Vaswani et al. wrote it.", [{ text: "a" }, { text: "[1] Vaswani et al., 2017" }])).toEqual([]);
  });
});

test("marks carry their numbers, rising and each once, and say which side they belong to", () => {
  expect(marksIn("Yes [3, 5][3].\n[2] No.", EIGHT)).toEqual([
    { start: 3, end: 10, numbers: [3, 5], leads: false },
    { start: 10, end: 13, numbers: [3], leads: false },
    { start: 15, end: 19, numbers: [2], leads: true },
  ]);
});

test("numbers that name no passage are told, those that a passage writes are its own", () => {
  expect(unknownNumbers("Yes [1][9]. No [12]. Vector [16, 8, 0], x[42], become [77].", EIGHT)).toEqual([9, 12]);
  expect(unknownNumbers("As shown [42].", [{ text: "It was shown [42]." }])).toEqual([]);
});

test.each([
  ["", true],
  [" \n", true],
  ["[1][3]", true],
  ["[1], [3].", true],
  ["Yes [1]", false],
  ["…", false],
  ["👍 [1]", false],
  ["[9]", false],
])("%j says nothing: %s", (text, expected) => {
  expect(saysNothing(text, marksIn(text, EIGHT))).toBe(expected);
});

describe("whatever the text", () => {
  const piece = fc.constantFrom(
    ..."[1] [2, 3] 【4】 [16, 8, 0] a[1] ` ``` $ $$ \\[ ( ) word 字。 . , ： = is 是 \n [ ] | > - 1. ［5］ [9] ** _".split(
      " ",
    ),
    " ",
    "\n",
  );
  const text = fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(""));

  test("marks lie apart, inside it, cite what is there, and cut out nothing but themselves", () => {
    fc.assert(
      fc.property(text, (written) => {
        let at = 0;
        let kept = "";
        for (const { start, end, numbers } of marksIn(written, EIGHT)) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(written.slice(start, end)).toMatch(/^[ \t]*[[［【][^\]］】]+[\]］】][ \t]*$/);
          expect(numbers.every((number) => number >= 1 && number <= 8)).toBe(true);
          kept += written.slice(at, start);
          at = end;
        }
        expect(bare(written)).toBe(kept + written.slice(at));
      }),
    );
  });

  test("without brackets it stays as it is, byte for byte", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (written) => {
        const plain = written.replaceAll(/[[［【]/g, "");
        expect(bare(plain)).toBe(plain);
      }),
    );
  });

  test.each(["[1] ", "[1, 2], ", "`", "```\n", "$a", "[", "a[1]", "\\[", "> ", "[1,1,"])(
    "100,000 units of %j are read in an instant",
    (part) => {
      const long = part.repeat(100_000 / part.length);
      expect(computing(() => marksIn(long, EIGHT))).toBeLessThan(2000);
    },
  );
});
