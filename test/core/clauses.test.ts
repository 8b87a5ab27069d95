// What of a message is the question, and what is only said around it.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readingsOf, withoutCourtesy } from "../../src/core/clauses.ts";

describe("a courtesy is left out", () => {
  test.each([
    ["什麼是 LoRA？謝謝", "什麼是 LoRA？"],
    ["什麼是 LoRA？請用繁體中文回答", "什麼是 LoRA？"],
    ["大家好，想請問一下各位，什麼是 LoRA？", "什麼是 LoRA？"],
    ["What is LoRA? Please reply in Traditional Chinese.", "What is LoRA?"],
    ["Hi all,\nWhat is LoRA? Answer in one sentence.\nThanks a lot!", "What is LoRA?"],
    ["Quick question: what is LoRA?", "what is LoRA?"],
    ["請簡單說明什麼是 LoRA", "什麼是 LoRA"],
    ["請用三句話說明 RAG", "RAG"],
    ["幫我整理 LoRA 的重點", "LoRA"],
    ["Explain LoRA like I'm five!", "Explain LoRA!"],
    ["What is LoRA in one sentence, please?", "What is LoRA,"],
    ["What does LoRA do? Kind regards, Anna", "What does LoRA do?"],
    ["What is LoRA?\n\nBest,\nJoe", "What is LoRA?"],
    ["What is LoRA? Thanks, Tom Miller-O'Neil", "What is LoRA?"],
    ["什麼是 LoRA？謝謝老師，祝老師身體健康", "什麼是 LoRA？"],
    ["什麼是 LoRA？\n小美 敬上", "什麼是 LoRA？"],
  ])("%j", (message, expected) => {
    expect(withoutCourtesy(message)).toBe(expected);
  });

  test.each([
    "thanks",
    "謝謝大家",
    "How do I say thank you in Spanish?",
    "What does the greeting policy say, please and thank you included?",
    "客人說謝謝時要怎麼回答？",
    "Who signs with Kind regards, Anna or Ben?",
    "怎麼祝大家新年快樂",
    "如何用英文回答客戶",
    "請用中文說明",
    "請假怎麼請",
    "What may members vote on as they please?",
    "Which primes, 41, 43, 47 or 53, are safe?",
    "以上半年為準嗎",
    "How do I explain in one sentence what we do?",
    "",
    "！？",
    "At 14:30, with Dr. Smith, v1.5 costs 1,000.",
  ])("a message that has nothing else, or is about it, stays: %j", (message) => {
    expect(withoutCourtesy(message)).toBe(message);
  });
});

describe("the part that asks", () => {
  test.each([
    ["My manager asked me in the meeting yesterday: what is LoRA?", "what is LoRA?"],
    ["My manager asked me yesterday what LoRA is", "what LoRA is"],
    ["I'm new here, sorry if it was asked before: what is LoRA? I have no clue.", "what is LoRA?"],
    [
      "I run a blog. We were on Hacker News. Will I be charged extra for a spike?",
      "Will I be charged extra for a spike?",
    ],
    ["We have a demo soon\nWhat is LoRA\nThanks, Tom", "What is LoRA"],
    ["Explain LoRA like I'm five", "Explain LoRA"],
    ["昨天開會的時候主管問我，什麼是 LoRA？", "什麼是 LoRA？"],
    ["我是新來的，找不到這個，先說聲抱歉：什麼是 LoRA？", "什麼是 LoRA？"],
    ["我剛加入這個團隊\n什麼是 LoRA\n先謝謝回覆的人", "什麼是 LoRA"],
    ["請用三句話說明什麼是 LoRA", "什麼是 LoRA"],
    ["主管問我特休有幾天", "特休有幾天"],
    ["有人知道 BERT 跟 GPT 差在哪嗎", "BERT 跟 GPT 差在哪嗎"],
  ])("%j", (message, expected) => {
    expect(readingsOf(message)).toContainEqual([expected]);
  });

  test("several questions are read apart", () => {
    expect(readingsOf("I wonder. What is LoRA? How large is the cache?")).toContainEqual([
      "What is LoRA?",
      "How large is the cache?",
    ]);
  });

  test.each([
    "孫堅年僅37歲是由於在191年時征討黃祖以及誰時所戰死?",
    "Can my partner join the plan, if we are not married?",
    "我們公司一年有幾天特休",
    "Our child has a fever. Can I take leave for that?",
    "Can anyone help me?",
    "有人可以幫我嗎？",
    "李白，字號是什麼?",
    "外婆過世了，可以請幾天？",
    "外婆過世了。可以請幾天？",
    "19回歸年可以換算成多少朔望月？",
    "多少人員於二戰後聘請至實驗室?",
    "Are maps, atlases, and gazettes free?",
    "I'm paranoid my data from Trello will get lost, how can I back it up easily.",
    "I've found someone on the forum who may help, how can I message them?",
    "LoRA",
    "thanks",
    "",
  ])("where all of it is the question, or nothing is, there is no other way to read it: %j", (message) => {
    expect(readingsOf(message)).toEqual([]);
  });
});

test("any message is read in a few ways at most, each of them not empty and not the message itself", () => {
  const word = fc.constantFrom(
    ..."thanks 謝謝 我 什麼 what is I LoRA ， , . ? ？ : ： - 請 you 大家好 \n it and".split(" "),
    "\n",
    " ",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), (words) => {
      const message = words.join(" ");
      const ways = readingsOf(message);
      expect(ways.length).toBeLessThanOrEqual(5);
      for (const reading of ways.flat()) {
        expect(reading).toMatch(/[\p{L}\p{N}]/u);
        expect(reading).not.toBe(message.trim());
      }
    }),
  );
});

test.each(["thanks ", "謝", "請", "\n", " ", "a, ", "I ", "用", "大家", "you help me "])(
  "12,000 units of %j are read in an instant",
  (part) => {
    const long = part.repeat(12_000 / part.length);
    const begun = performance.now();
    readingsOf(long);
    readingsOf(long.slice(0, 1999));
    withoutCourtesy(long.slice(0, 1999));
    expect(performance.now() - begun).toBeLessThan(2000);
  },
);
