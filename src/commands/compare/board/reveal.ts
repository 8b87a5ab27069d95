// What is shown once names are out: where the answers differ, what the judge said, and the figures side by side.

import { withoutMarks } from "../../../core/citations.ts";
import type { Language, Phrase } from "../../../core/language.ts";
import { clip } from "../../../core/text.ts";
import type { Reply, Table } from "../../../core/reply.ts";
import { agree, drawAgreement } from "./agreement.ts";
import { isDeclined, isVotable } from "../../../core/run-model.ts";
import { marksOf, sayIn, type Board, type Say } from "./board-state.ts";
import { RUBRIC } from "./judge.ts";
import { LETTERS } from "../order.ts";
import * as phrases from "../phrases.ts";
import type { Ballot } from "../records.ts";
import { costIn } from "./small-print.ts";
import { seconds } from "../../../core/figures.ts";
import { tally } from "../votes.ts";
import { failureWords } from "../../../core/failure-words.ts";

export function* drawReveal(board: Board): Generator<Reply> {
  const { question, ballot, outcomes } = board;
  const say = sayIn(question);
  yield* drawDifferences(board);
  yield* drawVerdict(board);
  yield { type: "table", table: drawTable(board, say) };
  const days = [...new Set(outcomes.flatMap(({ cost, pricedAt }) => (cost && pricedAt ? [pricedAt] : [])))];
  if (days.length > 0) yield { type: "note", text: say(phrases.pricesOf(days.toSorted())) };
  if (question.unsampled.length > 0) yield { type: "note", text: say(phrases.noTemperature(question.unsampled)) };
  if (question.thinking.length > 0) yield { type: "note", text: say(phrases.thinksFirst(question.thinking)) };
  if (ballot) yield { type: "note", text: say(drawTally(ballot)) };
}

function* drawDifferences({ question, outcomes, passages }: Board): Generator<Reply> {
  const told = outcomes.flatMap((outcome, i) => {
    const text = withoutMarks(outcome.text, marksOf(outcome, passages));
    return text.trim() && !isDeclined(outcome) ? [{ text, i }] : [];
  });
  if (told.length < 2) return;
  const say = sayIn(question);
  const agreement = agree(told.map(({ text }) => text));
  const letters = told.map(({ i }) => LETTERS[i]!);
  const alone = agreement.alone.map(({ answer, sentence }) =>
    say(phrases.onlySays(letters[answer]!, clip(sentence, LONGEST_SENTENCE))),
  );
  const grid = ["```", drawAgreement(agreement, letters), "```"].join("\n");
  yield { type: "text", section: say(phrases.DIFFERENCES), text: [grid, ...alone].join("\n") };
}

function* drawVerdict({ question, verdict, outcomes }: Board): Generator<Reply> {
  if (!verdict) return;
  const say = sayIn(question);
  const section = `${say(phrases.JUDGE)} · ${question.judge ?? ""}`;
  if (verdict === "unreadable") return yield { type: "text", section, text: say(phrases.JUDGE_UNREADABLE) };
  if ("failed" in verdict)
    return yield { type: "text", section, text: say(phrases.noVerdict(failureWords(verdict.failed))) };
  const voted = outcomes.filter(isVotable).length;
  const lines = [say(phrases.judgedBest(verdict.best, voted)), say(phrases.pairwise(verdict.over, verdict.ties))];
  yield { type: "text", section, text: [...lines, verdict.why && `> ${verdict.why}`].filter(Boolean).join("\n") };
  yield { type: "note", section, text: say(RUBRIC) };
  if (question.judge && question.models.includes(question.judge))
    yield { type: "note", section, text: say(phrases.JUDGE_PLAYS) };
}

/** Of a sentence that only one answer holds, UTF-16 units. */
const LONGEST_SENTENCE = 200;
const COLUMNS: readonly Phrase[] = [
  { en: "", "zh-TW": "" },
  { en: "Model", "zh-TW": "模型" },
  { en: "Time", "zh-TW": "時間" },
  { en: "Tokens", "zh-TW": "Token" },
  { en: "Cost", "zh-TW": "費用" },
];

function drawTable({ question, outcomes }: Board, say: Say): Table {
  const rows = outcomes.map((outcome, i) => [
    LETTERS[i]!,
    question.models[i]!,
    seconds(outcome.total),
    outcome.usage ? String(outcome.usage.output) : "–",
    say(costIn(outcome)),
  ]);
  return { columns: COLUMNS.map(say), rows };
}

function drawTally(ballot: Ballot): Phrase {
  const counts = tally(ballot);
  const list = (name: (choice: string) => string) =>
    [...ballot.letters, "tie", "bad"].map((choice) => `${name(choice)} ${counts.get(choice) ?? 0}`).join(" · ");
  const named = (language: Language) => (choice: string) => {
    if (choice === "tie") return phrases.TIE[language];
    return choice === "bad" ? phrases.BAD[language] : choice;
  };
  return { en: `Votes: ${list(named("en"))}`, "zh-TW": `票數：${list(named("zh-TW"))}` };
}
