// Draws a grid of attention as SVG: darker is more, rows ask, columns are looked at.

import { clipColumns, widthOf } from "../views/layout.ts";

export interface Heatmap {
  title: string;
  /** How it is read, in small letters below the title. */
  caption: string;
  /** One for each row, and for each column in the same order. */
  labels: readonly string[];
  /** [labels, labels], row after row, 0..1. */
  weights: Float32Array;
  /** The row that the reader asked about, framed. */
  marked?: number;
}

const LABEL_COLUMNS = 14;
const MARGIN = 12;
const TITLE = 16;
const CAPTION = 11;
/** Room for title and caption. */
const HEAD = 44;
/** So little is not worth a rectangle. */
const FAINTEST = 0.01;
/** Below this side there is no room for a digit in a cell. */
const LEGIBLE = 20;
/** From this weight on a cell is darker than its digits would be. */
const DARK_CELL = 0.33;
/** The font comes in its thinnest cut; an outline in the letters' own colour makes it regular. */
const OUTLINE = 'stroke-width="0.4"';
const MARK = "#b30000";
const HAN_ONLY = /^\p{Script=Han}+$/u;
/** White to dark blue, as red, green, blue. */
const LIGHT = [255, 255, 255] as const;
const DARK = [8, 48, 107] as const;

export function drawHeatmap(heatmap: Heatmap): string {
  const { title, caption, labels, weights, marked } = heatmap;
  const { side, zoom } = sizeOf(labels.length);
  const short = labels.map((label) => clipColumns(label, LABEL_COLUMNS));
  const size = Math.min(14, side - 1);
  const room = Math.ceil(Math.max(...short.map(widthOf)) * size * 0.6) + 8;
  const [left, top] = [MARGIN + room, HEAD + room];
  const extent = labels.length * side;
  const words = Math.max(widthOf(title) * TITLE, widthOf(caption) * CAPTION) * 0.6;
  const [width, height] = [Math.ceil(Math.max(left + extent, MARGIN + words) + MARGIN), top + extent + MARGIN];
  const frame = (y: number, tall: number, stroke: string) =>
    `<rect y="${y}" width="${extent}" height="${tall}" fill="none" stroke="${stroke}"/>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width * zoom}" height="${height * zoom}" viewBox="0 0 ${width} ${height}" font-family="Noto Sans TC, sans-serif">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<g fill="#222" stroke="#222" ${OUTLINE}>`,
    `<text x="${MARGIN}" y="${MARGIN + TITLE}" font-size="${TITLE}">${escape(title)}</text>`,
    `<text x="${MARGIN}" y="${MARGIN + TITLE + CAPTION + 5}" font-size="${CAPTION}">${escape(caption)}</text>`,
    `<g font-size="${size}" transform="translate(${left} ${top})">${drawLabels(short, side, size)}</g></g>`,
    `<g transform="translate(${left} ${top})">${drawCells(weights, labels.length, side)}${frame(0, extent, "#999")}`,
    `${marked === undefined ? "" : frame(marked * side, side, MARK)}</g></svg>`,
  ].join("\n");
}

/** Left of the rows, and above the columns: Latin turned upwards, Chinese written downwards. */
function drawLabels(labels: readonly string[], side: number, size: number): string {
  return labels
    .map((label, i) => {
      const middle = (i + 0.5) * side;
      const base = middle + size * 0.36;
      const row = `<text x="-5" y="${base}" text-anchor="end">${escape(label)}</text>`;
      if (HAN_ONLY.test(label)) return row + drawDown(label, middle, size);
      return `${row}<text transform="translate(${base} -5) rotate(-90)">${escape(label)}</text>`;
    })
    .join("");
}

function drawDown(label: string, x: number, size: number): string {
  return [...label]
    .toReversed()
    .map((character, i) => `<text x="${x}" y="${-6 - i * size}" text-anchor="middle">${character}</text>`)
    .join("");
}

function drawCells(weights: Float32Array, count: number, side: number): string {
  const size = side > LEGIBLE ? 13 : 10;
  const drawn: string[] = [];
  weights.forEach((weight, at) => {
    if (weight < FAINTEST) return;
    const [x, y] = [(at % count) * side, Math.floor(at / count) * side];
    drawn.push(`<rect x="${x}" y="${y}" width="${side}" height="${side}" fill="${colour(weight)}"/>`);
    if (side < LEGIBLE || weight < 0.05) return;
    const ink = weight > DARK_CELL ? "#fff" : "#111";
    const place = `x="${x + side / 2}" y="${y + side / 2 + size * 0.36}" font-size="${size}" text-anchor="middle"`;
    drawn.push(`<text ${place} fill="${ink}" stroke="${ink}" ${OUTLINE}>${Math.round(weight * 100)}</text>`);
  });
  return drawn.join("");
}

/** On a square-root scale, so that a tenth can be told from nothing. */
function colour(weight: number): string {
  const depth = Math.sqrt(Math.min(1, weight));
  const channels = LIGHT.map((light, i) => Math.round(light + (DARK[i]! - light) * depth));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/** Points a cell, and pixels a point: some 1,000 pixels for a sentence, on a phone's fine screen, 1,400 for the 128 there may be. */
function sizeOf(count: number): { side: number; zoom: number } {
  if (count <= 20) return { side: 32, zoom: 2 };
  return count <= 50 ? { side: 20, zoom: 2 } : { side: 10, zoom: 1 };
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
