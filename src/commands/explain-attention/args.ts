// Defines the arguments of `/explain-attention` and turns them into a request.

import { z } from "zod";
import { View, type AttentionRequest } from "../../core/attention.ts";
import type { CommandContext } from "../../core/command.ts";
import { Language } from "../../core/language.ts";

/** UTF-16 units. No model here reads more than 128 pieces, and what was not read is said. */
const LONGEST_TEXT = 4000;

const place = z.number().int().min(0).max(999);
const matrix = z.string().max(200);

export const lookArgs = z.object({
  text: z.string().max(LONGEST_TEXT).optional(),
  view: View.optional(),
  layer: place.optional(),
  head: place.optional(),
  token: z.string().max(100).optional(),
  pieces: z.boolean().optional(),
  skipfirst: z.boolean().optional(),
  picture: z.enum(["png", "svg"]).optional(),
  model: z.string().max(200).optional(),
  toy: z.boolean().optional(),
  wq: matrix.optional(),
  wk: matrix.optional(),
  wv: matrix.optional(),
  causal: z.boolean().optional(),
  language: Language.optional(),
});
export type LookArgs = z.infer<typeof lookArgs>;
export type Look = CommandContext<LookArgs>;

/** "cat=0.1,0.3 sat=0.5,0.7", full-width signs and blanks around them included. */
const PAIRS = /^(?:[^\s=＝]+\s*[=＝]\s*-?[\d.]+(?:\s*[,，、]\s*-?[\d.]+)*(?:\s+|$))+$/u;

/**
 * What was meant: numbers and matrices are a calculation, whether or not "toy" was said. And in the language that was asked
 * for, whoever asks: a walk goes on in the one it began in.
 */
export function settle(look: Look): Look {
  const { args } = look;
  const language = args.language ?? look.language;
  const isToy = args.toy ?? (PAIRS.test(args.text?.trim() ?? "") || [args.wq, args.wk, args.wv].some(Boolean));
  return { ...look, args: { ...args, ...(isToy && { toy: true }) }, language, say: (phrase) => phrase[language] };
}

export function requestOf({ args, language }: Look): AttentionRequest {
  const { text = "", toy, wq, wk, wv, causal, skipfirst, language: _spoken, ...rest } = args;
  return {
    ...stated(rest),
    text,
    language,
    ...(skipfirst ? { withoutFirst: true } : {}),
    ...(toy ? { toy: { embeddings: text, ...stated({ wq, wk, wv, causal }) } } : {}),
  };
}

/** Without the options that nobody gave. */
export function stated<Options extends object>(
  options: Options,
): { [Name in keyof Options]: Exclude<Options[Name], undefined> } {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [Name in keyof Options]: Exclude<Options[Name], undefined> };
}
