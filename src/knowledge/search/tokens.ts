// What counts as the same word. Both sides of a search go through here, so every choice is one that a question and a passage share.

import { createHash } from "node:crypto";
import { BoundedMap } from "../../core/bounded-map.ts";

/** The terms of a text in reading order, repeats included; `pairs` are neighbouring words, as "left right". */
export interface Tokens {
  terms: string[];
  pairs: string[];
}

/** A question loses the words that only ask; a passage keeps them. */
export type Tokenize = (text: string, role: "passage" | "question") => Tokens;

/** The parts that have to be loaded: English stems and the Simplified forms of Chinese characters. */
export interface Forms {
  stem: (word: string) => string;
  /** Of a whole text, character by character. */
  simplify: (text: string) => string;
}

// Scripts without spaces between words are cut into overlapping pairs; Hangul too, since its particles cling to the words.
const UNSPACED =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}";
const LETTER = `(?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}])`;
const RUN = new RegExp(
  `(?<unspaced>(?:[${UNSPACED}]\\p{M}*)+)|(?<number>\\p{N}+(?:[.,]\\p{N}+)*(?!${LETTER}))|(?<word>${LETTER}+(?:['.]${LETTER}+)*)`,
  "gu",
);
const HAN = /^\p{Script=Han}/u;
const HAS_HAN = /\p{Script=Han}/u;
const CHARACTER = /\P{M}\p{M}*/gu;
/** Accents of Latin, Greek and Cyrillic, and the vowel points of Hebrew and Arabic. Marks that carry sound, as in Thai or Devanagari, stay. */
const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u064b-\u065f]/g;
const STEMMABLE = /^[a-z]+(?:'[a-z]+)?$/;

export function createTokenizer({ stem, simplify }: Forms): Tokenize {
  const fold = (text: string) => simplify(foldWidthAndCase(text));
  const askers = new RegExp([...QUESTION_WORDS].map(fold).join("|"), "g");

  return (text, role) => {
    const tokens: Tokens = { terms: [], pairs: [] };
    const folded = fold(text);
    let left: string | undefined;
    for (const { groups } of (role === "question" ? folded.replace(askers, " ") : folded).matchAll(RUN)) {
      if (groups?.["unspaced"] !== undefined) {
        cutUnspaced(groups["unspaced"], tokens.terms);
        left = undefined;
        continue;
      }
      const term = groups?.["number"]?.replaceAll(",", "") ?? wordTerm(groups?.["word"] ?? "", role, stem);
      if (term === undefined) continue;
      tokens.terms.push(term);
      if (left !== undefined) tokens.pairs.push(`${left} ${term}`);
      left = term;
    }
    return tokens;
  };
}

/** Some of everything that a tokenizer decides: stems, stop words, numbers, width, accents, variants, pairs. */
const SAMPLE =
  "The generalizations' naïve cafés weren’t running 1,990.5 GB of GPT-4o, nor ＦＵＬＬ width 1990年代的臺灣裡,她著妳的頭髮髮型;カタカナ한국어ภาษาไทย МОСКВА ελληνικά שָׁלוֹם.";

/** Eight digits that change with what the tokenizer makes of a text, the lists of its packages included. */
export function fingerprint(tokenize: Tokenize): string {
  const tokens = [tokenize(SAMPLE, "passage"), tokenize(SAMPLE, "question")];
  return createHash("sha256").update(JSON.stringify(tokens)).digest("hex").slice(0, 8);
}

let tokenizer: Promise<Tokenize> | undefined;

/** The tokenizer with its word lists, read on first use: 65 ms and 9 MB, nearly all of it the stemmer. */
export function loadTokenizer(): Promise<Tokenize> {
  return (tokenizer ??= loadForms().then(createTokenizer));
}

async function loadForms(): Promise<Forms> {
  const [{ default: snowball }, { default: pairs }] = await Promise.all([
    import("snowball-stemmers"),
    import("opencc-js/dict/TSCharacters"),
  ]);
  const stemmer = snowball.newStemmer("english");
  // Characters one by one, not phrases: the form of a character must not depend on what stands beside it, or the two sides differ.
  const simplified = new Map(pairs.split("|").map((pair) => pair.split(" ") as [string, string]));
  for (const [from, to] of VARIANTS) simplified.set(from, to);
  return {
    stem: remember((word) => stemmer.stem(word)),
    simplify: (text) =>
      HAS_HAN.test(text) ? Array.from(text, (character) => simplified.get(character) ?? character).join("") : text,
  };
}

/** Forms that Taiwan writes apart and that the table leaves alone. */
const VARIANTS = [
  ["著", "着"],
  ["妳", "你"],
  ["祂", "他"],
] as const;

const MOST_REMEMBERED = 50_000;

function remember(stem: (word: string) => string): (word: string) => string {
  const known = new BoundedMap<string, string>(MOST_REMEMBERED);
  return (word) => {
    const before = known.get(word);
    if (before !== undefined) return before;
    const form = stem(word);
    known.set(word, form);
    return form;
  };
}

function foldWidthAndCase(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("’", "'")
    .normalize("NFD")
    .replace(ACCENTS, "")
    .normalize("NFC");
}

/** Single characters and overlapping pairs: the pairs tell words, the single ones catch a word that is cut differently. */
function cutUnspaced(run: string, terms: string[]): void {
  const characters = run.match(CHARACTER) ?? [];
  for (const [i, character] of characters.entries()) {
    if (HAN.test(character) || characters.length === 1) terms.push(character);
    const next = characters[i + 1];
    if (next !== undefined) terms.push(character + next);
  }
}

function wordTerm(word: string, role: Parameters<Tokenize>[1], stem: (word: string) => string): string | undefined {
  const bare = word.endsWith("'s") ? word.slice(0, -2) : word;
  if (STOP_WORDS.has(bare) || (role === "question" && ASKING_WORDS.has(bare))) return undefined;
  return STEMMABLE.test(bare) ? stem(bare) : bare;
}

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
export const ASKING_WORDS: ReadonlySet<string> = new Set(words("many much please kindly tell explain describe know"));

/** Chinese words that only ask, longest first. They are dropped from questions. */
export const QUESTION_WORDS: readonly string[] = words(`
  請問 什麼 甚麼 哪一個 哪個 哪些 哪一 哪種 哪裡 哪 何時 何地 何人 何種 何者 為何 為什麼 如何 怎麼 怎樣 多少 誰 是否 嗎 呢
  請告訴我 告訴我 我想知道 想知道 說明一下 解釋一下 介紹一下 是什麼意思 是甚麼意思 是啥意思 什麼意思 甚麼意思 啥意思 是什麼東西 是什麼鬼
`).toSorted((a, b) => b.length - a.length);
