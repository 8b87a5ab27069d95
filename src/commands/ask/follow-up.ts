// Decides, without a model, which earlier words a search needs beside a follow-up's own.

import { withoutCourtesy } from "../../core/clauses.ts";
import type { ChatMessage } from "../../core/model.ts";
import { truncate } from "../../core/text.ts";

/** What to search for, best first: the next one is tried only where the one before finds no answer. */
export interface Query {
  text: string;
  /** Whether it holds earlier words beside the question's own. */
  isJoined?: boolean;
  /** A guess: it counts only if what it finds has a word of the question itself. */
  mustMention?: boolean;
}

interface Said {
  /** Earlier turns, oldest first. */
  history: readonly ChatMessage[];
  /** What people around the question said, oldest first. */
  background: readonly { text: string }[];
}

/** UTF-16 units of earlier words that go along, and how many messages of a human thread. */
const LONGEST_EARLIER = 600;
const BACKGROUND = 2;
/** A conversation leads this far back: the third "and ...?" in a row still has its subject. */
const CHAIN = 4;

export function queriesFor(question: string, { history, background }: Said): readonly Query[] {
  const asked = withoutCourtesy(question);
  const kind = questionKind(asked);
  const alone: Query = { text: question };
  if (kind === "standalone") return [alone];
  const quoted = background.slice(-BACKGROUND).map(({ text }) => text);
  const pointedAt = quoted.join("\n").slice(-LONGEST_EARLIER);
  const subject = subjectOf(history.filter(({ role }) => role === "user").map(({ text }) => withoutCourtesy(text)));
  // Who points at a message asks about its words; who follows up adds words that matter more than those before.
  const queries = [
    pointedAt.trim() && `${asked}\n${pointedAt}\n${pointedAt}`,
    subject.trim() && combine(asked, subject),
  ].filter(Boolean);
  if (kind === "leaning") return [...queries.map((text) => ({ text, isJoined: true })), alone];
  return [alone, ...queries.map((text) => ({ text, isJoined: true, mustMention: true }))];
}

/**
 * "leaning": it cannot be understood alone. "short": it may be a keyword or the rest of a thought.
 * Only what a listener would have to ask back about counts as leaning, since other words only blur a search.
 */
export function questionKind(question: string): "leaning" | "short" | "standalone" {
  const text = question.trim().normalize("NFKC").toLowerCase();
  return /\p{Script=Han}/u.test(text) ? kindInChinese(text) : kindInEnglish(text);
}

const OPENERS = /^(?:and|but|or|also|then|so|what about|how about|what if|what else|same for|for|in|with|if)\b/;
const CONTINUES = /^(?:and|but|or|also|what about|how about|same for|what else)\b/;
const BARE =
  /^(?:(?:but |and |so )?(?:why(?: not)?|how(?: so| come)?|when|where|who|which(?: one)?|really|since when|how (?:long|much|many|often|far)))\W*$/;
const PRONOUN =
  /\b(?:it|its|they|them|their|theirs|that|those|these|this|he|him|his|she|her|hers|the (?:same|latter|former|other(?: one)?s?)|ones?|either|neither|both|there)\b/g;
/** "It is raining", "is it true", "is there", "the rule that ...", "this week": a pronoun's letters, no pronoun's work. */
const NO_PRONOUN =
  /\b(?:is it (?:true|possible|allowed|ok|okay|necessary|safe|worth|better)|(?:is|are|was|were|does|do) there|there (?:is|are)|(?:this|that|these|those) (?:week|month|year|quarter|morning|afternoon|time)|(?:no|any|every|some)? ?one (?:of|day|week|month|year|hour|person)|one-\w+|\w+ that (?:is|are|was|were|has|have|can|do|does)|so that|both \w+ and|either \w+ or)\b/g;
const FILLERS = new Set(
  "a an the is are was were be been do does did can could may might must should would will i we you my our your to of in on at by for from with and or but if so then not no yes how what when where which who whom whose why also about please tell me more any some there it its they them that this those these".split(
    " ",
  ),
);

function kindInEnglish(text: string): ReturnType<typeof questionKind> {
  const words = text.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? [];
  const content = words.filter((word) => !FILLERS.has(word));
  if (BARE.test(text) || content.length === 0) return "leaning";
  if (CONTINUES.test(text) && content.length <= 6) return "leaning";
  if (OPENERS.test(text) && content.length <= 3) return "leaning";
  if (hasAntecedentOutside(text) && content.length <= 6) return "leaning";
  return words.length <= 4 && content.length <= 3 && !/^(?:what|who) (?:is|are|was|were)\b/.test(text)
    ? "short"
    : "standalone";
}

/** A pronoun that two or more words of substance stand before most likely means those; one is enough across an "and". */
function hasAntecedentOutside(text: string): boolean {
  const searched = text.replace(NO_PRONOUN, (found) => "\0".repeat(found.length));
  return [...searched.matchAll(PRONOUN)].some(({ index }) => {
    const before = text.slice(0, index);
    const content = before.match(/[\p{L}\p{N}-]+/gu)?.filter((word) => !FILLERS.has(word)) ?? [];
    return content.length < (/\w.*\b(?:and|but|if|when)\b/.test(before) ? 1 : 2);
  });
}

const ZH_OPENERS =
  /^(?:那(?!一)|那麼|那如果|那要是|還有|另外|然後|所以|但是|但|可是|而|至於|不過|如果是|換成|改成|除此之外|除了這)/u;
const ZH_PRONOUN =
  /它們?|牠們?|他們?(?!命|人|國)|她們?|這(?!週|周|個?月|星期|禮拜|年|裡|裏)|那(?!裡|裏|些年)|上述|前述|前者|後者|剛才|剛剛|上面|同樣|一樣嗎|後者|此(?!外|致|刻)|該(?!怎|如何|不該)(?=\p{Script=Han})/u;
const ZH_DEFINES = /(?:什麼是|何謂|是什麼|什麼意思|介紹|解釋|說明)/u;
/** What remains of a Chinese question when its asking is taken away; two or three characters of it are a verb without its subject. */
const ZH_ASKING =
  /請問|為什麼|為何|什麼時候|什麼|甚麼|多久|多少錢|多少|幾[天個次年月小時歲人]?|怎麼樣|怎麼辦|怎麼|如何|哪[裡裏些個一]?|何時|是否|可不可以|能不能|有沒有|要不要|是不是|需不需要|可以|需要|應該|會|能|要|是|有|的|了|嗎|呢|吧|啊|呀|才|還|也|都|就|又|再|去|我|我們|你|請|得|不/gu;

function kindInChinese(text: string): ReturnType<typeof questionKind> {
  const rest = text.replace(ZH_ASKING, "").match(/[\p{Script=Han}]|[a-z0-9][a-z0-9.+-]*/gu) ?? [];
  const hasName = rest.some((part) => /[a-z]{2}/.test(part));
  if (rest.length === 0) return "leaning";
  if (/呢[？?!！。\s]*$/u.test(text) && !/[為怎哪什何]/u.test(text) && rest.length <= 14) return "leaning";
  if (ZH_OPENERS.test(text) && rest.length <= 14) return "leaning";
  if (leansOnPronoun(text) && rest.length <= 14) return "leaning";
  if (ZH_DEFINES.test(text)) return "standalone";
  if (hasName) return rest.length <= 2 ? "short" : "standalone";
  return rest.length <= 3 ? "leaning" : rest.length <= 5 ? "short" : "standalone";
}

function leansOnPronoun(text: string): boolean {
  const searched = text.replaceAll(/其他|其中|其實|他[人國]|因此|如此|彼此|應該|這樣的話/gu, "＿");
  const at = searched.search(ZH_PRONOUN);
  return (
    at >= 0 &&
    (searched
      .slice(0, at)
      .replace(ZH_ASKING, "")
      .match(/\p{Script=Han}/gu)?.length ?? 0) < 4
  );
}

/** What the conversation is about: the last question that stands alone, and what was added since. */
function subjectOf(questions: readonly string[]): string {
  const last = questions.slice(-CHAIN);
  const start = Math.max(
    0,
    last.findLastIndex((question) => questionKind(question) !== "leaning"),
  );
  return last.slice(start).reduce((subject, question) => (subject ? merge(question, subject) : question), "");
}

function combine(question: string, earlier: string): string {
  // The question twice: its own words must weigh more than those it is read with.
  return `${question}\n${question}\n${swap(question, truncate(earlier, LONGEST_EARLIER))}`;
}

function merge(question: string, earlier: string): string {
  return `${question}\n${swap(question, earlier)}`;
}

const SLOT =
  /^(?:and|but|or|what about|how about|same for)\s+(?:(?:what|how) about\s+)?(for|in|at|on|with|during|from|by)\s/i;

/** "And for interns?" takes the place of "for employees" in the question before. */
function swap(question: string, earlier: string): string {
  const preposition = SLOT.exec(question.trim())?.[1];
  if (!preposition) return earlier;
  return earlier.replace(new RegExp(String.raw`\s${preposition}\s+(?:[\w-]+\s?){1,3}(?=[?.!]*\s*$)`, "i"), " ");
}
