// What a person may wish for and cannot have, each with what can be had.

import { BotError } from "../core/errors.ts";
import type { Trace } from "./model.ts";

/** Throws BotError "usage" where the model has no such layer or head. */
export function checkPlace({ layers }: Trace, layer: number | undefined, head: number | undefined): void {
  if (layer !== undefined && !(layer in layers)) throw noSuchLayer(layers.length);
  const heads = layers[layer ?? 0]!.heads;
  if (head !== undefined && !(Number.isInteger(head) && head >= 0 && head < heads)) throw noSuchHead(heads);
}

export function noSuchModel(name: string, bundled: string): BotError {
  return new BotError("no-such-model", {
    en: `I can't open an attention model called "${name}". Leave it out for the bundled one (${bundled}).`,
    "zh-TW": `找不到名為「${name}」的注意力模型。不指定的話會用內建的（${bundled}）。`,
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
