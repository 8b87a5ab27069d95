// How answers are laid beside each other: likeness by words, agreement, and what one alone says.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { clipMarkdown } from "../../../src/commands/compare/board.ts";
import { agree, drawAgreement, plainSentences, compareByWords } from "../../../src/commands/compare/reveal.ts";

const words = fc.array(fc.constantFrom("cache", "key", "token", "注意力", "模型", "slow", "memory", "的", "is"), {
  minLength: 1,
  maxLength: 8,
});
const sentence = words.map((list) => `The ${list.join(" ")}.`);

describe("likeness by words", () => {
  test("lies between 0 and 1, is symmetric, and is 1 for the same words", () => {
    fc.assert(
      fc.property(fc.array(sentence, { minLength: 2, maxLength: 6 }), (list) => {
        const compare = compareByWords(list);
        list.forEach((one, i) =>
          list.forEach((other, j) => {
            expect(compare(i, j)).toBeGreaterThanOrEqual(0);
            expect(compare(i, j)).toBeLessThanOrEqual(1);
            expect(compare(i, j)).toBeCloseTo(compare(j, i), 12);
            if (one === other) expect(compare(i, j)).toBeCloseTo(1, 12);
          }),
        );
      }),
    );
  });

  test.each([
    ["The cache stores keys and values.", "Keys and values are stored in the cache.", "The moon is far away."],
    ["模型會把先前的鍵與值存起來。", "先前的鍵和值會被模型存起來。", "今天天氣很好。"],
  ])("%s is more like its paraphrase than like something else", (one, paraphrase, other) => {
    const compare = compareByWords([one, paraphrase, other]);
    expect(compare(0, 1)).toBeGreaterThan(0.4);
    expect(compare(0, 2)).toBeLessThan(0.2);
  });
});

describe("agree", () => {
  test("is symmetric, 1 on the diagonal, and 1 for the same answer in another order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(sentence, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 4 }),
        (texts) => {
          const answers = [...texts.map((list) => list.join(" ")), texts[0]!.toReversed().join(" ")];
          const { matrix } = agree(answers);
          matrix.forEach((row, i) => {
            expect(row[i]).toBe(1);
            row.forEach((value, j) => expect(value).toBeCloseTo(matrix[j]![i]!, 12));
          });
          expect(matrix[0]!.at(-1)).toBeCloseTo(1, 9);
        },
      ),
    );
  });

  test("a short answer does not agree with every long one that holds it", () => {
    const short = "The cache keeps keys.";
    const long = "The cache keeps keys. Bananas are yellow. Rivers run to the sea. Stars shine at night.";
    const { matrix } = agree([short, long]);
    expect(matrix[0]![1]).toBeGreaterThan(0.2);
    expect(matrix[0]![1]).toBeLessThan(0.6);
  });

  test("names what only one says, and no heading or courtesy", () => {
    const { alone } = agree([
      "The cache keeps keys and values. It saves time.",
      "Keys and values are kept in the cache. That saves time.",
      "# Answer\nThe cache keeps keys and values, which saves time. The cache is recomputed for every single token!",
    ]);
    expect(alone).toEqual([{ answer: 2, sentence: "The cache is recomputed for every single token!" }]);
  });

  test("empty answers agree with nothing and break nothing", () => {
    expect(agree(["", "Something is said here."]).matrix).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });
});

test("sentences are free of emphasis and code", () => {
  expect(
    plainSentences("1. **First** point [2, 1].\n- Second, v1.5 is out! Third？第四。\n```js\nx();\n```\n> Fifth"),
  ).toEqual(["First point [2, 1].", "Second, v1.5 is out!", "Third？", "第四。", "Fifth"]);
});

test.each([["~~~\nx();\n~~~\nOne."], ["````\n```\nx();\n```\ny();\n````\nOne."], ["- ```\n  x();\n  ```\n- One."]])(
  "code is no sentence: %j",
  (text) => {
    expect(plainSentences(text)).toEqual(["One."]);
  },
);

test.each([
  ["Words.\n~~~js\nlet a = 1;\nlet b = 2;\nlet c = 3;\n~~~", 36, "Words.\n~~~js\nlet a = 1;\nlet b = 2; …\n~~~"],
  ["Words.\n- ````\n  let a;\n  let b;\n  let c;\n  ````", 34, "Words.\n- ````\n  let a;\n  let b; …\n  ````"],
  ["Words.\n```js\nlet a = 1;\n```\nMore words are here.", 34, "Words.\n```js\nlet a = 1;\n```\n…"],
])("an answer that is cut leaves no code open: %j", (text, limit, cut) => {
  expect(clipMarkdown(text, limit)).toBe(cut);
});

test("sentences hold the words of links and names, and no marks", () => {
  expect(
    plainSentences("> 2. See [the *guide*](https://x.y/a.b). Use `snake_case` and a_b_c.\n---\n- ### Next ###"),
  ).toEqual(["See the guide.", "Use snake_case and a_b_c.", "Next"]);
});

test("agreement is drawn in tenths", () => {
  const matrix = [
    [1, 0.71, 0.04],
    [0.71, 1, 0.5],
    [0.04, 0.5, 1],
  ];
  expect(drawAgreement({ matrix, alone: [] }, ["A", "B", "C"])).toBe("  A B C\nA # 7 .\nB 7 # 5\nC . 5 #");
});
