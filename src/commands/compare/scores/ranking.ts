// Ranks models by all votes of the channel and of the workspace, and says what they cannot tell.

import type { Phrase } from "../../../core/language.ts";
import type { Reply, Table } from "../../../core/reply.ts";
import type { Records } from "../../../core/records.ts";
import { rate, type Choice, type Fit } from "./bradley-terry.ts";
import type { Compare } from "../args.ts";
import { LETTERS } from "../order.ts";
import { paintRanking } from "./picture.ts";
import { Ballot, keys } from "../records.ts";
import { TOPIC_NAMES } from "../messages.ts";
import { choicesOf, isRevealed } from "../votes.ts";

/** Comparisons that a ranking or an export reads; where there are more, the ranking says so. */
export const MOST_BALLOTS = 20_000;
/** Votes that a language or a topic needs for a ranking of its own. */
const ENOUGH = 20;
const MOST_DOUBTS = 6;

export interface Held {
  id: string;
  ballot: Ballot;
}

/** Ballots whose names are out: a vote that could still be guessed from the ranking is no secret. */
export async function revealedBallots(records: Records, workspace: string, now: number): Promise<readonly Held[]> {
  const prefix = keys.ballot(workspace, "");
  const held = await records.list(prefix, MOST_BALLOTS);
  return held.flatMap(({ key, value }) => {
    const ballot = Ballot.safeParse(value).data;
    return ballot && isRevealed(ballot, now) ? [{ id: decodeURIComponent(key.slice(prefix.length)), ballot }] : [];
  });
}

export async function* showScores(call: Compare): AsyncGenerator<Reply, void, undefined> {
  const { tools, workspace, invocation, say } = call;
  const held = await revealedBallots(tools.records, workspace, tools.runtime.now());
  const here = held.filter(({ ballot }) => ballot.channel === invocation.address.channel);
  const all = choicesIn(held);
  if (all.length === 0) return yield { type: "text", text: say(NO_VOTES) };
  const local = choicesIn(here);
  if (local.length > 0) yield* drawRanking(say(CHANNEL), rate(local), call);
  if (here.length < held.length || local.length === 0) yield* drawRanking(say(WORKSPACE), rate(all), call);
  yield* drawSlices(held, call);
  yield { type: "note", text: say(METHOD) };
  if (held.length >= MOST_BALLOTS) yield { type: "note", text: say(NOT_ALL) };
  const ranking = rate(all).ratings;
  try {
    yield { type: "picture", picture: await paintRanking(ranking, call) };
  } catch (error) {
    // The tables above say the same; a machine without the renderer still has its ranking.
    tools.runtime.log.warn("the ranking could not be painted", { error });
    yield { type: "note", text: say(NO_PICTURE) };
  }
}

function choicesIn(held: readonly Held[]): readonly Choice[] {
  return held.flatMap(({ ballot }) => choicesOf(ballot, LETTERS));
}

function* drawRanking(section: string, fit: Fit, { say }: Compare): Generator<Reply> {
  yield { type: "table", section, table: tableOf(fit, say) };
  const doubts = doubtsOf(fit);
  for (const { first, second, low, high } of doubts.slice(0, MOST_DOUBTS))
    yield { type: "note", section, text: say(notSeparated(first, second, low, high)) };
  if (doubts.length === 0 && fit.ratings.length > 1) yield { type: "note", section, text: say(SEPARATED) };
  if (fit.guided) yield { type: "note", section, text: say(GUIDED) };
}

/** Neighbours in the ranking whose difference may as well be nothing or the other way round. */
export function doubtsOf({ ratings, difference }: Fit) {
  return ratings.slice(1).flatMap(({ name: second }, i) => {
    const first = ratings[i]!.name;
    const { low, high } = difference(first, second);
    return low <= 0 ? [{ first, second, low, high }] : [];
  });
}

function tableOf({ ratings }: Fit, say: Compare["say"]): Table {
  return {
    columns: ["", ...COLUMNS.map(say)],
    rows: ratings.map(({ name, rating, low, high, games, wins }, i) => [
      String(i + 1),
      name,
      String(Math.round(rating)),
      `${Math.round(low)}–${Math.round(high)}`,
      String(games),
      String(Number(wins.toFixed(1))),
    ]),
  };
}

/** By language and by topic, where there is enough to tell. */
function* drawSlices(held: readonly Held[], { say }: Compare): Generator<Reply> {
  const slices = [
    ...slicesBy(
      held,
      ({ language }) => language,
      (language) => LANGUAGES[language],
    ),
    ...slicesBy(
      held,
      ({ topic }) => topic,
      (topic) => TOPIC_NAMES[topic],
    ),
  ];
  const lines = slices
    .filter(({ choices }) => choices.length >= ENOUGH)
    .map(({ name, choices }) => {
      const list = rate(choices).ratings.map(({ name, rating }) => `${name} ${Math.round(rating)}`);
      return `- **${say(name)}** (${choices.length}): ${list.join(" · ")}`;
    });
  if (lines.length > 0) yield { type: "text", section: say(SLICES), text: lines.join("\n") };
}

function slicesBy(
  held: readonly Held[],
  keyOf: (ballot: Ballot) => string,
  nameOf: (key: string) => Phrase | undefined,
) {
  const groups = Map.groupBy(held, ({ ballot }) => keyOf(ballot));
  return [...groups].map(([key, list]) => ({
    name: nameOf(key) ?? { en: key, "zh-TW": key },
    choices: choicesIn(list),
  }));
}

const LANGUAGES: Readonly<Record<string, Phrase>> = {
  en: { en: "English", "zh-TW": "英文" },
  "zh-TW": { en: "Traditional Chinese", "zh-TW": "繁體中文" },
};
const CHANNEL: Phrase = { en: "This channel", "zh-TW": "這個頻道" };
const WORKSPACE: Phrase = { en: "The whole workspace", "zh-TW": "整個工作區" };
const SLICES: Phrase = { en: "By language and topic", "zh-TW": "依語言與主題" };
const COLUMNS: readonly Phrase[] = [
  { en: "Model", "zh-TW": "模型" },
  { en: "Rating", "zh-TW": "評分" },
  { en: "95 %", "zh-TW": "95% 區間" },
  { en: "Votes", "zh-TW": "票數" },
  { en: "Won", "zh-TW": "勝" },
];
const NO_VOTES: Phrase = {
  en: "There are no votes yet whose names are out. `/compare` puts a prompt to all models, and the votes under it count.",
  "zh-TW": "還沒有已揭曉的投票。用 `/compare` 把題目交給所有模型，底下的投票就會列入排名。",
};
const METHOD: Phrase = {
  en: "Bradley-Terry ratings from blind votes (a vote chooses one among the answers shown; a tie counts in equal shares; all bad counts for none). 1000 is the mean; 400 more are odds of 10 to 1. Intervals: 95 %, from the Fisher information.",
  "zh-TW":
    "以盲測投票計算的 Bradley-Terry 評分（一票是從同時顯示的回答中選一個；平手平分；都不好不計）。平均為 1000，高 400 分代表勝率 10 比 1。區間為 95%，由 Fisher 資訊量求得。",
};
const NOT_ALL: Phrase = {
  en: `There are more comparisons than a ranking reads at once; this one rests on ${MOST_BALLOTS}.`,
  "zh-TW": `比較的次數超過一次能讀取的量，這份排名以其中 ${MOST_BALLOTS} 次計算。`,
};
const SEPARATED: Phrase = {
  en: "The votes separate every model from the next.",
  "zh-TW": "目前的票數足以區分相鄰的每個模型。",
};
const GUIDED: Phrase = {
  en: "Some models have not lost yet, or have never met, so these ratings lean on a weak prior toward the mean.",
  "zh-TW": "有些模型還沒輸過或從未同場，所以評分用了較弱的先驗，往平均靠攏。",
};
const NO_PICTURE: Phrase = {
  en: "The picture could not be painted here; the tables say the same.",
  "zh-TW": "這裡畫不出圖片；表格的內容相同。",
};

function notSeparated(first: string, second: string, low: number, high: number): Phrase {
  const [from, to] = [Math.round(low), Math.round(high)];
  return {
    en: `The votes do not separate ${first} from ${second} yet (difference ${from} to ${to}).`,
    "zh-TW": `目前的票數還無法區分 ${first} 與 ${second}（差距 ${from} 到 ${to}）。`,
  };
}
