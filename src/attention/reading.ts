// Says in one sentence what a view shows, and in small print what it does not.

import type { View } from "../core/attention.ts";
import type { Language, Phrase } from "../core/language.ts";
import { rowOf } from "./grid.ts";
import { columnShares, ROLE_NAMES, type Role } from "./heads.ts";
import type { AttentionModel } from "./model.ts";
import { PRONOUNS, type ViewState } from "./view-state.ts";
import { clipColumns, letterOf, MOST_CELLS, percent } from "./views/layout.ts";

/** Columns of a token inside a sentence. */
const TOKEN_ROOM = 20;
/** A second target is named while it has at least half of the first one's weight. */
const SECOND = 0.5;
/** From here on the first token's share is worth a word. */
const PARKED = 0.3;

/** In a code span, where no chat reads marks or mentions. */
export function quote(text: string): string {
  return `\`${clipColumns(text, TOKEN_ROOM)}\``;
}

export function roleName({ names }: Role, language: Language): string {
  return names.map((name) => ROLE_NAMES[name][language]).join("+");
}

/** "content words 65 % (48 % if even)". */
export function roleShare(role: Role, language: Language): string {
  const name = `${roleName(role, language)} ${percent(role.share)}`;
  // Broad and mixed already say how even the weights are.
  if (role.even === undefined) return name;
  return { en: `${name} (${percent(role.even)} if even)`, "zh-TW": `${name}（平均分配時是 ${percent(role.even)}）` }[
    language
  ];
}

/** Where the chosen token looks in the chosen head. */
export function readHead(state: ViewState): string {
  const { layer, head, language, tokens } = state;
  if (tokens.length === 1) return readAlone(state);
  const share = roleShare(state.role(layer, head), language);
  const looks = readRow(state, rowOf(state.grid(layer, head), state.token));
  return {
    en: `${looks}. Head L${layer}H${head}: ${share}.`,
    "zh-TW": `${looks}。注意力頭 L${layer}H${head}：${share}。`,
  }[language];
}

function readAlone({ tokens, language }: ViewState): string {
  const only = quote(tokens[0]!.text);
  return { en: `${only} is alone: it can only look at itself.`, "zh-TW": `只有 ${only} 一個詞元，只能看向自己。` }[
    language
  ];
}

/** How much of each word reached the chosen one over all layers. */
export function readRollout(state: ViewState, row: readonly number[]): string {
  const looks = readRow(state, row);
  return { en: `Over all layers, ${looks}.`, "zh-TW": `把所有層合起來看，${looks}。` }[state.language];
}

function readRow({ tokens, token, language }: ViewState, row: readonly number[]): string {
  const others = row.map((weight, i) => ({ weight, i })).sort((a, b) => b.weight - a.weight);
  const [first, second] = others;
  const targets = [first!, ...(second && second.weight >= first!.weight * SECOND ? [second] : [])];
  const letterAt = (i: number) => (tokens.filter(({ text }) => text === tokens[i]!.text).length > 1 ? letterOf(i) : "");
  const named = targets.map(({ i, weight }) => ({
    text: i === token ? undefined : tokens[i]!.text,
    details: [...(i === token ? [] : [letterAt(i)]), percent(weight)].filter(Boolean),
  }));
  const [asking, letter] = [quote(tokens[token]!.text), letterAt(token)];
  return {
    en: `${asking}${letter && ` (${letter})`} looks most at ${listEnglish(named)}`,
    "zh-TW": `${asking}${letter ? `（${letter}）` : " "}看得最多的是${listChinese(named)}`,
  }[language];
}

/** Without a text, the one who looks. The details are its letter, where another token has the same text, and its share. */
type Target = { text: string | undefined; details: readonly string[] };

function listEnglish(targets: readonly Target[]): string {
  return targets.map(({ text, details }) => `${text ? quote(text) : "itself"} (${details.join(", ")})`).join(" and ");
}

/** A blank parts Chinese from code, and from nothing else. */
function listChinese(targets: readonly Target[]): string {
  return targets.map(({ text, details }) => `${text ? ` ${quote(text)}` : "自己"}（${details.join("，")}）`).join("和");
}

const NOT_WHY: Phrase = {
  en: "Attention says where it looked, not why.",
  "zh-TW": "注意力只說它看了哪裡，沒有說為什麼。",
};
const UNSETTLED: Phrase = {
  en: "It does not settle what the pronoun refers to.",
  "zh-TW": "這不代表模型知道代名詞指的是誰。",
};
const UNKNOWN: Phrase = {
  en: '"?" marks what is not in its vocabulary.',
  "zh-TW": "「?」表示它的詞彙表裡沒有的字。",
};
const SWALLOWED: Phrase = {
  en: "One word swallows most of the text, so its pieces are shown.",
  "zh-TW": "整段文字幾乎是同一個詞，所以改顯示片段。",
};
const WITHOUT_FIRST: Phrase = {
  en: "The first token is left out and its weight shared among the others.",
  "zh-TW": "已略過第一個詞元，它的權重按比例分給其他詞元。",
};

const ON_PAPER: Phrase = {
  en: "Each number is worked from the printed ones; the model's own may differ in the last digit.",
  "zh-TW": "每個數字都由印出來的數字算得，最後一位可能和模型裡的不同。",
};

/** The small print under a view. `shortened`: a grid was asked for and did not fit. */
export function notesOf(
  state: ViewState,
  model: Pick<AttentionModel, "limits">,
  { view, shortened }: { view: View; shortened: boolean },
): string[] {
  const { trace, tokens, language } = state;
  const notes: (Phrase | undefined)[] = [
    shortened ? tooWide(tokens.length) : undefined,
    trace.cut > 0 ? unread(trace.pieces.length, trace.cut) : undefined,
    tokens.some(({ unknown }) => unknown) ? UNKNOWN : undefined,
    state.swallowed ? SWALLOWED : undefined,
    PRONOUNS.has(tokens[state.token]!.text.toLowerCase()) ? UNSETTLED : undefined,
    view === "steps" ? onPaper(state) : state.withoutFirst ? WITHOUT_FIRST : parked(state),
    model.limits,
    NOT_WHY,
  ];
  return notes.flatMap((note) => (note ? [note[language]] : []));
}

/** The worked example shows the model's own numbers, whatever is left out of the grids. */
function onPaper({ trace, layer }: ViewState): Phrase | undefined {
  return trace.layers[layer]!.working ? ON_PAPER : undefined;
}

function tooWide(count: number): Phrase {
  return {
    en: `${count} tokens do not fit in a grid of ${MOST_CELLS}: one token is shown here, all of them in the picture.`,
    "zh-TW": `${count} 個詞元放不進 ${MOST_CELLS} 格的表：這裡只顯示一個詞元，全部請看圖片。`,
  };
}

function unread(read: number, cut: number): Phrase {
  return {
    en: `Only the first ${read} pieces were read; ${cut} more were cut off.`,
    "zh-TW": `只讀了前 ${read} 個片段，後面 ${cut} 個已略過。`,
  };
}

/** Decoders park attention that they have no use for on the first token (Xiao et al. 2023). */
function parked(state: ViewState): Phrase | undefined {
  const share = columnShares(state.grid(state.layer, state.head))[0]!;
  if (!state.trace.causal || share < PARKED) return undefined;
  return {
    en: `${percent(share)} of this head's attention is parked on the first token; leave it out to see the rest.`,
    "zh-TW": `這個頭有 ${percent(share)} 的注意力停在第一個詞元；可以略過它來看其餘部分。`,
  };
}
