// What models cost. Prices change without notice, so each is dated, a file may overrule them, and what is not known stays unknown.

import { readFileSync } from "node:fs";
import { z } from "zod";
import { BotError } from "../core/errors.ts";
import type { Price } from "../core/model.ts";

const AS_OF = "2026-11-23";

/** Input and output; then the prompt size above which others hold. */
type Row = readonly [model: string, input: number, output: number, above?: NonNullable<Price["above"]>];

/**
 * From the vendors' price pages, for their own servers. OpenAI bills prompts above 272,000 tokens at twice the input
 * and one and a half times the output price; Anthropic's Haiku costs five times as much above 100,000.
 */
const ROWS: readonly Row[] = [
  ["openai/gpt-6.1-terra", 1, 5, { tokens: 272_000, input: 2, output: 7.5 }],
  ["openai/gpt-6.1-sol", 2, 10, { tokens: 272_000, input: 4, output: 15 }],
  ["openai/gpt-6-sol", 2, 10, { tokens: 272_000, input: 4, output: 15 }],
  ["openai/gpt-6-luna", 0.1, 0.5, { tokens: 272_000, input: 0.2, output: 0.75 }],
  ["openai/gpt-5.6-terra", 2, 12, { tokens: 272_000, input: 4, output: 18 }],
  ["openai/gpt-5.6-luna", 0.2, 1.2, { tokens: 272_000, input: 0.4, output: 1.8 }],
  ["anthropic/claude-fable-5-2", 8, 40],
  ["anthropic/claude-opus-5-5", 4, 20],
  ["anthropic/claude-sonnet-5-5", 2, 10],
  ["anthropic/claude-haiku-5-5", 0.1, 0.5, { tokens: 100_000, input: 0.5, output: 2.5 }],
  ["anthropic/claude-haiku-4-5", 1, 5],
  ["mistral/mistral-medium-latest", 1.5, 7.5],
  ["mistral/mistral-medium-3.5", 1.5, 7.5],
];

export const FREE: Price = { input: 0, output: 0, asOf: AS_OF };

/** Prices under "provider/model". */
export type Prices = ReadonlyMap<string, Price>;

export const bundledPrices: Prices = new Map(
  ROWS.map(([name, input, output, above]) => [name, { input, output, asOf: AS_OF, ...(above && { above }) }]),
);

const Dollars = z.number().min(0);
const PriceFile = z.object({
  /** The day on which they were read. */
  asOf: z.iso.date(),
  prices: z.record(
    z.string().regex(/^[a-z]+\/\S+$/),
    z.object({
      input: Dollars,
      output: Dollars,
      above: z.object({ tokens: z.number().int().positive(), input: Dollars, output: Dollars }).optional(),
    }),
  ),
});

/** The prices of a file of one's own. Throws BotError "misconfigured" with the mend. */
export function readPrices(file: string): Prices {
  try {
    const { asOf, prices } = PriceFile.parse(JSON.parse(readFileSync(file, "utf8")));
    return new Map(
      Object.entries(prices).map(([name, { above, ...price }]) => [name, { ...price, asOf, ...(above && { above }) }]),
    );
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new BotError(
      "misconfigured",
      {
        en: `HEED_PRICES names ${file}, which I cannot use: ${why}. It should hold {"asOf": "2026-11-23", "prices": {"openai/gpt-6-luna": {"input": 0.1, "output": 0.5}}}, in US dollars per million tokens.`,
        "zh-TW": `HEED_PRICES 指定的 ${file} 無法使用：${why}。內容應該像 {"asOf": "2026-11-23", "prices": {"openai/gpt-6-luna": {"input": 0.1, "output": 0.5}}}，單位是每百萬 token 美元。`,
      },
      { cause },
    );
  }
}
