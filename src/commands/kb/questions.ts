// Questions that the documents do not answer: anyone leaves one, admins see what is missing and tick off what they have added.

import { createHash } from "node:crypto";
import { z } from "zod";
import { BotError } from "../../core/errors.ts";
import type { Phrase } from "../../core/language.ts";
import { keepsWords, Privacy } from "../../core/privacy.ts";
import type { Reply } from "../../core/reply.ts";
import type { Json } from "../../core/runtime.ts";
import { truncate } from "../../core/text.ts";
import { DAY_MS } from "../../core/time.ts";
import { target, type Kb } from "./args.ts";

/** Of a workspace, the newest; with the bound below they fit one record. */
const MOST_QUESTIONS = 150;
const LONGEST_QUESTION = 400;
const TTL_MS = 180 * DAY_MS;
const LISTED = 50;

/** All that were left in private are one, without words and names: what is told of them is their number. */
const PRIVATE_ID = "private";

const KeptQuestion = z.object({
  id: z.string(),
  question: z.string(),
  /** Who could read the question. Those of earlier versions do not say. */
  privacy: Privacy.default("private"),
  /** Who left it first, and how often it was left. */
  by: z.string(),
  times: z.number(),
  /** When last, in milliseconds since 1970. */
  at: z.number(),
});
type KeptQuestion = z.infer<typeof KeptQuestion>;

export async function* keepQuestion(call: Kb): AsyncGenerator<Reply> {
  const { user, tools, invocation, say } = call;
  const words = truncate(target(call, KEEP_WHAT).replaceAll(/\s+/g, " "), LONGEST_QUESTION);
  const { privacy } = invocation.address;
  const mayTell = keepsWords(privacy);
  const at = tools.runtime.now();
  const question: KeptQuestion = mayTell
    ? { id: questionId(words), question: words, privacy, by: user.name, times: 1, at }
    : unnamed({ times: 1, at });
  await tools.records.update(questionsKey(call), (before) => add(readQuestions(before), question), TTL_MS);
  yield { type: "text", text: say(mayTell ? KEPT : COUNTED) };
}

export async function* listQuestions(call: Kb): AsyncGenerator<Reply> {
  const { tools, say } = call;
  const questions = readQuestions(await tools.records.get(questionsKey(call))).toReversed();
  if (questions.length === 0) return yield { type: "text", text: say(NONE) };
  const rows = questions
    .slice(0, LISTED)
    .map(({ id, question, by, times, at }) => [
      id,
      question || say(ASKED_PRIVATELY),
      String(times),
      by || "—",
      new Date(at).toISOString().slice(0, 10),
    ]);
  yield { type: "text", text: say(counted(questions.length)) };
  yield { type: "table", table: { columns: ["ID", say(QUESTION), say(TIMES), say(BY), say(LAST)], rows } };
  yield { type: "note", text: say(HOW_TO_TICK) };
}

export async function* tickOff(call: Kb): AsyncGenerator<Reply> {
  const { tools, say } = call;
  const id = target(call, WHICH).toLowerCase();
  let found: KeptQuestion | undefined;
  await tools.records.update(
    questionsKey(call),
    (before) => {
      found = readQuestions(before).find((question) => question.id === id);
      return readQuestions(before).filter((question) => question.id !== id);
    },
    TTL_MS,
  );
  if (!found) throw noSuch(id);
  yield { type: "text", text: say(ticked(found.question ? found.question : say(ASKED_PRIVATELY))) };
}

/** The same question again moves to the end and counts. */
function add(questions: readonly KeptQuestion[], question: KeptQuestion): KeptQuestion[] {
  const before = questions.find(({ id }) => id === question.id);
  const again = before ? { ...before, times: before.times + question.times, at: question.at } : question;
  return [...questions.filter(({ id }) => id !== question.id), again].slice(-MOST_QUESTIONS);
}

/** Earlier versions kept words without saying where they were said: these are not shown, and go with the next change. */
function readQuestions(value: Json | undefined): readonly KeptQuestion[] {
  const all = z.array(KeptQuestion).safeParse(value).data ?? [];
  return all.reduce<readonly KeptQuestion[]>(
    (list, question) => add(list, keepsWords(question.privacy) ? question : unnamed(question)),
    [],
  );
}

function unnamed({ times, at }: Pick<KeptQuestion, "times" | "at">): KeptQuestion {
  return { id: PRIVATE_ID, question: "", privacy: "private", by: "", times, at };
}

function questionsKey({ workspace }: Kb): string {
  return `questions/${encodeURIComponent(workspace)}`;
}

function questionId(question: string): string {
  const words = question
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
  return `q${createHash("sha256").update(words).digest("hex").slice(0, 5)}`;
}

const QUESTION: Phrase = { en: "Question", "zh-TW": "問題" };
const TIMES: Phrase = { en: "Times", "zh-TW": "次數" };
const BY: Phrase = { en: "Left by", "zh-TW": "留言者" };
const LAST: Phrase = { en: "Last", "zh-TW": "最近" };
const KEEP_WHAT: Phrase = {
  en: "Which question? For example: `/kb keep Is there a dormitory for interns?`",
  "zh-TW": "要留下哪個問題？例如：`/kb keep 實習生有宿舍嗎？`",
};
const WHICH: Phrase = {
  en: "Which question? Give its ID, as `/kb questions` shows it.",
  "zh-TW": "哪一題？請給我它的 ID，`/kb questions` 會列出來。",
};
const ASKED_PRIVATELY: Phrase = { en: "(asked privately)", "zh-TW": "（私下問的）" };
const COUNTED: Phrase = {
  en: "The admins of this workspace will see that a question went without an answer. You asked it in private, so they see neither its words nor your name. To tell them the words, use `/kb keep` in a channel.",
  "zh-TW":
    "管理員會知道有一個問題沒有答案。這是你私下問的，所以他們看不到內容，也看不到是誰問的。想讓他們看到內容，請在頻道裡用 `/kb keep`。",
};
const KEPT: Phrase = {
  en: "Kept for the admins of this workspace. They see it in `/kb questions`.",
  "zh-TW": "已留給這個工作區的管理員，他們可以用 `/kb questions` 看到。",
};
const NONE: Phrase = { en: "No question is waiting for an answer.", "zh-TW": "目前沒有待補答案的問題。" };
const HOW_TO_TICK: Phrase = {
  en: "Add the missing document with `/kb add`, then `/kb answered ID`.",
  "zh-TW": "用 `/kb add` 補上文件後，再用 `/kb answered ID` 銷號。",
};

function counted(number: number): Phrase {
  const more = number > LISTED ? ` (${LISTED} shown)` : "";
  return {
    en: `${number} question${number === 1 ? "" : "s"} that the documents did not answer, newest first${more}:`,
    "zh-TW": `文件答不出來的問題共 ${number} 題，新的在前${number > LISTED ? `（列出 ${LISTED} 題）` : ""}：`,
  };
}

function ticked(question: string): Phrase {
  return { en: `Ticked off: ${question}`, "zh-TW": `已銷號：${question}` };
}

function noSuch(id: string): BotError {
  return new BotError("not-found", {
    en: `No kept question has the ID "${id}". \`/kb questions\` shows them.`,
    "zh-TW": `沒有 ID 為「${id}」的問題。\`/kb questions\` 會列出全部。`,
  });
}
