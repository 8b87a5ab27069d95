// Where sentences end. What a stop belongs to is told by what stands on both sides of it.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { sentencesIn } from "../../src/core/sentences.ts";

/** Sentences are written with a bar between them. */
const cut = (text: string) => sentencesIn(text).map(({ start, end }) => text.slice(start, end).trim());

describe("a stop", () => {
  test.each([
    "Ainslie et al. (2023) proposed GQA.|It shares heads.",
    "Shown by Lee et al.|The effect is small.",
    "See Eq. (4) and Eq. 5.|They agree.",
    "As sec. 3.2 says, sec. IV is new.|Nothing else is.",
    "It took 5 sec.|Then it stopped.",
    "Read ch. 4, vol. 2, pp. 12-19 and p. 7.|Skip the rest.",
    "Fig. A1 and Figs. 2 and 3 show it.|App. B does not.",
    "The 3rd ed. (2020) is out.|Buy the 2nd ed. New York publishes it.",
    "It opened on Jan. 5 and closed on Sept. 30, 2024.|We left in Dec.|The office is empty.",
    "The U.S. Army moved.|Taxes rose in the U.S.|The U.K. followed.",
    "J. R. R. Tolkien wrote it.|He was a professor.",
    "Is it allowed?|No.|Ask first.",
    "Ask for No. 5 at St. Mary's.|Dr. Wang is there at 5 p.m. on Fridays.|It closes at 6 p.m.|Come early.",
    "Pens, paper, etc. are free.|Take pens, paper, etc.|Managers decide the rest.",
    "Acme Inc. pays well.|I work for Acme Inc.|It pays well.",
    "Use e.g. GPT, i.e. a model, vs. Claude, cf. Gemini.|Done.",
    "第一句。|第二句！|第三句；|第四句？",
    "「他說：好。」|然後走了。",
    "One line\n|another line\n\n|a third",
    "Costs 3.5 euros at v1.2.|See a.b.c for more.",
  ])("%s", (written) => {
    const text = written.replaceAll("|", /[\p{Script=Han}]/u.test(written) ? "" : " ");
    expect(cut(text)).toEqual(written.split("|").map((sentence) => sentence.trim()));
  });
});

test("sentences lie end to end, and reading many stops takes little time", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "B", ".", " ", "。", "\n", "etc", "al", "No", "1", "(", "”") });
  fc.assert(
    fc.property(text, (text) => {
      expect(
        sentencesIn(text)
          .map(({ start, end }) => text.slice(start, end))
          .join(""),
      ).toBe(text);
    }),
  );
  expect(sentencesIn("et al. ".repeat(50_000))).toHaveLength(1);
});
