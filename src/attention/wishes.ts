// Finds the requested token, head and layer, or says what can be had instead.

import type { Choices } from "../core/attention.ts";
import { BotError } from "../core/errors.ts";
import type { Trace } from "./model.ts";
import { printable, type Token } from "./tokens.ts";
import { clipColumns, letterOf } from "./views/layout.ts";

/** Columns of a list of words inside a sentence. */
const LIST_ROOM = 240;

/** Throws BotError "usage" where the model has no such layer or head. */
export function checkPlace({ layers }: Trace, layer: number | undefined, head: number | undefined): void {
  if (layer !== undefined && !(layer in layers)) throw noSuchLayer(layers.length);
  const heads = layers[layer ?? 0]!.heads;
  if (head !== undefined && !(Number.isInteger(head) && head >= 0 && head < heads)) throw noSuchHead(heads);
}

/**
 * A token by the place of one of its pieces ("#8"), by its text, its letter in the views, or a part of it; undefined where
 * none was wished for. Throws BotError "usage" with the tokens there are where it is none of them.
 */
export function wishedToken(tokens: readonly Token[], wish = ""): number | undefined {
  const asked = wish.trim();
  if (!asked) return undefined;
  const piece = Number(/^#(\d+)$/.exec(asked)?.[1]);
  const texts = tokens.map(({ text }) => text.toLowerCase());
  const lower = asked.toLowerCase();
  const ways: ((place: number) => boolean)[] = [
    (place) => tokens[place]!.pieces.includes(piece),
    (place) => texts[place] === lower,
    (place) => letterOf(place) === asked,
    (place) => texts[place]!.includes(lower),
  ];
  const found = ways.map((fits) => tokens.findIndex((_, place) => fits(place))).find((place) => place >= 0);
  if (found === undefined) throw noSuchToken(asked, tokens);
  return found;
}

/** The tokens as they can be wished for. */
export function namedTokens(tokens: readonly Token[]): Choices["tokens"] {
  return tokens.map(({ text, pieces }, place) => ({ text, letter: letterOf(place), piece: pieces[0]! }));
}

export function noSuchModel(name: string, bundled: string): BotError {
  return new BotError("no-such-model", {
    en: `I can't find a model called "${clipColumns(printable(name), 40)}". Name one as the Hugging Face hub does, such as Xenova/gpt2, or leave it out for the bundled one (${bundled}).`,
    "zh-TW": `找不到名為「${clipColumns(printable(name), 40)}」的模型。請用 Hugging Face 上的名稱，例如 Xenova/gpt2；不指定的話會用內建的（${bundled}）。`,
  });
}

function noSuchToken(asked: string, tokens: readonly Token[]): BotError {
  const name = `\`${clipColumns(printable(asked), 20)}\``;
  const listed = clipColumns(tokens.map(({ text }, place) => `${letterOf(place)} ${text}`).join(", "), LIST_ROOM);
  return new BotError("usage", {
    en: `${name} is not in the text. Choose a word or its letter: \`${listed}\`.`,
    "zh-TW": `文字裡沒有 ${name}。請選一個詞或它的字母：\`${listed}\`。`,
  });
}

function noSuchLayer(count: number): BotError {
  return new BotError("usage", {
    en: `This model has ${count} layers: choose one from 0 to ${count - 1}.`,
    "zh-TW": `這個模型有 ${count} 層：請選 0 到 ${count - 1}。`,
  });
}

function noSuchHead(count: number): BotError {
  return new BotError("usage", {
    en: `This layer has ${count} heads: choose one from 0 to ${count - 1}.`,
    "zh-TW": `這一層有 ${count} 個頭：請選 0 到 ${count - 1}。`,
  });
}
