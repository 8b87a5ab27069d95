// Where a cited passage says another number, or the opposite, of what a sentence says. When in doubt, it finds nothing:
// a wrong reproach costs more trust than a missed one, and whoever reads has the quote below.

import type { Tokenize } from "../search/tokens.ts";
import { clausesOf, hasPlainSign, overlap, readPart, shared, type Part } from "./clauses.ts";
import { isDerived, type Quantity } from "./numbers.ts";

/** The share of the sentence's words that the source's part must have for its number to be about the same thing. */
const SAME_MATTER = 0.6;
const FEWEST_SHARED = 2;
/** How much better than any other part with another number. */
const CLEARLY = 0.15;
/** For the opposite, nearly all words must agree, both ways; of three words, all. */
const SAME_WORDS = 0.8;
const SAME_WORDS_BACK = 0.75;
const FEW_WORDS = 3;

/** What the passages say instead, in their own words. `all` are the passages that the answer was given, cited or not. */
export function contradictionOf(
  sentence: string,
  cited: readonly (readonly Part[])[],
  all: readonly Quantity[],
  tokenize: Tokenize,
): string | undefined {
  // A question claims nothing, and a table's row says too little of what its numbers are about.
  if (/\?\s*$|^\s*\|/.test(sentence)) return undefined;
  const whole = readPart(sentence, tokenize);
  const clauses = clausesOf(sentence).map((clause) => readPart(clause, tokenize));
  const parts = cited.flat().filter(({ text }) => !/\?\s*$/.test(text));
  for (const clause of clauses) {
    for (const quantity of clause.quantities) {
      const says = otherNumber(quantity, { clause, whole, parts, all });
      if (says) return says;
    }
  }
  return oppositeOf(clauses, parts);
}

interface Compared {
  clause: Part;
  whole: Part;
  parts: readonly Part[];
  all: readonly Quantity[];
}

function otherNumber(quantity: Quantity, { clause, whole, parts, all }: Compared): string | undefined {
  const { value, unit, isLoose } = quantity;
  if (isLoose || unit === "" || unit === "calendar year") return undefined;
  const there = parts.flatMap(({ quantities }) => quantities);
  const isSaid =
    there.some((other) => other.value === value) || all.some((other) => other.value === value && other.unit === unit);
  if (isSaid || isDerived(quantity, whole.quantities, there)) return undefined;
  const said = new Set(whole.quantities.filter((other) => other.unit === unit).map((other) => other.value));
  const rivals = parts
    .map((part) => ({ part, others: part.quantities.filter((other) => other.unit === unit && !said.has(other.value)) }))
    .filter(({ others }) => others.length > 0)
    .map(({ part, others }) => ({ part, others, score: likeness(part, clause, whole) }))
    .toSorted((a, b) => b.score - a.score || a.others.length - b.others.length);
  const best = rivals[0];
  if (!best || best.score < SAME_MATTER || best.others.length !== 1 || best.others[0]!.isLoose) return undefined;
  const [other] = best.others;
  const isDisputed = rivals.some(
    // The sentence around the closest clause may well name another number elsewhere.
    ({ part, others, score }) =>
      score > best.score - CLEARLY &&
      !part.text.includes(best.part.text) &&
      others.some(({ value }) => value !== other!.value),
  );
  return isDisputed ? undefined : other!.words;
}

/** How far a part of the source is about the same as the clause; a clause of few words is read with its whole sentence. */
function likeness(part: Part, clause: Part, whole: Part): number {
  const { words, quantities } = clause.words.size >= FEWEST_SHARED ? clause : whole;
  const common = quantities.filter(({ value, unit }) =>
    part.quantities.some((q) => q.value === value && q.unit === unit),
  );
  return shared(words, part.words) + common.length >= FEWEST_SHARED ? overlap(words, part.words) : 0;
}

function oppositeOf(clauses: readonly Part[], parts: readonly Part[]): string | undefined {
  for (const clause of clauses) {
    if (clause.words.size < FEW_WORDS || !hasPlainSign(clause)) continue;
    const [there, back] = clause.words.size === FEW_WORDS ? [1, 1] : [SAME_WORDS, SAME_WORDS_BACK];
    const alike = parts.filter(
      ({ words }) => overlap(clause.words, words) >= there && overlap(words, clause.words) >= back,
    );
    if (alike.length === 0 || alike.some((part) => !hasPlainSign(part) || part.isNegated === clause.isNegated))
      continue;
    return alike[0]!.text.replace(/[\s。．.！!；;，,]+$/u, "");
  }
  return undefined;
}
