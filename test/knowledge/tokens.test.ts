// Both sides of a search must cut alike, in every writing.

import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { loadTokenizer } from "../../src/knowledge/search/tokens.ts";

const tokenize = await loadTokenizer();
const terms = (text: string) => tokenize(text, "passage").terms;
const asked = (text: string) => tokenize(text, "question").terms;

describe("tokens", () => {
  test("English words meet in their stem, without accents, case, width or possessives", () => {
    expect(terms("Connections")).toEqual(terms("connected"));
    expect(terms("Café")).toEqual(terms("CAFE"));
    expect(terms("ＧＰＴ")).toEqual(["gpt"]);
    expect(terms("the teacher’s")).toEqual(terms("teacher"));
  });

  test("stop words are no terms, and do not part the words around them", () => {
    expect(tokenize("the Statue of Liberty", "passage")).toEqual({
      terms: ["statu", "liberti"],
      pairs: ["statu liberti"],
    });
  });

  test("Traditional and Simplified Chinese are the same words", () => {
    expect(terms("資料庫與網路")).toEqual(terms("资料库与网路"));
    expect(terms("執著")).toEqual(terms("执着"));
  });

  test("Han is cut into characters and overlapping pairs", () => {
    expect(terms("注意力")).toEqual(["注", "注意", "意", "意力", "力"]);
    expect(terms("𠮷野家")).toEqual(["𠮷", "𠮷野", "野", "野家", "家"]);
  });

  test("a number or a Latin word does not swallow the Chinese beside it", () => {
    expect(terms("1990年")).toEqual(["1990", "年"]);
    expect(terms("GPT模型")).toEqual(["gpt", "模", "模型", "型"]);
    expect(terms("用Python寫")).toEqual(["用", "python", "写"]);
  });

  test("a number is the same with and without its commas", () => {
    expect(terms("2,456,293.52")).toEqual(["2456293.52"]);
    expect(terms("１２３")).toEqual(["123"]);
  });

  test("words that only ask are dropped from questions alone", () => {
    expect(asked("請問什麼是注意力？")).toEqual(["是", "是注", ...terms("注意力")]);
    expect(terms("什麼")).not.toEqual([]);
    expect(asked("who was it?")).toEqual([]);
    expect(asked("RAG 是什麼意思")).toEqual(["rag"]);
    expect(asked("could you kindly tell me?")).toEqual([]);
    expect(asked("意思表示")).toEqual(terms("意思表示"));
  });

  test.each([
    ["かな", ["かな"]],
    ["が", ["が"]],
    ["데이터", ["데이", "이터"]],
    ["Привет мир", ["привет", "мир"]],
    ["हिन्दी भाषा", ["हिन्दी", "भाषा"]],
    ["שָׁלוֹם", ["שלום"]],
  ])("%s is found by its own words", (text, expected) => {
    expect(terms(text)).toEqual(expected);
  });

  test("Thai, which leaves no spaces, is cut into pairs", () => {
    expect(terms("ภาษาไทย").length).toBeGreaterThan(3);
  });

  test("every text has tokens or none, and the same ones twice", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const once = tokenize(text, "passage");
        expect(tokenize(text, "passage")).toEqual(once);
        expect(once.terms.every((term) => term !== "" && term === term.normalize("NFC"))).toBe(true);
      }),
    );
  });

  test("case and Unicode form change nothing", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zà-ÿ ]*$/), (text) => {
        expect(terms(text.normalize("NFD"))).toEqual(terms(text));
        expect(terms(text.toUpperCase().toLowerCase())).toEqual(terms(text));
      }),
    );
  });
});
