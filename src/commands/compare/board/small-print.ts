// What is known of one answer once its model may be named: times, tokens, cost, citations, votes.

import type { Phrase } from "../../../core/language.ts";
import { dollars, seconds } from "../../../core/figures.ts";
import * as phrases from "../phrases.ts";
import type { Outcome } from "../../../core/run-model.ts";

/** In one line, for under the answer. `cited` is undefined where no passages were given, `votes` where none are cast. */
export function smallPrint(
  outcome: Outcome,
  {
    cited,
    votes,
    say,
  }: { cited?: readonly number[] | undefined; votes?: number | undefined; say: (phrase: Phrase) => string },
): string {
  const { firstToken, total, usage, end, named } = outcome;
  return [
    ...(firstToken === undefined ? [] : [say(firstWord(firstToken))]),
    seconds(total),
    ...(usage ? [say(tokens(usage)), `${speed(usage.output, total)} tokens/s`] : []),
    say(costIn(outcome)),
    ...(end === "end" ? [say(phrases.FINISHED)] : []),
    ...(end === "length" || end === "context-full" ? [say(phrases.CUT_OFF)] : []),
    ...(cited ? [cited.length > 0 ? say(cites(cited)) : say(phrases.CITES_NOTHING)] : []),
    ...(named ? [say(phrases.calledByVendor(named))] : []),
    ...(votes === undefined ? [] : [say(phrases.votesFor(votes))]),
  ].join(" · ");
}

/** What was not counted has no cost that could be known, whatever its price. */
export function costIn({ cost, isLocal, usage }: Outcome): Phrase {
  if (cost === undefined) return usage ? phrases.PRICE_UNKNOWN : phrases.COST_UNKNOWN;
  if (cost === 0) return isLocal ? phrases.FREE_LOCAL : phrases.FREE;
  return { en: dollars(cost), "zh-TW": dollars(cost) };
}

/** Over the whole time, for a thinking model's thoughts are among its tokens. */
function speed(output: number, total: number): string {
  return total > 0 ? (output / (total / 1000)).toFixed(output / total > 0.01 ? 0 : 1) : "∞";
}

function firstWord(ms: number): Phrase {
  return { en: `${seconds(ms)} to first word`, "zh-TW": `${seconds(ms)} 出現第一個字` };
}

function tokens({ input, output }: { input: number; output: number }): Phrase {
  return { en: `${input} → ${output} tokens`, "zh-TW": `${input} → ${output} token` };
}

function cites(numbers: readonly number[]): Phrase {
  const list = numbers.map((number) => `[${number}]`).join("");
  return { en: `cites ${list}`, "zh-TW": `引用 ${list}` };
}
