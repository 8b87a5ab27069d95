// Numbers with what they count, in both languages: "five working days" and 五個工作天 are the same quantity.

import { DIGIT_NUMBER, HAN_NUMBER, valueOf, WORD_NUMBER } from "./numerals.ts";

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
