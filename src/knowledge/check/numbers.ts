// Reads numbers with their units from digits and words, and what follows by arithmetic.

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

export interface Quantity {
  value: number;
  /** The same for the same kind of thing in both languages; "" where nothing tells what is counted. */
  unit: string;
  /** As it is written, unit included. */
  words: string;
  start: number;
  end: number;
  /** Part of a range, or said to be rough: no value to hold anyone to. */
  isLoose: boolean;
}

/** Patterns by unit; the longer before those they begin with. */
const UNITS: Readonly<Record<string, string>> = {
  "working day": String.raw`(?:working|business|work) ?days?\b|個?工作[天日]`,
  day: String.raw`(?:calendar )?days?\b|天|日(?!圓|幣|本)`,
  week: String.raw`weeks?\b|個?星期|個?禮拜|[週周](?!年)`,
  month: String.raw`months?\b|個月`,
  year: String.raw`years?\b|年(?!級|代|度)`,
  hour: String.raw`hours?\b|hrs?\b|個?小時|個?鐘頭`,
  minute: String.raw`minutes?\b|mins?\b|分鐘`,
  second: String.raw`seconds?\b|secs?\b|秒`,
  percent: String.raw`%|percent\b|per cent\b|個百分點`,
  tenth: "成(?![為本立效果功長員])",
  money: String.raw`元|塊錢?|(?:us |nt )?dollars?\b|usd\b|twd\b|ntd\b|nt\$|euros?\b`,
  person: String.raw`people\b|persons?\b|人(?!資|事|員|工)|位(?!元|數|置|址)|名(?!單|稱|額)`,
  time: String.raw`times\b|次`,
  page: String.raw`pages?\b|頁`,
  token: String.raw`tokens?\b|個? ?token`,
  layer: String.raw`layers?\b|層`,
  gigabyte: String.raw`gb\b|gigabytes?\b`,
  megabyte: String.raw`mb\b|megabytes?\b`,
  kilometre: String.raw`km\b|kilomet(?:er|re)s?\b|公里`,
  kilogram: String.raw`kg\b|kilograms?\b|公斤`,
  degree: String.raw`degrees?\b|度`,
  point: String.raw`points?\b|分(?!鐘|之|別|為|享|開|成|配)`,
};
const COUNTED = String.raw`[個件份張台臺間種項顆條篇本支隻套筆](?<counted>\p{Script=Han}{1,2})`;
const NOUN = String.raw`(?<noun>[a-z]{3,})\b`;
const NAMED = Object.entries(UNITS)
  .map(([name, pattern]) => `(?<${name.replace(" ", "_")}>${pattern})`)
  .join("|");
const MULTIPLIER = String.raw`(?:\s?(?:萬|億|千|million\b|billion\b|thousand\b))?`;
/** A number inside a name or a heading's count is no quantity: GPT-4, v2.1, 第 3 章, #12. */
const BEFORE = String.raw`(?<![a-z\p{N}_#/.:-])(?<!第\s?)(?<!\b(?:step|section|chapter|page|version|figure|table|article|no\.|level)\s)`;
const MONEY_SIGN = String.raw`(?<sign>(?:nt|us)?\$|€|£)\s?`;
const PATTERN = new RegExp(
  [
    String.raw`${MONEY_SIGN}(?<amount>(?:${DIGIT_NUMBER})${MULTIPLIER})`,
    String.raw`百分之(?<hundredths>${HAN_NUMBER}|${DIGIT_NUMBER})`,
    String.raw`(?<month>\d{1,2}|${HAN_NUMBER})\s?月\s?(?<monthday>\d{1,2}|${HAN_NUMBER})\s?[日號]`,
    String.raw`${BEFORE}(?<clock>\d{1,2}):(?<past>\d{2})(?![:\d])`,
    String.raw`${BEFORE}(?<number>(?:${DIGIT_NUMBER})${MULTIPLIER}|\b(?:${WORD_NUMBER})\b)(?![\d/]|-\d)(?:[\s-]?(?:${NAMED}|${COUNTED})|\s${NOUN})?(?![\d_]|[a-z])`,
    String.raw`(?<![第零〇一二兩两三四五六七八九十百千萬万億亿\d])(?<han>${HAN_NUMBER})\s?(?:${NAMED.replaceAll("?<", "?<h_")}|${COUNTED.replace("?<", "?<h_")})`,
  ].join("|"),
  "gu",
);
const LOOSE_BEFORE =
  /(?:\b(?:about|around|roughly|approximately|nearly|almost|some|over|more than|less than|fewer than|under|total(?: of)?|altogether|average(?: of)?|between|from|or|(?<!up )to|every|sum of)|約|大約|大概|近|將近|平均|合計|共|總共|總計|超過|不到|每|從|或|至|到|～|~|-|–|—)\s*$/;
const LOOSE_AFTER =
  /^\s*(?:左右|上下|多|幾|in total|altogether|on average|or so|or (?:more|two|three)|(?:to|or|through)\s\S*\d|[-–—~～到至或]\s?[\d零一二兩三四五六七八九十])/;

/** Expects text in NFKC and lower case; offsets are of that text. */
export function quantitiesIn(text: string): Quantity[] {
  return [...text.matchAll(PATTERN)].flatMap((match) => {
    const { 0: words, index: start, groups = {} } = match;
    const read = readGroups(groups);
    if (!read) return [];
    const end = start + words.length;
    const isLoose =
      LOOSE_BEFORE.test(text.slice(Math.max(0, start - 24), start)) || LOOSE_AFTER.test(text.slice(end, end + 16));
    return [{ ...read, words: words.trim(), start, end, isLoose }];
  });
}

function readGroups(groups: Record<string, string | undefined>): Pick<Quantity, "value" | "unit"> | undefined {
  const { amount, hundredths, month, monthday, clock, past, number, han, noun } = groups;
  if (amount) return { value: valueOf(amount), unit: "money" };
  if (hundredths) return { value: valueOf(hundredths), unit: "percent" };
  if (month && monthday) return { value: valueOf(month) * 100 + valueOf(monthday), unit: "date" };
  if (clock && past) return { value: Number(clock) * 100 + Number(past), unit: "clock" };
  const named = Object.entries(groups).find(([name, found]) => found && UNITS[unprefixed(name)]);
  const counted = groups["counted"] ?? groups["h_counted"];
  const value = valueOf(number ?? han ?? "0");
  const unit = named ? unprefixed(named[0]) : counted ? `個${counted}` : noun ? singular(noun) : "";
  // "One" and "two" alone count nothing, and a bare year names a time.
  if (!unit && !/\d/.test(number ?? "")) return undefined;
  if (unit === "year" && value >= 1900 && value < 2100) return { value, unit: "calendar year" };
  return unit === "tenth" ? { value: value * 10, unit: "percent" } : { value, unit };
}

function unprefixed(name: string): string {
  return name.replace(/^h_/, "").replace("_", " ");
}

function singular(noun: string): string {
  return noun.replace(/(?<=[^s])s$/, "");
}

/** How many of the second unit one of the first is, by any custom: a working day has eight hours, a week five or seven days. */
const CONVERSIONS: readonly [from: string, to: string, factors: readonly number[]][] = [
  ["year", "month", [12]],
  ["year", "week", [52]],
  ["year", "day", [365, 366]],
  ["month", "week", [4]],
  ["month", "day", [28, 30, 31]],
  ["week", "day", [5, 7]],
  ["week", "working day", [5]],
  ["day", "hour", [8, 24]],
  ["working day", "hour", [8]],
  ["hour", "minute", [60]],
  ["minute", "second", [60]],
  ["gigabyte", "megabyte", [1000, 1024]],
];
/** Beyond this many numbers of one kind, some two of them always make a third. */
const MOST_TO_ADD = 8;

/** `said` are the sentence's own quantities: two hours at 40 dollars are 80. */
export function isDerived({ value, unit }: Quantity, said: readonly Quantity[], all: readonly Quantity[]): boolean {
  const near = (other: number) => Math.abs(other - value) <= 1e-9 * Math.max(1, Math.abs(value));
  const alike = [...new Set(all.filter((other) => other.unit === unit).map((other) => other.value))];
  const isRounded = alike.some((other) => near(Math.round(other)) || (unit === "percent" && near(100 - other)));
  const isConverted = all.some((other) => factorsOf(other.unit, unit).some((factor) => near(other.value * factor)));
  const isMultiplied = alike.some((other) =>
    said.some((each) => each.value !== value && (near(other * each.value) || near(other / each.value))),
  );
  const isAdded =
    alike.length <= MOST_TO_ADD &&
    alike.some((one, i) => alike.some((other, j) => i < j && (near(one + other) || near(Math.abs(one - other)))));
  return isRounded || isConverted || isMultiplied || isAdded;
}

function factorsOf(from: string, to: string): readonly number[] {
  return CONVERSIONS.flatMap(([larger, smaller, factors]) => {
    if (larger === from && smaller === to) return factors;
    return larger === to && smaller === from ? factors.map((factor) => 1 / factor) : [];
  });
}
