// Words that carry no subject. Kept short in Chinese: a character that means nothing alone is half of a word that does.

const words = (list: string) => list.trim().split(/\s+/);

/** English words that neither a passage nor a question is found by. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  words(`
    a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with
    what which who whom whose when where why how did does do done has have had were been being from its his her he she him we you
    your i me my our us can could would should may might must shall than also about during between after before per
  `),
);

/** English words that only ask, dropped from questions beside the stop words: "how many", "please tell me". */
export const ASKING_WORDS: ReadonlySet<string> = new Set(words("many much please tell explain describe know"));

/** Chinese words that only ask, longest first. They are dropped from questions. */
export const QUESTION_WORDS: readonly string[] = words(`
  請問 什麼 甚麼 哪一個 哪個 哪些 哪一 哪種 哪裡 哪 何時 何地 何人 何種 何者 為何 為什麼 如何 怎麼 怎樣 多少 誰 是否 嗎 呢
  請告訴我 告訴我 我想知道 想知道 說明一下 解釋一下 介紹一下
`).toSorted((a, b) => b.length - a.length);
