// Numbers as people write them: 1,200 and 3.5, twenty-five, 十二, 兩千, 1.5 萬.

const DIGITS = new Map([..."零一二三四五六七八九"].map((character, value) => [character, value]));
for (const [character, value] of [
  ["〇", 0],
  ["兩", 2],
  ["两", 2],
] as const)
  DIGITS.set(character, value);
const PLACES: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000 };
const MYRIADS: Readonly<Record<string, number>> = { 萬: 1e4, 万: 1e4, 億: 1e8, 亿: 1e8 };

const SMALL =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const LARGE: Readonly<Record<string, number>> = { hundred: 100, thousand: 1000, million: 1e6, billion: 1e9 };

const ones = SMALL.slice(1, 10).join("|");
/** Patterns without capturing groups, for case-folded text. */
export const DIGIT_NUMBER = String.raw`\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?`;
export const WORD_NUMBER = String.raw`(?:(?:${TENS.join("|")})(?:[- ](?:${ones}))?|${SMALL.join("|")})(?:\s(?:hundred|thousand|million|billion))?`;
export const HAN_NUMBER = "[零〇一二兩两三四五六七八九十百千萬万億亿]+";

/** The value of what one of the patterns matched. */
export function valueOf(written: string): number {
  if (/^\d/.test(written)) return valueOfDigits(written);
  return /^[a-z]/.test(written) ? valueOfWords(written) : valueOfHan(written);
}

/** Digits, and a multiplier behind them. */
function valueOfDigits(written: string): number {
  const [, digits = "", multiplier = ""] = /^([\d.,]+)\s*(\D*)$/.exec(written) ?? [];
  return Number(digits.replaceAll(",", "")) * (MYRIADS[multiplier] ?? LARGE[multiplier] ?? PLACES[multiplier] ?? 1);
}

function valueOfWords(written: string): number {
  return written.split(/[- ]/).reduce((value, word) => {
    const tens = TENS.indexOf(word);
    if (tens >= 0) return value + (tens + 2) * 10;
    return word in LARGE ? value * LARGE[word]! : value + SMALL.indexOf(word);
  }, 0);
}

/** 二〇二六 is read digit by digit, 兩千零五 by its places. */
function valueOfHan(written: string): number {
  const characters = [...written];
  if (characters.length > 1 && characters.every((character) => DIGITS.has(character)))
    return Number(characters.map((character) => DIGITS.get(character)).join(""));
  let [total, section, digit] = [0, 0, 0];
  for (const character of characters) {
    const myriad = MYRIADS[character];
    if (DIGITS.has(character)) digit = DIGITS.get(character)!;
    else if (myriad) {
      total += (section + digit || 1) * myriad;
      [section, digit] = [0, 0];
    } else {
      section += (digit || 1) * PLACES[character]!;
      digit = 0;
    }
  }
  return total + section + digit;
}
