// Writes what an answer cost and how long it took.

import type { Price } from "./model.ts";

/** US dollars. */
export function costOf(usage: { input: number; output: number }, price: Price): number {
  const { input, output } = price.above && usage.input > price.above.tokens ? price.above : price;
  return (usage.input * input + usage.output * output) / 1_000_000;
}

/** Two digits that matter, and never "$0.00" for something that was billed. */
export function dollars(amount: number): string {
  if (amount === 0) return "$0";
  if (amount < 0.000_01) return "< $0.00001";
  const places = Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(amount))));
  return `$${amount.toFixed(places)}`;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
