// Defines `/feedback`: 👍 and 👎 saved with their answer, and summed up for admins.

import { createHash } from "node:crypto";
import { z } from "zod";
import { defineCommand, type CommandContext } from "../core/command.ts";
import { BotError } from "../core/errors.ts";
import type { Phrase } from "../core/language.ts";
import { keepsWords, nameOfPlace, Privacy } from "../core/privacy.ts";
import type { Json } from "../core/runtime.ts";
import type { Reply } from "../core/reply.ts";
import { truncate } from "../core/text.ts";
import { DAY_MS } from "../core/time.ts";

/** The newest votes of a workspace; with the bounds below they fit one record. */
const MOST_VOTES = 300;
const TTL_MS = 180 * DAY_MS;
const LONGEST_QUESTION = 160;
const LISTED = 10;

const args = z.object({
  verdict: z.enum(["good", "bad"]).optional(),
  about: z.string().min(1).max(200).optional(),
  question: z.string().max(400).optional(),
  model: z.string().max(200).optional(),
});
type Feedback = CommandContext<z.infer<typeof args>>;

const Vote = z.object({
  /** The invocation whose answer it is about, or a digest of what was typed about. */
  about: z.string(),
  user: z.string(),
  verdict: z.enum(["good", "bad"]),
  /** Empty where it was asked in private. */
  question: z.string(),
  /** Who could read the question. Votes of earlier versions do not say. */
  privacy: Privacy.default("private"),
  model: z.string(),
  /** Milliseconds since 1970. */
  at: z.number(),
});
const Votes = z.array(Vote);
type Vote = z.infer<typeof Vote>;

const HOW_TO: Phrase = {
  en: "Was an answer good or bad? Press 👍 or 👎 below it, or type `/feedback good`. Only admins see the sum.",
  "zh-TW": "回答好不好？請按回答下方的 👍 或 👎，或輸入 `/feedback good`。統計只有管理員看得到。",
};

export const feedback = defineCommand({
  name: "feedback",
  summary: { en: "Say whether an answer helped; admins see the sum", "zh-TW": "回報回答有沒有幫助；管理員可以看統計" },
  access: "everyone",
  args,
  describe: {
    verdict: { en: "good or bad; without it, admins see the sum", "zh-TW": "good 或 bad；不填時，管理員會看到統計" },
    about: { en: "The answer it is about; the last one without it", "zh-TW": "針對哪個回答；不填就是上一個" },
    question: { en: "What was asked", "zh-TW": "當時的問題" },
    model: { en: "Who answered", "zh-TW": "由誰回答" },
  },
  prose: "verdict",
  names: {
    "zh-TW": {
      feedback: "回饋",
      verdict: "評價",
      about: "哪個回答",
      question: "問題",
      model: "模型",
      good: "有幫助",
      bad: "沒有幫助",
    },
  },
  examples: ["/feedback good", "/feedback bad", "/feedback"],
  views: {
    vote: { audience: "typist", run: vote },
    sum: { audience: "asker", admins: HOW_TO, run: summarise },
  },
  choose: ({ verdict }) => (verdict ? "vote" : "sum"),
});

/** One vote a person and answer: pressing the other button changes it. */
async function* vote(call: Feedback): AsyncGenerator<Reply> {
  const { args, user, tools, history, invocation, say } = call;
  const { verdict = "good" } = args;
  const { privacy } = invocation.address;
  const lastAsked = history.findLast(({ role }) => role === "user")?.text;
  const judged = args.about ?? lastAsked;
  if (!judged) throw new BotError("usage", NOTHING_TO_JUDGE);
  // Whatever was typed may be words of the question.
  const isTold = keepsWords(privacy);
  const about = isTold && args.about ? args.about : digestOf(call, judged);
  const question = isTold ? truncate(args.question ?? lastAsked ?? "", LONGEST_QUESTION) : "";
  const model = isTold || tools.models.names().includes(args.model ?? "") ? (args.model ?? "") : "";
  const { id } = user;
  const cast: Vote = { about, user: id, verdict, question, privacy, model, at: tools.runtime.now() };
  await tools.records.update(
    votesKey(call),
    (before) =>
      [...readVotes(before).filter((vote) => vote.about !== about || vote.user !== id), cast].slice(-MOST_VOTES),
    TTL_MS,
  );
  yield { type: "text", text: say(verdict === "good" ? THANKS : SORRY) };
}

/** Tells what was judged in this place again, and holds no words of it. */
function digestOf({ invocation }: Feedback, judged: string): string {
  return digestOfWords(JSON.stringify([nameOfPlace(invocation.address), judged]));
}

function digestOfWords(words: string): string {
  return `digest-${createHash("sha256").update(words).digest("hex").slice(0, 20)}`;
}

async function* summarise(call: Feedback): AsyncGenerator<Reply> {
  const { tools, say } = call;
  const votes = readVotes(await tools.records.get(votesKey(call)));
  if (votes.length === 0) return yield { type: "text", text: say(NONE) };
  yield { type: "text", text: say(total(votes)) };
  const models = [...new Set(votes.map(({ model }) => model))].toSorted();
  const rows = models.map((model) => {
    const of = votes.filter((vote) => vote.model === model);
    return [model || "—", String(count(of, "good")), String(count(of, "bad"))];
  });
  yield { type: "table", table: { columns: [say(MODEL), "👍", "👎"], rows } };
  const bad = votes.filter(({ verdict }) => verdict === "bad").toReversed();
  const told = bad.filter(({ question }) => question);
  const lines = told.slice(0, LISTED).map(({ question, at }) => `- ${dateOf(at)} ${question.replaceAll(/\s+/g, " ")}`);
  if (told.length > 0) yield { type: "text", text: `\n\n${say(UNHELPFUL)}\n${lines.join("\n")}\n` };
  const untold = bad.filter(({ privacy }) => !keepsWords(privacy)).length;
  if (untold > 0) yield { type: "note", text: say(askedPrivately(untold)) };
}

function votesKey({ workspace }: Feedback): string {
  return `feedback/${encodeURIComponent(workspace)}`;
}

/** Earlier versions kept words without saying where they were said: these are not shown, and go with the next vote. */
function readVotes(value: Json | undefined): readonly Vote[] {
  const votes = Votes.safeParse(value).data ?? [];
  return votes.map((vote) => (keepsWords(vote.privacy) ? vote : withoutWords(vote)));
}

function withoutWords(vote: Vote): Vote {
  const about = vote.about.startsWith("last: ") ? digestOfWords(vote.about) : vote.about;
  return { ...vote, about, question: "", privacy: "private" };
}

function count(votes: readonly Vote[], verdict: Vote["verdict"]): number {
  return votes.filter((vote) => vote.verdict === verdict).length;
}

function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

const MODEL: Phrase = { en: "Model", "zh-TW": "模型" };
const THANKS: Phrase = { en: "Noted, thank you.", "zh-TW": "收到，謝謝。" };
const SORRY: Phrase = {
  en: "Noted. The admins see that this answer did not help.",
  "zh-TW": "收到。管理員會看到這個回答沒有幫上忙。",
};
const NONE: Phrase = { en: "Nobody has judged an answer yet.", "zh-TW": "還沒有人評價過回答。" };
const UNHELPFUL: Phrase = {
  en: "Questions whose answers did not help, newest first:",
  "zh-TW": "回答沒有幫上忙的問題，新的在前：",
};
const NOTHING_TO_JUDGE: Phrase = {
  en: "There is no answer here yet to judge. Ask first, then press 👍 or 👎 below the answer, or type `/feedback good`.",
  "zh-TW": "這裡還沒有可以評價的回答。請先發問，再按回答下方的 👍 或 👎，或輸入 `/feedback good`。",
};
function askedPrivately(number: number): Phrase {
  return {
    en: `${number} more that did not help ${number === 1 ? "was" : "were"} asked privately.`,
    "zh-TW": `另有 ${number} 個沒有幫上忙的回答是私下問的。`,
  };
}

function total(votes: readonly Vote[]): Phrase {
  const [good, bad] = [count(votes, "good"), count(votes, "bad")];
  return {
    en: `${good} 👍 and ${bad} 👎 in the last ${votes.length === 1 ? "vote" : `${votes.length} votes`}.`,
    "zh-TW": `最近 ${votes.length} 次評價：${good} 個 👍，${bad} 個 👎。`,
  };
}
