// Says what is wrong with a value that a schema refused.

import type { z } from "zod";
import type { Phrase } from "./language.ts";

const YES_OR_NO: Phrase = { en: "it must be true or false", "zh-TW": "只能是 true 或 false" };
const ADDRESS: Phrase = {
  en: "it must be a whole address, and of the right kind before ://",
  "zh-TW": "要填完整的網址，而且 :// 前面的部分要符合 .env.example 裡的寫法",
};
const NUMBER: Phrase = { en: "it must be a number", "zh-TW": "要填數字" };
const WHOLE: Phrase = { en: "it must be a whole number", "zh-TW": "要填整數" };

export function wrongValue(issue: z.core.$ZodIssue): Phrase {
  switch (issue.code) {
    case "invalid_type":
      return issue.expected === "int" ? WHOLE : issue.expected === "number" ? NUMBER : unlike(issue.message);
    case "invalid_value":
      return issue.values.includes("true") ? YES_OR_NO : oneOf(issue.values.map(String));
    case "invalid_format":
      return issue.format === "url" ? ADDRESS : unlike(issue.message);
    case "too_small":
      return bounded(issue.origin, { en: "at least", "zh-TW": "至少" }, issue.minimum);
    case "too_big":
      return bounded(issue.origin, { en: "at most", "zh-TW": "最多" }, issue.maximum);
    default:
      return unlike(issue.message);
  }
}

function oneOf(values: readonly string[]): Phrase {
  return { en: `it must be one of ${values.join(", ")}`, "zh-TW": `只能是 ${values.join("、")} 其中之一` };
}

function bounded(of: string, bound: Phrase, limit: number | bigint): Phrase {
  return of === "string"
    ? { en: `it must have ${bound.en} ${limit} characters`, "zh-TW": `${bound["zh-TW"]}要有 ${limit} 個字元` }
    : { en: `it must be ${bound.en} ${limit}`, "zh-TW": `${bound["zh-TW"]}是 ${limit}` };
}

/** A pattern's own words are in English; what it is for stands where every variable is explained. */
function unlike(message: string): Phrase {
  return { en: message, "zh-TW": "格式不符，請對照 .env.example 裡的說明" };
}
