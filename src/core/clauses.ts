// Finds which clauses of a message ask, and the question without what is said around it.

import { oneLine, truncate } from "./text.ts";

/** UTF-16 units of a message that are looked at. */
const LONGEST_MESSAGE = 2000;
/** Each question of each way to read a message costs a search. */
const MOST_WAYS = 5;
/** The share of a sentence's letters that its asking clause must have to be read without the others. */
const MAIN_SHARE = 0.6;
/** Digits, quotes, and capitals inside a clause. */
const NAMED = /\p{N}|["“”「」『』《》〈〉]|(?<=\p{L}\P{L}*)\p{Lu}/u;
const MOST_QUESTIONS = 3;

interface Clause {
  /** With the sign and the blank behind it. */
  text: string;
  /** Whether a sentence ends with it. */
  ends: boolean;
}

/** A stop, a line break, a colon before a blank, or a comma; a full stop only where a sentence may follow. */
const BOUNDARY =
  /(?:[。！？!?…~～]+["'”’」』)）]*\s*|(?<=[^\s.]{3}["'”’)）]?)\.(?:\s+(?=[\p{Lu}\p{Script=Han}"'“(])|\s*$)|[;；：]\s*|:\s+|\s*[\r\n]+\s*|\s[–—-]\s|——)|[，]\s*|,\s+|(?<=\p{Script=Han})[ \u3000]+(?=\p{Script=Han})/gu;
const COMMA = /^(?:[，,]|[ \u3000]+$|\s[–—-]\s|——)/u;

const ASKS =
  /^\W*(?:(?:and|but|so|or|also|then|well|ok(?:ay)?|now)\W+)*(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|can|could|will|would|should|shall|may|might|must|has|have|had|explain|describe|define|compare|list|summari[sz]e|show|tell)\b/i;
const ASKS_ZH =
  /(?:[什甚]麼|什么|誰|谁|何|哪[裡裏個些]?|怎[麼樣]*)(?![麼樣裡裏個些都也])|嗎|吗|呢|多少|多久|多大|多長|幾[個天次年月小時歲人份元點種]|幾|是否|[是有能會可要需該]不|有沒有|可否|能否|說明|解釋|介紹|比較|列出|差別|差在/u;
/** Words of whoever talks, to whoever listens: a clause that has one is about them. */
const TALK =
  /\b(?:i|i'm|i’m|i've|i’ve|i'd|i’d|me|my|we|we're|we’re|us|our|you|your|hi|hello|hey|dear|greetings|good (?:morning|afternoon|evening)|everyone|everybody|anyone|anybody|someone|somebody|guys|folks|please|pls|plz|thank(?:s| you)?|thx|cheers|sorry|apologies|appreciated?|quick(?: one| question)|question|urgent(?:ly)?|asap|btw|fyi|in advance)\b/i;
const TALK_ZH =
  /[我你您妳]|大家|各位|請|谢|謝|感恩|麻煩|不好意思|抱歉|拜託|打擾|哈囉|嗨|早安|午安|晚安|前輩|同仁|先進|老師好|很急|急用|幫忙|有人知道|想問|想知道/u;
/** What is left of a plea that names no subject: "Can anyone help me?" */
const PLEA =
  /^\W*(?:(?:can|could|would|will|does|do|is|has|have|any|anyone|anybody|someone|somebody|one|you|please|help|me|us|with|this|that|it|here|know|knows|answer|explain|tell|there|who|a|the|question|i|ask|may|to|quick|guys|out|something)\b\W*)+$/i;
const PLEA_ZH = /^(?:[請問有人誰可以能不知道嗎呢幫忙我們一下這個問題大家各位回答解釋說明的了在都麻煩您你\s]|\p{P})+$/u;

/** Courtesies and wishes for the manner of an answer, each a clause of its own: no subject of any question. */
const COURTESY =
  /^\W*(?:(?:hi|hello|hey|dear|greetings|good (?:morning|afternoon|evening|day)|many|thank(?:s| you)|thx|cheers|please|pls|sorry(?: to (?:bother|disturb) you)?|excuse me|(?:a )?quick (?:one|question)|just (?:a question|wondering|curious)|so much|very much|a lot|again|in advance|everyone|everybody|all|guys|folks|team|there|heed|(?:please )?(?:answer|reply|respond|write|explain)(?: it| this| me)?(?: (?:briefly|shortly|simply))?(?: (?:in|with) (?:traditional |simplified |plain |simple )?(?:chinese|english|mandarin|words|(?:one|two|three|four|five|a few|\d{1,2}) (?:short )?(?:sentences?|words|lines|bullets?(?: points)?)))|(?:keep it|make it) (?:short|brief|simple)|(?:in )?(?:one|two|three|\d{1,2}) (?:short )?sentences?)\W*)+$/i;
const COURTESY_ZH =
  /^\P{L}*(?:(?:請|再)?(?:用|以)[^，。]{0,8}(?:回答|回覆|說明|解釋|作答|回應|輸出)|(?:請)?(?:簡短|簡單|盡量簡短)(?:回答|說明|一點|就好)|(?:先|非常|真的|多|十分|感){0,4}[謝谢]{1,4}(?:大家|各位|你|您|妳|老師|前輩|回覆|回答|的人|幫忙|囉|啦|喔|了){0,4}|(?:大家|各位|你|您|前輩|老師|同仁|先進|們){0,4}(?:好|早安|午安|晚安)|哈囉|嗨|早安|午安|晚安|不好意思|抱歉|打擾(?:了|一下)?|麻煩(?:了|大家|各位|你|您){0,4}|拜託(?:了|大家|各位){0,4}|(?:我)?(?:想)?(?:請問|請教|問)(?:一下)?(?:大家|各位|你|您|前輩|先進|同仁|老師|夥伴){0,4}|感恩|祝(?:福)?(?:大家|各位|你|您|老師|前輩|同仁|們){0,4}(?:身體|工作|一切|萬事|生活|教學)?(?:健康|順利|愉快|順心|平安|快樂|如意)|[～~\s])+\P{L}*$/u;

/** Whoever wrote it, at the end, behind a closing formula: "Kind regards, Anna". */
const SIGNATURE =
  /(?<=[.!?…。！？)\n]\s{0,20})(?:(?:(?:[Kk]ind|[Bb]est|[Ww]arm|[Mm]any)\s[Rr]egards|[Rr]egards|[Bb]est(?:\s[Ww]ishes)?|[Aa]ll the [Bb]est|(?:[Yy]ours )?[Ss]incerely|[Yy]ours truly|[Cc]heers|(?:[Mm]any )?[Tt]hanks)(?:[,\n]\s{0,20}\p{Lu}[\p{L}'’.-]{0,30}(?:\s\p{Lu}[\p{L}'’.-]{0,30}){0,2})?|\p{Script=Han}{1,4}\s?[敬謹]上)\P{L}*$/u;

/** Words around a question inside its own clause: who is asked to say it, and how. */
const AROUND = [
  /\b(?:(?:can|could|would) (?:you|anyone|anybody|someone|somebody)(?: please)? (?:tell|explain|show|help|describe|remind)(?: to)?(?: me| us)?|i(?: was|'m| am|’m)? (?:just )?wondering(?: if| whether)?|i(?: would|'d|’d) like to know|(?:do|does) (?:you|anyone|anybody|somebody) know|(?:like|as if) i(?: am|'m|’m) (?:five|\d{1,2})(?: years old)?|in (?:one|two|three|four|five|a few|\d{1,2}) (?:short |simple )?(?:sentences?|words|lines)|in (?:simple|plain) (?:words|english)|briefly|in short|to me|for me|please|thanks(?: a lot)?|thank you(?: so much)?)\b/giu,
  /(?:請|麻煩|可以|能不能|可不可以|幫我|幫忙|我){0,4}(?:用|以)[一二兩三四五六七八九十幾\d]{0,3}(?:句話?|段話?|個重點|點|繁體中文|中文|英文|簡單的?話)(?:來)?(?:簡單|簡短)?(?:回答|說明|解釋|介紹|整理)?|(?:請|麻煩|可以|能不能|可不可以|幫我|幫忙){1,4}(?:你|您|大家|各位)?(?:簡單|簡短|大概|詳細)?(?:說明|解釋|介紹|整理|告訴我|列出)(?:一下)?|想?請[問教](?:一下)?(?:大家|各位)?|有(?:沒有)?人知道|謝謝(?:大家|各位|你|您)?|的重點/gu,
] as const;
/** What points at something named before; "is it possible" and "is there" point at nothing. */
const POINTS =
  /(?<!\b(?:is|was|will|would|does)\s)\b(?:it|its|them|they|their|theirs|he|she|him|his|her|hers|ones?)\b|\b(?:this|that|these|those)\b(?=\W*(?:$|\())|\b(?:do|does|is|are|was|has|have|can|will|for|of|with|from|about) (?:this|that|these|those)\b|[他她它牠]們?|那(?:個|些|樣|呢)|這(?:樣|呢|可以)/iu;
const GOES_ON = /^\W*(?:and|what about|how about)\b/i;

/** A wish for the manner at the edge of a clause that has a subject: 請用三句話說明 LoRA, "... like I'm five". */
const MANNER = [
  /^\P{L}*(?:(?:請|麻煩|可以|可否|能不能|可不可以|幫我|幫忙){0,4}(?:你|您|大家|各位)?(?:用|以)(?:[一二兩三四五六七八九十幾\d]{1,3}(?:句話?|段話?|個重點|點)|(?:繁體|正體)?中文|英文|簡單的?話|白話)(?:來)?|(?:請|麻煩|可以|可否|能不能|可不可以|幫我|幫忙){1,4}(?:你|您|大家|各位)?)(?:簡單|簡短|大概|詳細)?(?:地)?(?:回答|說明|解釋|介紹|整理|告訴我|列出)(?:一下)?/u,
  /[,\s]+(?:(?:like|as if) i(?: am|'m|’m) (?:five|\d{1,2})(?: years old)?|in (?:one|two|three|four|five|a few|\d{1,2}) (?:short |simple )?(?:sentences?|words|lines)|in (?:simple|plain) (?:words|english)|briefly)(?=\P{L}*$)/iu,
  /(?:的重點)(?=\P{L}*$)/u,
] as const;

/** The message without courtesies and wishes for the manner of the answer; the message itself where nothing else is in it. */
export function withoutCourtesy(message: string): string {
  if (message.length > LONGEST_MESSAGE) return message;
  const clauses = clausesOf(unsigned(message));
  const asking = clauses.filter(({ text }) => !isCourtesy(text));
  const said = asking.map((clause) => ({ ...clause, text: withoutManner(clause.text) }));
  const isAll =
    unsigned(message) === message &&
    asking.length === clauses.length &&
    said.every(({ text }, i) => text === asking[i]!.text);
  return isAll || asking.length === 0 ? message : textOf(said);
}

/**
 * Other ways to read a message that nothing was found for. Each entry is one way: one question, or several that are asked
 * in one message. The fullest first: without what is said around the question; each sentence that asks; then both without
 * the words that ask for it. None where all of the message is the question.
 */
export function readingsOf(message: string): readonly (readonly string[])[] {
  const whole = message.trim();
  const clauses = clausesOf(unsigned(truncate(whole, LONGEST_MESSAGE)));
  const about = textOf(clauses.filter(({ text }) => !isTalk(text)));
  const asking = sentencesOf(clauses).map(askingPart);
  const sentences = asking.map(textOf).filter(isFull);
  const mains = asking.map((sentence) => textOf(mainPart(sentence))).filter(isFull);
  const readings = [[about], sentences, mains, ...(about || sentences.some(Boolean) ? [] : [[whole]])];
  const seen = new Set([oneLine(whole)]);
  const isNew = (reading: string) => !seen.has(oneLine(reading)) && seen.add(oneLine(reading));
  return [...readings, ...readings.map((reading) => reading.map(withoutAround))]
    .map((reading) => reading.filter((question) => isReading(question) && isNew(question)))
    .filter((reading) => reading.length > 0)
    .map((reading) => reading.slice(0, MOST_QUESTIONS))
    .slice(0, MOST_WAYS);
}

function unsigned(message: string): string {
  return message.replace(SIGNATURE, "");
}

function isReading(reading: string): boolean {
  return hasWords(reading) && !isPlea(reading) && !leans(reading);
}

/** Whether it points at something that it does not name before, so that it is not understood alone. */
function leans(reading: string): boolean {
  const at = reading.search(POINTS);
  return GOES_ON.test(reading) || (at >= 0 && !isFull(reading.slice(0, at)));
}

/** What a sentence asks, with the clauses that belong to it; nothing where it asks nothing of its own. */
function askingPart(sentence: readonly Clause[]): readonly Clause[] {
  if (!asks(textOf(sentence), sentence)) return [];
  return sentence.filter((clause) => !isTalk(clause.text));
}

/** From the first clause that asks to the last, where that is most of a sentence and the rest names nobody and no number. */
function mainPart(sentence: readonly Clause[]): readonly Clause[] {
  const doesAsk = (clause: Clause) => asks(clause.text, [clause]);
  const main = sentence.slice(Math.max(0, sentence.findIndex(doesAsk)), sentence.findLastIndex(doesAsk) + 1);
  const dropped = sentence.filter((clause) => !main.includes(clause));
  const isMost = lettersOf(textOf(main)) >= MAIN_SHARE * lettersOf(textOf(sentence));
  return isMost && !dropped.some(({ text }) => NAMED.test(text)) ? main : [];
}

/** Words of a question that no subject has. */
const EMPTY =
  /\b(?:a|an|the|what|which|who|whom|whose|when|where|why|how|is|are|was|were|be|do|does|did|can|could|will|would|should|shall|may|might|must|has|have|had|i|we|you|my|our|your|me|us|to|of|in|on|at|by|for|from|with|if|and|or|not|any|much|many|there|get|take|go|also|then)\b/gi;
const EMPTY_ZH =
  /什麼|甚麼|誰|何|哪[裡裏個些]?|怎[麼樣]*|嗎|呢|多少|多[久大長]|幾\p{Script=Han}?|是否|[的了是有會能可以要不我你們他在就都也還才嗎被]/gu;
const FEWEST_HAN = 4;
const FEWEST_WORDS = 2;

/** Whether a question says what it is about, so that it is understood without what is said before: a name, or words enough. */
function isFull(question: string): boolean {
  const rest = question.replace(EMPTY, " ").replace(EMPTY_ZH, " ");
  const words = rest.match(/[\p{Script=Latin}\p{N}]{2,}/gu) ?? [];
  const isNamed = words.some((word) => /\p{N}|\p{Lu}/u.test(word));
  return isNamed || words.length >= FEWEST_WORDS || (rest.match(/\p{Script=Han}/gu) ?? []).length >= FEWEST_HAN;
}

function lettersOf(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

function withoutManner(clause: string): string {
  const rest = MANNER.reduce((words, pattern) => words.replace(pattern, ""), clause);
  return hasWords(rest) ? rest : clause;
}

function asks(words: string, sentence: readonly Clause[]): boolean {
  return /[?？]/.test(words) || sentence.some(({ text }) => ASKS.test(text) || ASKS_ZH.test(text));
}

function isTalk(clause: string): boolean {
  if (isCourtesy(clause) || isPlea(clause)) return true;
  return (
    (TALK.test(clause) || TALK_ZH.test(clause)) &&
    !/[?？]/.test(clause) &&
    !ASKS.test(clause) &&
    !ASKS_ZH.test(withoutAround(clause))
  );
}

function isCourtesy(clause: string): boolean {
  return COURTESY.test(clause) || (/\p{Script=Han}/u.test(clause) && COURTESY_ZH.test(clause));
}

function isPlea(words: string): boolean {
  return PLEA.test(words) || PLEA_ZH.test(words);
}

/** A question inside a clause about whoever asks it: "my boss asked me what the limit is", 主管問我上限是多少. */
const REPORTED =
  /^.{0,200}\b(?:i|me|us|we|you|anyone|clue|idea|sure|sorry|question|know|wonder(?:ing)?)\b.{0,40}?\b(?=(?:what|which|who|whom|whose|when|where|why|how|whether)\b)/is;
const REPORTED_ZH =
  /^.{0,100}(?:問我|問到|問說|問起|想知道|想了解|想問|請教|請問|好奇|不懂|不清楚|不確定|不曉得)(?:一下)?/s;

function withoutAround(words: string): string {
  const asked = words.replace(/\p{Script=Han}/u.test(words) ? REPORTED_ZH : REPORTED, "");
  return oneLine(AROUND.reduce((rest, pattern) => rest.replace(pattern, " "), hasWords(asked) ? asked : words));
}

function textOf(clauses: readonly Clause[]): string {
  return clauses
    .map(({ text }) => text)
    .join("")
    .trim();
}

function hasWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

function clausesOf(message: string): readonly Clause[] {
  const clauses: Clause[] = [];
  let from = 0;
  for (const { index, 0: sign } of message.matchAll(BOUNDARY)) {
    const end = index + sign.length;
    const text = message.slice(from, end);
    from = end;
    const ends = !COMMA.test(sign);
    if (hasWords(text)) clauses.push({ text, ends });
    else if (ends && clauses.length > 0) clauses[clauses.length - 1] = { text: clauses.at(-1)!.text + text, ends };
  }
  const rest = message.slice(from);
  return hasWords(rest) ? [...clauses, { text: rest, ends: true }] : clauses;
}

function sentencesOf(clauses: readonly Clause[]): readonly (readonly Clause[])[] {
  const sentences: Clause[][] = [[]];
  for (const clause of clauses) {
    sentences.at(-1)!.push(clause);
    if (clause.ends) sentences.push([]);
  }
  return sentences.filter((sentence) => sentence.length > 0);
}
