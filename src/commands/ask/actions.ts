// Lists what can be done next with an answer, or where there was none: at most five buttons.

import { clip } from "../../core/text.ts";
import type { Phrase } from "../../core/language.ts";
import type { Model } from "../../core/model.ts";
import type { Action } from "../../core/reply.ts";
import { historyOf, type Ask } from "./args.ts";
import { questionKind } from "./follow-up.ts";

const OTHER_MODELS = 3;
/** UTF-16 units of a question that go along with a vote or into the admins' list. */
const LONGEST_ECHO = 300;
const LONGEST_NAME = 40;

/** 👍, 👎, and the same question to other models. */
export function afterAnswer(call: Ask, model: Model): readonly Action[] {
  const { args, invocation, say } = call;
  const question = clip(args.question, LONGEST_ECHO);
  const vote = (label: string, verdict: string): Action => ({
    label,
    command: "feedback",
    options: { verdict, about: invocation.id, question, model: model.name },
    shows: "to-presser",
  });
  const again = otherModels(call, model).map((name): Action => ({
    label: say(askAgain(name)),
    command: "ask",
    options: { question: args.question, model: name, ...(args.plain && { plain: true }) },
    shows: "below",
    differsIn: "model",
  }));
  return [vote("👍", "good"), vote("👎", "bad"), ...again];
}

/** The question is not lost, and a model may still know. */
export function afterNothing(call: Ask, model: Model): readonly Action[] {
  const { args, say } = call;
  const keep: Action = {
    label: say(KEEP),
    command: "kb",
    options: { action: "keep", target: clip(withSubject(call), LONGEST_ECHO) },
    shows: "to-presser",
  };
  const alone: Action = {
    label: say(ALONE),
    command: "ask",
    options: { question: args.question, plain: true, model: model.name },
    shows: "below",
  };
  return model.isGenerative ? [keep, alone] : [keep];
}

function otherModels({ tools }: Ask, { name }: Model): readonly string[] {
  const others = tools.models.names().filter((other) => other !== name);
  return others.filter((other) => tools.models.pick(other).isGenerative).slice(0, OTHER_MODELS);
}

/** "And for interns?" means nothing to an admin a week later. */
function withSubject(call: Ask): string {
  const { question } = call.args;
  const before = historyOf(call).findLast(({ role }) => role === "user")?.text;
  return before && questionKind(question) !== "standalone" ? `${before} → ${question}` : question;
}

function askAgain(model: string): Phrase {
  const name = model.slice(model.indexOf("/") + 1);
  const short = clip(name, LONGEST_NAME);
  return { en: `Ask again with ${short}`, "zh-TW": `換 ${short} 再答一次` };
}

const KEEP: Phrase = { en: "Keep this question for the admins", "zh-TW": "把這題留給管理員" };
const ALONE: Phrase = { en: "Ask the model without documents", "zh-TW": "不靠文件，直接問模型" };
