// A sum, a difference, a product or another unit of what the sources say contradicts nothing, though no source has the number.

import type { Quantity } from "./quantities.ts";

/** How many of the second unit one of the first is, by any custom: a working day has eight hours, a week five or seven days. */
const CONVERSIONS: readonly [from: string, to: string, factors: readonly number[]][] = [
  ["year", "month", [12]],
  ["year", "week", [52]],
  ["year", "day", [365, 366]],
  ["month", "week", [4]],
  ["month", "day", [28, 30, 31]],
  ["week", "day", [5, 7]],
  ["week", "working day", [5]],
  ["day", "hour", [8, 24]],
  ["working day", "hour", [8]],
  ["hour", "minute", [60]],
  ["minute", "second", [60]],
  ["gigabyte", "megabyte", [1000, 1024]],
];
/** Beyond this many numbers of one kind, some two of them always make a third. */
const MOST_TO_ADD = 8;

/** `said` are the sentence's own quantities: two hours at 40 dollars are 80. */
export function isDerived({ value, unit }: Quantity, said: readonly Quantity[], all: readonly Quantity[]): boolean {
  const near = (other: number) => Math.abs(other - value) <= 1e-9 * Math.max(1, Math.abs(value));
  const alike = [...new Set(all.filter((other) => other.unit === unit).map((other) => other.value))];
  const isRounded = alike.some((other) => near(Math.round(other)) || (unit === "percent" && near(100 - other)));
  const isConverted = all.some((other) => factorsOf(other.unit, unit).some((factor) => near(other.value * factor)));
  const isMultiplied = alike.some((other) =>
    said.some((each) => each.value !== value && (near(other * each.value) || near(other / each.value))),
  );
  const isAdded =
    alike.length <= MOST_TO_ADD &&
    alike.some((one, i) => alike.some((other, j) => i < j && (near(one + other) || near(Math.abs(one - other)))));
  return isRounded || isConverted || isMultiplied || isAdded;
}

function factorsOf(from: string, to: string): readonly number[] {
  return CONVERSIONS.flatMap(([larger, smaller, factors]) => {
    if (larger === from && smaller === to) return factors;
    return larger === to && smaller === from ? factors.map((factor) => 1 / factor) : [];
  });
}
