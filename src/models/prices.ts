// Exports the prices that a person set in a file, which overrule those of the catalogue. What is not known stays unknown.

import { readFileSync } from "node:fs";
import { z } from "zod";
import { BotError } from "../core/errors.ts";
import type { Price } from "../core/model.ts";
import { PRICED } from "./catalog/index.ts";

export const FREE: Price = { input: 0, output: 0, asOf: PRICED };

/** Prices under "provider/model". */
export type Prices = ReadonlyMap<string, Price>;

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

/** The prices of a file of one's own. Throws BotError "misconfigured" with the fix. */
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
