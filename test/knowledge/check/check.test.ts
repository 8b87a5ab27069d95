import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { checkAnswer } from "../../../src/knowledge/check/index.ts";
import { valueOf, quantitiesIn } from "../../../src/knowledge/check/numbers.ts";
import { loadTokenizer, type Tokenize } from "../../../src/knowledge/search/tokens.ts";

type Pair = [sentence: string, passage: string, says: string | null];
const pairs = JSON.parse(
  readFileSync(new URL("../../fixtures/citation-pairs.json", import.meta.url), "utf8"),
) as Record<"development" | "heldOut", Pair[]>;

let tokenize: Tokenize;
beforeAll(async () => {
  tokenize = await loadTokenizer();
});
const check = (answer: string, ...passages: string[]) =>
  checkAnswer(
    answer,
    passages.map((text) => ({ text })),
    tokenize,
  );

describe("sentences against what they cite", () => {
  test.each(["development", "heldOut"] as const)("%s pairs: no wrong reproach, and most of the right ones", (set) => {
    const marked = pairs[set].map(([sentence, passage, says]) => ({
      sentence,
      says: says?.toLowerCase(),
      got: check(`${sentence} [1]`, passage)[0]?.says?.toLowerCase(),
    }));
    expect(marked.filter(({ got, says }) => got !== undefined && got !== says)).toEqual([]);
    const due = marked.filter(({ says }) => says !== undefined);
    expect(due.filter(({ got }) => got !== undefined).length / due.length).toBeGreaterThanOrEqual(0.8);
  });

  test("a sentence in its source's own words is carried, and the source's capitals stay", () => {
    const source = "Interns may work remotely up to three days a week after three months at ACME.";
    expect(check(`${source} [1]`, source)).toMatchObject([{ verdict: "carried", cited: [1] }]);
    expect(check("The dormitory costs NT$5,000 a month [1].", "The dormitory costs NT$4,000 a month.")).toMatchObject([
      { verdict: "contradicted", says: "NT$4,000" },
    ]);
  });

  test("a name that no source has is not carried, and no reproach either", () => {
    expect(check("Qdrant keeps the vectors on disk [1].", "The store keeps the vectors on disk.")[0]?.verdict).not.toBe(
      "contradicted",
    );
    expect(check("Photosynthesis happens in chloroplasts [1].", "Cats purr.")).toMatchObject([{ verdict: "unclear" }]);
  });

  test("a number that another passage of the answer has is no contradiction", () => {
    const [five, three] = [
      "HR replies within five working days.",
      "Urgent requests: HR replies within three working days.",
    ];
    expect(check("HR replies within three working days [1].", five, three)[0]?.verdict).not.toBe("contradicted");
  });

  test("only sentences that cite something that is there are looked at, code is passed over", () => {
    expect(check("No citation here. A wrong one [7].", "A text.")).toEqual([]);
    expect(check("```\nwait(3 days) [1]\n```\n", "wait 5 days in code")).toEqual([]);
  });

  test("a citation behind the stop belongs to the sentence before it", () => {
    const answer = "人資三個工作天內回覆。[1] 申請在系統送出。[1]";
    const [first, second] = check(answer, "申請在系統送出。人資五個工作天內回覆。");
    expect(answer.slice(first!.start, first!.end)).toBe("人資三個工作天內回覆。[1]");
    expect([first!.verdict, second!.verdict]).toEqual(["contradicted", "carried"]);
  });

  test("a citation at the head of a line belongs to that line", () => {
    const answer = "[1] HR replies within three working days. It says so.\n[2] Backups are kept 99 days.";
    const checked = check(answer, "HR replies within five working days.", "Backups are kept 30 days.");
    expect(checked.map(({ cited, says }) => [cited, says])).toEqual([
      [[1], "five working days"],
      [[1], undefined],
      [[2], "30 days"],
    ]);
    expect(answer.slice(checked[0]!.start, checked[0]!.end)).toMatch(/^\[1\] HR .* days\.$/);
  });

  test("numbers in brackets that cite nothing are part of what is said", () => {
    const [first] = check("Raw scores [16, 8, 0] become [2, 1, 0] [1].", "Raw scores [16, 8, 0] become [2, 1, 0].");
    expect(first).toMatchObject({ cited: [1], verdict: "carried" });
    expect(check("Raw scores become [2, 1].", "a", "b")).toEqual([]);
  });

  test("any sentence repeats itself without a reproach, whatever it holds", () => {
    const words = fc.constantFrom(
      "working",
      "days",
      "five",
      "3",
      "12",
      "個",
      "工作天",
      "三",
      "不",
      "not",
      "元",
      "[1]",
      "。",
      ". ",
      "%",
      "實習生",
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 20 }), (parts) => {
        const text = parts.join(" ");
        for (const { verdict, start, end } of check(`${text} [1]`, text)) {
          expect(verdict).not.toBe("contradicted");
          expect(end).toBeGreaterThan(start);
        }
      }),
    );
  });
});

describe("numbers", () => {
  test.each([
    ["1,200", 1200],
    ["3.5", 3.5],
    ["1.5 萬", 15_000],
    ["twenty-five", 25],
    ["three hundred", 300],
    ["十二", 12],
    ["二十", 20],
    ["兩千零五", 2005],
    ["三萬五千", 35_000],
    ["二〇二六", 2026],
    ["一億", 100_000_000],
  ])("%s is %d", (written, value) => expect(valueOf(written)).toBe(value));

  test.each([
    ["五個工作天內 five working days", ["5 working day", "5 working day"]],
    ["nt$4,000 四千元", ["4000 money", "4000 money"]],
    ["百分之五 5% 5 percent", ["5 percent", "5 percent", "5 percent"]],
    ["3 月 15 日 三月十五日", ["315 date", "315 date"]],
    ["gpt-4 第 3 章 step 2 v2.1 第一天", []],
    ["8 heads, 12 層", ["8 head", "12 layer"]],
  ])("%s", (text, expected) => {
    expect(quantitiesIn(text).map(({ value, unit }) => `${value} ${unit}`)).toEqual(expected);
  });
});
