// Draws the ranking: a dot for each rating, a line for its interval, best on top.

import { clip } from "../../../core/text.ts";
import type { Phrase } from "../../../core/language.ts";
import type { Picture } from "../../../core/reply.ts";
import type { Rating } from "./bradley-terry.ts";
import type { Compare } from "../args.ts";

const WIDTH = 760;
const ROW = 34;
const MARGIN = 20;
const SIZE = 15;
const LONGEST_NAME = 34;
const AXIS = 40;
const TICKS = 5;
/** Twice as many pixels as points, for screens with fine ones. */
const ZOOM = 2;

/** Throws what the painter throws. */
export async function paintRanking(ratings: readonly Rating[], { tools, say, signal }: Paints): Promise<Picture> {
  const bytes = await tools.painter.paint(drawRanking(ratings), signal);
  return { name: "ranking.png", alt: say(altOf(ratings)), mediaType: "image/png", bytes };
}

type Paints = Pick<Compare, "say" | "signal"> & { tools: Pick<Compare["tools"], "painter"> };

export function drawRanking(ratings: readonly Rating[]): string {
  const names = ratings.map(({ name }) => clip(name, LONGEST_NAME));
  const left = MARGIN * 2 + Math.max(...names.map(widthOf));
  const height = MARGIN * 2 + ratings.length * ROW + AXIS;
  const { low, high, step } = scaleOf(ratings);
  const across = (rating: number) => left + ((rating - low) / (high - low)) * (WIDTH - MARGIN - left);
  const text = (label: string, x: number, y: number) => `<text x="${x}" y="${y}">${escape(label)}</text>`;
  const bottom = MARGIN + ratings.length * ROW;
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) => low + i * step).map(
    (tick) =>
      `<path d="M${across(tick)} ${MARGIN}V${bottom + 6}" stroke="#ddd"/>` +
      `<g text-anchor="middle">${text(String(tick), across(tick), bottom + 26)}</g>`,
  );
  const rows = ratings.map(({ rating, low, high }, i) => {
    const y = MARGIN + i * ROW + ROW / 2;
    return (
      text(names[i]!, MARGIN, y + SIZE / 3) +
      `<path d="M${across(low)} ${y}H${across(high)}M${across(low)} ${y - 5}v10M${across(high)} ${y - 5}v10" stroke="#08306b" stroke-width="2"/>` +
      `<circle cx="${across(rating)}" cy="${y}" r="5" fill="#08306b" stroke="none"/>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH * ZOOM}" height="${height * ZOOM}" viewBox="0 0 ${WIDTH} ${height}">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    // The font comes in its thinnest cut; an outline of its own colour makes it regular.
    `<g font-size="${SIZE}" fill="#222" stroke="#222" stroke-width="0.4">`,
    ...ticks,
    ...rows,
    "</g></svg>",
  ].join("\n");
}

/** Round numbers that hold every interval. */
function scaleOf(ratings: readonly Rating[]): { low: number; high: number; step: number } {
  const lowest = Math.min(...ratings.map(({ low }) => low));
  const highest = Math.max(...ratings.map(({ high }) => high));
  const rough = Math.max(1, (highest - lowest) / TICKS);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const low = Math.floor(lowest / step) * step;
  return { low, high: Math.max(low + step, Math.ceil(highest / step) * step), step };
}

function altOf(ratings: readonly Rating[]): Phrase {
  const list = ratings.map(
    ({ name, rating, low, high }) => `${name} ${Math.round(rating)} (${Math.round(low)}–${Math.round(high)})`,
  );
  return {
    en: `Ratings with 95 % intervals, best first: ${list.join("; ")}.`,
    "zh-TW": `評分與 95% 信賴區間，由高至低：${list.join("；")}。`,
  };
}

/** In points, roughly: a Chinese character is a square, a Latin letter three fifths of one. */
function widthOf(name: string): number {
  return SIZE * [...name].reduce((sum, letter) => sum + (/[\u2E80-\uFFFF]/.test(letter) ? 1 : 0.6), 0);
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
