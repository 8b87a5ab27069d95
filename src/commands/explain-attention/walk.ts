// Lists where to go on from a view: the nearest steps as buttons, then everything else.

import type { Explanation, View } from "../../core/attention.ts";
import { languageOf, type Language, type Phrase } from "../../core/language.ts";
import type { Action } from "../../core/reply.ts";
import { stated, type Look, type LookArgs } from "./args.ts";

export const NAME = "explain-attention";
/** A model that reads Chinese, small enough for a laptop. */
export const CHINESE_MODEL = "Xenova/bert-base-chinese";
/** Models for languages that the bundled one does not know. */
const MODELS: Readonly<Partial<Record<Language, string>>> = { "zh-TW": CHINESE_MODEL };
/** Entries of heads and of words in a list: a message has room for some sixty, and the text goes along with each. */
const MOST_HEADS = 16;
const MOST_TOKENS = 16;

type Options = Action["options"];

/** In place of the view: a walk stays one message. */
export function actionsFor(seen: Explanation, look: Look): readonly Action[] {
  const args = { ...look.args, language: look.language };
  const here = hereOf(seen, args);
  const go = (label: string, to: Partial<LookArgs>): Action => ({
    label,
    command: NAME,
    options: { ...here, ...stated(to) },
    shows: "in-place",
  });
  if (seen.view === "guide") return [...waysBack(args, go, look), ...sections(look)];
  if (seen.view === "toy") return toySteps(seen, args, go, look);
  const views = VIEWS[seen.view].map((view) => go(look.say(LABELS[view]), { view }));
  const guide = go(look.say(LABELS.guide), { view: "guide" });
  const picture = go(look.say(PICTURE), { picture: "png", view: seen.view });
  const next = nextStep(seen, go);
  return [
    ...next,
    ...views.slice(0, 3 - next.length),
    guide,
    picture,
    ...views.slice(3 - next.length),
    ...further(seen, args, go, look),
  ];
}

type Go = (label: string, to: Partial<LookArgs>) => Action;

/** What was looked at and how, without what was only for this once. In the guide nothing is looked at. */
function hereOf({ view, at, choices }: Explanation, args: LookArgs): Options {
  const { picture: _once, view: _left, ...lasting } = args;
  if (view === "guide") return stated(lasting) as Options;
  const token = choices.tokens[at.token];
  const place = view === "toy" ? {} : { layer: at.layer, head: at.head };
  return { ...stated(lasting), ...place, ...(token && { token: `#${token.piece}` }) };
}

/** The next head where heads are shown, the next word where one is. */
function nextStep({ view, at, choices: { layers, heads, tokens } }: Explanation, go: Go): Action[] {
  if (view === "overview" || view === "pieces") return [];
  if (view === "head") {
    const isLast = at.head + 1 >= heads;
    const [layer, head] = isLast ? [(at.layer + 1) % Math.max(1, layers), 0] : [at.layer, at.head + 1];
    return layers * heads > 1 ? [go(`L${layer}H${head}`, { layer, head, view: "head" })] : [];
  }
  const next = tokens[(at.token + 1) % tokens.length];
  if (!next || tokens.length < 2) return [];
  return [go(`${next.letter} ${next.text}`, { token: `#${next.piece}`, view: view as View })];
}

/** Every head within reach, words or pieces, every word within reach. */
function further(seen: Explanation, args: LookArgs, go: Go, { say }: Look): Action[] {
  const { view, at, choices } = seen;
  const ofHead = view === "token" || view === "steps" ? view : "head";
  const ofToken = view === "steps" || view === "heads" || view === "rollout" ? view : "token";
  const heads = headsNear(seen).map(([layer, head]) => go(`L${layer}H${head}`, { layer, head, view: ofHead }));
  const from = Math.max(0, Math.min(at.token - MOST_TOKENS / 2, choices.tokens.length - MOST_TOKENS));
  const tokens = choices.tokens
    .slice(from, from + MOST_TOKENS)
    .filter(({ piece }) => piece !== choices.tokens[at.token]?.piece)
    .map(({ letter, text, piece }) => go(`${letter} ${text}`, { token: `#${piece}`, view: ofToken }));
  const shown = view as View;
  const pieces = go(say(args.pieces ? WORDS : PIECES), { pieces: !args.pieces, view: shown });
  const first = go(say(args.skipfirst ? WITH_FIRST : SKIP_FIRST), { skipfirst: !args.skipfirst, view: shown });
  return [pieces, ...(choices.causal ? [first] : []), ...heads, ...tokens];
}

/** All other heads of a small model; of a large one those of this layer, and this head in the other layers. */
function headsNear({ at, choices: { layers, heads } }: Explanation): [number, number][] {
  const all = Array.from({ length: layers * heads }, (_, i): [number, number] => [Math.floor(i / heads), i % heads]);
  const others = all.filter(([layer, head]) => layer !== at.layer || head !== at.head);
  if (all.length <= MOST_HEADS) return others;
  const beside = others.filter(([layer]) => layer === at.layer);
  const above = others.filter(([, head]) => head === at.head);
  return [...beside.slice(0, MOST_HEADS), ...above.slice(0, MOST_HEADS)];
}

function toySteps({ at, choices: { tokens } }: Explanation, args: LookArgs, go: Go, { say }: Look): Action[] {
  const next = tokens[(at.token + 1) % tokens.length];
  return [
    ...(next && tokens.length > 1 ? [go(`${next.letter} ${next.text}`, { token: `#${next.piece}` })] : []),
    go(say(args.causal ? WHOLE : CAUSAL), { causal: !args.causal }),
    go(say(PICTURE), { picture: "png" }),
    go(say(LABELS.guide), { view: "guide" }),
  ];
}

function waysBack(args: LookArgs, go: Go, { say }: Look): Action[] {
  if (args.toy) return [go(say(BACK), {})];
  return (["overview", "token"] as const).map((view) => go(say(LABELS[view]), { view }));
}

/** The primer's sections, opened for whoever wants to read on. */
function sections({ say }: Look): Action[] {
  return SECTIONS.map((section) => ({
    label: say(section),
    command: "ask",
    options: { question: say(section) },
    shows: "to-presser",
  }));
}

/** What can be done where a text could not be shown. */
export function waysOut({ args, say }: Look): readonly Action[] {
  const walk = { command: NAME, shows: "in-place" } as const;
  const language = languageOf(args.text ?? "");
  const model = language && !args.model && !args.toy ? MODELS[language] : undefined;
  return [
    ...(model ? [{ ...walk, label: model, options: { text: args.text ?? "", model } }] : []),
    { ...walk, label: say(BY_HAND), options: { toy: true, text: say(TOY_EXAMPLE) } },
    { ...walk, label: say(LABELS.guide), options: { view: "guide" }, shows: "to-presser" },
  ];
}

/** Nearest first. */
const VIEWS: Readonly<Record<Exclude<View, "guide">, readonly View[]>> = {
  overview: ["token", "steps", "head", "heads", "rollout", "pieces"],
  head: ["token", "steps", "overview", "heads", "rollout", "pieces"],
  token: ["head", "steps", "heads", "overview", "rollout", "pieces"],
  steps: ["token", "head", "heads", "overview", "rollout", "pieces"],
  heads: ["token", "steps", "overview", "head", "rollout", "pieces"],
  rollout: ["token", "overview", "head", "steps", "heads", "pieces"],
  pieces: ["overview", "token", "head", "steps", "heads", "rollout"],
};
const LABELS: Readonly<Record<View, Phrase>> = {
  overview: { en: "Overview", "zh-TW": "總覽" },
  head: { en: "One head", "zh-TW": "一個頭" },
  token: { en: "One word", "zh-TW": "一個詞" },
  steps: { en: "Worked example", "zh-TW": "一步步算" },
  heads: { en: "All heads side by side", "zh-TW": "所有的頭並排" },
  rollout: { en: "Rollout", "zh-TW": "各層合併（rollout）" },
  pieces: { en: "How it was cut", "zh-TW": "怎麼切開的" },
  guide: { en: "How do I read this?", "zh-TW": "怎麼看？" },
};
const PICTURE: Phrase = { en: "Picture", "zh-TW": "圖片" };
const PIECES: Phrase = { en: "Pieces instead of words", "zh-TW": "改看片段" };
const WORDS: Phrase = { en: "Words instead of pieces", "zh-TW": "改看詞" };
const SKIP_FIRST: Phrase = { en: "Leave the first token out", "zh-TW": "略過第一個詞元" };
const WITH_FIRST: Phrase = { en: "With the first token", "zh-TW": "包含第一個詞元" };
const CAUSAL: Phrase = { en: "Look back only", "zh-TW": "只看前面的詞" };
const WHOLE: Phrase = { en: "Look both ways", "zh-TW": "前後都看" };
const BACK: Phrase = { en: "Back to the numbers", "zh-TW": "回到算式" };
const BY_HAND: Phrase = { en: "Work one out by hand", "zh-TW": "用紙筆算一個" };
const TOY_EXAMPLE: Phrase = { en: "cat=0.1,0.3 sat=0.5,0.7 mat=0.2,0.4", "zh-TW": "貓=0.1,0.3 坐=0.5,0.7 墊=0.2,0.4" };
/** As the primer heads them. */
export const SECTIONS: readonly Phrase[] = [
  { en: "How is self-attention computed, step by step?", "zh-TW": "自注意力如何一步步計算？" },
  { en: "What do attention heads learn?", "zh-TW": "注意力頭學到了什麼？" },
  { en: "Do attention weights explain a model's decision?", "zh-TW": "注意力權重能解釋模型的決定嗎？" },
];
