// The votes as preference pairs for training: which answer people chose over which, and nobody's name.

import { BotError } from "../../core/errors.ts";
import type { Phrase } from "../../core/language.ts";
import type { Records } from "../../core/records.ts";
import type { Reply } from "../../core/reply.ts";
import { isVotable } from "./answer.ts";
import type { Compare } from "./compare-call.ts";
import { LETTERS } from "./order.ts";
import { keys, Outcome, Question, read, type Ballot } from "./records.ts";
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

const MOST_PAIRS = 500;
/** What a chat can carry, in UTF-16 units. */
const MOST_TEXT = 200_000;

/** Throws BotError "forbidden" for anyone but an admin. */
export async function* exportVotes(call: Compare): AsyncGenerator<Reply, void, undefined> {
  const { args, tools, workspace, invocation, user, say } = call;
  if (!user.isAdmin) throw new BotError("forbidden", ADMINS);
  const held = await revealedBallots(tools.records, workspace, tools.world.now());
  // Prompts of a private channel must not turn up in another one unless an admin says so.
  const wanted = held.filter(({ ballot }) => args.everywhere || ballot.channel === invocation.address.channel);
  const lines: string[] = [];
  let left = MOST_TEXT;
  let unsent = 0;
  for (const one of wanted.toSorted((a, b) => b.ballot.at - a.ballot.at))
    for (const pair of await pairsOf(one, tools.records, workspace)) {
      const line = JSON.stringify(pair);
      if (lines.length < MOST_PAIRS && line.length <= left) {
        lines.push(line);
        left -= line.length;
      } else unsent++;
    }
  if (lines.length === 0) return yield { type: "text", text: say(args.everywhere ? NO_PAIRS : NO_PAIRS_HERE) };
  const text = `${lines.join("\n")}\n`;
  // Someone at the machine sends it to a file; a chat shows it as what it is.
  yield { type: "text", text: user.isLocal ? text : `\`\`\`jsonl\n${text}\`\`\`` };
  if (unsent > 0) yield { type: "note", text: say(more(unsent)) };
}

async function pairsOf({ id, ballot }: Held, records: Records, workspace: string): Promise<readonly Pair[]> {
  const question = await read(records, keys.question(workspace, id), Question);
  if (!question) return [];
  const outcomes = await Promise.all(
    question.models.map((name) => read(records, keys.answer(workspace, id, name), Outcome)),
  );
  const preferred = preferencesOf(ballot);
  return preferred.flatMap(({ chosen, rejected, votes }) => {
    const [good, bad] = [LETTERS.indexOf(chosen), LETTERS.indexOf(rejected)];
    const [one, other] = [outcomes[good], outcomes[bad]];
    if (!one || !other || !isVotable(one) || !isVotable(other)) return [];
    return [
      {
        prompt: withoutMentions(question.prompt),
        ...(question.system && { system: question.system }),
        chosen: one.text,
        rejected: other.text,
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

/** Slack's and Discord's mentions of people, and addresses of mail. */
export function withoutMentions(text: string): string {
  return text.replace(/<@!?[\w|.-]+>/g, "@someone").replace(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, "someone@example.com");
}

const ADMINS: Phrase = {
  en: "Only admins of this workspace can export votes. Please ask one of them.",
  "zh-TW": "只有這個工作區的管理員可以匯出投票，請找其中一位幫忙。",
};
const NO_PAIRS: Phrase = {
  en: "There are no votes yet that prefer one answer to another.",
  "zh-TW": "還沒有分出高下的投票。",
};
const NO_PAIRS_HERE: Phrase = {
  en: "There are no votes in this channel yet that prefer one answer to another. `--everywhere` exports those of the whole workspace.",
  "zh-TW": "這個頻道還沒有分出高下的投票。加上 `--everywhere` 可以匯出整個工作區。",
};

function more(pairs: number): Phrase {
  return {
    en: `${pairs} older pairs did not fit in one message; in the terminal on the server, \`/compare --export\` in each channel gives all.`,
    "zh-TW": `還有 ${pairs} 組較舊的配對放不下。`,
  };
}
