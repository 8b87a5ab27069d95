// Exports the votes as preference pairs for training, without anybody's name.

import type { Phrase } from "../../../core/language.ts";
import { codeIn } from "../../../core/markdown.ts";
import { keepsWords } from "../../../core/privacy.ts";
import type { Records } from "../../../core/records.ts";
import type { Reply } from "../../../core/reply.ts";
import { isVotable, Outcome } from "../../../core/run-model.ts";
import type { Compare } from "../args.ts";
import { LETTERS } from "../order.ts";
import { keys, comparisonPlace, Comparison, readRecord, type Ballot } from "../records.ts";
import { revealedBallots } from "./ranking.ts";

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

/** As many pairs as one file holds, the oldest first, and where to go on where there are more. */
export async function* exportVotes(call: Compare): AsyncGenerator<Reply, void, undefined> {
  const { args, user, say } = call;
  const from = args.from ?? 1;
  const { lines, left, withheld } = await gatherLines(call, from);
  const about: readonly Reply[] = withheld > 0 ? [{ type: "note", text: say(leftOut(withheld)) }] : [];
  if (lines.length === 0) return yield* [{ type: "text", text: say(noPairs(call, from)) } as const, ...about];
  const text = `${lines.join("\n")}\n`;
  const last = from + lines.length - 1;
  // Someone at the machine sends it to a file; in a chat it is one.
  if (user.isLocal) yield { type: "text", text };
  else {
    yield { type: "text", text: say(holds(from, last)) };
    const file = { name: "votes.jsonl", alt: say(holds(from, last)), mediaType: "application/jsonl" };
    yield { type: "file", file: { ...file, bytes: Buffer.from(text) } };
  }
  yield* about;
  if (left > 0) yield { type: "note", text: say(more(left, last + 1, args.everywhere ?? false)) };
}

/**
 * The pairs' lines from the one numbered `from`, how many are left beyond what a file holds, and how many comparisons
 * are withheld, since their words are for those who asked or were there.
 */
async function gatherLines({ args, tools, workspace, invocation, signal }: Compare, from: number) {
  const { channel } = invocation.address;
  const held = await revealedBallots(tools.records, workspace, tools.runtime.now());
  // Prompts of one channel must not turn up in another one unless an admin says so.
  const wanted = held.filter(({ ballot }) => args.everywhere || ballot.channel === channel);
  const lines: string[] = [];
  let [number, bytes, left, withheld] = [0, 0, 0, 0];
  for (const { id, ballot } of wanted.toSorted((a, b) => a.ballot.at - b.ballot.at)) {
    signal.throwIfAborted();
    const question = await readRecord(tools.records, keys.question(workspace, id), Comparison);
    if (!question) continue;
    if (!mayExport(question, invocation.address)) {
      withheld++;
      continue;
    }
    for (const pair of await pairsOf(question, ballot, tools.records, workspace)) {
      if (++number < from) continue;
      const line = JSON.stringify(pair);
      bytes += Buffer.byteLength(line) + 1;
      if (bytes <= LARGEST_FILE) lines.push(line);
      else left++;
    }
  }
  return { lines, left, withheld };
}

/** What was asked in a closed place is exported by whoever is in there; what was asked in private by nobody. */
function mayExport({ privacy, place }: Comparison, address: Compare["invocation"]["address"]): boolean {
  return keepsWords(privacy) || (privacy === "closed" && place === comparisonPlace(address));
}

async function pairsOf(
  question: Comparison,
  ballot: Ballot,
  records: Records,
  workspace: string,
): Promise<readonly Pair[]> {
  const outcomes = await Promise.all(
    question.models.map((name) => readRecord(records, keys.answer(workspace, question.id, name), Outcome)),
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
  let from = 0;
  const parts = codeIn(text).flatMap(({ start, end }) => {
    const words = text.slice(from, start);
    from = end;
    return [strike(words), text.slice(start, end)];
  });
  return parts.join("") + strike(text.slice(from));
}

export const ADMINS_EXPORT: Phrase = {
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

function leftOut(comparisons: number): Phrase {
  return {
    en: `${comparisons} ${comparisons === 1 ? "comparison that was" : "comparisons that were"} asked in private or in a closed place ${comparisons === 1 ? "is" : "are"} left out.`,
    "zh-TW": `另有 ${comparisons} 次私下或在非公開的地方進行的比較，不會匯出。`,
  };
}

function more(pairs: number, from: number, everywhere: boolean): Phrase {
  const next = `/compare --export${everywhere ? " --everywhere" : ""} --from ${from}`;
  return {
    en: `${pairs} more did not fit in one file; \`${next}\` goes on.`,
    "zh-TW": `還有 ${pairs} 組放不進一個檔案；用 \`${next}\` 接著匯出。`,
  };
}
