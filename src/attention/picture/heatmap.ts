// A grid of attention as SVG: darker is more, rows ask, columns are looked at.

import { clip, widthOf } from "../views/layout.ts";

export interface Heatmap {
  title: string;
  /** One for each row, and for each column in the same order. */
  labels: readonly string[];
  /** [labels, labels], row after row, 0..1. */
  weights: Float32Array;
  /** The row that the reader asked about, marked. */
  marked?: number;
}

const LABEL_COLUMNS = 14;
const MARGIN = 12;
const TITLE = 16;
/** So little is not worth a rectangle. */
const FAINTEST = 0.01;
/** Below this side there is no room for a digit in a cell. */
const LEGIBLE = 20;
/** White to dark blue, as red, green, blue. */
const LIGHT = [255, 255, 255] as const;
const DARK = [8, 48, 107] as const;

export function drawHeatmap({ title, labels, weights, marked }: Heatmap): string {
  const side = sideOf(labels.length);
  const size = Math.min(14, side - 1);
  const short = labels.map((label) => clip(label, LABEL_COLUMNS));
  const room = Math.ceil(Math.max(...short.map(widthOf)) * size * 0.6) + 8;
  const [left, top] = [MARGIN + room, MARGIN + TITLE + 10 + room];
  const extent = labels.length * side;
  const width = Math.max(left + extent + MARGIN, MARGIN * 2 + widthOf(title) * TITLE * 0.6);
  const text = (x: number, y: number, label: string, more: string) =>
    `<text x="${x}" y="${y}" ${more}>${escape(label)}</text>`;
  const rows = short.map((label, i) => {
    const middle = i * side + side / 2;
    const bold = i === marked ? ' fill="#b30000"' : "";
    return (
      text(left - 5, top + middle + size * 0.36, label, `text-anchor="end"${bold}`) +
      text(0, 0, label, `transform="translate(${left + middle + size * 0.36} ${top - 5}) rotate(-90)"`)
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(width)}" height="${top + extent + MARGIN}" font-family="Noto Sans TC, sans-serif">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    // The font comes in its thinnest cut; an outline of its own colour makes it regular.
    `<g fill="#222" stroke="#222" stroke-width="0.4">`,
    text(MARGIN, MARGIN + TITLE, title, `font-size="${TITLE}"`),
    `<g font-size="${size}">${rows.join("")}</g></g>`,
    `<g transform="translate(${left} ${top})">${cells(weights, labels.length, side)}`,
    `<rect width="${extent}" height="${extent}" fill="none" stroke="#999"/></g></svg>`,
  ].join("\n");
}

function cells(weights: Float32Array, count: number, side: number): string {
  const drawn: string[] = [];
  weights.forEach((weight, at) => {
    if (weight < FAINTEST) return;
    const [x, y] = [(at % count) * side, Math.floor(at / count) * side];
    drawn.push(`<rect x="${x}" y="${y}" width="${side}" height="${side}" fill="${colour(weight)}"/>`);
    if (side < LEGIBLE || weight < 0.05) return;
    const fill = weight > 0.25 ? "#fff" : "#222";
    const digits = String(Math.round(weight * 100));
    drawn.push(
      `<text x="${x + side / 2}" y="${y + side / 2 + 4}" font-size="11" text-anchor="middle" fill="${fill}">${digits}</text>`,
    );
  });
  return drawn.join("");
}

/** On a square-root scale, so that a tenth can be told from nothing. */
function colour(weight: number): string {
  const depth = Math.sqrt(Math.min(1, weight));
  const channels = LIGHT.map((light, i) => Math.round(light + (DARK[i]! - light) * depth));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/** Few tokens get large cells; the most there are (128) fit in some 1,400 pixels. */
function sideOf(count: number): number {
  if (count <= 20) return 32;
  return count <= 50 ? 20 : 10;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
