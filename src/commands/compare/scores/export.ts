// The votes as preference pairs for training: which answer people chose over which, and nobody's name.

import { BotError } from "../../../core/errors.ts";
import type { Phrase } from "../../../core/language.ts";
import type { Records } from "../../../core/records.ts";
import type { Reply } from "../../../core/reply.ts";
import { isVotable } from "../answer.ts";
import type { Compare } from "../compare-call.ts";
import { LETTERS } from "../order.ts";
import { keys, Outcome, Question, read, type Ballot } from "../records.ts";
import { revealedBallots, type Held } from "./scores.ts";

/** One line of the file. */
export interface Pair {
  prompt: string;
  system?: string;
  chosen: string;
  rejected: string;
  chosen_model: string;
  rejected_model: string;
  /** Votes that preferred either to the other. */
  votes: { chosen: number; rejected: number };
  language: string;
  topic: string;
}

/** Of one file, in bytes; every platform takes that much. */
const LARGEST_FILE = 8 * 1024 * 1024;

/**
 * As many pairs as one file holds, the oldest first, and where to go on where there are more.
 * Throws BotError "forbidden" for anyone but an admin.
 */
export async function* exportVotes(call: Compare): AsyncGenerator<Reply, void, undefined> {
  const { args, user, say } = call;
  if (!user.isAdmin) throw new BotError("forbidden", ADMINS);
  const from = args.from ?? 1;
  const { lines, left } = await gatherLines(call, from);
  if (lines.length === 0) return yield { type: "text", text: say(noPairs(call, from)) };
  const text = `${lines.join("\n")}\n`;
  const last = from + lines.length - 1;
  // Someone at the machine sends it to a file; in a chat it is one.
  if (user.isLocal) yield { type: "text", text };
  else {
    yield { type: "text", text: say(holds(from, last)) };
    const file = { name: "votes.jsonl", alt: say(holds(from, last)), mediaType: "application/jsonl" };
    yield { type: "file", file: { ...file, bytes: Buffer.from(text) } };
  }
  if (left > 0) yield { type: "note", text: say(more(left, last + 1, args.everywhere ?? false)) };
}

/** The pairs' lines from the one numbered `from`, and how many are left beyond what a file holds. */
async function gatherLines({ args, tools, workspace, invocation, signal }: Compare, from: number) {
  const held = await revealedBallots(tools.records, workspace, tools.world.now());
  // Prompts of a private channel must not turn up in another one unless an admin says so.
  const wanted = held.filter(({ ballot }) => args.everywhere || ballot.channel === invocation.address.channel);
  const lines: string[] = [];
  let [number, bytes, left] = [0, 0, 0];
  for (const one of wanted.toSorted((a, b) => a.ballot.at - b.ballot.at)) {
    signal.throwIfAborted();
    for (const pair of await pairsOf(one, tools.records, workspace)) {
      if (++number < from) continue;
      const line = JSON.stringify(pair);
      bytes += Buffer.byteLength(line) + 1;
      if (bytes <= LARGEST_FILE) lines.push(line);
      else left++;
    }
  }
  return { lines, left };
}

async function pairsOf({ id, ballot }: Held, records: Records, workspace: string): Promise<readonly Pair[]> {
  const question = await read(records, keys.question(workspace, id), Question);
  if (!question) return [];
  const outcomes = await Promise.all(
    question.models.map((name) => read(records, keys.answer(workspace, id, name), Outcome)),
  );
  const preferred = preferencesOf(ballot);
  const clean = (text: string) => withoutPeople(text, [question.askerName]);
  return preferred.flatMap(({ chosen, rejected, votes }) => {
    const [good, bad] = [LETTERS.indexOf(chosen), LETTERS.indexOf(rejected)];
    const [one, other] = [outcomes[good], outcomes[bad]];
    if (!one || !other || !isVotable(one) || !isVotable(other)) return [];
    return [
      {
        prompt: clean(question.prompt),
        ...(question.system && { system: clean(question.system) }),
        chosen: clean(one.text),
        rejected: clean(other.text),
        chosen_model: question.models[good]!,
        rejected_model: question.models[bad]!,
        votes,
        language: ballot.language,
        topic: ballot.topic,
      },
    ];
  });
}

type Letter = (typeof LETTERS)[number];

/** Pairs of answers that more people voted for the one of than for the other. */
export function preferencesOf({ letters, votes }: Pick<Ballot, "letters" | "votes">) {
  const choices = Object.values(votes);
  const count = (letter: string) => choices.filter((choice) => choice === letter).length;
  return letters.flatMap((chosen) =>
    letters
      .filter((rejected) => count(chosen) > count(rejected))
      .map((rejected) => ({
        chosen: chosen as Letter,
        rejected: rejected as Letter,
        votes: { chosen: count(chosen), rejected: count(rejected) },
      })),
  );
}

const CODE = /```[^]*?(?:```|$)|`[^`\n]*`/g;
const MENTIONS = /<@!?[\w|.-]+>|(?<![\p{L}\p{N}_/@.-])@[\p{L}\p{N}_][\p{L}\p{N}_.-]*/gu;
const MAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;

/** Without addresses of mail, mentions of people and the given names; code stays as it is. */
export function withoutPeople(text: string, names: readonly string[] = []): string {
  const strike = (words: string) =>
    names
      .filter((name) => name.trim().length > 1)
      .reduce((rest, name) => rest.replaceAll(name, "someone"), words)
      .replace(MAIL, "someone@example.com")
      .replace(MENTIONS, "@someone");
  const code = [...text.matchAll(CODE)].map(([whole]) => whole);
  return text
    .split(CODE)
    .map((words, i) => strike(words) + (code[i] ?? ""))
    .join("");
}

const ADMINS: Phrase = {
  en: "Only admins of this workspace can export votes. Please ask one of them.",
  "zh-TW": "只有這個工作區的管理員可以匯出投票，請找其中一位幫忙。",
};
const NO_PAIRS: Phrase = {
  en: "There are no votes yet that prefer one answer to another.",
  "zh-TW": "還沒有分出高下的投票。",
};
const NONE_FROM_THERE: Phrase = {
  en: "There are fewer pairs than that, so nothing is left to export.",
  "zh-TW": "沒有那麼多組配對，已經全部匯出了。",
};
const NO_PAIRS_HERE: Phrase = {
  en: "There are no votes in this channel yet that prefer one answer to another. `--everywhere` exports those of the whole workspace.",
  "zh-TW": "這個頻道還沒有分出高下的投票。加上 `--everywhere` 可以匯出整個工作區。",
};

function noPairs({ args }: Compare, from: number): Phrase {
  if (from > 1) return NONE_FROM_THERE;
  return args.everywhere ? NO_PAIRS : NO_PAIRS_HERE;
}

function holds(first: number, last: number): Phrase {
  return {
    en: `Preference pairs ${first} to ${last}, one JSON object a line.`,
    "zh-TW": `第 ${first} 到 ${last} 組偏好配對，每行一個 JSON 物件。`,
  };
}

function more(pairs: number, from: number, everywhere: boolean): Phrase {
  const next = `/compare --export${everywhere ? " --everywhere" : ""} --from ${from}`;
  return {
    en: `${pairs} more did not fit in one file; \`${next}\` goes on.`,
    "zh-TW": `還有 ${pairs} 組放不進一個檔案；用 \`${next}\` 接著匯出。`,
  };
}
