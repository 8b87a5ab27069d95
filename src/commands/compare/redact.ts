// A model that says who it is would end a blind comparison: where it speaks of itself, the names of models are covered.

import type { ModelFamily } from "../../core/model.ts";

const COVER = "▒▒▒";

/** The same words, with the speaker's own names covered. A name that is the subject of the answer stays. */
export type Mask = (text: string) => string;

/** Covers the names of these families and their makers. Makers whose name is an everyday word are not among them. */
export function createMask(families: readonly ModelFamily[]): Mask {
  if (families.length === 0) return (text) => text;
  const name = nameOf(families);
  const names = new RegExp(`(?<![\\p{Script=Latin}])${name}`, "giu");
  // A name alone in a line, or before a colon.
  const alone = new RegExp(`${BEFORE}${name}[*_]*\\s*(?:[,:，：]|[^\\p{L}\\p{N}]*$)`, "iu");
  const isOfItself = (sentence: string) => [...OF_ITSELF, alone].some((sign) => sign.test(sentence));
  return (text) =>
    text.replace(SENTENCES, (sentence) => (isOfItself(sentence) ? sentence.replace(names, COVER) : sentence));
}

/** A name with what follows of a version. */
function nameOf(families: readonly ModelFamily[]): string {
  const words = (list: readonly string[]) =>
    [...new Set(list)]
      .toSorted((a, b) => b.length - a.length)
      .map((word) => word.replace(/[.+*?()[\]{}|^$\\]/g, "\\$&").replaceAll(" ", "\\s?"))
      .join("|");
  const names = words(families.flatMap((family) => family.names));
  const tiers = words(families.flatMap((family) => family.tiers));
  return `(?:${names})(?:[\\s-]?(?:${tiers}|\\d+(?:\\.\\d+)*[a-z]?)(?![\\p{L}]))*`;
}

const BEFORE = "^[\\s*_#>–—-]*(?:as |by |from |身為|作為)?[\\s*_]*";

/** Signs that a sentence speaks of its speaker: the first person, a maker. */
const OF_ITSELF = [
  /(?<![\p{L}])(?:I|I['’]m|my|me|myself|as an? (?:ai|language model|assistant)|this (?:model|assistant|answer))(?![\p{L}])/iu,
  /(?:written|made|trained|developed|created|built|powered|generated) by/i,
  /我|本人|本模型|身為|作為|由.{0,20}(?:開發|訓練|打造|撰寫)/u,
];
/**
 * A dot inside a word or a number ends no sentence. Not sentencesIn(): what is left of a semicolon says who speaks on its
 * right, too, and what an abbreviation tears apart here is covered no less.
 */
const SENTENCES = /(?:[^.!?。！？\n]|[.!?](?=\S))+[.!?。！？\n]*/gu;
